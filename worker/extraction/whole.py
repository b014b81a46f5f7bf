"""From a document's pages and a form to its fields."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestrator.errors import Fatal, Retry
from orchestrator.findings import Check, Field, Fields
from orchestrator.forms import FormField
from worker.extraction.asking import Question, question, shortlist, to_copy
from worker.extraction.checks import FAILED, checks_of
from worker.extraction.choosing import By, choose
from worker.extraction.evidence import evidence_of, says
from worker.extraction.sheets import Sheet
from worker.extraction.slates import Slate, Table, offered

if TYPE_CHECKING:
    from worker.models.llm import LLM

MOST_TOKENS = 500
"""Of the model's answer, at first."""


@dataclass(frozen=True)
class Asker:
    """Who chooses, and how.

    Args:
        by: ranks, the model, or both.
        llm: the model; None where it is not asked.
        patient: whether an answer that is no use may be asked for again by another attempt.
    """

    by: By
    llm: "LLM | None" = None
    patient: bool = False


async def extract_fields(
    category: str, form: Sequence[FormField], sheets: Sequence[Sheet], language: str, asker: Asker
) -> Fields:
    """The form's fields, each with its evidence or without a value.

    Args:
        category: of the document.
        form: which fields.
        sheets: its pages.
        language: ISO 639-1; empty where nobody knows.
        asker: who chooses.
    """
    table = await asyncio.to_thread(offered, form, sheets, language)
    asked = question_of(category, table.slates, sheets, asker.by)
    answer, problem, truncated = await _answered(asked, asker)
    fields = dict(_fields(table.slates, answer, asker.by, sheets))
    return finished(table, fields, [problem] if problem else [], truncated)


def question_of(category: str, slates: Sequence[Slate], sheets: Sequence[Sheet], by: By) -> Question | None:
    """What the model is asked; None where it is not needed."""
    if by == "rank":
        return None
    lists = {slate.target.field.name: shortlist(slate, near_only=by == "both") for slate in slates}
    copies = [slate for slate in slates if to_copy(slate, near_only=by == "both")]
    return question(category, {name: options for name, options in lists.items() if options}, copies, slates, sheets)


async def _answered(asked: Question | None, asker: Asker) -> tuple[dict[str, Any], Check | None, bool]:
    """(the model's answer, a failed check where it gave none that is of use, whether it saw only a part)."""
    if asked is None or asker.llm is None:
        return {}, None, False
    try:
        answer, truncated = await asker.llm.structured(asked.text, asked.instruction, asked.schema, MOST_TOKENS)
    except (Fatal, Retry) as problem:
        # Ranks alone are worse than ranks and a model, and better than no fields at all.
        if asker.by == "model" or (asker.patient and isinstance(problem, Retry)):
            raise
        return {}, Check("the model's choice", False, f"chosen by rank alone: {problem}"), False
    return answer, None, truncated


def _fields(
    slates: Sequence[Slate], answer: Mapping[str, Any], by: By, sheets: Sequence[Sheet]
) -> Iterator[tuple[str, Field]]:
    party: str | None = None
    for slate in slates:
        if slate.target.role == "other_party" and party is not None:
            slate.options[:] = [one for one in slate.options if not _same_name(one.value, party)]
        field = field_of(slate, answer, by, sheets)
        if slate.target.role == "party":
            party = field.value
        yield slate.target.field.name, field


def _same_name(one: str, other: str) -> bool:
    first, second = (re.sub(r"\W", "", name).casefold() for name in (one, other))
    return first in second or second in first


def field_of(slate: Slate, answer: Mapping[str, Any], by: By, sheets: Sequence[Sheet]) -> Field:
    """The field as it leaves: without a value unless its evidence says it."""
    kind = slate.target.field.kind
    choice = choose(slate, answer, by, sheets)
    if choice is None:
        return Field(None, kind)
    one = choice.candidate
    evidence = evidence_of(one, sheets)
    if not says(kind, one.value, evidence, sheets):
        return Field(None, kind)
    sure = choice.confidence * sheets[one.page - 1].score(one.start, one.end)
    return Field(one.value, kind, evidence, round(sure, 3))


def finished(table: Table, fields: dict[str, Field], problems: list[Check], truncated: bool) -> Fields:
    """With the checks made; what fails one is trusted less."""
    checks = checks_of(table, fields)
    for name in {name for check, names in checks if not check.holds for name in names}:
        one = fields[name]
        fields[name] = Field(one.value, one.kind, one.evidence, round(one.confidence * FAILED, 3))
    required = [slate.target.field.name for slate in table.slates if slate.target.field.required]
    missing = [name for name in required if fields[name].value is None]
    return Fields(fields, problems + [check for check, _ in checks], missing, truncated)
