"""One setting in a process of its own, so that its peak of memory is its own: `python -m benchmarks.reading.one …`."""

import argparse
import json
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.reading.pages import Page, pages
from orchestrator.evaluation.words import word_precision, word_recall
from orchestrator.settings import Settings
from worker.models import ocr_options, paddleocr
from worker.models.reader import Reader


def measure(corpus: Path, resolution: int, batch: int, unclip: float) -> dict[str, Any]:
    """The figures of one setting: means over the pages, and each page's own."""
    ocr_options.UNCLIP = unclip
    with tempfile.TemporaryDirectory() as folder:
        reader = paddleocr.load(Settings(data_dir=Path(folder), ocr_dpi=resolution, ocr_batch=batch))
        given = list(pages(corpus))
        reader.read(given[-1].picture(100), 0)  # the first page of a process is slower
        each = {page.file.name: _read(reader, page, resolution) for page in given}
    scans = [each[page.file.name] for page in given if not page.made]
    made = [each[page.file.name] for page in given if page.made]
    setting = {"resolution": resolution, "batch": batch, "unclip": unclip}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return setting | {"scans": _means(scans), "made": _means(made), "peak_rss_mb": peak, "pages": each}


def _read(reader: Reader, page: Page, resolution: int) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = reader.read(page.picture(resolution), 0).text
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    recall, precision = word_recall(page.truth, found), word_precision(page.truth, found)
    return {"recall": recall, "precision": precision, "seconds": seconds, "cpu_seconds": cpu_seconds}


def _means(figures: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.fmean(one[name] for one in figures), 4) for name in figures[0]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("resolution", type=int)
    parser.add_argument("batch", type=int)
    parser.add_argument("unclip", type=float)
    given = parser.parse_args()
    print(json.dumps(measure(given.corpus, given.resolution, given.batch, given.unclip)))
