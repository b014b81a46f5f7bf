"""How replies become values, and texts arguments: shared by the builders of calls."""

from typing import Any

from orchestrator.calls.base import texts

LONGEST_WHY = 500
"""Bytes of a reason."""


def one_line(why: str) -> str:
    """For the log: one line, cut between two characters, since what is stored is read as text again."""
    return why.replace("\n", " ").encode("utf-8", "backslashreplace")[:LONGEST_WHY].decode(errors="ignore")


def texts_of_set(raw: Any) -> list[str]:
    """A set, or its RESP2 list, as sorted text."""
    return sorted(texts(list(raw)))


def same(raw: Any) -> Any:
    """The reply as it is."""
    return raw


def mapping(raw: Any) -> dict[str, str]:
    """A hash, as text."""
    # A script may cut a text inside a character; that must not make the rest unreadable.
    return {field: value.decode(errors="ignore") for field, value in raw_mapping(raw).items()}


def raw_mapping(raw: Any) -> dict[str, bytes]:
    """A hash whose values are not for reading; RESP2 gives one flat list."""
    pairs: Any = raw.items() if isinstance(raw, dict) else zip(raw[::2], raw[1::2], strict=True)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return {field.decode(): value for field, value in pairs}


def failures_by_index(raw: Any) -> dict[int, str]:
    """Of a fan-out's records, why items failed."""
    told = {field.removesuffix(".error"): text for field, text in mapping(raw).items() if field.endswith(".error")}
    return {int(index): told[index] for index in sorted(told, key=int)}


def scored(raw: Any) -> list[tuple[str, float]]:
    """Members with their times, seconds."""
    # RESP3 gives pairs, RESP2 one flat list.
    pairs: Any = raw if raw and isinstance(raw[0], list) else zip(raw[::2], raw[1::2], strict=True)
    return [(member.decode(), float(score) / 1000) for member, score in pairs]


def seconds(raw: Any) -> float:
    """The server's TIME."""
    return int(raw[0]) + int(raw[1]) / 1e6
