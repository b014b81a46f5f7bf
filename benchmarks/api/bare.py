"""The yardstick: FastAPI with one endpoint that reads JSON, does one EVALSHA and answers JSON."""

import os
import uuid
from typing import Any

from fastapi import FastAPI
from redis.asyncio import Redis

SCRIPT = """
redis.call('HSET', KEYS[1], 'status', 'queued', 'input', ARGV[2])
redis.call('ZADD', KEYS[2], 1, ARGV[1])
return 1
"""

app = FastAPI()
redis: Any = Redis.from_url(os.environ["DOCMILL_REDIS_URL"])  # pyright: ignore[reportUnknownMemberType]
known: dict[str, str] = {}


@app.post("/v1/documents", status_code=202)
async def submit(body: dict[str, Any]) -> dict[str, str]:
    """Accept."""
    if not known:
        known["sha"] = await redis.script_load(SCRIPT)
    document = uuid.uuid4().hex
    await redis.evalsha(known["sha"], 2, f"doc:{document}", "ready", document, str(body))
    return {"id": document, "status": "queued"}
