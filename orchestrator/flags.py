"""Flags: what steps say of a document for people who look for it."""

import re

from orchestrator.errors import UsageError
from orchestrator.states import DocumentState

NEEDS_REVIEW = "needs_review"
"""A person should look at the result."""
FLAG = re.compile(rf"(?!(?:{'|'.join(DocumentState)})$)(?!tenant)[a-z][a-z0-9_]{{0,31}}")
"""A flag's name: no status, beside which it is indexed."""


def checked_flag(name: str) -> str:
    """The name, if it is one.

    Raises:
        UsageError: it is none.
    """
    if not FLAG.fullmatch(name):
        raise UsageError(f"{name!r} is no flag: lower-case letters, digits and _, such as {NEEDS_REVIEW}")
    return name
