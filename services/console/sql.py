"""`atips sql`: the figures by quarters and years at PostgreSQL's own prompt, to read and no more."""

import os
import shutil
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

import typer

from infra.local import postgres
from infra.local.folder import Folder
from infra.local.postgres import PostgresError
from services.console import local
from services.console.database import dsn
from services.console.options import DEFAULT, DataDir
from services.console.say import fail

_ROLE: Final = "reader"
_SESSION: Final = {
    "default_transaction_read_only": "on",
    "search_path": "reporting,referral,case_tracker",
    "timezone": "America/Belize",
}
# Of several servers the one that takes writes: a session that is read-only passes for one on a standby.
_WRITABLE: Final = ("target_session_attrs=read-write", "target_session_attrs=primary")


def sql(
    *,
    command: Annotated[
        list[str] | None, typer.Option("--command", "-c", metavar="SQL", help="Run this and leave; may be repeated.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print tables as CSV, for a spreadsheet.")] = False,
    data_dir: DataDir = DEFAULT,
) -> None:
    r"""Open PostgreSQL's own prompt on the figures, in the role that may only read.

    There, \dv lists the views and \d+ figure_period says what each column means; times are Belize's.
    """
    address = urlsplit(dsn(Folder(local.running(data_dir).data_dir), _ROLE))
    try:
        # The bundled one knows nothing of TLS, or of what else the address of somebody's server may ask for.
        program = (shutil.which("psql") if address.query else None) or str(postgres.binaries() / "psql")
    except PostgresError as error:
        fail(str(error))
    # Never on the command line, where every process of the machine could read it.
    environment = os.environ | {
        "PGPASSWORD": unquote(address.password or ""),
        "PGOPTIONS": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
        "PGAPPNAME": "atips sql",
        "PSQL_HISTORY": os.devnull,  # what was asked for stays nowhere
    }
    place = address._replace(
        netloc=address.netloc.replace(f":{address.password}@", "@", 1), query=address.query.replace(*_WRITABLE)
    ).geturl()
    options = ["--no-psqlrc", *(["--csv"] if csv else []), *(f"--command={each}" for each in command or ())]
    if command:
        options.append("--set=ON_ERROR_STOP=1")
    os.execve(program, [program, *options, place], environment)  # noqa: S606 - no shell, on purpose


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sql)
