"""Labels from the probabilities of tokens, and making texts fit: pure."""

import math

import pytest

from worker.models.choice import Token, calibrated, label_masses
from worker.models.trimming import GAP, estimated_tokens, shorten


def _token(taken: str, **top: float) -> Token:
    return Token(taken, {text: math.log(p) for text, p in top.items()})


def test_a_labels_own_token_gives_its_probability() -> None:
    """Case and a leading space do not matter."""
    token = Token(" Invoice", {" Invoice": math.log(0.6), "invoice": math.log(0.1), "letter": math.log(0.2)})
    masses = label_masses([token], ["invoice", "letter"])
    assert masses["invoice"] == pytest.approx(0.7)
    assert masses["letter"] == pytest.approx(0.2)


def test_labels_that_begin_alike_are_told_apart_by_the_next_token() -> None:
    """Along the tokens that were taken."""
    path = [_token("le", le=0.8, form=0.1), _token("gal", gal=0.75, tter=0.25)]
    masses = label_masses(path, ["legal", "letter", "form"])
    assert masses == pytest.approx({"legal": 0.6, "letter": 0.2, "form": 0.1})


def test_labels_that_begin_alike_share_off_the_path() -> None:
    """Nothing is known of what would have followed."""
    masses = label_masses([_token("form", form=0.5, le=0.4)], ["legal", "letter", "form"])
    assert masses == pytest.approx({"legal": 0.2, "letter": 0.2, "form": 0.5})


def test_one_label_may_begin_another() -> None:
    """`form` and `formula`: a line end says that it was the first."""
    path = [_token("form", form=0.9), Token("ula", {"ula": math.log(0.3), "\n": math.log(0.6)})]
    assert label_masses(path, ["form", "formula"]) == pytest.approx({"form": 0.54, "formula": 0.27})


def test_other_words_count_for_nothing() -> None:
    """A model that chats instead of answering is not believed."""
    assert label_masses([_token("The", The=0.9)], ["invoice", "letter"]) == {"invoice": 0.0, "letter": 0.0}


def test_calibration_takes_out_a_prejudice() -> None:
    """A model that says `report` to an empty page is believed less when it says so again."""
    scores = calibrated({"report": 0.5, "letter": 0.4}, [{"report": 0.9, "letter": 0.01}])
    assert scores["letter"] > scores["report"]
    assert sum(scores.values()) == pytest.approx(1, abs=0.001)


def test_a_short_text_is_left_alone() -> None:
    """But for the space around it."""
    assert shorten(" a b ", 100, 100) == "a b"


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    """Where a letter has its sender and its signature."""
    short = shorten("begin " + "x " * 5000 + "end", 1000, 10_000)
    assert len(short) <= 1000
    assert short.startswith("begin")
    assert short.endswith("end")
    assert GAP in short


@pytest.mark.parametrize("text", ["9 " * 20_000, "\u6c7a\u5b9a" * 20_000, "word " * 20_000, "\U0001f600" * 9000])
def test_whatever_the_script_it_fits(text: str) -> None:
    """Digits and Chinese take far more tokens a character than English."""
    assert 0 < estimated_tokens(shorten(text, 10**6, 1000)) <= 1000


def test_no_room_at_all_gives_nothing() -> None:
    """The messages around the text fill the context."""
    assert shorten("some text " * 100, 1000, -50) == ""
