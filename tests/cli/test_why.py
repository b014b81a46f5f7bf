"""`docmill why`, `lanes` and `dead`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from orchestrator.cli.app import app
from orchestrator.settings import load_settings
from tests.cli.conftest import Docmill
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods, shouting

Say = Callable[..., str]


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """Two slots, moved by hand, of a worker that never falls silent; a run of `chain` takes 1.5 s, 2,000 a step are known."""
    made = make_engine(chain, moods, shouting)
    made.slot("w/0")
    facts = {"lanes": "gpu llm cpu", "serves": " ".join(made.pipelines), "slots": "2", "renewed": str(10**14)}
    made.server.redis.hset(made.keys.worker("w"), mapping=facts)
    for step in chain.calls:
        made.server.redis.hset(made.keys.named("stats"), f"run:{chain.name}:{step}:2048", 2000)
        made.server.redis.hset(made.keys.named("stats"), f"run:{chain.name}:{step}:sum", 3_000_000)
    return made


@pytest.fixture
def say(engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    """What a command prints, in this process, at the server that the engine drives."""
    monkeypatch.setenv("DOCMILL_REDIS_URL", engine.server.url)
    load_settings.cache_clear()

    def said(*words: str) -> str:
        app(list(words), standalone_mode=False)
        return capsys.readouterr().out

    yield said
    load_settings.cache_clear()


def test_why_of_one_that_waits(engine: Engine, say: Say) -> None:
    """Its step, what is before it, until about when, and the basis of that."""
    for _ in range(7):
        engine.submit(chain, text="x")
    document = engine.submit(chain, text="x")
    first, end, one, basis, *rest = say("why", document).splitlines()
    assert first == f"{document} queued {chain.id}"
    assert end.startswith("it ends in ") and " to " in end
    assert one.startswith("one waits for its turn in lane cpu, 7 jobs before it, starts in ")
    assert basis == "  7 jobs ahead (about 28 runs), 2 slots, 1.5 s a run in all that was measured (8000 runs)"
    assert rest[0] == "two waits for one"
    told = msgspec.json.decode(say("why", document, "--json"))
    assert told["steps"][0]["ahead"] == 7 and told["ends"]["low"] < told["ends"]["likely"] < told["ends"]["high"]


def test_why_of_one_that_nobody_takes(engine: Engine, say: Say) -> None:
    """No estimate, and what is to be done."""
    document = engine.submit(chain, text="x")
    engine.server.redis.hset(engine.keys.worker("w"), "renewed", 1)
    out = say("why", document)
    assert (
        "when it ends cannot be said: it depends on step one, and nobody can say for how long that is kept back" in out
    )
    assert "start one with: docmill worker" in out


def test_why_of_one_that_failed(engine: Engine, say: Say) -> None:
    """The error, what a retry would run, the log."""
    slot, document = engine.slot(), engine.submit(shouting, text="x")
    slot.complete(slot.take(), ["a", "b"])
    slot.fail(slot.take(), "fatal")
    out = say("why", document)
    assert "shout: ValueError: broken" in out and "shout[0] fatal: ValueError: broken" in out
    whole = "shout (the items that it lacks), join, praise, keep"
    assert f"docmill retry {document} runs again: {whole}" in out


def test_why_of_one_that_is_done(engine: Engine, say: Say) -> None:
    """Where its time went, step by step."""
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    out = say("why", document)
    assert "succeeded after " in out and all(step in out for step in chain.calls) and "docmill retry" not in out


def test_why_of_one_that_is_unknown(engine: Engine, tmp_path: Path) -> None:
    """Exit code 3, as a program of its own."""
    docmill = Docmill(tmp_path / "data")
    answer = docmill("why", "0-1m7zf4asw7k0ct8nabz", "--json", redis_url=engine.server.url)
    assert answer.code == 3 and "there is no document" in answer.json["error"]


def test_lanes(engine: Engine, say: Say) -> None:
    """A row each, and the basis of what is estimated."""
    assert "gpu" in say("lanes"), "a worker serves it"
    for priority in (9, 5, 5):
        engine.submit(chain, text="x", priority=priority)
    engine.submit(chain, text="x", delay=60)
    out = say("lanes")
    row = next(line for line in out.splitlines() if line.startswith("cpu "))
    assert row.split()[:6] == ["cpu", "3", "9:", "1,", "5:", "2"] and " in " in row
    assert "cpu: 3 jobs ready (about 12 runs), 2 slots, 1.5 s a run" in out
    told = {lane["name"]: lane for lane in msgspec.json.decode(say("lanes", "--json"))["lanes"]}
    assert (told["cpu"]["ready"], told["cpu"]["delayed"], told["cpu"]["slots"]) == (3, 1, 2)


def test_dead_letters(engine: Engine, say: Say) -> None:
    """The newest first, counted by what they failed of; how to run them again."""
    assert say("dead") == "no dead letters\n"
    slot = engine.slot()
    for pipeline in (moods, chain, chain):
        engine.submit(pipeline, text="x")
        slot.fail(slot.take(), "fatal")
    out = say("dead")
    assert out.index("2 x ValueError in one") < out.index("1 x ValueError in moody")
    assert "docmill retry --status failed --error ValueError --dry-run" in out
    told = msgspec.json.decode(say("dead", "--json", "--limit", "2"))
    assert told["total"] == 3 and [letter["step"] for letter in told["letters"]] == ["one", "one"]
    assert {letter["why"] for letter in told["letters"]} == {"broken"} and "ValueError: broken" in out
    assert [kind["count"] for kind in msgspec.json.decode(say("dead", "--json", "--error", "moody"))["kinds"]] == [1]
