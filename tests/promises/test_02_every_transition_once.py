"""Promise 2: execution is at least once; every transition happens exactly once; a late call is refused and changes nothing."""

from tests.conftest import MakeEngine
from tests.support.pipelines import chain, shouting


def test_a_late_complete_is_refused_and_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    late, heir = engine.slot("w/0"), engine.slot("w/1")
    job = late.take()
    engine.shift("leases", 60_000)
    engine.sweep()
    again = heir.take()
    before = engine.head(document)

    assert late.complete(job, "late").verdicts == ["stale"]
    assert late.fail(job).verdicts == ["stale"]
    assert engine.head(document) == before
    assert heir.complete(again, "in time").verdicts == ["done"]
    assert engine.data(document)["one"] == b'"in time"'


def test_the_fence_grows_with_every_delivery_even_if_the_clock_stands_still(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    future = 9_000_000_000_000_000
    engine.server.redis.hset(engine.keys.doc(document), "one.run", f"{future} w/9 0 0 0")
    job = slot.take()
    assert int(job.token) == future + 1
    slot.fail(job)
    assert int(slot.take().token) == future + 2


def test_a_lost_lease_raises_deliveries_and_not_attempts(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    first = slot.take()
    engine.shift("leases", 60_000)
    engine.sweep()
    second = slot.take()
    assert (first.attempt, first.delivery) == (1, 1)
    assert (second.attempt, second.delivery) == (1, 2)


def test_an_item_of_a_fan_out_is_fenced_like_any_job(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    engine.submit(shouting, text="a b")
    late, heir = engine.slot("w/0"), engine.slot("w/1")
    late.complete(late.take(), ["a", "b"])
    item = late.take()
    engine.shift("leases", 60_000)
    engine.sweep()
    again = heir.take()
    assert again.job == item.job
    assert int(again.token) > int(item.token)
    assert late.complete(item, "late").verdicts == ["stale"]
    assert heir.complete(again, "A").verdicts == ["done"]


def test_a_slot_whose_lease_ended_is_told_so_until_its_next_call(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    engine.shift("leases", 60_000)
    engine.sweep()
    assert [held.word for held in slot.renew().slots[0].jobs] == ["lost"], "its supervisor can end what still runs"
    assert slot.crash("cancelled", job.token)[0]
    assert engine.slot("w/1").take().job == job.job, "which changes nothing for the heir"


def test_an_incarnation_that_was_retired_never_lives_again(make_engine: MakeEngine) -> None:
    """The reply to a crash may be lost: the next renewal says so, and the process is killed then."""
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    slot.crash("limit", job.token)
    assert [one.word for one in slot.renew().slots] == ["retired"]
    assert slot.crash("limit", job.token)[0], "asked again, it answers as before"
    assert slot.claim().word == "retired"
