"""Options that several commands share, and how their text becomes values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.moments import later
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from orchestrator.registry import Registry

Json = Annotated[bool, typer.Option("--json", help="One JSON value on stdout and nothing else.")]
Files = Annotated[list[Path], typer.Argument(help="PDF, PNG, JPEG or TIFF files.", metavar="FILES...")]
AnyFiles = Annotated[
    list[Path] | None, typer.Argument(help="Files; none for a pipeline that takes none.", metavar="[FILES...]")
]
DocumentId = Annotated[str, typer.Argument(help="A document's id.", metavar="ID")]
Tenant = Annotated[str, typer.Option("--tenant", help="For whom.")]
PipelineName = Annotated[str, typer.Option("--pipeline", help="The pipeline to send them through.")]
Priority = Annotated[int, typer.Option("--priority", "-p", help="9 (urgent) to 0.")]
Lanes = Annotated[
    list[str], typer.Option("--lane", help="Send a step to another lane; may be repeated.", metavar="STEP=LANE")
]
Parameters = Annotated[
    list[str], typer.Option("--param", help="A parameter of the pipeline; may be repeated.", metavar="NAME=JSON")
]
Deadline = Annotated[
    float | None,
    typer.Option("--deadline", help="Seconds in which each must have ended, else it fails.", metavar="SECONDS"),
]
Delay = Annotated[float, typer.Option("--delay", help="Seconds until they may start.", min=0, metavar="SECONDS")]
NotBefore = Annotated[
    str | None,
    typer.Option(
        "--not-before", help="When they may start: 2026-11-01T08:30, or seconds of the epoch.", metavar="TIME"
    ),
]
Seconds = Annotated[
    float | None, typer.Option("--timeout", help="Wait no longer than so many seconds (exit code 4).", min=0)
]


@dataclass(frozen=True)
class Submission:
    """How files are to be submitted."""

    pipeline: str
    priority: int
    lanes: dict[str, str]
    parameters: dict[str, Any]
    deadline: float | None = None
    """Seconds; None takes the pipeline's."""
    delay: float = 0.0
    """Seconds until they may start."""
    not_before: float | None = None
    """Or when, seconds of the epoch."""
    tenant: str = "default"

    @classmethod
    def of(
        cls,
        pipeline: str,
        priority: int,
        lanes: Sequence[str],
        parameters: Sequence[str],
        deadline: float | None = None,
        delay: float = 0.0,
        not_before: str | None = None,
        tenant: str = "default",
    ) -> "Submission":
        """Read the options' text.

        Raises:
            UsageError: one of them cannot be read.
        """
        start = later("--not-before", not_before)
        return cls(pipeline, priority, lanes_of(lanes), values_of(parameters), deadline, delay, start, tenant)

    def check(self, registry: "Registry", files: bool = True) -> None:
        """Refuse what cannot be, before anything is started.

        Args:
            files: whether there are any.

        Raises:
            UsageError: the text names the allowed values.
        """
        from orchestrator import admission

        chosen = registry.named(self.pipeline)
        admission.check(chosen, self.priority, self.lanes)
        if self.deadline is not None:
            admission.deadline(self.deadline)
        if self.delay and self.not_before is not None:
            raise UsageError("give --delay or --not-before, not both")
        if files and "source" not in chosen.parameters:
            raise UsageError(f"pipeline {self.pipeline!r} takes no file: it has no parameter 'source'")
        if not files and "source" in chosen.parameters:
            raise UsageError(f"pipeline {self.pipeline!r} takes files: name at least one")
        if unknown := sorted(set(self.parameters) - set(chosen.parameters)):
            known = ", ".join(chosen.parameters)
            raise UsageError(f"pipeline {self.pipeline!r} has no parameter {unknown[0]!r}: it takes {known}")


def together(option: str, given: object, other: str, there: object) -> None:
    """Refuse an option that would do nothing.

    Raises:
        UsageError: it is given without the other.
    """
    if given and not there:
        raise UsageError(f"{option} does nothing without {other}")


def _pair(option: str, text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"{option} {text!r} must be {form}")
    return name, value


def values_of(parameters: Sequence[str], option: str = "--param") -> dict[str, Any]:
    """Parameters as `--param` gives them.

    Raises:
        UsageError: one of them is not NAME=JSON.
    """
    return {name: _value(text) for name, text in (_pair(option, text, "NAME=JSON") for text in parameters)}


def lanes_of(lanes: Sequence[str]) -> dict[str, str]:
    """Step -> lane, as `--lane` gives them.

    Raises:
        UsageError: one of them is not STEP=LANE.
    """
    return dict(_pair("--lane", text, "STEP=LANE") for text in lanes)


def _value(text: str) -> Any:
    """The JSON value, or the text itself where it is none: `--param language=de` needs no quotes."""
    import msgspec

    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
