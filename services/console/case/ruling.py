"""`atips finding rule`: somebody looked into a finding and settles it, as an agency."""

import asyncio
from typing import Annotated, Final

import typer

from infra.local.folder import Folder
from schemas.agencies import PUBLISHING, house
from schemas.sight import sees_every_file
from services.case_tracker import queries
from services.console import acting, local
from services.console.answering import answering
from services.console.database import as_agency, connected
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.say import wrong
from services.referral import queries as referred

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
    names = _names(folder, which, agency) if which.isascii() else None  # else the driver may not take it
    if names is None:
        wrong("There is no such finding within a case, or of a person.")
    data = {"finding": which, "ruling": ruling, "names": names}
    about = {"finding": which}
    acting.say(data_dir, agency, "finding.ruled", data, subject=which, as_json=as_json, about=about)


def _names(folder: Folder, which: str, agency: str) -> list[str] | None:
    """Give what a finding names; None where there is none, or it is of a case of which the agency sees nothing."""

    async def ask() -> list[str] | None:
        async with as_agency(folder, agency, "case_tracker") as connection:
            found = await queries.finding_seen(connection, which)
        if found is not None:
            return [found.case_id, *found.persons]
        async with connected(folder, "officer", "referral") as connection:
            of_persons = await referred.dangers(connection, which)
        async with connected(folder, "officer", "case_tracker") as connection:
            cases = {each.case_id for each in of_persons if each.case_id is not None}
            unknown = await queries.unknown_to(connection, agency, cases, local.now(folder.root))
        for danger in of_persons:
            if house(agency) in danger.kept_out:
                continue
            own = any(record.startswith(f"{agency}/") for record in danger.records)
            if danger.case_id not in unknown and (danger.case_id is not None or own or sees_every_file(agency)):
                return [danger.person, *([danger.case_id] if danger.case_id is not None else [])]
        return None

    with answering():
        return asyncio.run(ask())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.add_typer(finding)
