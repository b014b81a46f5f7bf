"""Until about when: what must hold of every estimate, whatever was measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from orchestrator.outlook.estimating import Load, until_empty, until_turn
from orchestrator.outlook.paces import Paces
from orchestrator.outlook.runs import Runs, Spread
from orchestrator.outlook.spans import Range, within

times = some.floats(0.001, 10_000)
spreads = some.builds(Spread, times, some.floats(0, 10_000), some.integers(1, 1000))
loads = some.builds(Load, some.floats(0, 100_000), some.integers(0, 64), some.integers(1, 64), spreads)
buckets = some.dictionaries(some.sampled_from([2**n for n in range(25)]), some.integers(1, 500), min_size=1)


@some.composite
def measured(draw: some.DrawFn) -> Runs:
    """Runs whose sum is one that their buckets allow."""
    counts = draw(buckets)
    return Runs(sum(bound * count * draw(some.floats(0.51, 1)) for bound, count in counts.items()) / 1000, counts)


def in_order(found: Range | None) -> bool:
    return found is not None and 0 <= found.low <= found.likely <= found.high


def no_later(one: Range | None, other: Range | None) -> bool:
    assert one is not None and other is not None
    pairs = ((one.low, other.low), (one.likely, other.likely), (one.high, other.high))
    return all(a <= b * (1 + 1e-9) + 1e-6 for a, b in pairs)


@given(loads)
def test_a_range_has_its_likely_time_inside(load: Load) -> None:
    assert in_order(until_turn(load)) and in_order(until_empty(load))


@given(loads, some.floats(0, 10_000))
def test_more_ahead_is_never_sooner(load: Load, more: float) -> None:
    assert no_later(until_turn(load), until_turn(load.more(more)))
    assert no_later(until_empty(load), until_empty(load.more(more)))


@given(loads, some.integers(0, 64))
def test_more_slots_are_never_later(load: Load, more: int) -> None:
    wider = Load(load.runs, load.busy, load.slots + more, load.spread)
    assert no_later(until_turn(wider), until_turn(load))
    assert no_later(until_empty(wider), until_empty(load))


@given(loads)
def test_the_last_is_taken_before_all_have_ended(load: Load) -> None:
    assert no_later(until_turn(load), until_empty(load.more(1)))


@given(loads)
def test_a_free_slot_takes_at_once_and_none_never_does(load: Load) -> None:
    free = Load(0, load.slots - 1, load.slots, load.spread)
    assert until_turn(free) == Range(0, 0, 0)
    assert until_turn(Load(load.runs, 0, 0, load.spread)) is None is until_empty(Load(1, 0, 0, load.spread))


@given(loads)
def test_the_more_was_measured_the_narrower(load: Load) -> None:
    surer = Spread(load.spread.mean, load.spread.deviation, load.spread.count * 4)
    wide, narrow = until_turn(load), until_turn(Load(load.runs, load.busy, load.slots, surer))
    assert wide and narrow and narrow.high - narrow.low <= wide.high - wide.low + 1e-6


@given(measured(), some.floats(0, 20_000))
def test_what_is_left_of_a_run(runs: Runs, age: float) -> None:
    left = runs.left(age)
    longest = max(runs.buckets) / 1000
    assert (left is None) == (age >= longest)
    if left is not None:
        assert in_order(left) and left.high <= longest - age + 1e-6


@given(some.lists(some.tuples(some.floats(0.1, 100), measured()), min_size=1, max_size=4))
def test_a_mixture_lies_between_its_parts(parts: list[tuple[float, Runs]]) -> None:
    spread = Spread.of(parts)
    means = [runs.mean for _, runs in parts]
    assert spread is not None and min(means) * 0.999 <= spread.mean <= max(means) * 1.001
    assert spread.count == sum(runs.count for _, runs in parts)


def test_runs_of_three_seconds() -> None:
    """Figures that can be checked by hand: 14 before it, 2 slots, both busy."""
    runs = Runs(636.0, {4096: 212})
    turn = until_turn(Load(14, 2, 2, Spread.of([(1.0, runs)]) or Spread(0, 0, 0)))
    assert turn is not None and abs(turn.likely - 14.5 * 3.0 / 2) < 1e-9
    assert 17 < turn.low < turn.likely < turn.high < 26


STATS = {"run:p:ocr:4096": 100, "run:p:ocr:sum": 300_000, "run:p:split:8": 25, "run:p:split:sum": 100}


def test_the_last_minutes_count_where_enough_ran() -> None:
    slow = {"run:p:ocr:4096": 100, "run:p:ocr:16384": 10, "run:p:ocr:sum": 400_000}
    runs = Paces(slow, STATS, window=600).of("p@1", "ocr")
    assert runs is not None and (runs.mean, runs.count, runs.window) == (10.0, 10, 600)
    few = {**slow, "run:p:ocr:16384": 2, "run:p:ocr:sum": 320_000}
    runs = Paces(few, STATS, window=600).of("p@1", "ocr")
    assert runs is not None and (runs.count, runs.window) == (102, None)


def test_a_pipeline_has_its_name_s_runs_and_a_step_its_own() -> None:
    paces = Paces(STATS)
    assert paces.of("p@1", "ocr") is paces.of("p@2", "ocr") is not None
    assert paces.of("q@1", "ocr") is None is paces.of("p@1", "store")
    assert paces.share("p@1", "ocr", "split") == 4.0


@given(loads, some.floats(0.001, 100))
def test_a_rate_is_never_outrun(load: Load, every: float) -> None:
    paced = Load(load.runs, load.busy, load.slots, load.spread, every)
    turn, empty = until_turn(paced), until_empty(paced)
    assert in_order(turn) and in_order(empty) and no_later(until_turn(load), turn) and no_later(turn, empty)
    assert turn is not None and turn.low >= load.runs * every - 1e-6


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Range(0, 0, 0), "at once"),
        (Range(0, 0.2, 0.9), "within a second"),
        (Range(0.4, 2, 3.14), "within 3.1 s"),
        (Range(20, 30, 45.4), "in 20 to 45 s"),
        (Range(50, 100, 200), "in 50 s to 3.3 min"),
        (Range(6000, 6010, 6020), "in about 1.7 h"),
        (Range(3 * 86_400, 4 * 86_400, 30 * 86_400), "in 3 to 30 days"),
    ],
)
def test_a_range_in_words(found: Range, words: str) -> None:
    assert within(found) == words
