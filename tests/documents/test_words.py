"""Words as they are compared: what is no difference, and what is."""

import pytest

from orchestrator.evaluation.words import word_precision, word_recall, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Mrs. FROST,", ["dear", "mrs", "frost"]),
        ("9.00 1,136 1.234.567,89 39,47400", ["9.00", "1,136", "1.234.567,89", "39", "47400"]),
        ("1X TD01167104 8:13PM", ["1", "x", "td", "01167104", "8", "13", "pm"]),
        ("国务院2014年", ["国", "务", "院", "2014", "年"]),
        ("\ufb01ne na\u00efve nai\u0308ve \uff21", ["fine", "naïve", "naïve", "a"]),
        ("--- *** ", []),
    ],
)
def test_what_a_word_is(text: str, expected: list[str]) -> None:
    """Letters, or an amount with its points, or one character of a script without spaces."""
    assert words(text) == expected


def test_each_word_counts_as_often_as_it_stands_there() -> None:
    """A total that is printed twice and read once is read by half."""
    assert word_recall("31.00 total 31.00 cash", "cash TOTAL: 31.00 31,0") == 0.75
    assert word_precision("31.00 total", "31.00 31.00 total x") == 0.5


def test_order_does_not_count() -> None:
    """Columns may be read in another order than the transcript's."""
    assert word_recall("one two three", "three one two") == word_precision("one two three", "three one two") == 1.0


def test_nothing_is_all_of_nothing() -> None:
    """A blank page that is read as blank is read well; words found on it are wrong."""
    assert word_recall("", "") == word_precision("", "") == word_recall("", "noise") == 1.0
    assert word_precision("", "noise") == 0.0 == word_recall("text", "")
