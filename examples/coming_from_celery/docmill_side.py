"""DOCMILL_PIPELINES=documents:document,documents:report docmill worker --slots "gpu*1 cpu*1" """

from collections import Counter

from examples.coming_from_celery import work
from orchestrator import Client, Context, EndedBatch, pipeline, step

client = Client("redis://localhost:6379/0")


@step(retries=0)
def pages(path: str) -> list[int]:
    return list(range(work.count_pages(path)))


@step(lane="gpu", retries=3, retry_delay=30)
def ocr(number: int, path: str) -> str:
    return work.read_page(path, number)


@step
def join(pages: list[str]) -> str:
    return "\n".join(pages)


@step(lane="gpu", retries=3, retry_delay=30)
def classify(text: str) -> str:
    return work.category_of(text)


@step(lane="gpu", retries=3, retry_delay=30)
def extract(text: str, kind: str) -> dict[str, str]:
    return work.fields_in(text, kind)


@step(lane="gpu", retries=3, retry_delay=30)
def summarise(text: str) -> str:
    return work.shorten(text)


@step
def store(path: str, kind: str, fields: dict[str, str], summary: str) -> str:
    return work.save(path, {"kind": kind, "fields": fields, "summary": summary})


@step
def count(batch: EndedBatch, ctx: Context) -> dict[str, int]:
    counts = Counter(outcome.status for outcome in ctx.outcomes(batch))
    work.save_report(counts)
    return counts


@pipeline()
def document(path: str) -> str:
    text = join(ocr.map(pages(path), path=path))
    kind = classify(text)
    return store(path, kind, extract(text, kind), summarise(text))


@pipeline()
def report(batch: EndedBatch) -> dict[str, int]:
    return count(batch)


def process_document(path: str) -> str:
    return client.submit(document, path=path)


def process_batch(paths: list[str]) -> str:
    return client.submit_batch(document, [{"path": path} for path in paths], aggregate=report).id


def process_urgent(path: str) -> str:
    return client.submit(document, path=path, priority=9)
