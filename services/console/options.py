"""Options that several commands share: one wording, one default."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

DEFAULT: Final = Path(".atips")

DataDir: TypeAlias = Annotated[
    Path,
    typer.Option("--data-dir", envvar="ATIPS_DATA_DIR", metavar="D", help="The folder in which a local cluster lives."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for programs, nothing else.")]
