"""Pipelines over REST: what each takes, what it does, how it looks."""

import xml.etree.ElementTree as ET

import httpx
import msgspec

from api.routes.pipelines import schema_of
from tests.api.test_problems import check
from tests.support.pipelines import chain, moods, shouting

SVG = "{http://www.w3.org/2000/svg}"


class Address(msgspec.Struct):
    """A parameter with parts."""

    street: str
    number: int = 1


async def test_parameters_as_json_schema(client: httpx.AsyncClient) -> None:
    told = (await client.get("/v1/pipelines/filed")).json()
    assert told["takes_file"]
    schema = told["schema"]
    assert schema["properties"] == {"note": {"type": "string", "default": "none"}}
    assert (schema["required"], schema["additionalProperties"]) == ([], False)
    chain = (await client.get("/v1/pipelines/chain")).json()
    assert (chain["schema"]["required"], chain["takes_file"]) == (["text"], False)


async def test_its_id_is_as_good_as_its_name(client: httpx.AsyncClient) -> None:
    """What documents say of their pipeline can be said again; a version that is not there is told."""
    for name in (chain.name, chain.id):
        assert (await client.get(f"/v1/pipelines/{name}")).json()["id"] == chain.id
        assert (await client.post("/v1/documents", json={"pipeline": name, "text": "a"})).status_code == 202
        assert (await client.get(f"/v1/documents?pipeline={name}")).json()["documents"]
    check(await client.get("/v1/pipelines/chain@00000000"), "no-such-pipeline")
    assert (await client.get("/v1/documents?pipeline=chain@00000000")).json()["documents"] == []
    assert shouting.on_finish is not None
    check(await client.post("/v1/documents", json={"pipeline": shouting.on_finish.id}), "unknown-pipeline")


def test_types_of_ones_own_are_in_the_schema() -> None:
    schema = schema_of({"address": Address, "many": list[Address]}, {})
    assert schema["properties"]["address"] == {"$ref": "#/$defs/Address"}
    assert schema["$defs"]["Address"]["required"] == ["street"]


async def test_steps(client: httpx.AsyncClient) -> None:
    steps = {step["name"]: step for step in (await client.get("/v1/pipelines/shouting")).json()["steps"]}
    assert [*steps] == [*shouting.calls]
    mapped = next(call for call in shouting.calls.values() if call.over)
    assert steps[mapped.name]["over"] == mapped.over
    assert steps[mapped.name]["after"] == [*mapped.upstream]
    assert steps[mapped.name]["lane"] == mapped.step.lane
    assert {step["on_failure"] for step in steps.values()} == {"fail"}


async def test_a_picture_of_its_steps(client: httpx.AsyncClient) -> None:
    """Well-formed, a box a step, a line a thing that is waited for, and it may run nothing."""
    for pipeline in (shouting, moods):
        answer = await client.get(f"/v1/pipelines/{pipeline.name}/graph.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        picture = ET.fromstring(answer.text)
        names = [text.text for text in picture.iter(f"{SVG}text") if text.get("class") is None]
        assert names == [*pipeline.calls]
        assert len([*picture.iter(f"{SVG}path")]) == sum(len(call.upstream) for call in pipeline.calls.values())
        places = [(box.get("x"), box.get("y")) for box in picture.iter(f"{SVG}rect")]
        assert len(set(places)) == len(places)


async def test_one_that_there_is_not(client: httpx.AsyncClient) -> None:
    for after in ("", "/graph.svg"):
        assert "chain" in check(await client.get(f"/v1/pipelines/nothing{after}"), "no-such-pipeline")["detail"]
