"""The tree that is drawn is the tree that is."""

import re

from orchestrator import errors


def test_the_error_tree_in_the_docstring_matches_the_classes() -> None:
    drawn = set(re.findall(r"(?:^|[├└]── )([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)) - {"Every"}
    classes = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, Exception)}
    assert drawn == classes
