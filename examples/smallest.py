"""The smallest module of one's own: two steps and a pipeline.

DOCMILL_PIPELINES=examples.smallest:greeting docmill worker
"""

from orchestrator import pipeline, step


@step
def clean(name: str) -> str:
    """Runs in lane cpu, retried up to three times."""
    return name.strip().title()


@step(retries=0)
def greet(name: str) -> str:
    """Gets what `clean` returned."""
    return f"Hello, {name}!"


@pipeline()
def greeting(name: str) -> str:
    """Ordinary Python that reads as the flow of data."""
    return greet(clean(name))
