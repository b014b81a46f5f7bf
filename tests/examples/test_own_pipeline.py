"""A realistic pipeline of a user's own: what it does on a good day, and on bad ones."""

from decimal import Decimal

import pytest

from examples import own_pipeline
from examples.own_pipeline import BUSY_PAUSE, Busy, add_up, offer, price
from orchestrator.errors import DocumentFailed
from worker.testing import TestMill

ORDER = "4 bolt\n1 engine\n"


def test_an_offer_is_made(mill: TestMill) -> None:
    made = mill.run(offer, order=ORDER)
    assert (made["total"], made["without"]) == ("981.60", [])


def test_a_busy_service_is_asked_again_when_it_said_so(mill: TestMill, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [Busy(), Busy(), Decimal(2)]

    def busy(article: str) -> Decimal | None:
        answer = answers.pop(0) if article == "bolt" else Decimal(1)
        if isinstance(answer, Busy):
            raise answer
        return answer

    monkeypatch.setattr(own_pipeline, "look_up", busy)
    document = mill.submit(offer, order=ORDER)
    mill.run_until_idle()
    mill.shift(BUSY_PAUSE - 5)
    assert mill.run_until_idle() == []
    mill.shift(6)
    assert mill.run_until_idle() == [f"{document}/price[0]"]
    mill.run_until_idle(through_delays=True)
    assert mill.result(document)["total"] == "9"


def test_an_unknown_article_is_left_out_and_people_are_told(mill: TestMill) -> None:
    document = mill.submit(offer, order=ORDER + "1 unicorn")
    mill.run_until_idle()
    found = mill.get(document)
    assert (found.status, found.flags) == ("partial", ["needs_review"])
    assert mill.result(document)["without"] == ["Fatal: there is no article 'unicorn'"]


def test_too_many_unknown_articles_fail_it(mill: TestMill) -> None:
    with pytest.raises(DocumentFailed, match="there is no article"):
        mill.run(offer, order="1 unicorn\n" * 4)


def test_a_killed_slot_and_a_lost_lease_change_nothing_of_the_offer(mill: TestMill) -> None:
    mill.kill_mid_step(price)
    mill.lose_lease(add_up, at="failures")
    with mill.worker(offer):
        document = mill.submit(offer, order=ORDER)
        log = " ".join(mill.wait(document).log)
    assert mill.result(document)["total"] == "981.60"
    assert "died: SIGKILL" in log and "did not renew its lease" in log
