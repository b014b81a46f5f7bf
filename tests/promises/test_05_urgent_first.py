"""Promise 5: strictly by priority 9 to 0 within a lane; inside one priority by document order."""

from orchestrator import pipeline
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, one, shouting


def order(engine: Engine) -> list[str]:
    """The documents in the order in which their first jobs are claimed; nothing is completed."""
    slot, found = engine.slot("another/0"), list[str]()
    while (answer := slot.claim()).jobs:
        found.append(answer.jobs[0].document)
    return found


def test_nine_is_first_and_zero_last(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    given = {priority: engine.submit(chain, text="a", priority=priority) for priority in (3, 0, 9, 5, 1, 7)}
    assert order(engine) == [given[p] for p in (9, 7, 5, 3, 1, 0)]


def test_inside_one_priority_the_first_submitted_is_first(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    given = [engine.submit(chain, text="a") for _ in range(20)]
    assert order(engine) == given


def test_a_started_document_finishes_before_a_later_one_starts(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    first, second = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    slot, seen = engine.slot(), list[str]()
    answer = slot.claim()
    while answer.jobs:
        seen.append(answer.jobs[0].document)
        answer = slot.complete(answer.jobs[0], want=1)
    assert seen == [first] * 4 + [second] * 4


def test_urgent_work_overtakes_at_the_very_next_claim(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    urgent = engine.submit(chain, text="b", priority=9)
    assert slot.complete(job, want=1).jobs[0].document == urgent


def test_a_long_document_yields_to_short_ones(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting, chain)
    long = engine.submit(shouting, text="a")
    slot = engine.slot(lanes=("gpu",))
    opener = engine.slot("w/1", lanes=("cpu",))
    opener.complete(opener.take(), [str(i) for i in range(100)])
    short = engine.submit(shouting, text="b")
    opener.complete(opener.take(), ["only"])
    seen = [slot.take().document for _ in range(4)]
    # The second document's place is one after the first's: it comes when the first has handed out two items.
    assert seen.index(short) <= 2
    assert seen.count(long) == 3


def test_a_retry_and_a_requeue_keep_their_place(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    first, second = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    slot = engine.slot()
    assert slot.fail(slot.take(), want=1).jobs[0].document == first
    engine.shift("leases", 60_000)
    engine.sweep()
    assert order(engine) == [first, second]


def test_lanes_are_served_in_the_slots_order(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    usual = engine.submit(chain, text="a", priority=9)
    other = engine.submit(chain, text="a", priority=0, lanes={"one": "gpu"})
    slot = engine.slot(lanes=("gpu", "cpu"))
    assert [slot.take().document, slot.take().document] == [other, usual]


def test_a_tenant_with_a_backlog_does_not_push_back_another(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    big = [engine.submit(chain, text="a", tenant="big") for _ in range(50)]
    small = [engine.submit(chain, text="a", tenant="small") for _ in range(2)]
    found = order(engine)
    assert max(found.index(document) for document in small) < 5
    assert [document for document in found if document in set(big)] == big


@pipeline(cost=4)
def heavy(text: str) -> str:
    """A document of it counts as four."""
    return one(text)


def test_heavy_documents_take_their_share_and_no_more(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, heavy)
    slot = engine.slot()
    ids = {engine.submit(heavy, text="a", tenant="big"): "B" for _ in range(4)}
    ids |= {engine.submit(chain, text="a", tenant="small"): "s" for _ in range(8)}
    assert "".join(ids[slot.take().document] for _ in range(12)) == "BssssBssssBB"
