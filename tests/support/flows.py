"""Pipelines with conditions, limits and bounds; steps are never run here, only their jobs moved by hand."""

from collections.abc import Iterator

from orchestrator import Concurrency, Context, EndedBatch, pipeline, step


@step
def look(text: str) -> str:
    """What kind it is."""
    return text


def is_invoice(kind: str) -> bool:
    """The condition of `pay`."""
    return kind == "invoice"


def is_long(words: list[str]) -> bool:
    """A condition on a list."""
    return len(words) > 2


@step(when=is_invoice)
def pay(kind: str) -> str:
    """Only invoices are paid."""
    return kind


@step
def file(kind: str, paid: str | None) -> str:
    """Everything is filed."""
    return f"{kind} {paid}"


@pipeline()
def office(text: str) -> str:
    """A condition on what an upstream step made, in the middle."""
    kind = look(text)
    return file(kind, pay(kind))


@step
def words_of(text: str) -> list[str]:
    """Words."""
    return text.split()


@step(lane="gpu")
def loud(word: str) -> str:
    """One word."""
    return word.upper()


@step
def gather(words: list[str] | None) -> str:
    """All of them, or none."""
    return "none" if words is None else " ".join(words)


@pipeline()
def shouted(text: str) -> str:
    """A condition on a whole fan-out."""
    words = words_of(text)
    return gather(loud.only(is_long, words).map(words))


def wanted(flag: bool) -> bool:
    """A condition on a parameter."""
    return flag


@pipeline()
def optional(text: str, first: bool = True, second: bool = True) -> str | None:
    """Conditions on parameters: of a first step, and of a later one."""
    kind = look.only(wanted, first)(text)
    return file.only(wanted, second)(text, kind)


@step(concurrency=Concurrency(2))
def call(text: str) -> str:
    """Two at once."""
    return text


@step(concurrency=Concurrency(1, by="customer"))
def call_one(text: str) -> str:
    """One at once for each customer."""
    return text


@step(lane="gpu", concurrency=Concurrency(2, name="scanner"))
def scan(word: str) -> str:
    """Two items at once."""
    return word


@pipeline()
def limited(text: str) -> str:
    """A limit on a step."""
    return call(text)


@pipeline()
def by_customer(text: str, customer: str) -> str:
    """A limit for each value of a parameter."""
    return call_one(text)


@pipeline()
def scanned(text: str) -> str:
    """A limit on a fan-out."""
    return gather(scan.map(words_of(text)))


@pipeline(max_started=2)
def narrow(text: str) -> str:
    """Two documents under way."""
    return file(look(text), text)


@step
def pay_all(text: str) -> str | None:
    """Beside `look`."""
    return text


@pipeline(max_started=1)
def wide(text: str) -> str:
    """Two first steps."""
    return file(look(text), pay_all(text))


@step(max_ahead=2)
def feed(text: str) -> str:
    """May not run ahead of the gpu lane."""
    return text


@pipeline()
def fed(text: str) -> str:
    """A feeder."""
    return loud(feed(text))


@pipeline(order="document")
def whole(text: str) -> str:
    """All of a document before any of a later one."""
    return gather(loud.map(words_of(text)))


@pipeline(keep_result=False)
def forgotten(text: str) -> str:
    """Fire and forget."""
    return gather(loud.map(words_of(text)))


@step
def tally(batch: EndedBatch, ctx: Context, greeting: str = "") -> dict[str, int | str]:
    """How many ended how."""
    counts: dict[str, int | str] = {"greeting": greeting}
    for status in statuses(ctx, batch):
        counts[status] = int(counts.get(status, 0)) + 1
    return counts


def statuses(ctx: Context, batch: EndedBatch) -> Iterator[str]:
    """Of each line."""
    return (outcome.status for outcome in ctx.outcomes(batch))


@pipeline()
def tallied(batch: EndedBatch, greeting: str = "") -> dict[str, int | str]:
    """An aggregate."""
    return tally(batch, greeting=greeting)
