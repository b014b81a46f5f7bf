"""Random programs: some pipelines, and what everybody does with them."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.properties import on_batches as batches
from tests.properties import on_documents as documents
from tests.properties import on_slots as slots
from tests.properties import on_time as time
from tests.properties.acting import Action, Tenant
from tests.properties.pipelines import Shape, shapes

few, often = st.integers(0, 3), st.booleans()
many = st.integers(0, 7)
repeats: st.SearchStrategy[slots.Repeat] = st.sampled_from(("no", "no", "twice", "lost"))
tenants: st.SearchStrategy[Tenant] = st.sampled_from(("acme", "zeta"))
priorities = st.sampled_from((5, 9, 0))
delays = st.sampled_from((0.0, 0.0, 5.0))
submits = st.builds(
    documents.Submit, few, tenants, often, priorities, delays, st.sampled_from((None, None, 60.0)), again=often
)
named = st.builds(
    documents.Submit, few, tenants, unique=st.sampled_from(("", "u")), key=st.sampled_from(("", "k")),
    digest=st.sampled_from(("d", "e")), again=often,
)  # fmt: skip
claims = st.builds(slots.Claim, few, st.integers(1, 3), repeats)
completes = st.builds(
    slots.Complete, few, st.integers(1, 2), st.integers(0, 3), few, st.integers(0, 1), st.integers(0, 2), repeats
)
hows = st.sampled_from(("attempt", "fatal", "attempt", "fatal", "wait", "release", "memory"))
fails = st.builds(slots.Fail, few, st.integers(1, 2), hows, delays, st.integers(0, 2), repeats)
causes: st.SearchStrategy[slots.Cause] = st.sampled_from(("died", "limit", "memory", "cancelled", "drained"))
rare: list[st.SearchStrategy[Action]] = [
    named,
    st.builds(slots.Report, few, st.sampled_from(("progress", "flag", "checkpoint")), often),
    st.builds(slots.Crash, few, few, causes, often),
    st.builds(slots.Haunt, few),
    st.builds(slots.SendOld, few),
    st.builds(documents.Cancel, many, often),
    st.builds(documents.Retry, many, st.none() | few, often),
    st.builds(documents.Retry, many, st.none(), often),
    st.builds(documents.Reprioritise, many, priorities, often),
    st.builds(time.PassTime, st.sampled_from((2, 6, 31, 61, 700, 50_000)), st.integers(0, 15)),
    st.builds(time.PassTime, st.sampled_from((6, 31)), st.integers(0, 15)),
    st.builds(time.Purge, often),
    st.builds(time.Delete, many),
    st.builds(time.Pause, st.sampled_from(("lane", "pipeline", "tenant")), few, often),
    st.builds(time.Bound, st.sampled_from(("cpu", "gpu")), st.sampled_from((None, 1, 3)), often),
    st.builds(batches.Open, often),
    st.builds(batches.Fill, few, submits),
    st.builds(batches.Fill, few, submits),
    st.builds(batches.Refuse, few),
    st.builds(batches.Close, few),
    st.builds(batches.CancelBatch, few, st.integers(1, 3)),
]
actions: st.SearchStrategy[Action] = st.integers(0, 9).flatmap(
    lambda kind: (
        submits
        if kind < 2
        else claims
        if kind < 4
        else completes
        if kind < 6
        else fails
        if kind < 7
        else st.one_of(rare)
    )
)


@dataclass(frozen=True)
class Program:
    """What one example is."""

    pipelines: tuple[Shape, ...]
    actions: tuple[Action, ...]
    purged_in_time: bool = True


@st.composite
def programs(draw: st.DrawFn, longest: int = 60) -> Program:
    """Up to two pipelines, and a number of actions."""
    made = draw(st.lists(shapes(), min_size=1, max_size=2))
    count = draw(st.integers(1, longest))
    done = [draw(actions) for _ in range(count)]
    return Program(tuple(made), tuple(done), draw(st.booleans()))
