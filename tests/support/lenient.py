"""Pipelines that outlive failures: their steps say what becomes of a document when one of them fails for good."""

from orchestrator import Context, Fatal, Partial, pipeline, step

LENIENT = tuple(f"tests.support.lenient:{name}" for name in ("scanning", "strict_scanning", "two_maps", "with_extras"))


@step
def cut(text: str) -> list[str]:
    """Words."""
    return text.split()


def _scan(word: str) -> str:
    if word == "bad":
        raise Fatal("it cannot be read")
    return word.upper()


@step(lane="gpu", retries=1, retry_delay=0.01, on_failure=Partial())
def scan(word: str) -> str:
    """One word; `bad` fails for good."""
    return _scan(word)


@step(lane="gpu", retries=0, on_failure=Partial(max_failed=1))
def scan_strictly(word: str) -> str:
    """The same; one may fail."""
    return _scan(word)


@step(lane="gpu", on_failure="skip")
def decorate(word: str | None) -> str:
    """A map over the mapped step: items that failed there never come here."""
    return f"{word}!"


@step
def gather(words: list[str | None], ctx: Context) -> str:
    """What there is, and why the rest is not; and a flag for people."""
    failed = ctx.failures("scan")
    if failed:
        ctx.flag("needs_review", f"{len(failed)} of {len(words)} words could not be read")
    return " ".join([word or "?" for word in words] + [f"({i}: {why})" for i, why in failed.items()])


@step(lane="gpu", retries=0, on_failure="skip")
def extra(text: str) -> str:
    """Nice to have."""
    raise Fatal("not today")


@step(lane="gpu", retries=0, on_failure=Partial())
def wanted(text: str) -> str:
    """More than nice to have."""
    if "bad" in text:
        raise Fatal("not today")
    return text


@step
def end(extra: str | None, wanted: str | None) -> str:
    """Both may be missing."""
    return f"{extra} {wanted}"


@pipeline()
def scanning(text: str) -> str:
    """A fan-out whose failed items do not fail the document."""
    return gather(scan.map(cut(text)))


@pipeline()
def strict_scanning(text: str) -> str:
    """One may fail, no more."""
    return gather(scan_strictly.map(cut(text)))


@pipeline()
def two_maps(text: str) -> str:
    """A map over a map."""
    return gather(decorate.map(scan.map(cut(text))))


@pipeline()
def with_extras(text: str) -> str:
    """Plain steps that may fail."""
    return end(extra(text), wanted(text))
