"""`docmill keys`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.cli.running import run
from orchestrator.settings import load_settings
from tests.cli.conftest import Answer
from tests.support.server import Server

Command = Callable[..., Answer]


@pytest.fixture
def keys(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: "pytest.CaptureFixture[str]"
) -> Command:
    """`docmill keys …`, without a start of Python for each command."""
    monkeypatch.setenv("DOCMILL_REDIS_URL", server.url)
    monkeypatch.setenv("DOCMILL_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()

    def command(*words: str) -> Answer:
        code = run(["keys", *words])
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    return command


def test_the_life_of_a_key(keys: Command) -> None:
    assert "docmill keys create" in keys("list").out
    more = ("--rate", "600/min", "--most-priority", "7", "--roots", "/data/in,/data/more", "--label", "scanner")
    made = keys("create", "--tenant", "acme", "--scopes", "read,submit", *more)
    text = made.out.strip()
    assert made.code == 0 and text.startswith("dm_") and "this once" in made.err and "It is the first" in made.err
    another = keys("create", "--tenant", "zeta", "--scopes", "read")
    assert "the first" not in another.err
    assert keys("revoke", another.out.strip()).code == 0
    (listed,) = keys("list", "--json").json
    assert listed["id"] == text.split("_")[1]
    expected = {
        "tenant": "acme",
        "scopes": ["submit", "read"],
        "rate": "600/60s",
        "most_priority": 7,
        "label": "scanner",
    }
    assert expected.items() <= listed.items()
    assert listed["roots"] == ["/data/in", "/data/more"]
    shown = keys("list").out
    assert "acme" in shown and "600 in 60 s" in shown and text.split("_", 2)[2] not in shown
    assert keys("revoke", text).out == f"key {listed['id']}: revoked\n"
    assert keys("list", "--json").json == []
    gone = keys("revoke", listed["id"])
    assert (gone.code, listed["id"] in gone.err, text in gone.err) == (3, True, False)


def test_json_has_the_key_this_once(keys: Command) -> None:
    made = keys("create", "--tenant", "acme", "--scopes", "read", "--json").json
    assert made["key"].startswith(f"dm_{made['id']}_")
    assert "key" not in keys("list", "--json").json[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--tenant", "a:b", "--scopes", "read"), "tenant 'a:b' is not possible"),
        (("--tenant", "a", "--scopes", "write"), "submit, read, watch, operate, admin"),
        (("--tenant", "a", "--scopes", ""), "submit, read, watch, operate, admin"),
        (("--tenant", "a", "--scopes", "read", "--rate", "fast"), "10/s"),
        (("--tenant", "a", "--scopes", "read", "--rate", "0/s"), "10/s"),
        (("--tenant", "a", "--scopes", "read", "--most-priority", "10"), "9 (urgent) to 0"),
        (("--tenant", "a", "--scopes", "read", "--roots", "data"), "absolute path"),
    ],
)
def test_what_cannot_be_is_said(keys: Command, words: tuple[str, ...], told: str) -> None:
    answer = keys("create", *words)
    assert (answer.code, told in answer.err) == (2, True), answer.err
    assert keys("list", "--json").json == []
