"""What is said to who does not speak HTTP, or says too much in its headers: a problem, as everywhere."""

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import KINDS, MEDIA
from api.schemas import ProblemBody

LONGEST_HEAD = 1 << 16
"""Bytes of a request's line and headers."""
BETWEEN = len(": \r\n")
TOLD = "docmill cannot read that request: it is no HTTP/1.1, or its headers have more than 64 KiB"


class Listening(HttpToolsProtocol):
    """One connection. The parser knows no bound on a head, nor what a host is: both are judged here."""

    _is_in_head, _came = False, 0

    def data_received(self, data: bytes) -> None:
        """Read on; a header that does not end is refused before it fills the memory."""
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():
            self._came += len(data)
            if self._came > LONGEST_HEAD:
                self.send_400_response(TOLD)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_in_head, self._came = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """What follows is its body. Of two hosts, another server may have judged the other one."""
        self._is_in_head = False
        assert self.parser is not None
        hosts = sum(name == b"host" for name, _ in self.headers)
        size = len(self.url) + sum(len(name) + len(value) + BETWEEN for name, value in self.headers)
        if size > LONGEST_HEAD or hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise ValueError(TOLD)  # the parser ends with it: the request is answered 400
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what could not be read."""
        status, title = KINDS["malformed-body"]
        body = msgspec.json.encode(ProblemBody("/problems/malformed-body", title, status, TOLD, ""))
        headers = f"Content-Type: {MEDIA}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        self.transport.write(f"HTTP/1.1 {status} Bad Request\r\n{headers}\r\n".encode() + body)
        self.transport.close()
