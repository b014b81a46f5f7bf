"""Why a person should look at a result."""

from orchestrator.findings import Category, FailedPage, Fields, Summary, Text
from orchestrator.settings import Settings
from worker.classification.review import needs_review

MOST_NAMED = 10
"""Pages that are named one by one."""


def review_reasons(text: Text, kind: Category, fields: Fields, summary: Summary, settings: Settings) -> list[str]:
    """Every reason there is, in people's words; none where nobody need look."""
    reasons = [needs_review(kind, settings), _failed(text.failed_pages, text.pages)]
    if fields.missing:
        reasons.append(f"required fields are missing: {', '.join(fields.missing)}")
    if fields.truncated:
        reasons.append("the fields were looked for in a part of the text only")
    reasons += [f"{check.name} does not hold: {check.says}" for check in fields.checks if not check.holds]
    if text.text.strip() and not summary.summary:
        reasons.append("there is no summary: nothing of it could be found in the text")
    if summary.read < 1:
        reasons.append(f"the summary was made from {summary.read:.0%} of the text")
    return [reason for reason in reasons if reason]


def _failed(pages: list[FailedPage], total: int) -> str | None:
    if not pages:
        return None
    named = ", ".join(str(failed.page) for failed in pages[:MOST_NAMED])
    more = f" and {len(pages) - MOST_NAMED} more" if len(pages) > MOST_NAMED else ""
    return f"{len(pages)} of {total} pages could not be read: {named}{more}"
