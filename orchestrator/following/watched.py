"""What is followed, read again and again without its outputs."""

from orchestrator.calls import DocumentCalls
from orchestrator.client import Mill
from orchestrator.keys import Keys, shard_of
from orchestrator.missing import not_found
from orchestrator.views import Document, iso, view_document


class Watched:
    """One document, read without its outputs."""

    def __init__(self, mill: Mill, document: str) -> None:
        self.transport, self._document = mill.transport, document
        self._calls = DocumentCalls(Keys(shard_of(document)))
        self._plan: dict[str, str] = {}
        self._mapped: list[str] = []

    async def look(self) -> tuple[Document, str]:
        """The document, and when that was.

        Raises:
            NotFound: it is not there, or no more.
        """
        async with self.transport.crowd:
            return await self._look()

    async def _look(self) -> tuple[Document, str]:
        calls, document = self._calls, self._document
        asked = [calls.time(), calls.head(document), calls.log(document)]
        counted = [calls.items_done(document, step) for step in self._mapped]
        now, head, log, *done = await self.transport.send_all([*asked, *counted])
        if not head:
            raise await not_found(self.transport, document)
        if not self._plan:
            await self._know(head["pipeline"])
            return await self._look()
        view = view_document(document, head, self._plan, {}, dict(zip(self._mapped, done, strict=True)), log)
        return view, iso(str(int(now * 1000))) or ""

    async def _know(self, pipeline: str) -> None:
        self._plan = await self.transport.send(self._calls.plan(pipeline))
        self._mapped = [field.removeprefix("over:") for field in self._plan if field.startswith("over:")]
