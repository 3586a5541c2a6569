"""The disclosure policy as commands take it. After its review date nothing is given out."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from infra.local.folder import Folder
from schemas.times import BELIZE
from services.console import local_cluster
from services.console.output import fail
from services.reporting.council_tables import disclosure_policy
from services.reporting.domain.disclosure.policy import DisclosurePolicy

PolicyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--policy", metavar="FILE", envvar="ATIPS_DISCLOSURE_FILE", help="The disclosure policy, in place of our file."
    ),
]


def policy_in_force(folder: Folder, file: Path | None) -> DisclosurePolicy:
    """Read the disclosure policy. Exits with 1 when its review is overdue. Raises `Halt` for a malformed policy."""
    policy = disclosure_policy(file)
    if policy.overdue(local_cluster.now(folder.root).astimezone(BELIZE).date()):
        fail(
            f"The disclosure policy was to be reviewed by {policy.review_by}: nothing is released or written for "
            f"others. {policy.owner} reviews it and sets another review_by."
        )
    return policy
