"""When a schedule is due: a cron expression in a time zone, as instants (seconds of the epoch).

Where the clocks go forward, a fixed time that does not exist (02:30) is due at the first moment after the gap (03:00); where
they go back, one that comes twice is due the first time only. A minute or an hour that begins with `*` means "every real one",
so such a schedule neither pauses nor bunches up. That is what Debian's cron does. With six fields there is no such care.
"""

from datetime import datetime
from math import floor
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from orchestrator.errors import UsageError

NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


class Timetable:
    """The ticks of one schedule.

    Args:
        cron: five fields, six with seconds first, or a nickname such as `@daily`.
        zone: a name of the IANA database, `Europe/Berlin`.

    Raises:
        UsageError: one of them cannot be read, or it is never due.
    """

    def __init__(self, cron: str, zone: str) -> None:
        self._cron, self._zone = NICKNAMES.get(cron.strip().lower(), cron), _zone(zone)
        try:
            never = self.after(0.0) is None
        except CronSimError as problem:
            raise UsageError(
                f"cron {cron!r}: {str(problem)[0].lower()}{str(problem)[1:]}; it is minute hour day month weekday, as in "
                "'30 2 * * 1-5', with seconds before them where there are six",
                "cron",
            ) from None
        if never:
            raise UsageError(f"cron {cron!r} is never due", "cron")

    def after(self, moment: float) -> float | None:
        """The first tick after a moment; None where there is none in fifty years."""
        # The iterator may begin with a tick of the past in an hour that the clocks repeat.
        later = (tick.timestamp() for tick in CronSim(self._cron, self.local(floor(moment))))
        return next((tick for tick in later if tick > moment), None)

    def until(self, moment: float) -> float | None:
        """The last tick that is not after a moment; None where there is none in fifty years."""
        earlier = (tick.timestamp() for tick in CronSim(self._cron, self.local(floor(moment) + 1), reverse=True))
        last = next((tick for tick in earlier if tick <= moment), None)
        # Looking back may jump over an hour that comes twice: looking forward is what counts.
        while last is not None and (tick := self.after(last)) is not None and tick <= moment:
            last = tick
        return last

    def local(self, moment: float) -> datetime:
        """A moment as the clocks of the zone show it."""
        return datetime.fromtimestamp(moment, self._zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name may also be a folder of the database, or no path
        raise UsageError(
            f"there is no time zone {name!r}: use a name such as UTC, Europe/Berlin, America/New_York", "zone"
        ) from None
