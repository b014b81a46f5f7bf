"""How a trace travels: the words of the standard, a field that is read anyway, and nothing where nobody traces."""

import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry import trace

from orchestrator import tracing
from orchestrator.calls import Origin
from orchestrator.clients import Client
from orchestrator.ids import new_id, short_id
from orchestrator.settings import Settings
from orchestrator.tracing.traceparent import Traceparent, lineage
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server
from tests.support.workers import ROOT

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
LONGEST = 64
"""Bytes of a value that keeps a document's hash small."""
READS = ("hmget", "hget", "hgetall", "get", "exists", "hset", "zadd", "time")


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (PARENT, PARENT),
        (f" {PARENT} ", PARENT),
        (PARENT.replace("00-4b", "01-4b") + "-more", PARENT),
        (PARENT[:-2] + "ff", PARENT),
        (PARENT[:-2] + "00", PARENT[:-2] + "00"),
        (PARENT.upper(), None),
        (PARENT.replace("00-4b", "ff-4b"), None),
        (PARENT.replace("00f067aa0ba902b7", "0" * 16), None),
        (f"{PARENT}\r\nx", None),
        ("", None),
    ],
)
def test_a_header_is_read_as_the_standard_has_it(header: str, kept: str | None) -> None:
    """A later version may say more; what is none is ignored."""
    found = Traceparent.read(header)
    assert (str(found) if found else None) == kept


def test_a_runs_span_follows_from_its_lease() -> None:
    """Whoever knows the token knows the span; what docmill makes of a document has a trace of its own, linked to it."""
    line = lineage("0-1m8h7eykf4b928zzct", PARENT)
    assert line.run("17") == line.run("17") != line.run("18")
    assert line.parent == Traceparent.read(PARENT) and line.link is None
    for made in (".finish", ".00001", ".aggregate", ".hook-abcdefgh"):
        own = lineage(f"0-1m8h7eykf4b928zzct{made}", PARENT)
        assert own.parent is None and own.link == line.parent and own.trace != line.trace


def test_a_traced_document_costs_no_command_more(make_engine: MakeEngine) -> None:
    """And the usual one not even a byte: the traceparent is in `lanes`, beside overrides, and its hash stays small."""
    engine = make_engine(chain)
    _lived(engine, "")  # what is learnt of a pipeline is learnt once
    plain, usual = _lived(engine, "")
    traced, with_trace = _lived(engine, PARENT)
    assert with_trace == usual
    assert "lanes" not in engine.head(plain) and engine.head(traced)["lanes"] == f"@{PARENT}"
    assert max(len(value) for value in engine.head(traced).values()) <= LONGEST
    assert engine.server.redis.object("encoding", engine.keys.doc(traced)) == "listpack"


def test_a_slot_is_told_of_the_trace_with_the_job(make_engine: MakeEngine) -> None:
    """The document's tenant always; of a traced one its parent, the run before, how long it waited."""
    engine = make_engine(chain)
    engine.submit(chain, text="x", tenant="acme")
    slot = engine.slot()
    job = slot.take()
    assert (job.tenant, job.origin) == ("acme", None)
    slot.fail(job, "fatal")
    _submit(engine, PARENT, tenant="with spaces")
    first = slot.take()
    assert first.tenant == "with spaces"
    assert first.origin is not None and (first.origin.parent, first.origin.before) == (PARENT, "0")
    slot.fail(first)
    second = slot.take()
    assert second.origin == Origin(PARENT, first.token, second.origin.waited if second.origin else -1)


def test_a_client_takes_the_span_that_is_open_along(server: Server, tmp_path: Path) -> None:
    """Of the program's own; blocking calls too, though they run on a loop in another thread."""
    settings = Settings(redis_url=server.url, data_dir=tmp_path, pipelines=("tests.support.pipelines:chain",))
    context = trace.SpanContext(0xABC, 0xDEF, is_remote=False, trace_flags=trace.TraceFlags(1))
    with Client(settings=settings) as client:
        with trace.use_span(trace.NonRecordingSpan(context)):
            traced = client.submit("chain", text="x")
        usual = client.submit("chain", text="x")
        heads = [server.redis.hget(f"docmill:{{s0}}:doc:{one}", "lanes") for one in (traced, usual)]
    assert heads == [f"@00-{0xABC:032x}-{0xDEF:016x}-01", None]


def test_who_does_not_trace_imports_nothing() -> None:
    """The extra may be installed: without an endpoint it is not looked at, and all spans are silent."""
    assert not tracing.is_on()
    code = "import sys; from orchestrator import tracing; tracing.begin('x'); import worker.slot, worker.__main__;"
    code += "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk.trace', 'opentelemetry.exporter'))])"
    assert _said(code) == "[]"


def test_an_endpoint_without_the_extra_is_told_once_and_hinders_nothing() -> None:
    """With the command that installs it."""
    code = "import sys; sys.modules['opentelemetry.sdk'] = None; from orchestrator import tracing;"
    code += "tracing.begin('x'); print(tracing.is_on(), tracing.current() == '')"
    assert _said(code, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") == "False True"


def _said(code: str, **environment: str) -> str:
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert not environment or "pip install 'docmill[otel]'" in done.stderr
    return done.stdout.strip()


def _submit(engine: Engine, parent: str, tenant: str = "default") -> str:
    document = new_id()
    value = chain.input_json({"text": "x"})
    engine.transport.send(engine.documents.submit(chain.id, [(document, value)], tenant=tenant, trace=parent))
    return document


def _lived(engine: Engine, parent: str) -> tuple[str, dict[str, int]]:
    """A document from submit to its end, and how many commands of each kind that took."""
    slot = engine.slot(incarnation=short_id())
    engine.server.redis.config_resetstat()
    document = _submit(engine, parent)
    slot.work_off()
    told = engine.server.redis.info("commandstats")
    return document, {name: told[f"cmdstat_{name}"]["calls"] for name in READS if f"cmdstat_{name}" in told}
