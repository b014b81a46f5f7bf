"""What has changed of a page, over the wire."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

from api.page.blocks import Page

Parts = Mapping[str, str]


def changed(before: Parts, now: Parts) -> Parts:
    """The parts that are not as they were."""
    return {name: html for name, html in now.items() if before.get(name) != html}


def as_event(parts: Parts) -> bytes:
    """Each part, to be laid over the one that is there: what a person has opened, typed or reached stays so."""
    told = "".join(
        f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{html}</hx-partial>' for name, html in parts.items()
    )
    return b"".join(b"data: " + line + b"\n" for line in told.encode().split(b"\n")) + b"\n"


def event(name: str) -> bytes:
    """An event that only says that something is so."""
    return f"event: {name}\ndata: 1\n\n".encode()


async def updates(
    pages: AsyncGenerator[Page, None], known: Parts, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[bytes, None]:
    """What changes, look after look; ends where its viewer may not look any more.

    Args:
        known: what the viewer has.
    """
    async for page in pages:
        if not await may_go_on():
            return
        if parts := changed(known, page.parts):
            yield as_event(parts)
        known = page.parts
