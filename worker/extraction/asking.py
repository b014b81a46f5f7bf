"""The model's part: it chooses among values that were found, or copies a text that is then looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.extraction.ranking import Option
from worker.extraction.sheets import Sheet
from worker.extraction.slates import Slate

MOST_OPTIONS = 6
"""Of a field that are shown."""
LONGEST_CONTEXT = 80
"""Characters shown around a value."""
HEAD, TAIL = 2000, 500
"""Characters of the document's beginning and end, from which texts are copied."""
LONGEST_COPY = 120
NEAR = 0.5
"""Nats: an option that is no further behind the first is its equal, as far as ranks go."""


@dataclass(frozen=True)
class Question:
    """What is asked of the model.

    Args:
        text: the candidates with the rows that they stand in; the document's ends where something is to be copied.
        instruction: what to do with it.
        schema: of the answer.
    """

    text: str
    instruction: str
    schema: dict[str, Any]


def shortlist(slate: Slate, *, near_only: bool) -> list[Option]:
    """The options that the model sees; with `near_only`, those that ranks do not tell apart, if there are two."""
    options = slate.options[:MOST_OPTIONS]
    if not near_only:
        return options
    first = slate.first
    near = [one for one in options if first is not None and one.score >= max(first.score - NEAR, slate.least)]
    return near if len(near) > 1 else []


def to_copy(slate: Slate, *, near_only: bool) -> bool:
    """Whether the model may copy a text: nothing was found for a field that no rule knows."""
    return slate.target.field.kind == "text" and not slate.options and (not near_only or slate.target.role == "own")


def question(
    category: str,
    lists: Mapping[str, list[Option]],
    copies: Sequence[Slate],
    slates: Sequence[Slate],
    sheets: Sequence[Sheet],
) -> Question | None:
    """One question for all fields; None where there is nothing to ask."""
    if not lists and not copies:
        return None
    hints = {slate.target.field.name: slate.target.field.hint for slate in slates}
    parts = [_document(sheets)] if copies else []
    parts += [_candidates(name, hints[name], options, sheets) for name, options in lists.items()]
    properties: dict[str, Any] = {
        name: {"enum": [*(one.value for one in options), None]} for name, options in lists.items()
    }
    properties |= {slate.target.field.name: {"type": ["string", "null"], "maxLength": LONGEST_COPY} for slate in copies}
    schema = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return Question("\n\n".join(parts), _instruction(category, lists, copies), schema)


def _instruction(category: str, lists: Mapping[str, list[Option]], copies: Sequence[Slate]) -> str:
    said = [f"This is about a document of the kind: {category}. Answer as JSON."]
    if lists:
        said.append(f"For each of {', '.join(lists)} choose the candidate that is its value; null if none is.")
    for slate in copies:
        field = slate.target.field
        about = f" ({field.hint})" if field.hint else ""
        said.append(
            f"Copy {field.name}{about} exactly as the document prints it; null if the document does not say it."
        )
    return " ".join(said)


def _candidates(name: str, hint: str, options: Sequence[Option], sheets: Sequence[Sheet]) -> str:
    about = f" ({hint})" if hint else ""
    rows = [f"- {option.value}   in: {context(option, sheets)}" for option in options]
    return "\n".join([f"Candidates for {name}{about}:", *rows])


def context(option: Option, sheets: Sequence[Sheet]) -> str:
    """The row that the option's evidence stands in, cut around it where it is long."""
    one = option.best
    sheet = sheets[one.page - 1]
    start, end = sheet.rows[sheet.row_of(one.start)]
    start, end = max(start, one.start - LONGEST_CONTEXT // 2), max(one.end, min(end, one.end + LONGEST_CONTEXT // 2))
    return " ".join(sheet.text[start:end].split())


def _document(sheets: Sequence[Sheet]) -> str:
    whole = "\n".join(sheet.text for sheet in sheets[:3])
    end = sheets[-1].text[-TAIL:] if len(sheets) > 1 else whole[HEAD:][-TAIL:]
    return f"The document begins:\n{whole[:HEAD]}" + (f"\nIt ends:\n{end}" if end else "")
