"""`atips sign-in` and `atips sign-out`: the account with which this PC reads cases, findings and referrals."""

import sys
from typing import Final

import typer

from services.console import account_token
from services.console.account_token import AccountToken
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail, out

_FIRST: Final = {"officer": "referrals", **dict.fromkeys(("operations", "iec", "m_and_e", "auditor"), "figures")}
"""Role of an account on the pages, and a command that works for it, suggested after signing in."""


def sign_in(token_file: AccountToken = None, data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Keep your account's token on this PC, readable by you alone. It is tried first.

    Your operator makes it: atips users token NAME --days N --cases. Without a file you are asked for it, unseen.
    """
    address, ca_pem = account_token.place(data_dir)
    token = account_token.read_given_token(token_file) or _asked()
    with account_token.open_pages_client(address, token, ca_pem) as pages:
        found = pages.account()
    account_token.store_token(address, token)
    if as_json:
        emit(found)
    else:
        said = f"Signed in as {found['account']} ({found['role']}, {found['agency']})."
        out().print(f"{said} Try: atips {_FIRST.get(found['role'], 'help')}", markup=False)


def sign_out(data_dir: DataDir = DEFAULT) -> None:
    """Forget the account's token on this PC. The token itself ends on its day, or when the account is reset."""
    address, _ = account_token.place(data_dir)
    file = account_token.store_token(address, None)
    out().print(f"Signed out of {address}; {file} holds no token for it any more.", markup=False)


def _asked() -> str:
    typed = typer.prompt("Token", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    token = account_token.plain(typed)
    if not token:
        fail("No token was given: nothing was changed.")
    return token


def register(app: typer.Typer) -> None:
    """Add the commands `sign-in` and `sign-out` to the app."""
    app.command("sign-in")(sign_in)
    app.command("sign-out")(sign_out)
