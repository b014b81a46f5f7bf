"""What Redis must be, who works for it, and whether its indexes are whole."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from redis import Redis

from orchestrator.cli.doctor.finding import Finding, fail, ok, warn
from orchestrator.cli.doctor.indexes import Dangling, find_dangling, remove_dangling
from orchestrator.cli.workers import live_workers
from orchestrator.client import Mill
from orchestrator.connection import check_server
from orchestrator.connection.url import readable_url
from orchestrator.embedded.folder import Folder
from orchestrator.embedded.valkey import Valkey
from orchestrator.errors import DocmillError
from orchestrator.registry import Registry
from orchestrator.settings import Settings

MOST_SHOWN = 5
"""Dangling entries that are named; the rest are counted."""


async def check_redis_side(settings: Settings, registry: Registry, *, repair: bool) -> list[Finding]:
    """Everything that needs Redis; one finding where it cannot be used."""
    try:
        async with _server(settings) as url:
            findings = _check_server(url)
            async with Mill(url, settings, registry) as mill:
                findings += await _check_workers(mill, registry)
            return [*findings, _check_indexes(url, repair=repair)]
    except DocmillError as problem:
        return [fail("redis", str(problem))]


@asynccontextmanager
async def _server(settings: Settings) -> AsyncGenerator[str]:
    """The configured one; else the private one, ended afterwards if it did not run before."""
    if settings.redis_url is not None:
        yield settings.redis_url
        return
    valkey = Valkey(Folder.of(settings.data_dir))
    ran = valkey.program.is_running
    try:
        yield valkey.ensure()
    finally:
        if not ran:
            valkey.stop()


def _check_server(url: str) -> list[Finding]:
    unsafe = check_server(url)
    return [ok("redis", f"{readable_url(url)} answers"), *(warn("redis", text, _fix(text)) for text in unsafe)]


def _fix(warning: str) -> str:
    return "redis-cli CONFIG SET appendonly yes, and in redis.conf" if "appendonly" in warning else ""


async def _check_workers(mill: Mill, registry: Registry) -> list[Finding]:
    alive = await live_workers(mill)
    if not alive:
        return [warn("worker", "none is alive", "docmill up, or docmill worker")]
    findings = [ok("worker", f"{len(alive)} alive")]
    served = {pipeline for record in alive for pipeline in record.get("serves", "").split()}
    for name in registry.names:
        if registry.named(name).id not in served:
            text = f"none serves pipeline {registry.named(name).id}"
            findings.append(warn("worker", text, "start them again with the same DOCMILL_PIPELINES and version"))
    return findings


def _check_indexes(url: str, *, repair: bool) -> Finding:
    client = Redis.from_url(url, decode_responses=True, protocol=2)  # pyright: ignore[reportUnknownMemberType]
    try:
        found = list(find_dangling(client))
        removed = sum(remove_dangling(client, one) for one in found) if repair else 0
    finally:
        client.close()
    if not found:
        return ok("indexes", "every entry leads to a document in that state")
    if repair and removed == len(found):
        return ok("indexes", f"{removed} entries that led nowhere were removed: {_listed(found)}")
    return fail("indexes", f"{len(found) - removed} entries lead nowhere: {_listed(found)}", "docmill doctor --repair")


def _listed(found: Sequence[Dangling]) -> str:
    shown = [f"{one.member} in {one.index} ({one.why})" for one in found[:MOST_SHOWN]]
    return "; ".join(shown) + (f"; and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else "")
