"""The scripts' headers are contracts: parsed here, so that they cannot drift."""

import re
from pathlib import Path

import pytest

from orchestrator import lua
from orchestrator.access import Rate
from orchestrator.calls import DocumentCalls, DutyCalls, MeasureCalls, SlotCalls, SupervisionCalls
from orchestrator.calls.access import AccessCalls
from orchestrator.calls.batches import BatchCalls
from orchestrator.calls.caching import CacheCalls, Entry
from orchestrator.calls.hooks import HookCalls
from orchestrator.calls.schedules import ScheduleCalls, Tick
from orchestrator.keys import Keys

SECTIONS = ("KEYS", "ARGV", "ANSWERS", "MAY BE SENT AGAIN")
OF_SLOTS = {"claim", "complete", "fail", "report", "renew", "crash", "cache"}
OF_DUTIES = {"sweep", "purge", "spend", "hook"}
DRAINS = OF_SLOTS | OF_DUTIES | {"cancel", "pause", "drain", "reprioritise", "schedule", "batch", "bound"}
SPOKEN = re.compile(r"'([a-z][a-z-]+)'")
LIB = sorted(lua.LUA.glob("lib/*.lua"))


def section(header: str, name: str) -> list[str]:
    """The first words of a section's entries: what is indented by two."""
    found = re.search(rf"^{name}.*\n((?:  .*\n)*)", header, re.MULTILINE)
    assert found, f"no section {name}"
    return [line.split()[0] for line in found[1].splitlines() if re.match(r"  \S", line)]


@pytest.mark.parametrize("name", lua.verbs())
def test_every_header_has_its_sections(name: str) -> None:
    header = lua.verb(name).header
    assert header.startswith(f"{name}: ")
    assert all(re.search(rf"^{part}", header, re.MULTILINE) for part in SECTIONS)
    assert len(section(header, "KEYS")) == 1, "one key of the shard; all others are made from it"


@pytest.mark.parametrize("name", lua.verbs())
def test_every_argument_used_is_in_the_header(name: str) -> None:
    verb = lua.verb(name)
    named = [word for word in section(verb.header, "ARGV") if not word.endswith("...")]
    used = {int(number) for number in re.findall(r"ARGV\[(\d+)\]", verb.body)}
    assert used, name
    repeating = any(word.endswith("...") for word in section(verb.header, "ARGV"))
    assert max(used) <= len(named) + repeating * 2


@pytest.mark.parametrize(
    "name", ["claim", "complete", "fail", "report", "renew", "crash", "submit", "schedule", "tick"]
)
def test_every_refusal_and_verdict_is_in_the_header(name: str) -> None:
    verb, header = lua.verb(name), lua.verb(name).header
    lines = [re.sub(r"== '\w+'", "", line) for line in verb.body.splitlines() if re.search(r"\breturn\b", line)]
    assert [word for line in lines for word in SPOKEN.findall(line) if word not in header] == []
    if name in {"claim", "complete", "fail", "report"}:
        assert all(word in header for word in ("repeated", "old", "retired", "unknown"))


@pytest.mark.parametrize("name", lua.verbs())
def test_what_drains_runs_on_a_full_server_and_submit_does_not(name: str) -> None:
    assert ("allow-oom" in lua.verb(name).flags) == (name in DRAINS)


def test_every_script_has_its_typed_method() -> None:
    keys = Keys()
    slot = SlotCalls(keys, "w/0", "i", ["cpu"], [])
    calls = [slot.claim(), slot.complete([]), slot.fail([]), SupervisionCalls(keys, "w", 30).renew({}, {})]
    calls += [
        SupervisionCalls(keys, "w", 30).crash({}, "died", "", ""),
        DutyCalls(keys).sweep(),
        DutyCalls(keys).purge_take(),
        DutyCalls(keys).pause("lane", "gpu"),
        DutyCalls(keys).bound("gpu", {}),
        DutyCalls(keys).drain("w"),
        BatchCalls(keys).close("0-1"),
        MeasureCalls(keys).measure(),
    ]
    calls += [CacheCalls(keys).empty(), CacheCalls(keys).keep(Entry("d", "0-1/one", 1.0, b"1"), 1)]
    documents = DocumentCalls(keys)
    calls += [documents.submit("p@1", []), documents.cancel([], ""), documents.retry([], "")]
    calls += [documents.reprioritise([], 9)]
    schedules = ScheduleCalls(keys)
    calls += [schedules.pause("nightly"), schedules.give_up(Tick("nightly", "r", 0.0, 0.0, None))]
    calls += [AccessCalls(keys).spend("k", Rate(1, 1))]
    calls += [HookCalls(keys).remove("h")]
    named = {str(call.words[1]).split("_")[1] for call in calls} | {"report"}
    assert named == set(lua.verbs())


@pytest.mark.parametrize("path", [*LIB, *sorted(lua.LUA.glob("*.lua"))], ids=lambda path: path.name)
def test_scripts_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 130
