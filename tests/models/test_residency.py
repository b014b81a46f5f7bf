"""What stays, what leaves and what is refused, under a budget of 300 MB."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from orchestrator.errors import TooLarge, Unavailable, UsageError
from orchestrator.models import model
from orchestrator.settings import Settings
from tests.models.making import MB, Thing, enter
from worker.residency import Residents

Enter = Callable[..., str]


@pytest.fixture
def residents() -> Residents:
    return Residents(Settings(vram_budget="300MB"))


@pytest.fixture
def said() -> list[str]:
    """What the models of a test did."""
    return []


@pytest.fixture(autouse=True)
def models(said: list[str]) -> None:
    """Four of 100 MB, and others."""
    for name in ("a", "b", "c", "d"):
        enter(name, 100 * MB, said)
    enter("two", 200 * MB, said)
    enter("huge", 301 * MB, said)
    enter("pinned", 150 * MB, said, pin=True)
    enter("client", 0, said)


def test_it_is_loaded_once_however_often_it_is_asked_for(residents: Residents, said: list[str]) -> None:
    first = residents.get("a")
    assert all(residents.get("a") is first for _ in range(1000))
    assert said == ["load a", "warm a"]
    assert residents.report()[0].loads == 1


def test_threads_that_ask_at_once_load_it_once(residents: Residents, said: list[str]) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> int:
        together.wait(10)
        return id(residents.get("a"))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert said == ["load a", "warm a"]


def test_the_least_recently_used_one_leaves_and_no_more_than_must(residents: Residents, said: list[str]) -> None:
    for name in ("a", "b", "c", "a", "d"):
        residents.get(name)
    assert residents.names() == ["c", "a", "d"]
    assert said[-3:] == ["close b", "load d", "warm d"], "room is made before the next one is loaded"
    assert residents.evictions == 1


def test_several_leave_for_a_larger_one(residents: Residents) -> None:
    for name in ("a", "b", "c", "two"):
        residents.get(name)
    assert residents.names() == ["c", "two"]


def test_what_takes_nothing_is_not_evicted_for_room(residents: Residents) -> None:
    for name in ("client", "a", "b", "c", "d"):
        residents.get(name)
    assert residents.names() == ["client", "b", "c", "d"]


def test_one_that_came_back_was_loaded_twice(residents: Residents) -> None:
    for name in ("a", "b", "c", "d", "a"):
        residents.get(name)
    assert {one.name: one.loads for one in residents.report()} == {"a": 2, "c": 1, "d": 1}
    assert residents.evictions == 2


def test_a_pinned_one_is_never_evicted(residents: Residents) -> None:
    for name in ("pinned", "a", "b"):
        residents.get(name)
    assert residents.names() == ["pinned", "b"]
    with pytest.raises(TooLarge, match=r"'two' needs 200.0 MB of a budget of 300.0 MB.*pinned \(150.0 MB, pinned\)"):
        residents.get("two")
    assert residents.names() == ["pinned", "b"], "nothing is evicted for what does not fit even so"
    assert residents.evict_idle() == ["b"]


def test_what_can_never_fit_is_refused_before_it_is_loaded(residents: Residents, said: list[str]) -> None:
    with pytest.raises(TooLarge, match=r"'huge' needs 301.0 MB of a budget of 300.0 MB: raise DOCMILL_VRAM_BUDGET"):
        residents.get("huge")
    assert said == []


def test_what_a_job_asked_for_stays_until_it_ends(residents: Residents, said: list[str]) -> None:
    with residents.job():
        residents.get("a")
        residents.get("b")
        with pytest.raises(TooLarge, match=r"beside a \(100.0 MB, in use\), b \(100.0 MB, in use\): raise"):
            residents.get("two")
        assert residents.evict_idle() == []
    residents.get("two")
    assert "close a" in said and "close b" not in said


def test_what_another_job_uses_is_waited_for(residents: Residents) -> None:
    asked, may_end = threading.Event(), threading.Event()

    def other_job() -> None:
        with residents.job():
            residents.get("two")
            asked.set()
            may_end.wait(30)

    thread = threading.Thread(target=other_job)
    thread.start()
    assert asked.wait(30)
    with residents.job():
        residents.get("a")
        with pytest.raises(Unavailable, match=r"two \(200.0 MB, in use\)"):
            residents.get("b")
    may_end.set()
    thread.join()
    residents.get("b")
    assert residents.names() == ["a", "b"]


def test_what_a_thread_of_a_step_asks_for_is_in_use_too(residents: Residents) -> None:
    with residents.job(), ThreadPoolExecutor(1) as pool:
        pool.submit(residents.get, "a").result()
        assert residents.evict_idle() == []
    assert residents.evict_idle() == ["a"]


def test_it_counts_as_ready_only_after_its_warm_up(residents: Residents) -> None:
    warming, go_on = threading.Event(), threading.Event()

    class Slow(Thing):
        def warm_up(self) -> None:
            warming.set()
            assert go_on.wait(30)
            super().warm_up()

    said: list[str] = []
    model("slow", bytes=1)(lambda _: Slow("slow", said))
    with ThreadPoolExecutor(1) as pool:
        getting = pool.submit(residents.get, "slow")
        assert warming.wait(30)
        assert residents.names() == [] and not getting.done()
        go_on.set()
        getting.result()
    assert said == ["load slow", "warm slow"]


def test_one_whose_warm_up_fails_is_closed_and_not_kept(residents: Residents) -> None:
    class Cold(Thing):
        def warm_up(self) -> None:
            raise RuntimeError("no")

    said: list[str] = []
    model("cold", bytes=1)(lambda _: Cold("cold", said))
    with pytest.raises(RuntimeError, match="no"):
        residents.get("cold")
    assert said == ["load cold", "close cold"] and residents.names() == []


def test_one_that_cannot_be_closed_leaves_all_the_same(residents: Residents) -> None:
    class Stubborn(Thing):
        def close(self) -> None:
            raise RuntimeError("no")

    model("stubborn", bytes=1)(lambda _: Stubborn("stubborn", []))
    residents.get("stubborn")
    assert residents.evict_idle() == ["stubborn"] and residents.names() == []


def test_the_marked_ones_are_loaded_ahead(residents: Residents, said: list[str]) -> None:
    enter("early", 1, said, preload=True)
    try:
        assert "early" in residents.preload({"early"})
        assert "early" in residents.names()
    finally:
        enter("early", 1, said)


def test_an_unknown_one_is_told(residents: Residents) -> None:
    with pytest.raises(UsageError, match="there is no model 'nothing'"):
        residents.get("nothing")
