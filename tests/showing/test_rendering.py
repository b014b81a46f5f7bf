"""The HTML page: what it shows, how it is linked, and what it can never do."""

import base64
import hashlib
import re

import pytest

from orchestrator.findings import Check, Evidence, FailedPage, Field, Line, PageText
from orchestrator.showing.album import Shot
from orchestrator.showing.rendering import render
from tests.evaluation.made import SHOP, TOTAL, VENDOR, dossier
from tests.showing.reading import seen

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">"\'&'


def test_a_field_and_its_box_lead_to_each_other() -> None:
    """By anchors, so without any script; the box is where the evidence is, in percent of the page."""
    page = seen(dossier())
    assert {"f-total", "e-total", "f-vendor", "e-vendor", "p-1"} <= set(page.ids)
    assert page.all("a", href="#e-total")
    (box,) = page.all("a", id="e-total")
    assert box["href"] == "#f-total"
    assert "Total: 1234.50" in box["aria-label"]
    rects = page.all("rect", x="64.6%", y="19.7%")
    assert [(rect["width"], rect["height"]) for rect in rects] == [("15.8%", "3.6%")], "a little around the box"


def test_fields_of_one_box_light_up_together() -> None:
    """One box lies on top of the other: it is called after both, and a pointer over it means both."""
    page = seen(dossier({"total": TOTAL, "currency": Field("EUR", "currency", TOTAL.evidence, 0.9)}))
    assert page.text.count("Total, Currency") == 2
    html = "".join(render(dossier({"total": TOTAL, "currency": TOTAL}), [1], lambda _i, _t: None))
    assert ":is(#e-total,#e-currency):is(:hover" in html


def test_every_link_leads_somewhere_and_every_id_is_one() -> None:
    page = seen(dossier(pages=[SHOP, PageText(1, "more", "blank")]))
    links = [found["href"] for name, found in page.elements if name == "a"]
    assert links and all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_what_a_document_says_is_shown_and_never_run() -> None:
    """In its name, its text, a field, its evidence, an error, a check, the summary."""
    page = PageText(0, f"{EVIL}\nx", "ocr", [Line(EVIL, (0, 0, 10, 10), 0.5)], lang='en" onload="x')
    field = Field(EVIL, "text", Evidence(1, EVIL, (0, 0, 10, 10)), 0.5)
    evil = dossier(
        {EVIL: field},
        name=EVIL,
        pages=[page],
        failed=[FailedPage(2, EVIL)],
        review=[EVIL],
        checks=[Check(EVIL, False, EVIL)],
        missing=[EVIL],
        dropped=[EVIL],
        category=EVIL,
        error=EVIL,
        status=EVIL,
    )
    found = seen(evil)
    assert not found.all("script")
    assert [image["src"] for image in found.all("img")] == [PIXEL_ADDRESS, PIXEL_ADDRESS]
    assert not [name for _, having in found.elements for name in having if name.startswith("on")]
    assert found.text.count("<script>alert(1)</script>") >= 8


PIXEL_ADDRESS = "data:image/jpeg;base64,AAAA"


def test_the_page_may_do_nothing_but_show_itself() -> None:
    """One style sheet, by its digest; pictures as data; no attribute that carries style, no address elsewhere."""
    html = "".join(render(dossier(), [1], lambda _i, _t: Shot(PIXEL_ADDRESS, 8, 10)))
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    found = seen(dossier())
    (policy,) = [meta["content"] for meta in found.all("meta") if "http-equiv" in meta]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not [tag for tag, having in found.elements if "style" in having or tag in {"link", "script", "iframe"}]
    assert not re.search(r"https?://|url\(|@import", html)


def test_badly_read_lines_are_tinted_on_picture_and_text() -> None:
    """With their confidence; evidence is marked in the text."""
    page = seen(dossier())
    (low,) = page.all("span", class_="low")
    assert low["title"] == "read with 72\u202f% confidence"
    assert len(page.all("g", class_="low")) == 1
    html = "".join(render(dossier(), [1], lambda _i, _t: None))
    assert "<mark>1.234,50</mark>" in html
    assert ">blurred</span>" in html


def test_what_is_missing_or_wrong_is_said() -> None:
    """A field that is not there, one that should be, a check that fails, a page that could not be read."""
    absent = {"vendor": VENDOR, "total": TOTAL, "due": Field(None, "date"), "number": Field(None, "identifier")}
    told = seen(
        dossier(
            absent,
            missing=["number"],
            checks=[Check("total", False, "1 + 2 is not 4")],
            failed=[FailedPage(2, "page 2 is broken")],
            review=["the total does not add up"],
            dropped=["It cost 7 euros."],
        )
    ).text
    assert re.search(r"Due\s+not in the document", told)
    assert re.search(r"Number\s+missing, but required", told)
    assert "1 + 2 is not 4" in told and "does not hold" in told
    assert told.count("page 2 is broken") == 2, "above, and where the page would be"
    assert "the total does not add up" in told
    assert "It cost 7 euros." in told


def test_a_document_without_results_shows_what_there_is() -> None:
    """A failed one its reason, one without its file its text."""
    failed = seen(dossier({}, pages=[], status="failed", error="pages: the PDF is protected"))
    assert "pages: the PDF is protected" in failed.text
    assert "No page was read." in failed.text
    bare = seen(dossier(), shot=None)
    assert not bare.all("img")
    assert "1.234,50" in bare.text
    assert "e-total" in bare.ids, "the field's link leads to the page's text then"


@pytest.mark.parametrize("name", ["Total amount", "x}body{color:red", "ünit"])
def test_any_name_can_be_a_field(name: str) -> None:
    """It gets a plain anchor, and stays out of the style sheet."""
    page = seen(dossier({name: VENDOR}))
    assert {"f-field-1", "e-field-1"} <= set(page.ids)
    html = "".join(render(dossier({name: VENDOR}), [1], lambda _i, _t: None))
    assert name not in html.partition("</style>")[0]


def test_pages_are_made_one_at_a_time() -> None:
    """A picture is asked for when its piece of HTML is: 400 pages take the memory of one."""
    pages = [PageText(index, f"page {index}", "text-layer") for index in range(400)]
    asked: list[int] = []

    def shoot(index: int, _turned: int) -> Shot:
        asked.append(index)
        return Shot(PIXEL_ADDRESS, 8, 10)

    pieces = render(dossier({}, pages=pages), range(1, 401), shoot)
    begun = ""
    while 'id="p-3"' not in begun:
        begun += next(pieces)
    assert asked == [0, 1, 2]
    rest = "".join(pieces)
    assert rest.count('class="page"') == 397
    assert len(asked) == 400
