"""A workforce of the tests' own: what supervisors would tell, and what waits and has failed."""

from io import StringIO

from rich.console import Console

from orchestrator.snapshot import Snapshot
from orchestrator.views import Document
from orchestrator.worker_views import Card, LaneView, Model, SlotJob, SlotView, WorkerView
from orchestrator.workforce import Workforce

MIB, GIB = 2**20, 2**30
NOON = 1_767_268_800.0
"""The server's clock, seconds."""


def drawn(width: int, *things: object) -> list[str]:
    """The lines of what is printed on a terminal of that width."""
    console = Console(width=width, file=StringIO(), record=True, force_terminal=True)
    console.print(*things)
    return console.export_text().splitlines()


def job(tail: str, step: str, age: float, limit: float | None = 600.0) -> SlotJob:
    """One that runs, of a document whose id ends so."""
    document = f"0-1m7zf4asw7k0ct8n{tail}"
    return SlotJob(f"{document}/{step}", document, step, age, "gpu", limit)


def slot(number: int, lane: str, *jobs: SlotJob, worker: str = "node1-7f3k9q2m", **more: object) -> SlotView:
    """One slot; more by keyword."""
    view = SlotView(f"{worker}/{number}", [lane], "ready", list(jobs), [])
    for name, value in more.items():
        setattr(view, name, value)
    return view


def worker(name: str, host: str, state: str, *slots: SlotView) -> WorkerView:
    """One worker."""
    return WorkerView(name, state, host, 4711, None, 42.0 if state == "silent" else 0.4, [], [], list(slots), [], 0)


def workers() -> list[WorkerView]:
    """One with a card and all kinds of slots, one that is silent, one that has ended."""
    models = [Model("paddleocr", 430 * MIB, True, 1, 3.0), Model("classifier", 90 * MIB, False, 2, 180.0)]
    first = worker(
        "node1-7f3k9q2m",
        "node1.example.org",
        "alive",
        slot(0, "gpu", job("ab", "ocr[112]", 12), models=models, rss=2 * GIB, card="GPU-a"),
        slot(1, "llm", job("cd", "summarise", 481), rss=300 * MIB),
        slot(2, "llm", rss=300 * MIB),
        slot(3, "cpu", job("ef", "join", 700), rss=120 * MIB, deaths=2),
        slot(4, "cpu", *(job(f"e{n}", "predict_batch", 3, None) for n in range(9)), rss=120 * MIB, state="draining"),
    )
    first.cards, first.standby = [Card(0, "GPU-a", "NVIDIA H200", 140 * GIB, 60 * GIB)], 1
    silent = worker("node2-0000aaaa", "node2", "silent", slot(0, "cpu", worker="node2-0000aaaa"))
    return [first, silent, worker("node3-0000bbbb", "node3", "ended")]


def lanes() -> list[LaneView]:
    """One as usual, one paused, one whose service is down, one that nobody serves."""
    return [
        LaneView("cpu", 120, 1, served=True, paused=False, waited=3.2),
        LaneView("gpu", 1200, 1, served=True, paused=True, waited=125.0),
        LaneView("llm", 2, 1, served=True, paused=False, resting=1.5, waited=1.0),
        LaneView("realtime", 2, 0, served=False, paused=False, waited=4000.0),
    ]


def workforce() -> Workforce:
    """All of it."""
    return Workforce(workers(), lanes(), Snapshot({"finished:p:succeeded": 7}, leases=12, delayed=2, now=NOON))


def failure(number: int, error: str) -> Document:
    """A document that failed five minutes ago."""
    ended = "2026-01-01T11:55:00.000Z"
    id = f"0-1m7zf4asw7k0ct8n{number}z"
    return Document(id, "failed", "document@abcdef", 5, "default", ended, None, ended, error, [], {}, [])
