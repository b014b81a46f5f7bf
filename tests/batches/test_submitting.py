"""A batch is submitted, line by line: what cannot be a document is told, the rest runs, the aggregate sees all of it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from orchestrator import failpoints
from orchestrator.batches.filling import CHUNK
from orchestrator.batches.lines import MOST_LINES, BadLine, Line, count_lines, lines_of, read_lines
from orchestrator.batches.outcomes import Outcome
from orchestrator.batches.views import BatchView
from orchestrator.errors import UsageError
from orchestrator.ids import member_id, new_id
from tests.batches.conftest import Act, all_outcomes
from worker.testing import TestMill

BAD_LINES = b"""\xef\xbb\xbf{"text": "a"}
{"text": "b"

{"text": "fail"}
{"parameters": {"times": "many"}, "text": "c"}
{"txt": "d"}
{"text": "e", "path": "e.txt"}
{"parameters": {"text": "f", "times": 3}}
"nosuch.txt"
"""


def ended(mill: TestMill, batch: BatchView) -> list[dict[str, Any]]:
    """Run all of it; what its aggregate returned."""
    mill.run_until_idle()
    return mill.result(batch.aggregate or "")


def texts(count: int, first: int = 0) -> list[Line]:
    return [Line({"text": f"{number}"}) for number in range(first, first + count)]


def test_each_line_has_its_own_error_and_the_others_run(mill: TestMill, act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", read_lines(BytesIO(BAD_LINES)), aggregate="telling", name="mixed"))
    assert (batch.state, batch.documents, batch.refused, batch.name) == ("closed", 3, 6, "mixed")
    told = ended(mill, batch)
    assert [one["status"] for one in told] == [
        "succeeded",
        *["refused"] * 2,
        "failed",
        *["refused"] * 3,
        "succeeded",
        "refused",
    ]
    assert [one["output"] for one in told if one["status"] == "succeeded"] == ["a", "f"]
    errors = [one["error"] or "" for one in told]
    for at, words in enumerate(
        (
            None,
            "a line is an object with",
            "the line is blank",
            "as it was told",
            "times",
            "txt",
            "not both",
            None,
            "takes no file",
        )
    ):
        assert (words or "") in errors[at], told[at]
    assert act(lambda c: all_outcomes(c, batch.id)) == [
        Outcome(document=o.document, **one)
        for o, one in zip(act(lambda c: all_outcomes(c, batch.id)), told, strict=True)
    ]
    found = act(lambda c: c.batch(batch.id))
    assert (found.state, found.succeeded, found.failed, found.is_final) == ("ended", 2, 1, True)
    assert act(lambda c: c.refused(batch.id))[7] == errors[6]


def test_a_line_keeps_what_its_sender_calls_it(mill: TestMill, act: Act) -> None:
    """Whatever became of it, also where the same is sent again; and nothing of it outlives the document."""
    names = ["INV-1", "Ünal & Söhne", None, "x" * 201, "INV-5"]
    given = [{"text": "a"}, {"text": "fail"}, {"text": "f"}, {"text": "a"}, {"nothing": "a"}]
    lines = [Line(parameters, custom_id=name) for parameters, name in zip(given, names, strict=True)]
    identity = new_id()
    failpoints.arm("batch.chunk=raise@1")
    with pytest.raises(RuntimeError):
        act(lambda c: c.submit_batch("obeying", lines, batch=identity, aggregate="telling"))
    act(lambda c: c.submit_batch("obeying", lines, batch=identity, aggregate="telling"))
    mill.run_until_idle()
    told = act(lambda c: all_outcomes(c, identity))
    assert [one.custom_id for one in told] == ["INV-1", "Ünal & Söhne", None, "x" * 200, "INV-5"]
    assert [one.status for one in told] == ["succeeded", "failed", "succeeded", "refused", "refused"]
    assert "201 characters: 200 are the most" in (told[3].error or "")
    act(lambda c: c.delete(member_id(identity, 1)))
    assert [one.custom_id for one in act(lambda c: all_outcomes(c, identity))[:2]] == [None, "Ünal & Söhne"]


def test_files_and_texts_are_copied_when_it_is_submitted(mill: TestMill, act: Act, tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "gone.txt", tmp_path]
    paths[0].write_text("on paper")
    batch = act(lambda c: c.submit_batch("reading", [*lines_of(paths), Line(text="spoken")], aggregate="telling"))
    paths[0].unlink()
    told = ended(mill, batch)
    assert [one["output"] for one in told] == ["a.txt: on paper", None, None, "text.txt: spoken"]
    assert "gone.txt: cannot be read (No such file or directory)" in told[1]["error"]
    assert "Is a directory" in told[2]["error"]


def test_lists_and_large_outputs_are_read_whole(mill: TestMill, act: Act) -> None:
    lists = act(lambda c: c.submit_batch("spelling", [{"text": "x" * 600}, {"text": ""}], aggregate="telling"))
    large = act(lambda c: c.submit_batch("obeying", [{"text": "l"}], aggregate="telling", given={"limit": 1}))
    assert [one["output"] for one in ended(mill, lists)] == [["X"] * 600, []]
    assert [len(one["output"]) for one in mill.result(large.aggregate or "")] == [70_000]


def test_one_that_was_interrupted_goes_on_where_it_was_left(mill: TestMill, act: Act, tmp_path: Path) -> None:
    path, identity = tmp_path / "a.txt", new_id()
    path.write_text("first")
    lines: list[Line | BadLine] = [Line(path=str(path)), Line(path=str(tmp_path / "late.txt"))] * CHUNK
    failpoints.arm("batch.chunk=raise@1")
    with pytest.raises(RuntimeError):
        act(lambda c: c.submit_batch("reading", lines, batch=identity, aggregate="telling"))
    assert act(lambda c: c.batch(identity)).state == "open"
    path.write_text("second")
    (tmp_path / "late.txt").write_text("in time")
    batch = act(lambda c: c.submit_batch("reading", lines, batch=identity, aggregate="telling"))
    assert (batch.documents, batch.refused) == (2 * CHUNK, 0), "what was refused is tried again"
    outputs = [one["output"] for one in ended(mill, batch)]
    assert outputs[:CHUNK:2] == ["a.txt: first"] * (CHUNK // 2), "what was there is not touched"
    assert outputs[CHUNK::2] == ["a.txt: second"] * (CHUNK // 2)
    assert outputs[1::2] == ["late.txt: in time"] * CHUNK
    with pytest.raises(UsageError, match="takes no more lines: it is ended"):
        act(lambda c: c.submit_batch("reading", lines, batch=identity))


def test_a_blob_store_that_refuses_is_no_fault_of_a_line(mill: TestMill, act: Act) -> None:
    blobs, identity = Path(mill.settings.blobs.removeprefix("file://")), new_id()
    blobs.parent.mkdir()
    blobs.write_text("a file, where a folder should be")
    with pytest.raises(UsageError, match=r"line 1: the blob store refuses it .*DOCMILL_BLOB_URL"):
        act(lambda c: c.submit_batch("reading", [Line(text="a")], batch=identity))
    blobs.unlink()
    batch = act(lambda c: c.submit_batch("reading", [Line(text="a")], batch=identity))
    mill.run_until_idle()
    (outcome,) = act(lambda c: all_outcomes(c, batch.id))
    assert outcome == Outcome(1, member_id(identity, 1), "succeeded", None, "text.txt: a")


def test_one_that_was_opened_goes_on_with_what_it_was_opened_for(act: Act) -> None:
    identity = new_id()
    failpoints.arm("batch.chunk=raise")
    with pytest.raises(RuntimeError):
        act(lambda c: c.submit_batch("obeying", texts(1), batch=identity, aggregate="telling", given={"limit": 1}))
    failpoints.arm("")
    others: list[dict[str, Any]] = [
        {},
        {"aggregate": "telling"},
        {"aggregate": "telling", "given": {"limit": 1}, "tenant": "b"},
    ]
    for options in others:
        with pytest.raises(UsageError, match="was opened for pipeline obeying, aggregate telling, tenant default"):
            act(lambda c, options=options: c.submit_batch("obeying", texts(1), batch=identity, **options))
    with pytest.raises(UsageError, match="go on with the same"):
        act(lambda c: c.submit_batch("spelling", texts(1), batch=identity, aggregate="telling", given={"limit": 1}))


def test_what_cannot_be_a_batch_is_said_before_anything_is_written(act: Act) -> None:
    for options, words in (
        ({"pipeline": "nosuch"}, "no pipeline 'nosuch'"),
        ({"aggregate": "obeying"}, "needs a parameter `batch` of type EndedBatch"),
        ({"aggregate": "telling", "given": {"limit": "x"}}, "limit"),
        ({"aggregate": "telling", "given": {"batch": 1}}, "leave it out"),
        ({"priority": 12}, "priority 12"),
        ({"lanes": {"nosuch": "gpu"}}, "no step 'nosuch'"),
        ({"deadline": -1}, "deadline -1"),
        ({"batch": "x y"}, "not a document's id"),
    ):
        chosen: dict[str, Any] = {"pipeline": "obeying", **options}
        with pytest.raises(UsageError, match=words):
            act(lambda c, chosen=chosen: c.submit_batch(chosen.pop("pipeline"), texts(1), **chosen))
    assert act(lambda c: c.batches()) == []


def test_a_condition_that_cannot_judge_refuses_its_line_only(mill: TestMill, act: Act) -> None:
    batch = act(lambda c: c.submit_batch("picky", [{"text": text} for text in ("2", "one", "3")], aggregate="telling"))
    told = ended(mill, batch)
    assert [(one["status"], one["output"]) for one in told] == [
        ("succeeded", "2"),
        ("refused", None),
        ("succeeded", None),
    ]
    assert "the condition of step 'obey' cannot judge the parameter 'text': ValueError" in told[1]["error"]


def test_a_line_that_is_none_refuses_itself_only(mill: TestMill, act: Act) -> None:
    lines: list[Any] = [{"text": "a"}, 5, "a.txt", Line({"text": "b"})]
    batch = act(lambda c: c.submit_batch("obeying", lines, aggregate="telling"))
    told = ended(mill, batch)
    assert [one["status"] for one in told] == ["succeeded", "refused", "refused", "succeeded"]
    assert told[1]["error"] == "a line is the parameters of a document by name, or a Line; this is of type int"


def test_lines_are_counted_without_being_read() -> None:
    for text, count in ((b"", 0), (b"a", 1), (b"a\n", 1), (b"a\n\nb", 3), (b"\n" * 7, 5)):
        assert count_lines(BytesIO(text), most=4) == count, text
    assert count_lines(BytesIO(b"x" * 3_000_000 + b"\n")) == 1


def test_more_lines_than_a_batch_may_have(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.batches.filling.MOST_LINES", CHUNK)
    assert MOST_LINES == 50_000
    identity = new_id()
    with pytest.raises(UsageError, match=f"a batch may have {CHUNK} lines"):
        act(lambda c: c.submit_batch("obeying", texts(CHUNK + 1), batch=identity))
    assert act(lambda c: c.batch(identity)).documents == CHUNK


def test_the_ids_of_its_documents_tell_their_lines(mill: TestMill, act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", texts(3), priority=7, tenant="acme", deadline=60))
    found = mill.get(member_id(batch.id, 3))
    assert (found.priority, found.tenant, found.status) == (7, "acme", "queued")
    mill.shift(61)
    assert act(lambda c: c.batch(batch.id)).failed == 3
