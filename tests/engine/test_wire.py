"""A slot's one connection: whatever breaks an exchange off, no reply is taken for another's."""

import signal
import struct
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as TooSlow

import orchestrator.connection.wire as wires
from orchestrator.connection.wire import AT_ONCE, Wire
from tests.support.server import Server
from tests.support.tls import behind_tls


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    made = Wire(server.url)
    yield made
    made.disconnect()


def test_a_reply_of_any_size(wire: Wire) -> None:
    assert wire.ask("ECHO", "x" * 5 * AT_ONCE) == b"x" * 5 * AT_ONCE


def test_a_refusal_is_raised_and_the_line_goes_on(wire: Wire) -> None:
    with pytest.raises(ResponseError, match="unknown command"):
        wire.ask("NONSENSE")
    assert wire.ask("ECHO", "next") == b"next"


def test_what_was_broken_off_is_not_answered_later(wire: Wire) -> None:
    """A signal's handler raises while the reply is waited for, as a soft limit might; the next reply is its own."""

    def broken(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, broken)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            wire.ask("BLPOP", "nothing:comes", "1")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert wire.ask("ECHO", "mine") == b"mine"


def test_a_connection_that_the_server_ended_is_made_anew(wire: Wire, server: Server) -> None:
    number = wire.ask("CLIENT", "ID")
    server.redis.client_kill_filter(_id=str(number))  # pyright: ignore[reportUnknownMemberType]
    with pytest.raises((Lost, OSError)):
        wire.ask("ECHO", "lost")
    assert wire.ask("ECHO", "again") == b"again"


def test_a_server_that_says_nothing_is_given_up(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel keeps the time, so that no reply costs a poll."""
    monkeypatch.setattr(wires, "LIMIT", struct.pack("ll", 0, 100_000))
    with pytest.raises(TooSlow):
        wire.ask("BLPOP", "nothing:comes", "20")
    assert wire.ask("ECHO", "mine") == b"mine"


def test_over_tls(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, but for who keeps the time."""
    with behind_tls(server, tmp_path) as url:
        wire = Wire(url)
        assert wire.ask("ECHO", "x" * 3 * AT_ONCE) == b"x" * 3 * AT_ONCE
        wire.disconnect()
        monkeypatch.setattr(wires, "ANSWER_TIMEOUT", 0.3)
        hurried = Wire(url)
        with pytest.raises(TooSlow):
            hurried.ask("BLPOP", "nothing:comes", "20")
        assert hurried.ask("ECHO", "mine") == b"mine"
        hurried.disconnect()
