"""What is said twice, in Python and in Lua, is said the same."""

import re
from typing import Any

from orchestrator import lua
from orchestrator.keys import Keys
from orchestrator.states import DOCUMENT_MOVES, FINAL_DOCUMENT, FINAL_JOB, JOB_MOVES, DocumentState, JobState
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, chained, shouting
from tests.support.server import Server

KEYS_IN_LUA = """
register('docmill_test_keys', function(KEYS, ARGV)
  fresh(KEYS)
  return {key('leases'), ready_key('gpu'), lane_key('gpu'), wake_key('gpu'), doc_key('0-1'), data_key('0-1'),
    log_key('0-1'), cache_key('d'), cached_key('0-1'),
    fan_key('0-1', 'ocr'), fan_key('0-1', 'ocr', 'done'), plan_key('p@1'), by_key('queued'),
    tenant_key('t'), slot_key('w/0'), worker_key('w'), schedule_key('n'), schedule_key('n', 'log'),
    hook_key('h'), hook_key('h', 'deliveries'), hooks_key('tenant:t')}
end)
"""


def test_both_make_the_same_key_names(server: Server) -> None:
    text = lua.library().text.replace("docmill_", "docmilltest_") + KEYS_IN_LUA
    server.redis.execute_command("FUNCTION", "LOAD", "REPLACE", text)
    keys = Keys(3)
    made = server.redis.execute_command("FCALL", "docmill_test_keys", 1, keys.named("x"))
    server.redis.execute_command("FUNCTION", "FLUSH")
    assert made == [
        keys.named("leases"), keys.ready("gpu"), keys.lane("gpu"), keys.wake("gpu"), keys.doc("0-1"), keys.data("0-1"),
        keys.log("0-1"), keys.cache("d"), keys.cached("0-1"),
        keys.fan("0-1", "ocr"), keys.fan("0-1", "ocr", "done"), keys.plan("p@1"), keys.by("queued"),
        keys.tenant("t"), keys.slot("w/0"), keys.worker("w"), keys.schedule("n"), keys.schedule("n", "log"),
        keys.hook("h"), keys.hook("h", "deliveries"), keys.hooks("tenant:t"),
    ]  # fmt: skip


def test_no_script_makes_a_key_name_elsewhere() -> None:
    for path in lua.LUA.rglob("*.lua"):
        if path.name not in {"keys.lua", "call.lua"}:
            assert "PREFIX" not in path.read_text().replace("local PREFIX", ""), path


def test_both_know_the_same_final_words() -> None:
    text = (lua.LUA / "lib" / "states.lua").read_text()
    tables = {
        name: set(re.findall(r"(\w+) = true", body)) for name, body in re.findall(r"local (\w+) = \{(.*)\}", text)
    }
    assert tables == {"FINAL_DOCUMENT": set(FINAL_DOCUMENT), "FINAL_JOB": set(FINAL_JOB)}


def test_every_word_is_in_the_table_of_moves() -> None:
    assert set(DOCUMENT_MOVES) == set(DocumentState)
    assert set(JOB_MOVES) == set(JobState)


def test_every_move_that_the_scripts_make_is_legal(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, shouting, chained)
    _live_a_full_life(engine)
    last: dict[str, str] = {}
    for _, fields in engine.server.redis.xrange(engine.keys.named("events")):
        for what, word in _pairs(fields):
            _check_move(what, last.get(what), word)
            last[what] = word
    assert len(last) > 20


def _live_a_full_life(engine: Engine) -> None:
    slot = engine.slot()
    for pipeline in (chain, shouting, chained):
        engine.submit(pipeline, text="a", delay=0)
    slot.fail(slot.take())
    slot.fail(slot.take(), delay=60)
    engine.shift("delayed", 60_000)
    engine.sweep()
    slot.take()
    engine.shift("leases", 60_000)
    engine.sweep()
    slot.crash()
    slot = engine.slot(incarnation="i2")
    slot.work_off(lambda job: ["a", "b"] if job.step == "split" else "x")  # pyright: ignore
    failing = engine.submit(shouting, text="a")
    slot.fail(slot.take(), "fatal")
    slot.work_off()
    assert engine.head(failing)["status"] == "failed"


def _pairs(fields: Any) -> list[tuple[str, str]]:
    flat = [word for pair in fields.items() for word in pair]
    return list(zip(flat[::2], flat[1::2], strict=True))


def _check_move(what: str, before: str | None, word: str) -> None:
    if before is None or word in {before, "progress"}:
        return
    if "/" in what:
        moves: dict[Any, frozenset[Any]] = dict(JOB_MOVES)
        assert JobState(word) in moves[JobState(before)], (what, before, word)
    else:
        assert DocumentState(word) in DOCUMENT_MOVES[DocumentState(before)], (what, before, word)
