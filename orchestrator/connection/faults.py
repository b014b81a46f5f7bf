"""What a server may say or do that will pass, and what will not; and how each is told to people."""

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from orchestrator.connection.url import readable_url
from orchestrator.errors import Full, ServerError, Unreachable, Unsuitable

LOST = (RedisConnectionError, RedisTimeoutError, ConnectionError, TimeoutError, OSError)
"""The connection, or the reply: the call may be sent again (promise 3)."""
PASSING = ("MISCONF", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS", "BUSY", "LOADING", "TRYAGAIN", "UNBLOCKED")
"""How an answer begins of a server that is there and cannot do its work now: a full disk, a failover, a long script."""


def is_passing(problem: Exception) -> bool:
    """Whether it makes sense to send the call again after a pause.

    redis-py cuts the first word off some errors and gives them classes of their own, so both are looked at.
    """
    if isinstance(problem, OutOfMemoryError):
        return False
    if isinstance(problem, LOST):
        return True
    name = type(problem).__name__.upper()
    return str(problem).startswith(PASSING) or any(word in name for word in PASSING)


def is_unknown_function(problem: ResponseError) -> bool:
    """Whether the server does not have this version's library yet: then nothing was done, and it is loaded."""
    return "Function not found" in str(problem)


def in_words(problem: Exception, url: str) -> ServerError:
    """The error that people see, once patience is at its end."""
    where = readable_url(url)
    if isinstance(problem, OutOfMemoryError):
        return Full(
            f"Redis at {where} is full: raise its maxmemory, or wait until documents are purged. "
            "What was accepted still moves on."
        )
    if isinstance(problem, LOST):
        return Unreachable(f"Redis does not answer at {where}: {problem}")
    return Unsuitable(f"Redis at {where} cannot do its work now: {problem}")
