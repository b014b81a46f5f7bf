"""The ways to a choice: found out by obedience, since servers ignore silently what they do not know; always verified."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from orchestrator import Fatal, Retry, Unavailable
from orchestrator.settings import Settings
from tests.documents.choosers import (
    CHAT,
    by_choice,
    by_grammar,
    by_guided_choice,
    by_schema,
    obeying,
    saying,
    thinking_aloud,
)
from tests.documents.llm_server import FaultyServer, completion
from worker.classification.asking import Asking
from worker.classification.choosing import QUESTIONS, Chooser
from worker.classification.detecting import first_obeyed
from worker.classification.labels import parse_labels
from worker.classification.ways import ENFORCED
from worker.models.llm_client import Client

LABELS = parse_labels(["invoice: asks for money", "letter", "report"])


@asynccontextmanager
async def chooser(url: str, by: str = "auto", model: str = "m") -> AsyncGenerator[Chooser]:
    """One that has found out nothing yet."""
    client = Client(url, model, "none")
    yield Chooser(client, Settings.model_validate({"classify_by": by}))
    await client.close()


@pytest.mark.parametrize(
    ("words_of", "how", "probes"),
    [(by_choice, "choice", 1), (by_guided_choice, "choice", 2), (by_grammar, "grammar", 3), (by_schema, "schema", 4)],
)
async def test_each_kind_of_server_is_asked_as_it_understands(
    words_of: Callable[[Any], list[str]], how: str, probes: int, faulty: FaultyServer
) -> None:
    """Found out once: one request for logprobs, a probe of each way until one is obeyed; then only questions."""
    faulty.answer = obeying(words_of)
    async with chooser(faulty.url) as made:
        first = await made.choose("Dear Sir", LABELS, {})
        assert (first.label, first.how) == ("letter", how)
        assert len(faulty.requests) == 1 + probes + len(QUESTIONS)
        await made.choose("Dear Madam", LABELS, {})
        assert len(faulty.requests) == 1 + probes + 2 * len(QUESTIONS)
    assert first.confidence == first.scores["letter"] == max(first.scores.values()) < 1
    assert sum(first.scores.values()) == pytest.approx(1, abs=0.001)


async def test_logprobs_are_taken_where_there_are_some(faulty: FaultyServer) -> None:
    """Two requests for the model's prejudice, then one a document; the categories first, the document last."""
    faulty.answer = saying({"invoice": -0.1, "letter": -2.5})
    async with chooser(faulty.url) as made:
        await made.choose("another", LABELS, {"letter": "Dear Sir"})
        choice = await made.choose("the text", LABELS, {"letter": "Dear Sir"})
    assert (choice.label, choice.how) == ("invoice", "logprobs")
    assert choice.confidence == choice.scores["invoice"] > 0.5
    assert len(faulty.requests) == 4
    first, *_, last = faulty.requests[-1]["messages"]
    assert "invoice (asks for money), letter" in first["content"]
    assert "the text" in last["content"]


async def test_a_model_that_thinks_aloud_is_held_to_the_labels(faulty: FaultyServer) -> None:
    """Its probabilities say nothing of them; where nothing else may be asked, it says so."""
    faulty.answer = thinking_aloud(obeying(by_choice))
    async with chooser(faulty.url) as made:
        assert (await made.choose("Dear Sir", LABELS, {})).how == "choice"
    async with chooser(faulty.url, "logprobs") as made:
        with pytest.raises(Fatal, match="thinks aloud"):
            await made.choose("Dear Sir", LABELS, {})


@pytest.mark.parametrize("said", ["Letter", " letter.\n", "**letter**"])
async def test_a_server_that_ignores_everything_is_taken_at_its_word(said: str, faulty: FaultyServer) -> None:
    """If that word is a category, and nothing else."""
    faulty.body = completion(said)
    async with chooser(faulty.url) as made:
        choice = await made.choose("Dear Sir", LABELS, {})
    assert (choice.label, choice.how) == ("letter", "plain")


