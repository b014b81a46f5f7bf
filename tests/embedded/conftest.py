"""A data folder of the test's own, and nothing left running in it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.parts import Parts
from orchestrator.settings import Settings


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder with a short name, as a socket's must be; what was started in it is ended."""
    with TemporaryDirectory(prefix="dm") as path:
        yield Path(path)
        for _ in Parts(Settings(redis_url=None, data_dir=Path(path))).stop(patience=5):
            pass


@pytest.fixture
def folder(data_dir: Path) -> Folder:
    """The same, as the programs see it."""
    return Folder.of(data_dir)
