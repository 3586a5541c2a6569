"""Access to the quarantine of a data folder's cluster: intake's database role, the key, and the operator's name."""

import asyncio
import getpass
import os
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, TypeVar

import typer

from infra.local.data_folder import Folder
from services.console.database import connected
from services.console.output import fail, fail_wrong_usage
from services.intake.domain.quarantine_entries import Entry
from services.intake.quarantine_encryption import Seal
from services.intake.settings import quarantine_key
from services.intake.store import quarantine_entries as store
from services.runtime.errors import Retryable
from services.runtime.postgres import Connection

_T = TypeVar("_T")
_LONGEST_NAME: Final = 200


def _whoever_asks() -> str:
    """Return the name of the operating system's user, or "uid N" if it has no name, as in many containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _somebody(name: str) -> str:
    """Return the operator's name, which is stored with the record. Exits with 2 if empty, too long or not UTF-8."""
    try:
        known = name.encode().strip()
    except UnicodeEncodeError:
        known = b""  # typed in another encoding
    if not 0 < len(known) <= _LONGEST_NAME:
        fail_wrong_usage(f"--operator: a name in UTF-8, of at most {_LONGEST_NAME} bytes")
    return name


Operator: TypeAlias = Annotated[
    str,
    typer.Option(
        "--operator",
        metavar="NAME",
        default_factory=_whoever_asks,
        callback=_somebody,
        help="Who does this; kept with the record.",
        show_default="your name at this machine",
    ),
]
Name: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The entry's number, or the event's id.")]


@asynccontextmanager
async def quarantine(data_dir: Path) -> AsyncIterator[Connection]:
    """Yield a connection in intake's database role. Raises `Retryable` without the database's answer."""
    async with connected(Folder(data_dir), "intake", "intake") as connection:
        yield connection


def run_query(asked: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine and return its result; exits with 1 when the database does not answer."""
    try:
        return asyncio.run(asked)
    except Retryable as error:
        fail(f"PostgreSQL does not answer: {error}")


async def entry_named(connection: Connection, name: str) -> Entry:
    """Return the entry with this number or event id. Exits with 1 when there is none, with 2 when there are several."""
    numbers = await _meant(connection, name)
    if not numbers:
        fail("Nothing of this number or id was refused.")
    if len(numbers) > 1:
        fail_wrong_usage(f"Several entries have this id, name one by its number: {', '.join(map(str, numbers))}")
    [entry] = await store.entries(connection, store.EntryFilter(numbers=numbers))
    return entry


def numbers_of(data_dir: Path, names: Sequence[str]) -> list[int]:
    """Return the sorted numbers of the entries that `names` mean; a name is an entry's number or an event's id.

    Exits with 1 if there is no entry for a name, or if the database does not answer.
    """

    async def ask() -> list[int]:
        async with quarantine(data_dir) as connection:
            found = [await _meant(connection, name) for name in names]
            if not all(found):
                fail(f"Nothing of the {found.index([]) + 1}. number or id was refused.")
            return sorted({number for each in found for number in each})

    return run_query(ask())


async def _meant(connection: Connection, name: str) -> list[int]:
    return await store.numbers(connection, name) if name.isascii() else []  # the driver may refuse other text


def seal(key_file: Path) -> Seal:
    """Return the `Seal` that decrypts the bytes of refused events; exit with 1 if the key file cannot be read."""
    try:
        return Seal(quarantine_key(key_file))
    except (OSError, ValueError) as error:
        fail(f"The quarantine's key cannot be read ({type(error).__name__}): {key_file}")
