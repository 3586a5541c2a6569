"""The account that takes a step of a release, known by its token (`atips users token`)."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from infra.local.data_folder import Folder
from services.console import local_cluster
from services.console.account_token import plain
from services.console.database import connected
from services.console.output import fail, fail_wrong_usage
from services.reporting.domain.disclosure.policy import ReleasingRole
from services.web.accounts import Accounts
from services.web.domain.account_rules import Account, token_hash

_VARIABLE: Final = "ATIPS_TOKEN"

TokenFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help=f"File with your account's token (atips users token NAME). Else {_VARIABLE} holds it, or it is asked for.",
    ),
]


async def account_of(folder: Folder, token: str, roles: Sequence[ReleasingRole]) -> Account:
    """Return the account of a token. Exits with 1 for an invalid token, or a role that is not in `roles`."""
    async with connected(folder, "registrar", "web") as connection:
        found = await Accounts(connection).of_token(token_hash(token), local_cluster.now(folder.root))
    if found is None:
        fail("This token opens no account: it is wrong, has ended, or was revoked. New one: atips users token NAME")
    if found.role.value not in {each.value for each in roles}:
        fail(f"{found.name} may not take this step: the policy lets {', '.join(each.value for each in roles)} do it.")
    return found


def token_from(file: Path | None) -> str:
    """Read the account's token from the file, else from ATIPS_TOKEN, else from a prompt. Exits with 2 without one."""
    if file is not None:
        try:
            token = plain(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            fail_wrong_usage(
                f"The token was not read: {file} is no text file that you may read. Give the file of the token."
            )
    else:
        token = plain(os.environ.get(_VARIABLE) or typer.prompt("Token", hide_input=True))
    if not token:
        fail_wrong_usage("A step of a release is taken by an account: give its token.")
    return token
