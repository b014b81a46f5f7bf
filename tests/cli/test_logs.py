"""`docmill logs`: the whole story of a document, from its own state."""

from collections.abc import Callable

import msgspec
import pytest

from orchestrator.cli.app import app
from orchestrator.errors import NotFound
from orchestrator.settings import load_settings
from tests.conftest import MakeEngine
from tests.support.pipelines import chain
from tests.support.server import Server

Say = Callable[..., str]


@pytest.fixture
def say(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """What a command prints, in this process."""
    monkeypatch.setenv("DOCMILL_REDIS_URL", server.url)
    load_settings.cache_clear()

    def said(*words: str) -> str:
        app(list(words), standalone_mode=False)
        return capsys.readouterr().out

    return said


def test_it_tells_what_happened_when_and_what_was_unusual(make_engine: MakeEngine, say: Say) -> None:
    """A step that failed and ran again, then all of it; each line with its time, the day once."""
    engine = make_engine(chain)
    document = engine.submit(chain, text="x")
    slot = engine.slot()
    slot.fail(slot.take())
    slot.work_off()
    day, *lines = say("logs", document).splitlines()
    assert len(day) == len("2026-11-28")
    told = [line.split(maxsplit=1)[1] for line in lines]
    assert {" ".join(line.split()[:2]) for line in told if not line.startswith(("two", "three", "four"))} == {
        "document queued", "document running", "one attempt:", "one runs", "one done", "document succeeded",
    }  # fmt: skip
    assert any(line.startswith("one") and "attempt: ValueError: broken" in line for line in told)
    assert any(line.startswith("one") and "runs attempt 2" in line for line in told)
    assert " after " in told[-1]
    events = msgspec.json.decode(say("logs", document, "--json"))
    assert events[-1] | {"id": "", "at": ""} == {
        "id": "", "document": document, "at": "", "kind": "status", "state": "succeeded",
    }  # fmt: skip


def test_follow_goes_on_until_the_end(make_engine: MakeEngine, say: Say) -> None:
    """Of one that has ended it is the same; of one that is unknown it says so."""
    engine = make_engine(chain)
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    assert say("logs", document, "-f").splitlines()[-1].split()[1:3] == ["document", "succeeded"]
    with pytest.raises(NotFound, match="there is no document"):
        say("logs", "0-1m8h7eykf4b928zzct")
