"""`atips connect FILE`: connect this PC to a remote cluster, as the agency of the connection file."""

from pathlib import Path
from typing import Annotated

import typer

from services.client.http import Http
from services.client.receipt_and_errors import ClientError
from services.console import agency_connection
from services.console.output import fail, out


def connect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The connection file that your operator handed out.")],
) -> None:
    """Connect this PC: publish, sheets, referral, inbox and receipts then work from here, over HTTPS alone.

    The file is tried first, copied into your own settings folder (readable by you alone), and can be deleted then.
    """
    found = agency_connection.read(file)
    door = Http.of(found)
    try:
        next(door.receipts(), None)
    except ClientError as error:
        fail(
            f"{found.http['address']} did not accept this connection: {error}. Nothing was changed. "
            "Try again, or ask your operator for a new file."
        )
    finally:
        door.close()
    root = agency_connection.store_current_connection(found)
    out().print(f"Connected as {found.agency}, system {found.system}, at {found.http['address']}.", markup=False)
    out().print(f"Kept in {root}. Delete {file} now: it holds your agency's keys.", markup=False)
    out().print("Try: atips receipts", markup=False)


def register(app: typer.Typer) -> None:
    """Add the command `connect` to the app."""
    app.command()(connect)
