"""A pipeline whose documents end in every way there is, each told by `notify`."""

from orchestrator import Context, Fatal, Partial, pipeline, step
from worker.steps.notify import notify

NOISY = "tests.results.pipelines:noisy"


@step(lane="cpu", retries=0)
def act(what: str, ctx: Context) -> str:
    """Does what it is told."""
    if what == "fail":
        raise Fatal("Mrs Smith's invoice.pdf is broken")
    while what == "wait" and not ctx.cancelled:
        pass
    return what


@step(lane="cpu", retries=0, on_failure=Partial())
def decorate(what: str) -> str:
    """May fail."""
    if what == "half":
        raise Fatal("no decoration today")
    return what


@step(lane="cpu")
def end(decorated: str | None) -> str:
    """What there is."""
    return decorated or "nothing"


@pipeline(on_finish=notify)
def noisy(what: str) -> str:
    """One word."""
    return end(decorate(act(what)))
