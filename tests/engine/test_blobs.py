"""Blobs in a folder and in a store that is none: the same values, also under names that look like patterns."""

import io
from pathlib import Path
from uuid import uuid4

import pytest

from orchestrator.blobs import Blobs
from orchestrator.errors import UsageError

ITEM = "0-1abc/shout[0]/1763"


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(f"file://{tmp_path}/blobs" if request.param == "folder" else f"memory://{uuid4().hex}")


def test_an_items_value_is_written_whole_and_read_back(blobs: Blobs) -> None:
    blobs.put(ITEM, b"first")
    blobs.put(ITEM, b"second")
    assert blobs.get(ITEM) == b"second"


def test_a_file_is_copied_with_its_digest_and_found_locally(blobs: Blobs, tmp_path: Path) -> None:
    digest, size = blobs.put_file("0-1abc/input/a b.pdf", io.BytesIO(b"%PDF"))
    assert (len(digest), size) == (64, 4)
    assert blobs.local("0-1abc/input/a b.pdf", tmp_path / "cache").read_bytes() == b"%PDF"


def test_a_documents_blobs_go_together(blobs: Blobs) -> None:
    blobs.put(ITEM, b"x")
    blobs.put("0-1abd/join/1", b"kept")
    blobs.delete("0-1abc")
    blobs.delete("0-1abc")
    assert blobs.get("0-1abd/join/1") == b"kept"
    with pytest.raises(FileNotFoundError):
        blobs.get(ITEM)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b", ""])
def test_a_path_out_of_the_store_is_refused(blobs: Blobs, path: str) -> None:
    with pytest.raises(UsageError, match="not a path inside"):
        blobs.get(path)
