"""`extract`: the fields that matter for a document's kind, each with the print that says it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orchestrator import Cache, Context, step
from orchestrator.findings import Category, Field, Fields, PageText, Text
from orchestrator.forms import form_of
from orchestrator.forms.field import FormField
from orchestrator.settings import Settings

if TYPE_CHECKING:
    from worker.models.llm import LLM

PATIENCE = 2
"""Attempts in which an answer of the model that is of no use is asked for again; after them ranks choose alone."""


def _form(settings: Settings, arguments: Mapping[str, Any]) -> tuple[FormField, ...]:
    """What is looked for: settings and code of the user's say it, and no version does."""
    return form_of(arguments["kind"].category, settings.fields)


@step(lane="llm", model="llm", retries=3, cache=Cache(settings=("extract_by",), also=_form))
async def extract(text: Text, kind: Category, pages: list[PageText | None], ctx: Context) -> Fields:
    """The fields of the category's form; a value that is not on a page cannot come out.

    Candidates are found in the text and ranked by what stands near them; where ranks do not decide, the model chooses
    one of them, as `DOCMILL_EXTRACT_BY` has it. What the checks of amounts and dates say is in `checks`.

    Raises:
        Fatal, Retry: the model alone is to choose (`model`), and its answer is of no use.
        Unavailable: the LLM server is down or busy.
    """
    from worker.extraction.sheets import sheets_of
    from worker.extraction.whole import Asker, extract_fields

    form = form_of(kind.category, ctx.settings.fields)
    if not text.text.strip():
        return Fields({one.name: Field(None, one.kind) for one in form}, missing=[o.name for o in form if o.required])
    by = ctx.settings.extract_by
    llm: LLM | None = None if by == "rank" else ctx.model("llm")
    if ctx.attempt > PATIENCE:
        ctx.leave_uncached()  # the model was not asked as it is the first times
    asker = Asker(by, llm, patient=ctx.attempt <= PATIENCE)
    return await extract_fields(kind.category, form, sheets_of(text.text, pages), text.lang, asker)
