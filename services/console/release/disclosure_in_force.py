"""The disclosure policy as commands take it. After its review date nothing is given to others."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from infra.local.data_folder import Folder
from schemas.times import BELIZE
from services.console import local_cluster
from services.console.output import fail
from services.presentation.bilingual_text import Language, Words
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.outlets import Outlet, is_outlet_closed
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.runtime.council_table_file import check_review_date

PolicyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        envvar="ATIPS_DISCLOSURE_FILE",
        help="A disclosure policy. Without it, the shipped one.",
    ),
]

_OVERDUE: Final = Words(
    "The disclosure policy was to be reviewed by {review_by}: nothing is released or written for others. "
    "{owner} reviews it and sets another review_by.",
    "La política de divulgación debía revisarse a más tardar el {review_by}: no se publica ni se escribe nada para "
    "otros. {owner} la revisa y fija otra fecha review_by.",
)


def policy_in_force(
    folder: Folder, file: Path | None, outlet: Outlet, lang: Language = Language.EN
) -> DisclosurePolicy:
    """Return the disclosure policy; exit with 1 if its review is overdue and the outlet needs that review.

    An outlet is a way by which figures are given out, such as a release or a file. `file`: None means the shipped
    policy. `lang`: language of the message. Raises `Halt` if the policy is wrong or cannot be read, or if the
    review date of `file` lies too far ahead.
    """
    policy, now = disclosure_policy(file), local_cluster.now(folder.root)
    check_review_date("disclosure", policy.review_by, file, now)
    if is_outlet_closed(policy, outlet, now.astimezone(BELIZE).date()):
        fail(_OVERDUE.of(lang).format(review_by=policy.review_by, owner=policy.owner))
    return policy
