"""`docmill pause` and `resume`."""

from pathlib import Path

from tests.cli.conftest import Docmill


def test_a_tenant_is_paused_and_resumed(docmill: Docmill, text_file: Path) -> None:
    """It is listed, its documents say why they wait, and go on afterwards."""
    assert docmill("pause").out == "nothing is paused\n"
    assert docmill("pause", "tenant", "default").out == "tenant default: paused\n"
    assert docmill("pause").out.startswith("tenant default: paused since ")
    document = docmill("submit", "--pipeline", "words", text_file, "--json").json[0]["id"]
    told = docmill("status", document, "--json").json["steps"][0]["waits_for"]
    assert told == "tenant default, which is paused"
    assert docmill("resume", "tenant", "default", "--json").json["state"] == "resumed"
    assert "paused" not in docmill("status", document, "--json").json["steps"][0]["waits_for"]
    assert docmill("process", "--pipeline", "words", text_file).code == 0
    assert docmill("result", document, "--wait", "30").code == 0, "it was before it in the lane"


def test_a_lane_and_what_is_none(docmill: Docmill) -> None:
    """The words that are possible are named."""
    assert docmill("pause", "lane", "cpu").out == "lane cpu: paused\n"
    assert list(docmill("pause", "--json").json) == ["lane:cpu"]
    assert docmill("resume", "lane", "cpu").out == "lane cpu: resumed\n"
    unknown = docmill("pause", "lane", "nope")
    assert (unknown.code, "use one of cpu" in unknown.err) == (2, True)
    assert "nope" not in docmill("lanes").out
    for words in (("pause", "lane"), ("pause", "document", "x"), ("resume", "worker", "x")):
        answer = docmill(*words)
        assert (answer.code, "one of lane, pipeline, tenant" in answer.err) == (2, True)
