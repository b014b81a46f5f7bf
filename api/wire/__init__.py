"""What goes over the wire, a file a resource: bodies that are read (pydantic) and answers (msgspec)."""

from typing import Any

from pydantic import BaseModel

from api.wire import (
    amending,
    batches,
    dead_letters,
    lanes,
    models,
    pipelines,
    predictions,
    schedules,
    stats,
    system,
    webhooks,
)

MODULES = (amending, batches, dead_letters, lanes, models, pipelines, predictions, schedules, stats, system, webhooks)
ANSWERS: tuple[type[Any], ...] = tuple(one for module in MODULES for one in module.ANSWERS)
BODIES: tuple[type[BaseModel], ...] = tuple(one for module in MODULES for one in module.BODIES)
"""Whose schemas are components of the description."""
