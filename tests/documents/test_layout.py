"""Reading order."""

from worker.documents.layout import Box, reading_text


def _line(text: str, left: float, top: float, width: float) -> Box:
    return Box(text, left, top, left + width, top + 10)


def test_pieces_of_one_row_stay_together() -> None:
    """A receipt's item and its price are one line, in whichever order they were found."""
    boxes = [
        _line("9.00", 300, 52, 30),
        _line("TOTAL", 10, 50, 60),
        _line("Clay", 10, 20, 40),
        _line("1.50", 300, 20, 30),
    ]
    assert reading_text(boxes) == "Clay  1.50\nTOTAL  9.00"


def test_a_table_is_read_row_by_row_however_long() -> None:
    """Amounts do not fill their column: it is no column of prose."""
    items = [_line(f"item {n}", 10, 20 * n, 100 + 7 * (n % 3)) for n in range(8)]
    amounts = [_line(f"{n}.00", 300, 20 * n, 30) for n in range(8)]
    assert reading_text([*items, *amounts]).splitlines()[3] == "item 3  3.00"


def test_two_columns_are_kept_apart_between_headings() -> None:
    """Left column, then right column, under the heading that spans both."""
    left = [_line(f"left {n}", 10, 40 + 15 * n, 180) for n in range(6)]
    right = [_line(f"right {n}", 210, 40 + 15 * n, 180) for n in range(6)]
    text = reading_text([_line("Heading", 10, 10, 380), *right, *left, _line("Footer", 10, 200, 380)])
    expected = ["Heading", *(f"left {n}" for n in range(6)), *(f"right {n}" for n in range(6)), "Footer"]
    assert text.splitlines() == expected


def test_three_columns() -> None:
    """As in a newspaper or a gazette."""
    boxes = [_line(f"{column}{n}", 10 + 200 * column, 15 * n, 180) for n in range(6) for column in range(3)]
    assert reading_text(boxes).split() == [f"{column}{n}" for column in range(3) for n in range(6)]


def test_nothing_gives_nothing() -> None:
    """A blank page."""
    assert reading_text([]) == ""
