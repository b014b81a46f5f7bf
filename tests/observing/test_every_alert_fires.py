"""No alert is forgotten: each is fired for real by the tests beside this one."""

import ast
from collections.abc import Iterator
from pathlib import Path

from grafana.source.alerts import BY_NAME

WHY_NOT: dict[str, str] = {}
"""Alert -> why no test on a usual machine can cause its fault."""


def fired() -> Iterator[str]:
    """What tests say that they make fire: the words given to `fires`."""
    for path in Path(__file__).parent.glob("test_alerts_fire*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(attr="fires"), args=words):
                    yield from (
                        word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)
                    )
                case _:
                    pass


def test_every_alert_is_fired_or_says_why_not() -> None:
    """A new one needs its fault; one that fires needs no excuse."""
    known = set(fired())
    assert known | set(WHY_NOT) == set(BY_NAME), "fire it in test_alerts_fire*.py, or say in WHY_NOT why no test can"
    assert not known & set(WHY_NOT)
