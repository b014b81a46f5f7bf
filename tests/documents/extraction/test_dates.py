"""Dates: many languages and orders, and nothing that is none."""

import dateparser
import pytest

from worker.extraction.dates import find_dates, readings, settled

PRINTED = [
    ("2014-05-07", "2014-05-07"),
    ("07.05.2014", "2014-05-07"),
    ("25/12/2018 8:13:39 PM", "2018-12-25"),
    ("3 May 2021", "2021-05-03"),
    ("18 april 2014", "2014-04-18"),
    ("7 mai 2014", "2014-05-07"),
    ("7. Mai 2014", "2014-05-07"),
    ("2017年6月5日", "2017-06-05"),
    ("二〇一七年六月五日", "2017-06-05"),
    ("二零一六年十二月三十一日", "2016-12-31"),
    ("2024년 3월 1일", "2024-03-01"),
    ("26/02/18", "2018-02-26"),
    ("March 17th, 2010", "2010-03-17"),
    ("12-mrt-2019", "2019-03-12"),
    ("1. März 2024", "2024-03-01"),
    ("5 de junio de 2020", "2020-06-05"),
    ("20-Oct-2015", "2015-10-20"),
    ("02 Juillet 2015", "2015-07-02"),
    ("17th day of March, 2010", "2010-03-17"),
    ("٣ مايو ٢٠٢١", "2021-05-03"),
    ("August 3 , 2014", "2014-08-03"),
    ("December 11,2014", "2014-12-11"),
    ("Date: 2018/02/2213:34:14", "2018-02-22"),
    ("31/12/201713:00", "2017-12-31"),
    ("04-19 - 2021", "2021-04-19"),
    ("12-31-99", "1999-12-31"),
    ("5 Μαΐου 2020", "2020-05-05"),
]


@pytest.mark.parametrize(("text", "day"), PRINTED)
def test_a_date(text: str, day: str) -> None:
    """One reading; its print alone says the same."""
    (found, meant), *more = find_dates(1, text)
    assert (found.value, more) == (day, [])
    assert text[found.start : found.end] == found.text
    assert readings(found.text) == meant


@pytest.mark.parametrize(
    "text", ["3 May 2021", "18 april 2014", "7 mai 2014", "1. März 2024", "5 de junio de 2020", "12-mrt-2019"]
)
def test_dateparser_reads_names_of_months_the_same(text: str) -> None:
    """The names are its own; the rest is not."""
    parsed = dateparser.parse(text)
    assert parsed is not None and readings(text) == (parsed.date(),)


@pytest.mark.parametrize(
    "text",
    [
        "May 2021",
        "3 May",
        "1.2.34",
        "Tel. 03-41-05",
        "12 apples 2014",
        "31/02/2020",
        "192.168.10.12",
        "99/99/2020",
        "2020",
        "3.14",
    ],
)
def test_no_date(text: str) -> None:
    """Without its year, or without a calendar that has it."""
    assert list(find_dates(1, text)) == []


@pytest.mark.parametrize(
    ("text", "month_first", "day", "sure"),
    [
        ("6/10/2019", True, "2019-06-10", True),
        ("6/10/2019", None, "2019-10-06", False),
        ("6/10/2019", False, "2019-10-06", True),
        ("6/10/2019 and 25/12/2019", True, "2019-10-06", True),
        ("6/10/2019 and 12/25/2019", False, "2019-06-10", True),
        ("6/10/2019, that is June 10, 2019", False, "2019-06-10", True),
        ("25-12-18", None, "2018-12-25", False),
        ("31-05-06", True, "2006-05-31", True),
        ("05-06-07", True, "2007-05-06", True),
    ],
)
def test_a_date_of_two_readings(text: str, month_first: bool | None, day: str, sure: bool) -> None:
    """The document's other dates tell, then its language and currency; where nothing does, it is doubted."""
    first = settled(find_dates(1, text), month_first)[0]
    assert first.value == day
    assert (first.doubt < 0.2) == sure and first.doubt > 0
