"""Options that several commands share: one wording, one default."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from services.console.say import fail

DEFAULT: Final = Path(".atips")


def a_folder(given: Path | None) -> Path | None:
    """Leave with a word where no folder is and none can be made: a file, or a path that leads through one."""
    way = () if given is None else (given, *given.absolute().parents)
    there = next((each for each in way if each.exists()), None)
    if there is not None and not there.is_dir():
        fail(f"{there} is a file: no cluster lives in {given}. Name a folder: --data-dir D")
    return given


DataDir: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        envvar="ATIPS_DATA_DIR",
        metavar="D",
        help="The folder in which a local cluster lives.",
        callback=a_folder,
    ),
]


class Language(StrEnum):
    """In which language something is told."""

    EN = "en"
    ES = "es"


AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for programs, nothing else.")]
Lang: TypeAlias = Annotated[Language, typer.Option("--lang", help="The language of the text.")]
PeriodText: TypeAlias = Annotated[
    str,
    typer.Option("--period", metavar="P", help="2024, 2024-03, 2024-03-08, or two of these: 2023-04..2024-03."),
]
By: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--by", metavar="DIM", help="Break down by a dimension; may be given again, or joined: sex,age_group."
    ),
]
Numbers: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--number", metavar="O9", help="Only this figure; may be given again, or joined: O9,O13."),
]
ExpectationsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--expectations", metavar="FILE", help="Who is expected to report what, in place of our table."),
]
