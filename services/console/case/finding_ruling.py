"""`atips finding rule`: an agency rules on a finding, which closes it."""

from typing import Annotated, Final

import typer

from schemas.agencies import agency_of
from schemas.ids import Kind, is_id
from services.console import send_as_agency
from services.console.account_token import AccountToken, pages
from services.console.agency_connection import AgencyName, office
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import fail_wrong_usage

finding: Final = typer.Typer(name="finding", help="Settle what contradicts itself in a case.", no_args_is_help=True)


@finding.callback()
def _group() -> None:
    """Keep `rule` as a subcommand, though it is the only one."""


@finding.command()
def rule(
    which: Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id, as atips findings shows it.")],
    *,
    agency: AgencyName = "",
    ruling: Annotated[
        str, typer.Option("--ruling", metavar="CODE", help="no_contradiction, record_wrong, danger_met or not_known.")
    ],
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Rule on a finding that your account sees: it is closed, until the ruling is retracted."""
    at = office(data_dir, agency)
    found = None
    if is_id(which, Kind.ACTIVITY):
        with pages(data_dir, token_file) as server:
            own = server.account()["agency"]
            if agency_of(own) != agency_of(at.agency):
                fail_wrong_usage(f"Your account is of {own}: it rules as {agency_of(own)}, not as {at.agency}.")
            found = server.finding(which)
    if found is None:
        fail_wrong_usage(
            "No finding within a case or of a person has this id, or you may not see it. List them: atips findings"
        )
    names = [name for name in (found["case"], *found["persons"]) if name is not None]
    data = {"finding": which, "ruling": ruling, "names": names}
    about = {"finding": which}
    send_as_agency.publish_and_show(
        data_dir, agency, "finding.ruled", data, subject=which, as_json=as_json, about=about
    )


def register(app: typer.Typer) -> None:
    """Add the command group `finding` to the app."""
    app.add_typer(finding)
