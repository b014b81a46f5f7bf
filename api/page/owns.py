"""What single tenants have of it: read for those that look, every few seconds, however many tabs they have."""

from collections import OrderedDict

from api.page.pulse import Pulse
from api.page.viewer import Viewer
from orchestrator.client import Mill
from orchestrator.overview.recent import read_own
from orchestrator.overview.views import Own

PERIOD = 2.0
"""Seconds."""
MOST = 1000
"""Tenants that are remembered."""


class Owns:
    """By tenant."""

    def __init__(self, mill: Mill) -> None:
        self._mill = mill
        self._pulses: OrderedDict[str, Pulse[Own]] = OrderedDict()

    async def of(self, viewer: Viewer) -> Own | None:
        """Theirs; None where they see every tenant's, or no documents at all."""
        tenant = viewer.tenant
        if tenant is None or not viewer.reads:
            return None
        if tenant not in self._pulses:
            self._pulses[tenant] = Pulse(lambda: read_own(self._mill, tenant), PERIOD)
        self._pulses.move_to_end(tenant)
        if len(self._pulses) > MOST:
            self._pulses.popitem(last=False)
        return (await self._pulses[tenant].now()).seen
