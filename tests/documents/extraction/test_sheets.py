"""Where a span of the text stands on the page."""

from orchestrator.findings import Line, PageText
from worker.extraction.candidates import Candidate
from worker.extraction.sheets import sheets_of
from worker.extraction.surroundings import surroundings

LINES = [
    Line("Total", (100, 500, 200, 520), 0.9),
    Line("12.50", (700, 500, 780, 520), 0.8),
    Line("Total", (100, 600, 200, 620), 1.0),
    Line("99.00", (700, 600, 780, 620), 1.0),
]
TEXT = "Total  12.50\nTotal  99.00"


def test_a_span_leads_to_its_line_and_no_other() -> None:
    """The same words stand on the page twice: lines come in the order of the text."""
    (sheet,) = sheets_of(TEXT, [PageText(0, TEXT, "ocr", LINES)])
    second = TEXT.rindex("Total")
    assert sheet.box(0, 5) == (100, 500, 200, 520)
    assert sheet.box(second, second + 5) == (100, 600, 200, 620)
    assert sheet.score(7, 12) == 0.8


def test_a_span_over_several_lines_has_the_box_around_them() -> None:
    """And the score of the worst."""
    (sheet,) = sheets_of(TEXT, [PageText(0, TEXT, "ocr", LINES)])
    assert sheet.box(0, len(TEXT)) == (100, 500, 780, 620)
    assert sheet.score(0, len(TEXT)) == 0.8


def test_no_box_where_lines_are_not_known() -> None:
    """Without lines, on a failed page, and where the page says something else than the text."""
    pages = [PageText(0, "one", "text-layer"), None, PageText(2, "other", "ocr", LINES)]
    sheets = sheets_of("one\f\fthree", pages)
    assert [sheet.text for sheet in sheets] == ["one", "", "three"]
    assert [sheet.box(0, 3) for sheet in sheets] == [None, None, None]


def test_labels_are_found_left_in_the_row_and_above_in_the_column() -> None:
    """Columns are those of the boxes, not of the text."""
    text = "Date  Amount\n1 May 2020  5.00\nTotal  7.00  9.00"
    boxes = [(100, 100, 200, 120), (700, 100, 780, 120), (100, 130, 200, 150), (700, 130, 780, 150)]
    boxes += [(100, 200, 200, 220), (500, 200, 580, 220), (700, 200, 780, 220)]
    words = ["Date", "Amount", "1 May 2020", "5.00", "Total", "7.00", "9.00"]
    lines = [Line(word, box, 1.0) for word, box in zip(words, boxes, strict=True)]
    (sheet,) = sheets_of(text, [PageText(0, text, "ocr", lines)])
    amounts = [Candidate(word, 1, text.index(word), text.index(word) + 4, word) for word in ("5.00", "7.00", "9.00")]
    near = [surroundings(sheet, one, amounts) for one in amounts]
    assert near[0].above == ("Amount",)
    assert near[1].left.strip() == "Total" and near[1].above == ()
    assert near[2].row.strip() == "Total"
