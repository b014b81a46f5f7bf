"""Steps whose results are kept by content; each says in a file that it ran, so that one that did not is seen."""

import io

import msgspec

from orchestrator import Batch, Cache, Context, Fatal, pipeline, step
from orchestrator.findings import Box
from orchestrator.source import Source
from tests.support.pipelines import effect

NAMES = ("reading", "reciting", "listing", "copying", "together", "praising", "private", "switching")
CACHED = ",".join(f"tests.support.cached:{name}" for name in NAMES)
LARGE = 70_000


class Leaf(msgspec.Struct, frozen=True):
    """A part of a source."""

    blob: str
    index: int
    digest: str = ""

    @property
    def cache_identity(self) -> tuple[str, int] | None:
        """Which part of which bytes."""
        return (self.digest, self.index) if self.digest else None


class Scrap(msgspec.Struct, frozen=True):
    """What was read."""

    text: str
    box: Box = (0, 0, 0, 0)


@step
def leaves(source: Source, ctx: Context) -> list[Leaf]:
    """Each line is one."""
    count = ctx.blobs.get(source.blob).count(b"\n")
    return [Leaf(source.blob, index, source.digest) for index in range(count)]


@step(lane="gpu", retries=1, retry_delay=0.01, cache=Cache(settings=("ocr_dpi",)))
def read(leaf: Leaf, loud: bool, ctx: Context) -> Scrap:
    """One line; a long one is more than an item holds in Redis."""
    effect("read", leaf.index)
    text = ctx.blobs.get(leaf.blob).splitlines()[leaf.index].decode()
    return Scrap(text.upper() if loud else text)


@step
def bind(scraps: list[Scrap]) -> str:
    """Together."""
    return " ".join(scrap.text for scrap in scraps)


@pipeline()
def reading(source: Source, loud: bool = True) -> str:
    """A fan-out whose items are cached."""
    return bind(read.map(leaves(source), loud=loud))


@step(cache=True)
def recite(text: str) -> str:
    """A result too large for Redis."""
    effect("recite")
    return text * LARGE


@pipeline()
def reciting(text: str) -> str:
    """One step."""
    return recite(text)


@step(cache=True)
def cut(text: str) -> list[str]:
    """A list that is stored item by item."""
    effect("cut")
    return [word * 200 for word in text.split()] * 300


@step(lane="gpu", batch=Batch(8), cache=True)
def weigh(words: list[str]) -> list[int]:
    """Many in one call; equal ones may be in the same call."""
    effect("weigh", len(words))
    return [len(word) for word in words]


@step
def add(weights: list[int]) -> int:
    """The sum."""
    return sum(weights)


@pipeline()
def listing(text: str) -> int:
    """A cached list, and a map over it."""
    return add(weigh.map(cut(text)))


@step(cache=True)
def copy(source: Source, ctx: Context) -> list[Source]:
    """A file of its own, and the one that it was given."""
    effect("copy")
    path = f"{ctx.id}/copied/{source.name}.upper"
    digest, size = ctx.blobs.put_file(path, io.BytesIO(ctx.blobs.get(source.blob).upper()))
    return [Source("upper", path, digest, size), source, Source("again", path, digest, size)]


@pipeline()
def copying(source: Source) -> list[Source]:
    """An output that names blobs."""
    return copy(source)


@pipeline()
def together(text: str) -> int:
    """One batched step."""
    return weigh(text)


@step(lane="llm", cache=Cache(ttl=60))
async def praise(text: str) -> str | None:
    """An async step; nothing is a result too."""
    effect("praise")
    return f"{text}!" if text else None


@pipeline()
def praising(text: str) -> str | None:
    """One async step."""
    return praise(text)


@step(cache=True)
def confide(text: str, ctx: Context) -> str:
    """Results that must stay with their document."""
    effect("confide", text)
    if text == "name":
        return f"this is {ctx.id}"
    if text == "flag":
        ctx.flag("needs_review", "look")
    if text == "worse":
        ctx.leave_uncached()
    if text == "failures":
        ctx.failures("confide")
    if text == "fail":
        raise Fatal("never")
    return text


@pipeline()
def private(text: str) -> str:
    """One step."""
    return confide(text)


@step
def dig(kind: str | None) -> str:
    """Only where something was praised."""
    return f"dug {kind}"


@step(lane="llm")
async def tell(kind: str | None, dug: str | None) -> str:
    """The end."""
    return f"{kind} {dug}"


@pipeline()
def switching(text: str) -> str:
    """A condition on a cached step's result."""
    kind = praise(text)
    return tell(kind, dig.only(lambda value: value is not None, kind)(kind))
