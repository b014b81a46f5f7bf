"""`docmill worker --reload`: a worker that is started again when its code changes; for development."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from orchestrator.cli.output import notes

PATIENCE = 5.0
"""Seconds that running jobs have to end before a restart; then they go back to their lanes."""
RETURN = 10.0
"""Seconds that a worker has to return them."""
MOST_NAMED = 3


class Reloading:
    """Runs a program, again after each change, until it is told to stop.

    Args:
        command: of the program.
        told: its environment, beside what it inherits.
    """

    def __init__(self, command: Sequence[str], told: Mapping[str, str]) -> None:
        self._command, self._environment = list(command), {**os.environ, **told}
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, pipelines: Iterable[str], *, as_json: bool) -> None:
        """Until a signal ends it; a second signal ends the worker at once.

        Args:
            pipelines: `module:attribute` of each, all of them imported.
        """
        from watchfiles import PythonFilter, watch

        if as_json:
            from orchestrator.cli.programs import say_who

            say_who(self._command)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        places = watched(pipelines)
        self._start()
        told = ", ".join(map(str, places))
        notes().print(f"[dim]watching {told}: the worker is started again when a Python file changes[/]", markup=True)
        changes = watch(
            *places,
            watch_filter=PythonFilter(),
            stop_event=self._stop,
            ignore_permission_denied=True,
            raise_interrupt=False,
        )
        for changed in changes:
            self._restart(sorted({path for _, path in changed}))
        assert self._process is not None
        self._process.wait()  # it was told to stop too: as long as its jobs take

    def _restart(self, paths: Sequence[str]) -> None:
        names = [os.path.relpath(path) for path in paths[:MOST_NAMED]]
        more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
        notes().print(f"changed: {', '.join(names)}{more}; the worker starts again", markup=False)
        self._end()
        self._start()

    def _start(self) -> None:
        # In a session of its own: Ctrl-C reaches it once, through us.
        self._process = subprocess.Popen(self._command, env=self._environment, start_new_session=True)
        if self._stop.is_set():  # the signal came too early to be passed on
            self._process.terminate()

    def _end(self) -> None:
        """End the worker, soon: its jobs are drained, then returned; one that hears nothing is killed."""
        assert self._process is not None
        for seconds in (PATIENCE, RETURN):
            self._process.terminate()
            try:
                self._process.wait(seconds)
                return
            except subprocess.TimeoutExpired:
                continue
        self._process.kill()
        self._process.wait()

    def _on_signal(self, *_: object) -> None:
        self._stop.set()
        if self._process is not None:
            self._process.terminate()


def watched(pipelines: Iterable[str]) -> list[Path]:
    """The folders whose Python files matter: where one stands, and those of the pipelines' packages.

    Args:
        pipelines: `module:attribute` of each, all of them imported.
    """
    places = [Path.cwd().resolve()]
    for pipeline in pipelines:
        module = pipeline.partition(":")[0].strip()
        top = sys.modules[module.partition(".")[0]]
        if (file := top.__file__ or sys.modules[module].__file__) is None:
            continue
        place = Path(file).resolve().parent
        if not any(place.is_relative_to(known) for known in places):
            places.append(place)
    return places
