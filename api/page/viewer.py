"""What somebody who looks may see, and do."""

from dataclasses import dataclass

from orchestrator.access import Access


@dataclass(frozen=True)
class Viewer:
    """Whoever looks.

    Args:
        tenant: the only one whose documents they see; None is all.
        watches: lanes, workers and figures. reads: documents. submits: brings in, cancels, retries. operates: pauses, drains.
        key: the id of their key; empty where none is needed.
        signed: whether they signed in, in this browser.
    """

    tenant: str | None
    watches: bool
    reads: bool
    submits: bool
    operates: bool
    key: str = ""
    signed: bool = False

    @classmethod
    def of(cls, access: Access, *, signed: bool = False) -> "Viewer":
        """As their key says."""
        may = access.may
        return cls(access.only_tenant, may("watch"), may("read"), may("submit"), may("operate"), access.key, signed)

    def sees(self, tenant: str) -> bool:
        """Whether documents of that tenant may be named to them."""
        return self.reads and self.tenant in (None, tenant)
