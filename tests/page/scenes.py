"""Moments of a docmill with a day's work behind it, made by hand: what the page's pictures show, and its tests."""

import json
import random
import threading
import time
from contextlib import suppress
from typing import Any

from orchestrator.calls import Leased
from orchestrator.errors import Unreachable
from orchestrator.overview.flow import totals_of
from tests.support.engine import Engine, Hand
from worker.pipelines.document import document as documents

GIB = 2**30
CARD = {"index": 0, "uuid": "GPU-1", "name": "NVIDIA L40S", "total": 48 * GIB, "free": 11 * GIB}
MODELS = [
    {"name": "paddleocr", "bytes": int(2.1 * GIB), "pinned": True, "loads": 1},
    {"name": "layout", "bytes": int(0.9 * GIB), "loads": 2},
]
FIRST_FAILURES = ("UnreadablePdf", "UnreadablePdf", "Timeout", "OutOfMemory")


class Stage:
    """A server with workers that are there for as long as it is kept alive."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.redis = engine, engine.server.redis
        self.hands: dict[str, list[Hand]] = {}
        self.facts: dict[str, dict[str, str]] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def worker(self, name: str, host: str, lanes: list[str], *, cards: bool = False, up: int = 90_000) -> list[Hand]:
        """A worker, with a slot for each of the lanes."""
        told = {"host": host, "pid": "4711", "started": str(int(time.time()) - up), "slots": str(len(lanes))}
        told |= {"lanes": " ".join(dict.fromkeys(lanes)), "serves": " ".join(self.engine.pipelines)}
        if cards:
            told["cards"] = json.dumps([CARD])
        for number, lane in enumerate(lanes):
            slot: dict[str, Any] = {"lanes": [lane], "state": "ready", "pid": 4800 + number, "rss": 3 * GIB}
            if lane == "gpu" and cards:
                slot |= {"card": "GPU-1", "models": [model | {"last_used": time.time() - 2} for model in MODELS]}
            told[f"slot.{number}"] = json.dumps(slot)
        self.facts[name] = told
        self.hands[name] = [self.engine.slot(f"{name}/{n}", (lane,)) for n, lane in enumerate(lanes)]
        self.renew(name)
        return self.hands[name]

    def renew(self, name: str) -> None:
        """As a supervisor does each second."""
        hands = self.hands[name]
        slots = {slot: incarnation for hand in hands for slot, incarnation in hand.slots.items()}
        self.engine.transport.send(hands[0].supervision.renew(slots, self.facts[name]))

    def keep_alive(self) -> None:
        """Renew all workers from now on."""
        self._thread.start()

    def end(self) -> None:
        """Let go."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def hour(self, coming: float, going: float) -> None:
        """Totals of an hour: so many documents a minute."""
        random.seed(7)
        self.redis.delete("docmill:{s0}:minutes")  # the API process has begun it
        stats: dict[str, Any] = self.redis.hgetall("docmill:{s0}:stats")
        runs = totals_of(stats, ())["runs"]
        now, submitted, ended, failed = time.time(), 200_000, 199_000, 310
        for minute in range(60, 0, -1):
            at = int(now - minute * 60) // 60 * 60_000
            words = {
                "at": at,
                "submitted": submitted,
                "succeeded": ended,
                "failed": failed,
                "partial": 40,
                "cancelled": 12,
            }
            self.redis.xadd("docmill:{s0}:minutes", words | {"runs": runs - int(going * 6 * minute)}, id=f"{at}-0")
            wave = 1 + 0.25 * random.random() - 0.12 + 0.2 * ((minute % 23) / 23 - 0.5)
            submitted += int(coming * wave)
            ended += int(going * (1 + 0.1 * random.random() - 0.05))
            failed += going > 100 and minute % 17 == 0
        submitted, ended = submitted + int(coming / 2), ended + int(going / 2)
        stats = {
            "submitted:document:5": submitted,
            "finished:document:succeeded": ended,
            "finished:document:failed": failed,
        }
        stats |= {"finished:document:partial": 40, "finished:document:cancelled": 12}
        self.redis.hset("docmill:{s0}:stats", mapping=stats)
        before = {"submitted:document:5": submitted - coming * 10, "finished:document:succeeded": ended - going * 10}
        self.redis.hset("docmill:{s0}:stats:0", mapping=stats | {name: int(value) for name, value in before.items()})

    def measured(self) -> None:
        """What runs took, lately."""
        took = {"ocr": 1400, "pages": 60, "join": 8, "classify": 700, "extract": 900, "summarise": 2600, "store": 40}
        counts = {"ocr": 24_000}
        before: dict[str, int] = {}
        for step, ms in took.items():
            runs, le = counts.get(step, 6000), 2 ** (ms - 1).bit_length()
            before |= {f"run:document:{step}:{le}": runs, f"run:document:{step}:sum": runs * ms}
            before |= {f"wait:document:{step}:{le // 2 or 1}": runs, f"wait:document:{step}:sum": runs * ms // 4}
        self.redis.hset("docmill:{s0}:stats", mapping={name: value * 12 for name, value in before.items()})
        now = {name: value * 11 for name, value in before.items()} | {"copied": int(time.time() * 1000) - 600_000}
        known = self.redis.hgetall("docmill:{s0}:stats")
        now |= {name: int(int(value) * 0.98) for name, value in known.items() if name not in before}
        self.redis.hset("docmill:{s0}:stats:0", mapping=now)
        again = {"ended:document:summarise:retry": 23, "ended:document:ocr:lost": 1, "ended:document:classify:retry": 4}
        self.redis.hset("docmill:{s0}:stats", mapping=again)

    def submit(self, count: int, **more: Any) -> list[str]:
        """Some documents."""
        source = {"name": "letter.pdf", "blob": "x/input/letter.pdf", "size": 81_204, "media": "application/pdf"}
        return [self.engine.submit(documents, source=source, **more) for _ in range(count)]

    def _live(self) -> None:
        while not self._ended.wait(0.7):
            for name in self.hands:
                with suppress(Unreachable):
                    self.renew(name)


def pages_of(job: Leased, count: int) -> Any:
    """What a step makes, as far as the picture needs it."""
    if job.step == "pages":
        return [{"blob": "x", "index": index} for index in range(count)]
    return {"text": "…"}


def finish(hand: Hand, count: int, pages: int = 3) -> None:
    """Take so many jobs, and do them well."""
    for _ in range(count):
        answer = hand.claim()
        if not answer.jobs:
            return
        hand.complete(answer.jobs[0], pages_of(answer.jobs[0], pages))
