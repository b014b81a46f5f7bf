"""Is the server one that may be trusted with documents? Asked once at connect."""

from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.retry import Retry

from orchestrator.connection.faults import LOST
from orchestrator.connection.url import readable_url
from orchestrator.errors import Unreachable, Unsuitable, UsageError
from orchestrator.keys import META

SCHEMA = "2"
OLDEST = (7, 0)


def check_server(url: str, timeout: float = 2.0) -> list[str]:
    """Check version and schema, write the schema at the first start; returns what is unsafe, in words.

    Raises:
        Unreachable: nothing answers; the text names the URL and the fix.
        Unsuitable: the server is too old, evicts keys, or holds another schema.
        UsageError: that is no URL of a Redis.
    """
    once = Retry(NoBackoff(), 0)
    client = _client(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=once)
    where = readable_url(url)
    try:
        info: dict[str, Any] = client.info()
        meta = _agree_on_schema(client)
        warnings = _judge(where, info, meta) + _policy(where, client)
    except AuthenticationError as problem:
        raise Unreachable(f"Redis at {where} refuses the password: {problem}. Put it into DOCMILL_REDIS_URL.") from None
    except LOST as problem:
        raise Unreachable(
            f"Redis does not answer at {where} ({problem}). Start it, or correct DOCMILL_REDIS_URL; "
            "without DOCMILL_REDIS_URL docmill starts a private one."
        ) from None
    except RedisError as problem:
        raise Unsuitable(f"Redis at {where} answers with an error: {problem}") from None
    finally:
        client.close()
    return warnings


def _client(url: str, **options: Any) -> Any:
    try:
        return Redis.from_url(url, **options)  # pyright: ignore[reportUnknownMemberType]
    except ValueError as problem:  # not told with the URL, which may have a password somewhere
        raise UsageError(
            f"that is no URL of a Redis ({problem}): write redis://host:6379/0, rediss://… or unix:///path "
            "(DOCMILL_REDIS_URL, or what Client was given)"
        ) from None


def _agree_on_schema(client: Any) -> str:
    client.hsetnx(META, "schema", SCHEMA)
    client.hsetnx(META, "shards", "1")
    return client.hget(META, "schema").decode()


def _judge(where: str, info: dict[str, Any], schema: str) -> list[str]:
    version = tuple(int(part) for part in str(info["redis_version"]).split(".")[:2])
    if version < OLDEST:
        raise Unsuitable(f"Redis at {where} is {info['redis_version']}; docmill needs 7.0 or later, or any Valkey")
    if schema != SCHEMA:
        raise Unsuitable(f"the data at {where} has schema {schema}, this docmill {SCHEMA}: use the matching version")
    if not info.get("aof_enabled"):
        return ["appendonly is off: what was accepted since the last snapshot is lost when Redis dies"]
    return []


def _policy(where: str, client: Any) -> list[str]:
    try:
        policy = client.config_get("maxmemory-policy")["maxmemory-policy"]
    except ResponseError:
        return ["CONFIG GET is not allowed here: maxmemory-policy could not be checked; it must be noeviction"]
    if policy != "noeviction":
        raise Unsuitable(
            f"Redis at {where} may evict keys (maxmemory-policy {policy}): documents would vanish. "
            "Set maxmemory-policy noeviction."
        )
    return []
