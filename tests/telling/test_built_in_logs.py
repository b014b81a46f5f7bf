"""The built-in pipeline over a document that says something about a person: no log of any process does."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.documents.llm_server import completion, faulty_server
from tests.documents.paper import pdf_of
from tests.support.server import Server
from tests.support.workers import wait_until
from tests.telling.whole import Whole, whole

NAME, SUM, FILE = "Quentinius Abernathington", "4711.23", "letter-to-abernathington.pdf"
LINES = (
    "Invoice 2026-118",
    f"Dear {NAME},",
    f"the total amount due is EUR {SUM}, by 12 December 2026.",
    "Kestrel Ltd",
) * 8
PAGE = "BT /F1 12 Tf 50 760 Td " + " ".join(f"({line}) Tj 0 -20 Td" for line in LINES) + " ET"
PIPELINE = "worker.pipelines.document:document"
pytestmark = pytest.mark.timeout(150)


@pytest.mark.parametrize("wellmeaning", [True, False], ids=["an LLM that answers", "an LLM that refuses and quotes"])
def test_nothing_of_it_is_logged(server: Server, tmp_path: Path, wellmeaning: bool) -> None:
    """Reading, classifying, extracting, summarising, storing and telling of it, at the level `debug`."""
    slots = "gpu*1 cpu*1 llm*2"
    with faulty_server() as llm, whole(
        server, tmp_path, PIPELINE, slots=slots, llm_url=llm.url, llm_model="m", log_level="debug",
        classify_by="schema", preclassify_above="1",
    ) as running:  # fmt: skip
        llm.answer = _answer
        if not wellmeaning:
            llm.answer, llm.status = (lambda request: {"error": {"message": str(request["messages"])}}), 422
        document = _upload(running)
        wait_until(lambda: _is_final(running, document), "it ends", 90)
    steps = {line.get("step") for line in running.about(document)}
    assert {"pages", "ocr", "join", "classify", "summarise"} <= steps
    assert not wellmeaning or {"extract", "store", "notify"} <= steps
    told = running.text.lower()
    assert [word for word in (*NAME.lower().split(), SUM, "kestrel ltd", "letter-to") if word in told] == []


def _answer(request: Any) -> Any:
    """What is asked for: an object that fits the schema, filled with what a log may not have; or free text."""
    form = request.get("response_format")
    return completion(json.dumps(_filled(form["json_schema"]["schema"])) if form else f"{NAME} owes {SUM}.")


def _filled(schema: Any) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: _filled(one) for name, one in schema["properties"].items()}
    return 1 if schema.get("type") in {"integer", "number"} else [] if schema.get("type") == "array" else NAME


def _upload(running: Whole) -> str:
    files = {"file": (FILE, pdf_of(PAGE), "application/pdf")}
    answer = httpx.post(f"{running.url}/v1/documents", data={"pipeline": "document", "deadline": "60"}, files=files)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def _is_final(running: Whole, document: str) -> bool:
    told = httpx.get(f"{running.url}/v1/documents/{document}").json()
    return told["status"] in {"succeeded", "failed", "partial", "cancelled"}
