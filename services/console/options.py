"""Options that several commands share: one wording, one default."""

import errno
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from services.console.output import fail
from services.presentation.bilingual_text import Language
from services.sheet import cell_errors

DEFAULT: Final = Path(".atips")

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_LET_IN: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP}
)


def store_data_folder(context: typer.Context, given: Path | None) -> Path | None:
    """Return the data folder, and store it for `exit_on_file_errors`.

    Exits with 1 when it or a folder above it is a file.
    """
    context.find_root().obj = given
    way = () if given is None else (given, *given.absolute().parents)
    there = next((each for each in way if each.exists()), None)
    if there is not None and not there.is_dir():
        fail(f"{there} is a file: no cluster lives in {given}. Name a folder: --data-dir D")
    return given


def in_folder(data_dir: Path | None) -> str:
    """Return the option `--data-dir D`, quoted for a shell."""
    return f"--data-dir {shlex.quote(str(data_dir))}"


@contextmanager
def exit_on_file_errors(context: typer.Context) -> Iterator[None]:
    """Exit with 1 and a message when a file of the data folder may not be read or written, or when a disk is full.

    A full disk counts for any file, also for redirected output. Other OS errors pass.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            fail(f"{error.filename or 'what was to be written'}: {error.strerror}")
        given: Path | None = context.obj
        if given is None or error.errno not in _NOT_LET_IN or not isinstance(error.filename, str):
            raise
        folder, place = given.absolute(), Path(error.filename).absolute()
        # A folder above the data folder counts too, as the data folder may have to be made in it.
        if not (place.is_relative_to(folder) or folder.is_relative_to(place)):
            raise
        fail(f"{place}: {error.strerror}. Name a folder that you may enter and write: --data-dir D, not {given}")


DataDir: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        envvar="ATIPS_DATA_DIR",
        metavar="D",
        help="The folder in which a local cluster lives.",
        readable=False,  # typer's own message would not say what to do
        callback=store_data_folder,
    ),
]


LONGEST: Final = 86_400.0
"""Largest number of seconds that an option takes: a day. Clients and sockets do not accept more than some weeks."""


def language_code_of(language: Language | None) -> cell_errors.Lang | None:
    """Return the code of a language for sheets: "en" or "es"; None for None, which means both."""
    if language is None:
        return None
    return "es" if language is Language.ES else "en"


AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for programs, nothing else.")]
LangOption: TypeAlias = Annotated[Language, typer.Option("--lang", help="The language of the text.")]
PeriodText: TypeAlias = Annotated[
    str,
    typer.Option(
        "--period", metavar="P", help="2024, 2024-Q1, FY2024, 2024-03, 2024-03-08, or two of these: 2023-04..2024-03."
    ),
]
By: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--by", metavar="DIM", help="Break down by a dimension; may be given again, or joined: sex,age_group."
    ),
]
AsOf: TypeAlias = Annotated[
    str, typer.Option("--as-of", metavar="DAY", help="Only what happened by then; cuts the period's end.")
]
KNOWN_AT_HELP: Final = (
    "As it was known when N events had been accepted, or at a time: 2025-03-31 (its end in Belize), "
    "2025-03-31T12:00:00-06:00."
)
Numbers: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--number", metavar="O9", help="Only this figure; may be given again, or joined: O9,O13."),
]
ExpectationsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--expectations", metavar="FILE", help="Who is expected to report what, in place of our table."),
]


def split(given: list[str] | None) -> tuple[str, ...]:
    """Return all values of an option that may be repeated, and whose values may be joined by commas."""
    return tuple(value for each in given or () for value in each.split(",") if value)
