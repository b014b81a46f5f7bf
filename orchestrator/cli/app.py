"""Every command of `docmill`, in the order in which `--help` lists them."""

import typer

from orchestrator.cli import (
    burying,
    cancelling,
    crew,
    deleting,
    doctor,
    evaluating,
    everything,
    exporting,
    keying,
    lane_looking,
    limiting,
    logs,
    looking,
    pausing,
    prioritising,
    processing,
    programs,
    purging,
    retrying,
    schedules,
    showing,
    submitting,
    top,
    whying,
    working,
)
from orchestrator.cli.batch import app as batch

app = typer.Typer(
    name="docmill",
    help="Multi-step AI work over documents: OCR, classify, extract, summarise, store.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage or no Redis, 3 not found, 4 not in time. "
    "Settings: DOCMILL_… in the environment.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("process")(processing.process)
app.command("submit")(submitting.submit)
app.command("status")(looking.status)
app.command("why")(whying.why)
app.command("logs")(logs.logs)
app.command("result")(looking.result)
app.command("show")(showing.show)
app.command("list")(looking.list_documents)
app.command("export")(exporting.export)
app.command("cancel")(cancelling.cancel)
app.command("retry")(retrying.retry)
app.command("pause")(pausing.pause)
app.command("resume")(pausing.resume)
app.command("priority")(prioritising.priority)
app.command("delete")(deleting.delete)
app.command("purge")(purging.purge)
app.add_typer(batch.app, name="batch")
app.add_typer(schedules.app, name="schedule")
app.add_typer(keying.app, name="keys")
app.command("lanes")(lane_looking.lanes)
app.command("limit")(limiting.limit)
app.command("dead")(burying.dead)
app.command("workers")(crew.workers)
app.command("top")(top.top)
app.command("up")(everything.up)
app.command("down")(everything.down)
app.command("worker")(working.worker)
app.command("api")(programs.api)
app.command("doctor")(doctor.doctor)
app.command("evaluate")(evaluating.evaluate)
app.command("bench", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(programs.bench)
