"""The description of the API: complete in itself, and true."""

import re
from collections.abc import Iterator
from typing import Any

import httpx


def references(part: Any) -> Iterator[str]:
    """Every $ref in it."""
    if isinstance(part, dict):
        for name, value in part.items():  # pyright: ignore[reportUnknownVariableType]
            if name == "$ref":
                yield str(value)  # pyright: ignore[reportUnknownArgumentType]
            yield from references(value)
    elif isinstance(part, list):
        for one in part:  # pyright: ignore[reportUnknownVariableType]
            yield from references(one)


async def test_every_reference_leads_somewhere(client: httpx.AsyncClient) -> None:
    """A client can be generated from it."""
    description = (await client.get("/openapi.json")).json()
    found = set(references(description))
    assert {"#/components/schemas/Document", "#/components/schemas/ProblemBody"} <= found
    for reference in found:
        part: Any = description
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


async def test_every_operation_says_that_it_may_answer_with_a_problem(client: httpx.AsyncClient) -> None:
    """And none with the framework's own form of errors."""
    description = (await client.get("/openapi.json")).json()
    for operations in description["paths"].values():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert "HTTPValidationError" not in description["components"]["schemas"]


async def test_an_answer_has_the_described_fields(client: httpx.AsyncClient) -> None:
    """The types are those that are answered."""
    description = (await client.get("/openapi.json")).json()["components"]["schemas"]
    accepted = (await client.post("/v1/documents", json={"pipeline": "chain", "text": "x"})).json()
    assert set(accepted) == set(description["Accepted"]["properties"])
    document = (await client.get(accepted["links"]["self"])).json()
    assert set(document) == set(description["Document"]["properties"])


async def test_every_operation_refuses_a_parameter_that_it_does_not_read(client: httpx.AsyncClient) -> None:
    """Whatever router it stands in: a word that is written wrong never does nothing."""
    description = (await client.get("/openapi.json")).json()
    for path, operations in description["paths"].items():
        for method in operations:
            address = re.sub(r"\{\w+\}", "x", path)
            answer = await client.request(method.upper(), f"{address}?nobody=reads")
            told = answer.json()
            assert (answer.status_code, told["type"]) == (422, "/problems/invalid-request"), (method, path, told)
            assert [fault["parameter"] for fault in told["errors"]] == ["nobody"], (method, path)
