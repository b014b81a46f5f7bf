"""Who may do what over REST: API keys, and what they open. Pure, but for `keeping`, which reads and writes them."""

from orchestrator.access.access import EVERYTHING, SCOPES, Access
from orchestrator.access.keys import Kept, Rate

__all__ = ["EVERYTHING", "SCOPES", "Access", "Kept", "Rate"]
