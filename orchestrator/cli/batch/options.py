"""What several commands of `docmill batch` take."""

from typing import Annotated

import typer

BatchId = Annotated[str, typer.Argument(help="A batch's id.", metavar="ID")]
