"""`atips sql`: PostgreSQL's own prompt in one of the roles of people, to read figures or the ledger's columns."""

import os
import shutil
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

import typer

from infra.local import postgres
from infra.local.folder import Folder
from infra.local.postgres import PostgresError
from services.console import local_cluster
from services.console.database import dsn
from services.console.options import DEFAULT, DataDir
from services.console.say import fail, wrong

_SESSION: Final = {"timezone": "America/Belize"}
_READ_ONLY: Final = {"default_transaction_read_only": "on"}


class SqlRole(StrEnum):
    """A role in which people look at the database."""

    ME_READ = "me_read"
    ME_OFFICER = "me_officer"
    AUDITOR = "auditor"


_PATHS: Final = {
    SqlRole.ME_READ: "reporting",
    SqlRole.ME_OFFICER: "reporting",
    SqlRole.AUDITOR: "case_tracker,reporting",
}
# Of several servers the one that takes writes: a session that is read-only passes for one on a standby.
_WRITABLE: Final = ("target_session_attrs=read-write", "target_session_attrs=primary")


def sql(
    *,
    command: Annotated[
        list[str] | None, typer.Option("--command", "-c", metavar="SQL", help="Run this and leave; may be repeated.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print tables as CSV, for a spreadsheet.")] = False,
    role: Annotated[SqlRole, typer.Option("--as", help="Role in which to look.")] = SqlRole.ME_READ,
    officer: Annotated[
        str, typer.Option("--officer", metavar="NAME", help="Account of the M&E officer, with --as me_officer.")
    ] = "",
    data_dir: DataDir = DEFAULT,
) -> None:
    r"""Open PostgreSQL's own prompt on the figures, in a role that may only read.

    There, \dv lists the views and \d+ figure_value says what each column means; times are Belize's. An M&E officer
    states first which figures are needed and why: SELECT ask_exact('O9,O13', 'table for the Institute'). Then
    figure_exact shows these.
    """
    address = urlsplit(_dsn(Folder(local_cluster.running(data_dir).data_dir), role, officer))
    # An officer's question is written down, so that session is not read-only; nothing else may be written in it.
    session = _SESSION | {"search_path": _PATHS[role]} | ({} if role is SqlRole.ME_OFFICER else _READ_ONLY)
    try:
        # The bundled one knows nothing of TLS, or of what else the address of somebody's server may ask for.
        program = (shutil.which("psql") if address.query else None) or str(postgres.binaries() / "psql")
    except PostgresError as error:
        fail(str(error))
    # Never on the command line, where every process of the machine could read it.
    environment = os.environ | {
        "PGPASSWORD": unquote(address.password or ""),
        "PGOPTIONS": " ".join(f"-c {name}={value}" for name, value in session.items()),
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


def _dsn(folder: Folder, role: SqlRole, officer: str) -> str:
    """Give the way in of a role. Leaves with 2 where an officer has no name, and with 1 where the name has no login."""
    if (role is SqlRole.ME_OFFICER) != bool(officer):
        wrong("--as me_officer needs --officer NAME, for each question is noted under a name; other roles need none.")
    try:
        return dsn(folder, f"{role.value}_{officer}" if officer else role.value)
    except FileNotFoundError:
        fail(f"{officer} may not log in to the database. Open the login: atips users sql {officer}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sql)
