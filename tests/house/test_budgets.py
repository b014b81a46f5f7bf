"""Files and functions stay short enough to read in one breath. No list of exceptions."""

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("orchestrator", "worker", "api", "benchmarks", "examples", "grafana")
FILES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
LONGEST_FILE, USUAL_FILE = 200, 100
LONGEST_FUNCTION, LONG_FUNCTION, USUAL_FUNCTION = 50, 25, 9


def functions() -> list[tuple[str, int]]:
    """(where, lines) of every function, its docstring left out."""
    found: list[tuple[str, int]] = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = node.lineno if body is node.body else node.lineno + 1
                length = (node.end_lineno or 0) - (body[0].lineno if body else first) + 2
                found.append((f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length))
    return found


def test_files() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert statistics.median(lengths.values()) <= USUAL_FILE


def test_functions() -> None:
    lengths = functions()
    assert [where for where, length in lengths if length > LONGEST_FUNCTION] == []
    ordered = sorted(length for _, length in lengths)
    assert statistics.median(ordered) <= USUAL_FUNCTION
    assert ordered[len(ordered) * 9 // 10] <= LONG_FUNCTION


def test_nothing_of_this_machine_is_in_the_project() -> None:
    named = [path for path in FILES if any(word in path.read_text() for word in ("/work/", "/root/"))]
    assert named == []
