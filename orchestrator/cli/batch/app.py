"""The commands of `docmill batch`, in the order in which `--help` lists them."""

import typer

from orchestrator.cli.batch import cancelling, exporting, following, looking, submitting

app = typer.Typer(
    help="Submit, follow and cancel many documents together, with an aggregate at the end.", no_args_is_help=True
)

app.command("submit")(submitting.submit)
app.command("status")(looking.status)
app.command("results")(exporting.results)
app.command("list")(looking.list_batches)
app.command("wait")(following.wait)
app.command("cancel")(cancelling.cancel)
