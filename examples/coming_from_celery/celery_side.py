"""celery -A documents worker --pool solo -Q gpu,cpu"""

from celery import Celery, chain, chord, group

from examples.coming_from_celery import work

app = Celery("documents", broker="redis://localhost:6379/0", backend="redis://localhost:6379/1")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_track_started=True,
    task_soft_time_limit=540,
    task_time_limit=600,
    result_expires=86_400,
    task_default_queue="cpu",
    task_default_priority=4,
    task_inherit_parent_priority=True,
    broker_transport_options={
        "visibility_timeout": 7_200,
        "priority_steps": list(range(10)),
        "queue_order_strategy": "priority",
    },
    broker_connection_retry_on_startup=True,
)
RETRIED = {"autoretry_for": (ConnectionError,), "retry_backoff": 30, "max_retries": 3}


@app.task(bind=True)
def read(self, path):
    pages = range(work.count_pages(path))
    return self.replace(chord([ocr.s(path, number) for number in pages], join.s()))


@app.task(queue="gpu", **RETRIED)
def ocr(path, number):
    return work.read_page(path, number)


@app.task
def join(pages):
    return "\n".join(pages)


@app.task(queue="gpu", **RETRIED)
def classify(text):
    return {"text": text, "kind": work.category_of(text)}


@app.task(queue="gpu", **RETRIED)
def extract(found):
    return {"kind": found["kind"], "fields": work.fields_in(found["text"], found["kind"])}


@app.task(queue="gpu", **RETRIED)
def summarise(found):
    return {"summary": work.shorten(found["text"])}


@app.task
def store(parts, path):
    return work.save(path, {**parts[0], **parts[1]})


@app.task
def report(stored):
    work.save_report({"stored": len(stored)})


def document(path):
    return chain(read.s(path), classify.s(), group(extract.s(), summarise.s()), store.s(path))


def process_document(path):
    return document(path).apply_async().id


def process_batch(paths):
    return chord([document(path) for path in paths], report.s()).apply_async().id


def process_urgent(path):
    return document(path).apply_async(priority=0).id
