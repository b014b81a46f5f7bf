"""What is loaded in this process, under a budget of memory."""

from orchestrator.models import Resident
from worker.residency.residents import Residents

__all__ = ["Resident", "Residents"]
