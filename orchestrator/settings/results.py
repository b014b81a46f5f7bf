"""Settings of results: where they are stored, and who is told."""

import base64
import binascii
import re

from pydantic import field_validator
from pydantic_settings import BaseSettings

OFF = "off"
"""The setting of a database that says: none."""
DATABASE_URL = re.compile(r"[a-z0-9]+(\+[a-z0-9_]+)?://.*")
SECRET_PREFIX = "whsec_"
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes, as the Standard Webhooks specification asks."""


class ResultSettings(BaseSettings):
    """Where results go, and who is told that a document has ended."""

    results_url: str | None = None
    """Where `store` writes (fsspec); None is `results/` in the data folder."""
    results_db: str | None = None
    """The database of results (an SQLAlchemy URL); None is the SQLite file `results.db` in the data folder, `off` is none."""
    searchable_pdf: bool = False
    """Whether `store` also writes a PDF in which the text that OCR read can be found and copied."""
    notify_url: str | None = None
    """Where `notify` posts that a document has ended; None is nowhere."""
    notify_secret: str | None = None
    """Signs those posts (Standard Webhooks): 24 to 64 bytes in base64, with or without `whsec_` before it."""
    public_url: str | None = None
    """Where the REST API is seen from outside, e.g. `https://docmill.example`; makes the links of posts absolute."""

    @field_validator("results_db")
    @classmethod
    def _check_database(cls, given: str | None) -> str | None:
        if given and given != OFF and not DATABASE_URL.fullmatch(given):
            raise ValueError("write a database's URL, such as postgresql://user:password@host/name, or `off`")
        return given or None

    @field_validator("notify_url", "public_url")
    @classmethod
    def _check_web(cls, given: str | None) -> str | None:
        if given and not re.match(r"https?://[^/\s]", given):
            raise ValueError("write a URL that begins with https:// or http://")
        return given or None

    @field_validator("notify_secret")
    @classmethod
    def _check_secret(cls, given: str | None) -> str | None:
        if given and not SHORTEST_SECRET <= _secret_bytes(given) <= LONGEST_SECRET:
            raise ValueError(
                "write 24 to 64 random bytes in base64, e.g. what `openssl rand -base64 32` prints, "
                "with or without whsec_ before it"
            )
        return given or None


def _secret_bytes(given: str) -> int:
    """How many bytes a secret has; 0 where it is no base64."""
    try:
        return len(base64.b64decode(given.removeprefix(SECRET_PREFIX), validate=True))
    except (binascii.Error, ValueError):
        return 0
