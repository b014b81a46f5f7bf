"""Recurring submissions: when they are due, what they submit, and the duty that keeps them."""

from orchestrator.schedules.definition import CATCH_UP, OVERLAP, Schedule, Scheduled
from orchestrator.schedules.ticks import Timetable

__all__ = ["CATCH_UP", "OVERLAP", "Schedule", "Scheduled", "Timetable"]
