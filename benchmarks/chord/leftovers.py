"""What a server still holds."""

from typing import Any

from benchmarks.server import Server


def keys(server: Server) -> set[str]:
    """All keys."""
    return {key.decode() for key in _ask(server, "KEYS", "*")}


def outlives(server: Server, key: str, seconds: float) -> bool:
    """Whether a key is there for longer than that if nobody deletes it."""
    life = int(_ask(server, "TTL", key))
    return life == -1 or life > seconds


def _ask(server: Server, *words: str) -> Any:
    return server.client.execute_command(*words)  # pyright: ignore
