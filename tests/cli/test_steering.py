"""`docmill limit` and `priority`."""

from orchestrator.ids import new_id
from tests.batches.pipelines import obeying
from tests.cli.conftest import Inside


def test_a_lane_is_bounded_and_free_again(inside: Inside) -> None:
    assert inside("limit", "cpu").out == "lane cpu: no bounds\n"
    told = inside("limit", "cpu", "--rate", "600/m", "--burst", "3", "--most", "1234567").out
    assert told == "lane cpu: at most 10 a second, bursts of 3, at most 1234567 waiting\n"
    assert inside("limit", "cpu", "--rate", "off", "--json").json == {
        "lane": "cpu",
        "rate": None,
        "burst": 3,
        "most": 1234567,
    }
    assert inside("limit", "cpu").out == "lane cpu: bursts of 3 once it has a --rate, at most 1234567 waiting\n"
    assert inside("limit", "cpu", "--rate", "1/m", "--most", "off").out == "lane cpu: at most 1 a minute, bursts of 3\n"
    assert inside("limit", "cpu", "--rate", "100/h", "--json").json["most"] is None
    assert "at most 100 an hour" in inside("limit", "cpu").out
    assert inside("limit", "gpu", "--json").json["burst"] is None


def test_it_really_bounds(inside: Inside) -> None:
    inside("limit", "cpu", "--most", "2")
    for _ in range(2):
        inside.mill.submit(obeying, text="a")
    refused = inside("submit", "--pipeline", "obeying", "--param", "text=a")
    assert (refused.code, "lane cpu has as many jobs waiting as it may have" in refused.err) == (1, True)
    inside("limit", "cpu", "--most", "off")
    assert inside("submit", "--pipeline", "obeying", "--param", "text=a").code == 0


def test_bounds_that_cannot_be(inside: Inside) -> None:
    for words in (
        ("--rate", "0"),
        ("--rate", "nan"),
        ("--rate", "5/d"),
        ("--rate", "-1/s"),
        ("--most", "0"),
        ("--most", "x"),
    ):
        answer = inside("limit", "cpu", *words)
        assert (answer.code, "off" in answer.err) == (2, True), words
    assert inside("limit", "nosuch").code == 2
    assert inside("limit", "cpu").out == "lane cpu: no bounds\n"


def test_what_is_urgent_after_all(inside: Inside) -> None:
    first, second, third = (inside.mill.submit(obeying, text=text) for text in "abc")
    answer = inside("priority", third, second, "9")
    assert (answer.code, answer.out) == (0, f"{third}: has priority 9 now\n{second}: has priority 9 now\n")
    assert inside("priority", third, "9", "--json").json == {"priority": 9, "documents": {third: "same"}}
    assert inside.mill.run_until_idle() == [f"{document}/obey" for document in (third, second, first)]
    ended = inside("priority", first, "1")
    assert (ended.code, ended.out) == (1, f"{first}: has ended: succeeded\n")
    assert inside("priority", first, new_id(), "1").code == 3
    assert inside("priority", first, "10").code == 2


def test_a_document_is_submitted_for_somebody(inside: Inside) -> None:
    told = inside("submit", "--pipeline", "obeying", "--param", "text=a", "--tenant", "acme", "--json").json
    assert told[0]["tenant"] == "acme"
    assert inside("submit", "--pipeline", "obeying", "--param", "text=a", "--timeout", "1").code == 2
