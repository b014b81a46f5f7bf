"""What is said to who does not speak HTTP, or says too much in its headers: a problem, as everywhere."""

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.problems import KINDS, MEDIA
from api.schemas import ProblemBody

TOLD = "docmill cannot read that request: it is no HTTP/1.1, or its headers have more than 64 KiB"


class Listening(H11Protocol):
    """One connection."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what could not be read."""
        status, title = KINDS["malformed-body"]
        body = ProblemBody("/problems/malformed-body", title, status, TOLD, "")
        headers = [(b"content-type", MEDIA.encode()), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=status, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msgspec.json.encode(body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
