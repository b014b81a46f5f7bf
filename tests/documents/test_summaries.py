"""Summaries against a server that lies, runs on, or has little room."""

import asyncio
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator import Fatal
from orchestrator.findings import Summary, Text
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from tests.documents.llm_server import FaultyServer, completion
from tests.documents.summarised import asked, summary_of
from worker.steps.summarise import summarise
from worker.summaries.sentences import words_of

TRUE = "Alpha Corp sold 120 boats in May 2021."
FALSE = "Zebro Ltd bought 130 ships in June 2022."
PAGE = "The crew of boat number 77 sailed to the island and came back in the evening. " * 20


async def test_a_true_summary_costs_one_request(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """And stays as it is; the document comes before the question, for the prefix cache."""
    faulty.body = completion(TRUE)
    assert await summary_of(TRUE, lied_to) == Summary(TRUE, 8)
    assert len(faulty.requests) == 1
    assert asked(faulty.requests[0]).startswith(f"{TRUE}\n\nSummarise")


async def test_a_lie_is_named_in_one_second_request(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """What comes then is taken."""
    faulty.answer = lambda request: completion(TRUE if "so not:" in asked(request) else f"{TRUE} {FALSE}")
    assert await summary_of(TRUE, lied_to) == Summary(TRUE, 8)
    assert len(faulty.requests) == 2
    named = asked(faulty.requests[1])
    assert all(one in named for one in ("June 2022", "130", "Zebro Ltd"))
    assert asked(faulty.requests[0]).split("Summarise")[0] == named.split("Summarise")[0], "the same prefix"


async def test_what_is_a_lie_again_is_dropped_and_listed(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """By sentence."""
    faulty.body = completion(f"{FALSE} {TRUE}")
    assert await summary_of(TRUE, lied_to) == Summary(TRUE, 8, dropped=[FALSE])


async def test_all_lies_leave_the_texts_own_words(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """And say so."""
    faulty.body = completion(FALSE)
    assert await summary_of(TRUE, lied_to) == Summary(TRUE, 8, dropped=[FALSE], how="extract")


async def test_the_first_answers_truth_is_kept_where_the_second_has_none(
    lied_to: FakeContext, faulty: FaultyServer
) -> None:
    """A model may do worse when it is corrected."""
    faulty.answer = lambda request: completion(FALSE if "so not:" in asked(request) else f"{TRUE} {FALSE}")
    assert await summary_of(TRUE, lied_to) == Summary(TRUE, 8, dropped=[FALSE])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    true=st.lists(st.integers(0, 10**7), min_size=1, max_size=6),
    claimed=st.lists(st.integers(0, 10**7), min_size=1, max_size=8),
    form=st.sampled_from(("{}", "{:,}", "{}.50", "{:,}.50 euros", "no. {}", "1/{}", "v{}")),
)
def test_no_number_is_in_a_summary_that_is_not_in_its_text(
    true: list[int], claimed: list[int], form: str, faulty: FaultyServer, tmp_path: Any
) -> None:
    """Whatever the server claims, in whatever form."""
    text = " ".join(f"The count was {number}." for number in true)
    faulty.body = completion(" ".join(f"It says {form.format(number)} here." for number in [*claimed, *true[:1]]))

    async def run() -> Summary:
        ctx = FakeContext(Settings(data_dir=tmp_path))
        ctx.models["llm"] = loader_of("llm")(Settings(llm_url=faulty.url, llm_model="m"))
        try:
            return await summarise(Text(text, 1, 0, 9), 60, ctx=ctx)
        finally:
            await ctx.models["llm"].client.close()

    found = asyncio.run(run())
    printed = {float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", found.summary)}
    assert printed <= {float(number) for number in true} | ({1.0} if 1 in true else set())
    assert found.summary


async def test_the_words_asked_for_are_kept_to(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """In whole sentences; in Chinese by its characters."""
    faulty.body = completion("The boats came. The boats went away. The boats sank in the evening.")
    found = await summary_of(PAGE + " The boats went away, came, sank.", lied_to, 8)
    assert (found.summary, found.words) == ("The boats came. The boats went away.", 7)
    faulty.body = completion("\u8239\u56de\u6765\u4e86\u3002\u8239\u665a\u4e0a\u6c89\u4e86\u3002")
    found = await summary_of("\u8239\u665a\u4e0a\u6c89\u4e86\u3002" * 9, lied_to, 5)
    assert (found.summary, found.words) == ("\u8239\u56de\u6765\u4e86\u3002", 4)


async def test_a_summary_longer_than_the_context_is_refused(lied_to: FakeContext) -> None:
    """With what to do."""
    with pytest.raises(Fatal, match=r"ask for fewer words \(max_words\)"):
        await summary_of(TRUE, lied_to, 1000)


async def test_words_are_counted_as_they_are_stored(lied_to: FakeContext, faulty: FaultyServer) -> None:
    """A repeated sentence is said once."""
    faulty.body = completion(f"{TRUE} {TRUE} {TRUE}")
    found = await summary_of(TRUE, lied_to)
    assert found.words == words_of(found.summary) == words_of(TRUE)
