"""What keeps a document from being accepted twice."""

import re

import msgspec

from orchestrator.errors import UsageError

NAME = re.compile(r"^[!-~]{1,128}$")
"""Of a key, or a name: no spaces."""


class Once(msgspec.Struct, frozen=True):
    """Both names hold inside one tenant.

    Args:
        key: an idempotency key: used again within a day, it leads to the document that it was first used for.
        digest: of what is submitted; the key with another digest is refused.
        unique: of the documents that have this name, one is at work at a time.
        unique_for: seconds for which the name is taken, however its document ends; None is until that ends.
    """

    key: str = ""
    digest: str = ""
    unique: str = ""
    unique_for: float | None = None

    def check(self) -> None:
        """Refuse what is no name.

        Raises:
            UsageError: letters, digits and signs only, no spaces, at most 128.
        """
        for what, name, field in (("idempotency key", self.key, ""), ("unique name", self.unique, "unique")):
            if name and not NAME.fullmatch(name):
                told = f"the {what} {name[:40]!r} may have letters, digits and signs, no spaces, at most 128"
                raise UsageError(told, field)
        if self.unique_for is not None and not self.unique_for > 0:
            raise UsageError(
                "unique_for is a number of seconds above 0, or nothing: until the document ends", "unique_for"
            )

    @property
    def words(self) -> tuple[str, str]:
        """As the script takes them."""
        kept = 0 if self.unique_for is None else max(1, int(self.unique_for * 1000))
        return f"{self.key} {self.digest}" if self.key else "", f"{self.unique} {kept}" if self.unique else ""


NOTHING = Once()
