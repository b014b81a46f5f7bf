"""The first line of the page: what is wrong, the worst first, in words that say where and until when."""

from typing import Any

import pytest
from msgspec.structs import replace

from orchestrator.outlook.spans import Range
from orchestrator.overview.figures import Flight, Flights, Flow, LaneState, Outcome, Wait
from orchestrator.overview.flow import flow_of
from orchestrator.overview.outcomes import outcome_of
from orchestrator.overview.verdicts import Facts, judge
from orchestrator.overview.views import ServerFacts, Verdict
from orchestrator.worker_views import WorkerView

LANE = LaneState(
    name="gpu",
    ready=0,
    by_priority=[0, 0, 0],
    held=0,
    delayed=0,
    at_least=False,
    running=0,
    slots=2,
    limit=1000,
    bounded=False,
    paused=False,
    resting=None,
    unserved=None,
    oldest=[None, None, None],
    target=60.0,
    waits=None,
    pace=None,
    drains=None,
    basis="",
)
WORKER = WorkerView("w", "alive", "node", 1, None, 0.4, ["gpu"], [], [], [], 0)
SERVER = ServerFacts("8", 1000, 0, "noeviction", True, 3, 40)
FLIGHT = Flight("0-1", "ocr", "gpu", "w/0", 1, 1, 4.0, None, 29.0, 1.0)
OUTCOME = Outcome(3600, 1000, 0, 1, 0, 0.997, 1000 / 1001, 0.7, [])
FLOW = Flow(400, 412, 2000, [], [], 600)


def verdict(lane: LaneState = LANE, **other: Any) -> Verdict:
    """Of one lane, and what else is told."""
    known: dict[str, Any] = {"flights": Flights(0, []), "workers": [WORKER], "flow": FLOW, "outcome": OUTCOME}
    known |= {"server": SERVER, "counts": {"succeeded": 9}}
    return judge(Facts(lanes=[lane], **{**known, **other}))


def test_all_is_well() -> None:
    """How fast, how old the oldest, in one sentence."""
    found = verdict(replace(LANE, ready=7, oldest=[None, Wait(3.0, "0-1", "ocr"), None]), flights=Flights(2, [FLIGHT]))
    assert (found.level, found.word) == ("ok", "OK")
    assert found.says == "412 documents/min, oldest waiting 3 s, 2 jobs running"
    assert verdict().word == "IDLE"
    assert verdict(counts={}).word == "EMPTY"


WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"ready": 1240, "drains": Range(540, 600, 720)},
        "warn",
        "SATURATED",
        "1,240 waiting (more than 1,000), drains in 9 to",
    ),
    ({"ready": 9, "slots": 0, "unserved": 40.0}, "bad", "STOPPED", "none for 40 s"),
    ({"ready": 9, "paused": True}, "warn", "PAUSED", "until it is resumed"),
    ({"ready": 9, "resting": 12.0}, "bad", "SERVICE DOWN", "tried again in 12 s"),
    ({"ready": 9, "oldest": [Wait(240.0, "0-1", "ocr"), None, None]}, "warn", "LATE", "for 4 min (target 60 s)"),
]


@pytest.mark.parametrize(("lane", "level", "word", "says"), WRONG)
def test_what_is_wrong_with_a_lane(lane: dict[str, Any], level: str, word: str, says: str) -> None:
    found = verdict(replace(LANE, **lane))
    assert (found.level, found.word) == (level, word)
    assert says in found.says


def test_what_is_wrong_elsewhere() -> None:
    """No worker, a silent one, a lease that nobody renews, documents that fail, a Redis that loses them."""
    assert verdict(workers=[]).word == "NO WORKER"
    assert verdict(workers=[WORKER, replace(WORKER, state="silent", silent=31.0)]).word == "SILENT"
    stuck = replace(FLIGHT, stuck="not renewed for 12 s: given back in 18 s")
    assert verdict(flights=Flights(1, [stuck])).word == "STUCK"
    failing = replace(OUTCOME, failed=40, share=1000 / 1040)
    assert "96.2 % succeed, not 99.7 %" in verdict(outcome=failing).says
    assert verdict(server=replace(SERVER, eviction="allkeys-lru")).word == "UNSAFE"
    assert verdict(server=replace(SERVER, used=950, most=1000)).word == "REDIS NEARLY FULL"


def test_the_worst_is_said_first_and_the_rest_too() -> None:
    found = verdict(replace(LANE, ready=5, slots=0), flights=Flights(1, [replace(FLIGHT, stuck="lost")]))
    assert (found.word, [one.word for one in found.also]) == ("STOPPED", ["STUCK"])


def line(at: int, submitted: int, ended: int, failed: int = 0) -> dict[str, int]:
    """Totals at a second."""
    return {
        "at": at * 1000,
        "submitted": submitted,
        "succeeded": ended,
        "failed": failed,
        "partial": 0,
        "cancelled": 0,
        "runs": 0,
    }


def test_rates_are_of_the_last_minute_and_need_a_while() -> None:
    """Over less than twenty seconds they would jump: then nothing is said."""
    lines = [line(0, 100, 90), line(60, 160, 150), line(120, 300, 250)]
    found = flow_of(150, line(150, 390, 340), lines, [], 0)
    assert (found.incoming, found.outgoing) == (pytest.approx(230 / 1.5), pytest.approx(190 / 1.5))
    assert [minute.incoming for minute in found.minutes] == [60, 140, 180]
    assert flow_of(10, line(10, 9, 9), [line(0, 0, 0)], [], 0).incoming is None
    assert flow_of(130, line(130, 1, 1), [line(0, 900, 900)], [], 0).incoming == 0.0, "another Redis"


def test_the_error_budget() -> None:
    """Of a thousand, three may fail: one takes a third of what is allowed; four overdraw it."""
    lines = [line(0, 0, 5000, 20)]
    assert outcome_of(60, line(60, 0, 5999, 21), lines, 0.997, []).budget == pytest.approx(2 / 3)
    assert outcome_of(60, line(60, 0, 5996, 24), lines, 0.997, []).budget == pytest.approx(-1 / 3)
    assert outcome_of(60, line(60, 0, 5000, 20), lines, 0.997, []).share is None
