"""A blocking ear: hears what is told on one channel, through connections of its own."""

import time
from collections.abc import Iterator
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

PAUSE = 1.0
"""Seconds before a lost connection is made again."""
LOOK = 60.0
"""Seconds between two looks whether the connection is still there."""


def hear(url: str, channel: str) -> Iterator[None]:
    """Yield whenever something is told, for ever; what is told while the connection is lost is missed."""
    while True:
        try:
            yield from _hear(url, channel)
        except (RedisError, OSError):
            time.sleep(PAUSE)


def _hear(url: str, channel: str) -> Iterator[None]:
    client: Any = Redis.from_url(url, socket_timeout=None)  # pyright: ignore[reportUnknownMemberType]
    with client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.ssubscribe(channel)
        while True:
            if heard.get_message(timeout=LOOK) is not None:
                yield
