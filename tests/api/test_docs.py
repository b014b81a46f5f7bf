"""`/docs` works where there is no internet."""

import re

import httpx

from tests.api.test_problems import check


async def test_every_part_of_the_page_is_of_this_server(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(parts) == 3
    assert "://" not in page.text
    for part in parts:
        answer = await client.get(part)
        assert (answer.status_code, len(answer.content) > 1000) == (200, True), part
    assert "/openapi.json" in page.text


async def test_nothing_else_of_the_shelf_is_given_out(client: httpx.AsyncClient) -> None:
    for name in ("redoc.standalone.js", "..%2fcore.py", "%2e%2e%2f__init__.py", "nothing"):
        check(await client.get(f"/docs/{name}"), "nothing-here")
