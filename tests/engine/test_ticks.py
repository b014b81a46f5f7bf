"""When a schedule is due: time zones, clocks that change, and what was missed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestrator.errors import UsageError
from orchestrator.schedules.ticks import Timetable
from orchestrator.schedules.turns import LATE, MOST_CAUGHT_UP, turn

CRONS = (
    "* * * * *", "*/7 * * * *", "0 * * * *", "30 2 * * *", "0,30 1-3 * * *", "*/10 1-3 * * *", "15 0,1,23 * * *",
    "0 */6 * * *", "59 23 * * *", "@daily", "0 9 * * MON-FRI", "0 12 L * *", "0 9 * * MON#1", "*/20 * * * * *",
)  # fmt: skip
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Beirut", "Africa/Cairo",
    "America/Santiago", "Atlantic/Azores", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Chatham", "America/St_Johns",
)  # fmt: skip
"""Not Lord Howe: its clocks change by half an hour, and cronsim then leaves out a tick of `0 */6 * * *`."""
HOUR = 3600.0


def instant(text: str) -> float:
    """Seconds of the epoch of a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def ticks(cron: str, zone: str, start: str, end: str) -> list[str]:
    """The ticks between two times in UTC, as UTC."""
    table, moment, found = Timetable(cron, zone), instant(start), list[str]()
    while (tick := table.after(moment)) is not None and tick <= instant(end):
        moment = tick
        found.append(f"{datetime.fromtimestamp(tick, UTC):%d %H:%M}")
    return found


def test_a_time_that_does_not_exist_is_due_when_the_gap_ends() -> None:
    # In Berlin 02:00 became 03:00 on 29 March 2026, which is 01:00 UTC.
    around = ("2026-03-28T00:00", "2026-03-30T12:00")
    assert ticks("30 2 * * *", "Europe/Berlin", *around) == ["28 01:30", "29 01:00", "30 00:30"]
    assert ticks("0,30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T12:00") == ["29 01:00"], (
        "once, not twice"
    )


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    # In Berlin 03:00 became 02:00 on 25 October 2026, which is 01:00 UTC.
    around = ("2026-10-24T12:00", "2026-10-26T12:00")
    assert ticks("30 2 * * *", "Europe/Berlin", *around) == ["25 00:30", "26 01:30"]
    # A process that looks in the second of the two hours does not run it again.
    table, second_hour = Timetable("30 2 * * *", "Europe/Berlin"), instant("2026-10-25T01:10")
    assert table.after(second_hour) == instant("2026-10-26T01:30")
    assert table.until(second_hour) == instant("2026-10-25T00:30")


def test_every_hour_means_every_real_one() -> None:
    assert ticks("0 * * * *", "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T02:00") == ["29 01:00", "29 02:00"]
    assert ticks("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00", "2026-10-25T01:30") == [
        "25 00:30", "25 01:00", "25 01:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cron", "zone", "told"),
    [
        ("61 * * * *", "UTC", "bad minute"),
        ("* * *", "UTC", "wrong number of fields"),
        ("0 0 30 2 *", "UTC", "bad day-of-month"),
        ("* * */20 * 1L", "UTC", "never due"),
        ("", "UTC", "wrong number of fields"),
        ("0 0 * * *", "Europe", "no time zone 'Europe'"),
        ("0 0 * * *", "../etc/passwd", "no time zone"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(cron: str, zone: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Timetable(cron, zone)


@st.composite
def moments(draw: st.DrawFn) -> tuple[Timetable, float]:
    """A timetable, and a moment near a change of its clocks where its zone has one."""
    table = Timetable(draw(st.sampled_from(CRONS)), draw(st.sampled_from(ZONES)))
    moment = draw(st.floats(instant("2015-01-01"), instant("2035-01-01")))
    for _ in range(200):
        if table.local(moment).utcoffset() != table.local(moment + 86_400).utcoffset():
            break
        moment += 86_400
    return table, moment + draw(st.floats(0, 30 * HOUR))


@settings(max_examples=300, deadline=None)
@given(moments())
@example((Timetable("0 * * * *", "UTC"), instant("2026-11-01") - 2**-22))  # rounds up to the tick, in microseconds
def test_ticks_only_move_on(asked: tuple[Timetable, float]) -> None:
    """Each is later than the moment asked for, and the one before and the one after leave no tick between them."""
    table, moment = asked
    before, after = table.until(moment), table.after(moment)
    assert before is not None and after is not None and before <= moment < after
    assert table.after(before) == after
    assert table.after(after - 1) == after
    step, reached = before - 1, list[float]()
    while step < after:
        step = table.after(step) or after
        reached.append(step)
    assert reached[-2:] == [before, after]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)), st.integers(0, 23))
def test_a_daily_time_is_due_once_a_day(zone: str, day: datetime, hour: int) -> None:
    """Whatever the clocks do, by the zone's own date."""
    table = Timetable(f"30 {hour} * * *", zone)
    moment, dates = day.replace(tzinfo=UTC).timestamp(), list[datetime]()
    for _ in range(30):
        moment = table.after(moment) or 0.0
        dates.append(table.local(moment))
    assert all(later.date() - earlier.date() == timedelta(1) for earlier, later in pairwise(dates))


def test_what_is_run_of_the_ticks_that_were_missed() -> None:
    table, due = Timetable("0 * * * *", "UTC"), instant("2026-11-01T00:00")
    in_time, later = due + LATE, due + 5 * HOUR + 600
    for catch_up in ("latest", "all", "none"):
        assert turn(table, due, in_time, catch_up) == (due, True, due + HOUR)
    assert turn(table, due, later, "latest") == (due + 5 * HOUR, True, due + 6 * HOUR)
    assert turn(table, due, later, "none") == (due + 5 * HOUR, False, due + 6 * HOUR)
    assert turn(table, due, due + 5 * HOUR + 1, "none") == (due + 5 * HOUR, True, due + 6 * HOUR), "the last is in time"
    assert turn(table, due, later, "all") == (due, True, due + HOUR), "one by one"
    weeks = due + 1000 * HOUR
    first = weeks - (MOST_CAUGHT_UP - 1) * HOUR
    assert turn(table, due, weeks, "all") == (first, True, first + HOUR), "the last hundred"
