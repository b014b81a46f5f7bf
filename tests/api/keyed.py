"""Clients that hold API keys."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from orchestrator.access.keeping import Keyring
from orchestrator.connection import Asynchronous


@asynccontextmanager
async def keyring_of(url: str) -> AsyncGenerator[Keyring]:
    """The keyring as the command line has it: nothing is remembered from before."""
    transport = Asynchronous(url)
    yield Keyring(transport)
    await transport.close()


async def new_key(url: str, tenant: str, *scopes: str, **more: Any) -> str:
    """A new key."""
    async with keyring_of(url) as keyring:
        text, _ = await keyring.create(tenant, scopes, **more)
    return text


def holding(app: FastAPI, key: str | None) -> httpx.AsyncClient:
    """A client of a running application."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(transport=transport, base_url="http://mill.example", headers=headers)