@pytest.mark.parametrize("said", [CHAT, "It is a letter", "letterhead", "", "invoice or letter"])
async def test_what_is_no_category_is_never_taken_for_one(said: str, faulty: FaultyServer) -> None:
    """The text says what the server said and what to use instead."""
    faulty.body = completion(said)
    async with chooser(faulty.url) as made:
        with pytest.raises(Retry, match=r"none of invoice, letter, report\. Use a server with logprobs") as raised:
            await made.choose("Dear Sir", LABELS, {})
    assert said[:10] in str(raised.value)


async def test_a_server_that_obeys_the_probe_only_is_not_believed(faulty: FaultyServer) -> None:
    """Every answer is verified."""
    faulty.answer = lambda request: completion("zorblaxian" if "Say hello." in str(request) else "banana")
    async with chooser(faulty.url) as made:
        with pytest.raises(Retry, match="does not keep to the categories: the model said 'banana'"):
            await made.choose("Dear Sir", LABELS, {})


@pytest.mark.parametrize("by", ["choice", "grammar", "schema"])
async def test_a_way_that_is_forced_and_not_obeyed_is_fatal(by: str, faulty: FaultyServer) -> None:
    """And names the setting."""
    faulty.body = completion("letter")
    async with chooser(faulty.url, by) as made:
        with pytest.raises(Fatal, match=f"DOCMILL_CLASSIFY_BY={by}.*does not obey it"):
            await made.choose("Dear Sir", LABELS, {})


async def test_logprobs_that_are_forced_and_missing_are_fatal(faulty: FaultyServer) -> None:
    """It says what is missing."""
    faulty.body = completion("letter")
    async with chooser(faulty.url, "logprobs") as made:
        with pytest.raises(Fatal, match="gives no logprobs"):
            await made.choose("Dear Sir", LABELS, {})


async def test_a_forced_way_is_used_even_where_there_are_logprobs(faulty: FaultyServer) -> None:
    """Without asking for them."""
    faulty.answer = obeying(by_grammar)
    async with chooser(faulty.url, "grammar") as made:
        assert (await made.choose("Dear Sir", LABELS, {})).how == "grammar"
    assert not any(request.get("logprobs") for request in faulty.requests)


async def test_a_server_that_refuses_what_it_does_not_know_is_asked_otherwise(faulty: FaultyServer) -> None:
    """OpenAI's own answers 400 to a field that it does not know."""
    schema = obeying(by_schema)

    def strict(request: Any) -> Any:
        known = {"model", "messages", "max_tokens", "temperature", "response_format"}
        faulty.status = 200 if set(request) <= known else 400
        return schema(request) if faulty.status == 200 else {"error": {"message": "Unrecognized request argument"}}

    faulty.answer = strict
    async with chooser(faulty.url) as made:
        assert (await made.choose("Dear Sir", LABELS, {})).how == "schema"


async def test_what_a_busy_server_says_is_not_remembered(faulty: FaultyServer) -> None:
    """It is found out when it answers."""
    faulty.status, faulty.body = 503, {"error": {"message": "Loading model"}}
    async with chooser(faulty.url) as made:
        with pytest.raises(Unavailable):
            await made.choose("Dear Sir", LABELS, {})
        faulty.status, faulty.answer = 200, obeying(by_choice)
        assert (await made.choose("Dear Sir", LABELS, {})).how == "choice"


@pytest.mark.real
async def test_the_embedded_server_obeys_grammar_and_schema_and_ignores_vllms_fields(llm_url: str) -> None:
    """Silently: that is why obedience is looked at, and not the status."""
    client = Client(llm_url, "smollm2", "none")
    ask = Asking(client).plainly
    obeyed = [way.options(["x"]) for way in ENFORCED if await first_obeyed([way], ask)]
    await client.close()
    assert [next(iter(options.get("extra_body", options))) for options in obeyed] == ["grammar", "response_format"]


@pytest.mark.real
@pytest.mark.parametrize(("by", "how"), [("auto", "logprobs"), ("grammar", "grammar"), ("schema", "schema")])
async def test_the_embedded_server_chooses_in_each_way(by: str, how: str, llm_url: str) -> None:
    """Also a label that a grammar has to quote."""
    labels = parse_labels(['the "odd" one', "l\u00e9gal", "invoice"])
    async with chooser(llm_url, by, "smollm2") as made:
        choice = await made.choose("Invoice 12. Total due 40.00", labels, {})
    assert choice.how == how
    assert choice.label in {label.name for label in labels} == set(choice.scores)
