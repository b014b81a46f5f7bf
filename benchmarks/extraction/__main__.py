"""Measure the extraction of fields on documents with ground truth, by rank, by the model, and by both.

    python -m benchmarks.extraction [CORPUS] [--by rank model both] [--fresh] [--wrong] [--json FILE]

CORPUS is a folder with `gt/canonical.tsv`. DOCMILL_LLM_URL and DOCMILL_LLM_MODEL name the model; without them the
embedded server is started. Texts are read once and kept in the system's folder for temporary files.
"""

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.extraction.reading import Place, read_pages
from benchmarks.extraction.scores import Scores
from benchmarks.extraction.truth import truths
from orchestrator.embedded.weights import fetch_weights
from orchestrator.findings import Category, PageText, Text
from orchestrator.settings import Settings
from worker.models import llm as _llm
from worker.pipelines.document import CATEGORIES
from worker.steps.extract import extract

assert _llm, "importing it enters the loader into the catalogue"

KEPT = Path(tempfile.gettempdir()) / "docmill-extraction"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PORT = 7899


def main() -> None:
    """Measure what the options ask for."""
    options = _options()
    if options.fresh:
        shutil.rmtree(KEPT / "pages", ignore_errors=True)
    place = Place(Settings(data_dir=KEPT / "data"))
    truth = truths(options.corpus)
    pages = {name: read_pages(options.corpus / name, place, KEPT / "pages") for name in truth}
    with _model(needed=options.by != ["rank"]) as url:
        scores = {by: asyncio.run(_measure(by, url, pages, truth)) for by in options.by}
    for by, one in scores.items():
        _show(by, one, len(pages), wrong=options.wrong)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode({by: _flat(o) for by, o in scores.items()})))
    sys.exit(any(one.ungrounded for one in scores.values()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=CORPUS)
    parser.add_argument("--by", nargs="+", choices=("rank", "model", "both"), default=["rank", "model", "both"])
    parser.add_argument("--fresh", action="store_true", help="read the documents again")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser.parse_args()


@contextmanager
def _model(*, needed: bool) -> Generator[str | None]:
    """The URL of the model's server: the one that the settings name, else an embedded one."""
    told = Settings().llm_url
    if told or not needed:
        yield told
        return
    weights = fetch_weights(KEPT / "weights")
    command = [sys.executable, "-m", "orchestrator.embedded.llm_server", "--port", str(PORT), "--model", str(weights)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None or "serving" not in server.stdout.readline():
                raise SystemExit("the embedded LLM server did not start")
            yield f"http://127.0.0.1:{PORT}/v1"
        finally:
            server.terminate()


async def _measure(
    by: str, url: str | None, pages: dict[str, list[PageText]], truth: dict[str, dict[str, list[str]]]
) -> Scores:
    settings = Settings(llm_url=url, extract_by=by, data_dir=KEPT / "data")  # pyright: ignore[reportArgumentType]
    place, scores = Place(settings), Scores()
    for name, read in pages.items():
        category = next(one for one in CATEGORIES if name.startswith(one))
        text = Text("\f".join(page.text for page in read), len(read), 0, 0)
        began = time.perf_counter()
        found = await extract(text, Category(category, 1.0), list(read), ctx=place)
        scores.seconds += time.perf_counter() - began
        scores.add(name, found, truth[name], read)
    if "llm" in place.models:
        await place.models["llm"].client.close()
    return scores


def _show(by: str, scores: Scores, documents: int, *, wrong: bool) -> None:
    print(f"\n{by}: {documents} documents, {scores.seconds / documents:.2f} s each")
    print(f"  {'field':<14}{'kind':<12}{'true':>5}{'found':>6}{'right':>6}{'precision':>11}{'recall':>8}")
    for name, one in sorted(scores.tallies.items()):
        print(
            f"  {name:<14}{one.kind:<12}{one.true:>5}{one.found:>6}{one.right:>6}{one.precision:>11.2f}{one.recall:>8.2f}"
        )
    for sure in ("right", "wrong"):
        of_these = [confidence for confidence, right in scores.sure if right == (sure == "right")]
        print(f"  confidence where {sure}: {sum(of_these) / max(1, len(of_these)):.2f} ({len(of_these)} values)")
    print(f"  values that are not on the page: {len(scores.ungrounded)}", *scores.ungrounded, sep="\n    ")
    if wrong:
        print("  wrong:", *scores.wrong, sep="\n    ")


def _flat(scores: Scores) -> dict[str, dict[str, int]]:
    counts = {
        name: {"true": one.true, "found": one.found, "right": one.right} for name, one in sorted(scores.tallies.items())
    }
    return counts | {"not on the page": {"found": len(scores.ungrounded)}}


if __name__ == "__main__":
    main()
