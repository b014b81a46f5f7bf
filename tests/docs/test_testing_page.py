"""Every snippet of the page on testing is run, as its reader would."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"
SNIPPETS = re.findall(r"^```python\n# (\S+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_every_snippet_runs(pytester: pytest.Pytester) -> None:
    assert len(SNIPPETS) == PAGE.read_text().count("```python"), "each begins with the name of its file"
    for name, text in SNIPPETS:
        (pytester.path / name).write_text(text)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    tests = sum(text.count("\ndef test_") for _, text in SNIPPETS)
    pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider").assert_outcomes(passed=tests)
