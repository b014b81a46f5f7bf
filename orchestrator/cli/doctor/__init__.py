"""`docmill doctor`: checks what docmill stands on, and says how to mend what is wrong."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.cli.doctor.finding import Finding

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Remove index entries that lead nowhere.")] = False,
    json: Json = False,
) -> None:
    """Check Redis, storage, models, pipelines, workers and the indexes; each line says what to do."""
    from orchestrator.cli.doctor.machine import check_machine
    from orchestrator.cli.doctor.redis_side import check_redis_side
    from orchestrator.cli.output import show_json
    from orchestrator.settings import load_settings

    settings = load_settings()
    registry, findings = check_machine(settings)
    findings += asyncio.run(check_redis_side(settings, registry, repair=repair))
    if json:
        import msgspec

        show_json({"checks": msgspec.to_builtins(findings)})
    else:
        _show(findings)
    raise typer.Exit(1 if any(finding.state == "fail" for finding in findings) else 0)


def _show(findings: "Sequence[Finding]") -> None:
    from rich.markup import escape

    from orchestrator.cli.output import results

    out = results()
    for finding in findings:
        fix = f". [bold]Fix:[/] {escape(finding.fix)}" if finding.fix else ""
        colour = COLOURS[finding.state]
        out.print(
            f"[{colour}]{finding.state:<4}[/] {finding.name:<10} {escape(finding.text.rstrip('.'))}{fix}",
            soft_wrap=True,
        )
