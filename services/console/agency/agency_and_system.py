"""Options that name an agency and its system, checks of these names, and the credentials of a system."""

import re
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from infra.local import connection_settings, issued_agency_credentials
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import Credential
from schemas.agencies import PUBLISHING
from services.console.output import fail_wrong_usage

_SYSTEM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")  # as in an event's source
AgencyArgument: TypeAlias = Annotated[str, typer.Argument(metavar="AGENCY", help="Its code.")]
AgencyOrAuditor: TypeAlias = Annotated[
    str, typer.Argument(metavar="[AGENCY]", help="Its code; none with --auditor.", show_default=False)
]
Auditor: TypeAlias = Annotated[
    bool, typer.Option("--auditor", help="Not an agency: an auditor, who reads the topics of the log and nothing else.")
]
System: TypeAlias = Annotated[
    str, typer.Option("--system", metavar="S", help="Which of its systems, as in an event's source: agency/system.")
]
To: TypeAlias = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help="Write its keys into this new connection file, and keep none here."),
]
Keep: TypeAlias = Annotated[
    bool, typer.Option("--keep", help="Keep its keys in the data folder: for a program on this machine, with no --to.")
]


def credentials_of_system(root: Path, agency: str, system: str | None) -> list[Credential]:
    """Return the credentials of one system of an agency, or of all its systems where `system` is None."""
    found = issued_agency_credentials.read(Folder(root), connection_settings.started(root))
    return [each for each in found if each.agency == agency and system in {None, each.system}]


def check_named(agency: str, system: str) -> None:
    """Exit with 2 when the agency publishes nothing, or the system's name is not allowed in an event's source."""
    if agency not in PUBLISHING:
        fail_wrong_usage(f"No agency {agency} publishes here; there are {', '.join(PUBLISHING)}.")
    if _SYSTEM.fullmatch(system) is None:
        fail_wrong_usage("--system: lower-case letters, digits and hyphens, as in an event's source.")
