"""`atips sql`: psql in one of the database roles for people, to read figures or the ledger's columns."""

import os
import shutil
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

import typer

from infra.local import postgres
from infra.local.data_folder import Folder
from infra.local.postgres import PostgresError
from services.console import local_cluster
from services.console.database import dsn
from services.console.options import DEFAULT, DataDir
from services.console.output import fail, fail_wrong_usage

_SESSION: Final = {"timezone": "America/Belize"}
_READ_ONLY: Final = {"default_transaction_read_only": "on"}


class SqlRole(StrEnum):
    """Database roles for people, who may only read."""

    ME_READ = "me_read"
    ME_OFFICER = "me_officer"
    AUDITOR = "auditor"


_PATHS: Final = {
    SqlRole.ME_READ: "reporting",
    SqlRole.ME_OFFICER: "reporting",
    SqlRole.AUDITOR: "case_tracker,reporting",
}
# (old, new) in an address with several servers: `read-write` would reject the session, which is read-only.
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
    address = urlsplit(_dsn(Folder(local_cluster.running_cluster(data_dir).data_dir), role, officer))
    # An officer's question is noted in the database, so the session is not read-only. The role may write nothing else.
    session = _SESSION | {"search_path": _PATHS[role]} | ({} if role is SqlRole.ME_OFFICER else _READ_ONLY)
    try:
        # The bundled psql has no TLS, nor other options that the address of an existing server may have.
        program = (shutil.which("psql") if address.query else None) or str(postgres.binaries() / "psql")
    except PostgresError as error:
        fail(str(error))
    # The password never goes on the command line, where every process of the machine could read it.
    environment = os.environ | {
        "PGPASSWORD": unquote(address.password or ""),
        "PGOPTIONS": " ".join(f"-c {name}={value}" for name, value in session.items()),
        "PGAPPNAME": "atips sql",
        "PSQL_HISTORY": os.devnull,  # no history of queries is kept
    }
    place = address._replace(
        netloc=address.netloc.replace(f":{address.password}@", "@", 1), query=address.query.replace(*_WRITABLE)
    ).geturl()
    options = ["--no-psqlrc", *(["--csv"] if csv else []), *(f"--command={each}" for each in command or ())]
    if command:
        options.append("--set=ON_ERROR_STOP=1")
    os.execve(program, [program, *options, place], environment)  # noqa: S606 - no shell, on purpose


def _dsn(folder: Folder, role: SqlRole, officer: str) -> str:
    """Return the DSN of a role. Exits with 2 when a name is missing or not needed, with 1 when it has no login."""
    if (role is SqlRole.ME_OFFICER) != bool(officer):
        fail_wrong_usage(
            "--as me_officer needs --officer NAME: each of its queries is logged under a name. "
            "Other roles take no --officer."
        )
    try:
        return dsn(folder, f"{role.value}_{officer}" if officer else role.value)
    except FileNotFoundError:
        fail(f"{officer} may not log in to the database. Open the login: atips users sql {officer}")


def register(app: typer.Typer) -> None:
    """Add the command `sql` to the app."""
    app.command()(sql)
