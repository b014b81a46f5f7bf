"""Sentences, words and parts: pure."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.models.trimming import estimated_tokens
from worker.summaries.asking import extract
from worker.summaries.sentences import joined, sentences_of, within, words_of
from worker.summaries.splitting import OVERLAP, from_afar, split, spread

CHINESE = "\u7b2c\u4e00\u53e5\u8bdd\u3002\u7b2c\u4e8c\u53e5\u3002"


def test_a_summary_ends_with_a_sentence_within_its_limit() -> None:
    """Cut at its last whole sentence; one that is too long alone says so."""
    assert within("One two. Three four. Five six seven", 5, cut=False) == ["One two.", "Three four."]
    assert within("One two three four", 3, cut=False) == ["One two three \u2026"]
    assert within("One two. Three", 50, cut=True) == ["One two."]
    assert within("One two", 50, cut=False) == ["One two"]
    assert within("Same. Same. Other.", 50, cut=False) == ["Same.", "Other."]


def test_abbreviations_and_decimals_end_no_sentence() -> None:
    """Nor do initials."""
    text = "Mr. J. Green of Alpha Inc. paid 3.50 to No. 7. He left."
    assert [sentence for sentence, _ in sentences_of(text)] == [
        "Mr. J. Green of Alpha Inc. paid 3.50 to No. 7.",
        "He left.",
    ]


def test_a_sentence_may_go_over_several_lines() -> None:
    """And a word over two; a heading ends with its line."""
    text = "REPORT\nThe Hawai-\nian boats came\nhome late. They\nsank."
    assert [sentence for sentence, _ in sentences_of(text)] == [
        "REPORT",
        "The Hawaiian boats came home late.",
        "They sank.",
    ]


def test_chinese_is_counted_by_its_characters() -> None:
    """Its sentences end without a space, and are joined without one."""
    assert words_of(CHINESE) == 7
    assert [sentence for sentence, _ in sentences_of(CHINESE)] == [
        "\u7b2c\u4e00\u53e5\u8bdd\u3002",
        "\u7b2c\u4e8c\u53e5\u3002",
    ]
    assert joined(within(CHINESE, 4, cut=False)) == "\u7b2c\u4e00\u53e5\u8bdd\u3002"
    assert joined(within(CHINESE, 10, cut=False)) == CHINESE
    assert words_of("Alpha \u516c\u53f8 12") == 4


def test_an_extract_is_of_the_first_running_sentences() -> None:
    """Titles and tables are passed over."""
    text = "ANNUAL REPORT\n12 34 56\nThe company sold more boats than before. It also sold oars and some sails.\nEnd"
    assert extract(text, 20) == ["The company sold more boats than before.", "It also sold oars and some sails."]
    assert extract("TITLE\nLine", 20) == ["TITLE", "Line"]


def test_pages_are_kept_whole_where_they_fit() -> None:
    """A cut lies between two of them; the end of one is read again with the next."""
    pages = [f"Page {number} begins here. " + "word " * 60 + f"Page {number} ends." for number in range(6)]
    most = 2.5 * estimated_tokens(pages[0])
    parts = split("\f".join(pages), most, estimated_tokens)
    assert len(parts) == 3
    for number, page in enumerate(pages):
        assert sum(page in part for part in parts) == 1, number
    assert "Page 1 ends." in parts[1]


@given(st.text(alphabet="ab .\n\f\u4e2d\u3002", max_size=400), st.integers(5, 60))
def test_parts_fit_and_lose_nothing(text: str, most: int) -> None:
    """Whatever the text."""
    parts = split(text, most, estimated_tokens)
    assert all(estimated_tokens(part) <= most for part in parts)
    rest = "".join(text.split())
    position = 0
    for part in parts:
        signs = "".join(part.split())
        start = next(at for at in range(position, -1, -1) if rest.startswith(signs, at))
        assert start >= position - len(signs)
        position = max(position, start + len(signs))
    assert position == len(rest)


@pytest.mark.parametrize(("count", "most"), [(5, 9), (10, 4), (400, 12), (7, 1), (2, 2)])
def test_parts_are_chosen_evenly_and_in_an_order_that_may_stop(count: int, most: int) -> None:
    """The first and the last among them."""
    chosen = spread(count, most)
    assert len(chosen) == len(set(chosen)) == min(count, most)
    assert chosen[0] == 0 and (most == 1 or chosen[-1] == count - 1)
    order = from_afar(chosen)
    assert sorted(order) == chosen
    assert order[:2] == [chosen[0], chosen[-1]][: len(order)] or len(order) < 3
    gaps = [b - a for a, b in pairwise(chosen)]
    assert not gaps or max(gaps) - min(gaps) <= 1
    assert OVERLAP < 0.5
