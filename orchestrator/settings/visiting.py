"""Settings of going out on somebody else's word: URLs that are submitted, and receivers of webhooks."""

from pydantic import ByteSize, Field, field_validator
from pydantic_settings import BaseSettings

from orchestrator.addresses import Allowed


class VisitingSettings(BaseSettings):
    """Where docmill may go when others name the URL, and for how long."""

    outbound_allow: str = ""
    """Hosts (`files.intranet`), domains (`*.intranet`) and networks (`10.1.0.0/16`) that are not public and may be visited all
    the same, at any port; comma separated."""
    outbound_ports: str = "80,443"
    """Ports of public addresses that may be visited, comma separated."""
    fetch_size: ByteSize = Field(default=ByteSize(2**30), ge=1)
    """Most bytes that a submitted URL may lead to."""
    fetch_timeout: float = Field(default=60.0, gt=0, le=3600)
    """Seconds in which it must have been read, redirects included."""

    @field_validator("outbound_allow")
    @classmethod
    def _check_allowed(cls, given: str) -> str:
        Allowed.of(given, "443")
        return given

    @field_validator("outbound_ports")
    @classmethod
    def _check_ports(cls, given: str) -> str:
        Allowed.of("", given)
        return given
