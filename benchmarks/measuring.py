"""Throughput and cost, measured the same way for every peer: the backlog first, then one worker runs it down."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from benchmarks.board import Board
from benchmarks.processes import Worker
from benchmarks.server import Server

Kind = Literal["noop", "chain"]
"""A document of one step, or of four, one after the other."""
CHAIN = 4
WARMING = 20


@dataclass(frozen=True)
class Bench:
    """What all measurements share."""

    server: Server
    board: Board
    folder: Path
    """For logs and whatever else the worker writes."""


class Peer(Protocol):
    """What can be measured."""

    def submit(self, kind: Kind, count: int) -> float:
        """Submit documents one by one, each answered before the next; answers the seconds."""
        ...

    def worker(self) -> AbstractContextManager[Worker]:
        """One worker with one slot."""
        ...


@dataclass(frozen=True)
class DocumentFigures:
    """What a run of 4-step documents showed."""

    documents_per_second: float
    submits_per_second: float
    round_trips_per_document: float
    bytes_per_queued_document: float
    bytes_per_finished_document: float


def steps_per_second(bench: Bench, peer: Peer, count: int, backlog: int = 0) -> float:
    """The rate of no-op steps, each a document of its own, while at least `backlog` more wait."""
    warm(bench, peer, "noop")
    peer.submit("noop", count + backlog)
    with peer.worker() as worker:
        worker.wait(lambda: bench.board.steps >= count)
        return (bench.board.steps - 1) / bench.board.seconds


def measure_documents(bench: Bench, peer: Peer, count: int) -> DocumentFigures:
    """All figures of 4-step documents, of one run."""
    warm(bench, peer, "chain")
    server, before, reads = bench.server, bench.server.used_memory(), bench.server.reads()
    seconds = peer.submit("chain", count)
    submitting = (server.reads() - reads) / count
    queued = server.used_memory()
    with peer.worker() as worker:
        running = _reads_per_step(bench, worker, count) * CHAIN
    return DocumentFigures(
        documents_per_second=count / bench.board.seconds,
        submits_per_second=count / seconds,
        round_trips_per_document=submitting + running,
        bytes_per_queued_document=(queued - before) / count,
        bytes_per_finished_document=(server.used_memory() - before) / count,
    )


def warm(bench: Bench, peer: Peer, kind: Kind) -> None:
    """Empty the server, then run a few documents through a worker: what is made once is not counted below."""
    bench.server.flush()
    bench.board.clear()
    peer.submit(kind, WARMING)
    with peer.worker() as worker:
        worker.wait(lambda: bench.board.documents >= WARMING)
    bench.board.clear()


def _reads_per_step(bench: Bench, worker: Worker, count: int) -> float:
    """Between the first step and the last, so that what start and stop cost stays out.

    What a supervisor sends by the clock (heartbeats, sweeps: a few a second) remains in it, and is nothing beside
    the thousands of reads a second of a busy slot; it could not be told apart, as an idle worker sends other calls.
    """
    worker.wait(lambda: bench.board.steps > 0, poll=0.001)
    steps, reads = bench.board.steps, bench.server.reads()
    worker.wait(lambda: bench.board.documents >= count)
    return (bench.server.reads() - reads) / (bench.board.steps - steps)
