"""`atips finding rule`: somebody looked into a finding and settles it, as an agency."""

import asyncio
from typing import Annotated, Final

import typer

from infra.local.folder import Folder
from schemas.agencies import PUBLISHING
from services.case_tracker import queries
from services.case_tracker.queries import Told
from services.console import acting, local
from services.console.answering import answering
from services.console.database import connected
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.say import wrong

finding: Final = typer.Typer(name="finding", help="Settle what contradicts itself in a case.", no_args_is_help=True)


@finding.callback()
def _group() -> None:
    """Keep `rule` a command of its own, though it is the only one."""


@finding.command()
def rule(
    which: Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id, as atips findings shows it.")],
    *,
    agency: Annotated[str, typer.Option("--agency", metavar="A", help="As which agency: its code.")],
    ruling: Annotated[
        str, typer.Option("--ruling", metavar="CODE", help="no_contradiction, record_wrong, danger_met or not_known.")
    ],
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Rule on a finding: it is closed, until the ruling is retracted."""
    if agency not in PUBLISHING:
        wrong(f"There is no agency {agency}.")
    folder = Folder(local.running(data_dir).data_dir)
    told = _known(folder, which, agency) if which.isascii() else None  # else the driver may not take it
    if told is None:
        wrong("There is no such finding within a case.")
    data = {"finding": which, "ruling": ruling, "names": [told.case_id, *told.persons]}
    about = {"finding": which}
    acting.say(data_dir, agency, "finding.ruled", data, subject=which, as_json=as_json, about=about)


def _known(folder: Folder, which: str, agency: str) -> Told | None:
    """Give the finding; None where there is none, or it is of a case of which the agency sees nothing."""

    async def ask() -> Told | None:
        async with connected(folder, "reader", "case_tracker") as connection:
            found = await queries.findings(connection, finding=which)
            unknown = await queries.unknown_to(connection, agency, {each.case_id for each in found})
            return next((each for each in found if each.case_id not in unknown), None)

    with answering():
        return asyncio.run(ask())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(finding)
