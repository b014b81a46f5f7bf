"""What pytest loads wherever docmill is installed: the fixture `mill`, and what it is made of.

Nothing else is imported before a test asks for it.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from worker.testing.mill import TestMill
    from worker.testing.server import Server

FAILED = pytest.StashKey[bool]()
"""Whether a test has failed: then it is not told of its faults too."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed."""
    report = yield
    if call.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def docmill_server() -> "Iterator[Server]":
    """A throw-away server for the session; each process of pytest-xdist has its own."""
    from worker.testing.server import running_server

    with running_server() as server:
        yield server


@pytest.fixture
def mill_settings() -> dict[str, Any]:
    """The settings of the fixture `mill`, by the names of docmill's `Settings`; define your own to change them."""
    return {}


@pytest.fixture
def mill(
    request: pytest.FixtureRequest,
    docmill_server: "Server",
    mill_settings: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> "Iterator[TestMill]":
    """A mill with nothing in it."""
    from worker.testing.mill import TestMill

    docmill_server.empty()
    with TestMill(docmill_server.url, tmp_path_factory.mktemp("mill"), **mill_settings) as mill:
        yield mill
        if not request.node.stash.get(FAILED, False):
            mill.check_faults()
