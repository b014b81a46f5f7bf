"""A job's arguments: from what the claim brought, and, where that was too large, read afterwards."""

from collections.abc import Iterator
from typing import Any

import msgspec

from orchestrator.blobs import Blobs
from orchestrator.calls import DocumentCalls, Leased
from orchestrator.connection import Blocking
from orchestrator.keys import Keys, shard_of
from worker.running.binding import Binding, Parameter

PAGE = 500
"""Items of a list that are read in one round trip."""

_parameters: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Inputs:
    """Fills the parameters of jobs.

    Args:
        reader: for what a claim did not bring.
    """

    def __init__(self, reader: Blocking, blobs: Blobs) -> None:
        self._reader, self._blobs = reader, blobs

    def gather(self, job: Leased, binding: Binding) -> dict[str, Any]:
        """The arguments of one job, decoded to the types that its step declares.

        Raises:
            msgspec.ValidationError: a stored value does not fit its type.
        """
        needs = job.needs
        if None in needs:
            calls = self._calls(job)
            needs = self._reader.send(calls.values(job.document, binding.needs))
        given: dict[str, msgspec.Raw] = {}
        if binding.needs[:1] == ("input",):
            given = _parameters.decode(self._whole(needs[0]))
        arguments: dict[str, Any] = {}
        for parameter in binding.parameters:  # no comprehension: its function would be made anew for each job
            arguments[parameter.name] = self._value(job, parameter, needs, given)
        return arguments

    def _value(
        self, job: Leased, parameter: Parameter, needs: list[bytes | None], given: dict[str, msgspec.Raw]
    ) -> Any:
        if parameter.kind == "value":
            return parameter.constant
        if parameter.kind == "input":
            return parameter.decoder.decode(given[parameter.source])
        if parameter.kind == "list":
            return self._list(job, parameter)
        raw = job.item if parameter.kind == "item" else needs[parameter.need]
        return parameter.decoder.decode(self._whole(raw))

    def _list(self, job: Leased, parameter: Parameter) -> "list[Any] | None":
        """A list is there from its first item on; of a step that was skipped there is none."""
        size = self._reader.send(self._calls(job).field(job.document, f"{parameter.source}.items"))
        if size is None:
            return None
        items = self._items(job, parameter.source, int(size))
        return [parameter.decoder.decode(self._whole(item)) for item in items]

    def _items(self, job: Leased, step: str, size: int) -> Iterator[bytes | None]:
        calls = self._calls(job)
        for first in range(0, size, PAGE):
            yield from self._reader.send(calls.items(job.document, step, range(first, min(first + PAGE, size))))

    def _whole(self, raw: bytes | None) -> bytes:
        if raw is None:
            return b"null"
        return self._blobs.get(raw[1:].decode()) if raw.startswith(b"@") else raw

    def _calls(self, job: Leased) -> DocumentCalls:
        return DocumentCalls(Keys(shard_of(job.document)))
