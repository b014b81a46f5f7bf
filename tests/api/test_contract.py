"""The description is kept to: whatever is asked, no fault of docmill's own leaves, and nothing that is not described."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis.errors import Unsatisfiable
from schemathesis import checks

from tests.api.test_process import address
from tests.support.engine import Engine
from tests.support.pipelines import chain

__all__ = ["address"]

UNMINDED = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
EXAMPLES = 5
"""Requests for each operation, with what is there and with what is not."""
checks.load_all_checks()
REGISTRY: Any = vars(checks)["CHECKS"]
KEPT = REGISTRY.get_by_names(
    [
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "status_code_conformance",
    ]
)
ENDLESS = "/events"
"""What such an address answers goes on for as long as something happens."""
NOT_READY = {"/readyz"}
"""503 where no worker serves the lanes: as it should be."""
PATIENT = {"wait": 0}
"""How long a request may wait is no matter of what it may answer."""


def there(client: httpx.Client, engine: Engine) -> dict[str, str]:
    """Names of things that there are."""
    batch = client.post("/v1/batches", json={"pipeline": "chain", "lines": [{"text": "a"}, {"text": "b"}]}).json()["id"]
    nightly = {"name": "nightly", "cron": "@daily", "pipeline": "chain", "parameters": {"text": "a"}}
    assert client.post("/v1/schedules", json=nightly).status_code == 201
    engine.slot("w/0").renew()
    document = engine.submit(chain, text="a")
    return {
        "document": document,
        "batch": batch,
        "name": "nightly",
        "lane": "cpu",
        "pipeline": "chain",
        "worker": "w",
        "step": "one",
    }


def judge(operation: Any, known: Mapping[str, str]) -> None:
    """Send what the description allows, and what it does not."""
    taken = {one.name for one in operation.path_parameters if one.name in known}
    named = {name: known[name] for name in taken}
    waits = {one.name for one in operation.query} & PATIENT.keys()
    query = PATIENT if waits else None
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    for mode, path in ((modes[0], named or None), (modes[0], None), (modes[1], named or None)):

        @effort(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
                suppress_health_check=[*UNMINDED])  # fmt: skip
        @given(case=operation.as_strategy(mode, path_parameters=path, query=query))
        def ask(case: Any) -> None:
            answer = case.call(timeout=20)
            told = f"{case.as_curl_command()} -> {answer.status_code} {answer.text[:500]}"
            assert answer.status_code < 500 or operation.path in NOT_READY, told
            assert answer.status_code >= 400 or str(answer.status_code) in operation.definition.raw["responses"], told
            case.validate_response(answer, checks=KEPT)

        if mode is modes[1]:
            with suppress(Unsatisfiable):  # there is nothing that could be wrong
                ask()
        else:
            ask()


@pytest.mark.timeout(180)
def test_every_operation(address: str, engine: Engine) -> None:
    description: Any = schemathesis.openapi.from_url(f"{address}/openapi.json")
    judged: list[str] = []
    with httpx.Client(base_url=address) as client:
        known = there(client, engine)
    for found in description.get_all_operations():
        operation = found.ok()
        if not operation.path.endswith(ENDLESS):
            judge(operation, known)
            judged.append(operation.label)
    assert len(judged) > 40
