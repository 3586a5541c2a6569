"""`atips agency list`: the credentials of agencies' systems, until when each is valid, and the number of API keys."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from infra.local import connection_settings, issued_agency_credentials
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN
from services.console import api_keys, local_cluster
from services.console.agency.agency_and_system import check_named
from services.console.agency.credential_errors import AGAIN, exit_on_credential_error
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, out
from services.runtime.clock import SystemClock


def listed(
    *,
    agency: Annotated[str | None, typer.Option("--agency", metavar="A", help="Only this agency.")] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print who may come in: each system's credentials, until when, and its API keys."""
    if agency is not None:
        check_named(agency, MAIN)
    root = local_cluster.running_cluster(data_dir).data_dir
    with exit_on_credential_error(AGAIN):
        found = asyncio.run(_rows(root, agency))
    if as_json:
        emit({"credentials": found})
        return
    table = Table("agency", "system", "principal", "state", "until", "API keys")
    for row in found:
        cells = (
            row["agency"],
            row["system"],
            row["principal"],
            row["state"],
            row["until"] or "–",
            str(row["api_keys"]),
        )
        table.add_row(*cells)
    out().print(table)


async def _rows(root: Path, agency: str | None) -> list[dict[str, Any]]:
    folder, now = Folder(root), SystemClock().now()
    async with api_keys.table(folder) as table:
        labels = [(each.agency, each.label) for each in await table.list(agency) if each.open_at(now)]
    return [
        {
            "agency": each.agency,
            "system": each.system,
            "principal": each.principal,
            "state": "ended" if not each.active(now) else "in force" if each.ends is None else "ending",
            "until": each.ends and each.ends.isoformat(timespec="seconds"),
            "api_keys": labels.count((each.agency, each.principal)),
        }
        for each in issued_agency_credentials.read(folder, connection_settings.started(root))
        if agency in {None, each.agency}
    ]
