"""`atips users`: accounts for the pages, each with one role and one agency, and one-time links that sign them in."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from infra.local import database_logins
from infra.local.data_folder import Folder
from infra.local.protected_files import write_new
from schemas.agencies import AGENCIES, agency_of
from services.console import local_cluster
from services.console.account_token import HEADER
from services.console.agency.connection_files import try_out
from services.console.database import connected
from services.console.figure_arguments import leave_without_figures
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail, fail_wrong_usage, out
from services.presentation.bilingual_text import pluralize
from services.web.accounts import Accounts
from services.web.domain.account_rules import LINK, LONGEST_TOKEN_DAYS, NAME, Account, token_hash
from services.web.domain.roles import Role

users = typer.Typer(no_args_is_help=True, help="Add, list, reset and disable accounts for the pages.")

_SHORTEST_REASON: Final = 3
_LONGEST_REASON: Final = 300

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account: small letters, digits, . _ -")]


@users.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="Committee of the person, or auditor.")],
    agency: Annotated[str, typer.Option("--agency", metavar="A", help="Agency that the person works for.")],
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Add an account and print a one-time link. The person opens it within a day and may set a password then."""
    if not NAME.fullmatch(name):
        fail_wrong_usage(
            f"{name} is no name of an account: write 2 to 40 small letters, digits, dots, lines; a letter first."
        )
    if agency not in AGENCIES:
        fail_wrong_usage(f"There is no agency {agency}.")
    account = Account(name, role, agency)
    address = add_account(data_dir, account)
    if address is None:
        fail(f"There is an account {name}. For a new link: atips users reset {name}")
    _show_link(name, address, as_json=as_json)


@users.command("list")
def listed(data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """List the accounts."""

    async def read(folder: Folder) -> list[Account]:
        async with _accounts(folder) as accounts:
            return await accounts.all()

    with leave_without_figures():
        found = asyncio.run(read(_folder(data_dir)))
    if as_json:
        emit({"accounts": [_plain(each) for each in found]})
        return
    table = Table("account", "role", "agency", "state")
    for each in found:
        table.add_row(each.name, each.role.value, each.agency, "disabled" if each.disabled else "active")
    out().print(table)


@users.command("disable")
def disable(name: Name, data_dir: DataDir = DEFAULT) -> None:
    """Disable an account and end its sessions."""

    async def done(folder: Folder) -> bool:
        async with _accounts(folder) as accounts:
            return await accounts.disable(name, local_cluster.now(folder.root))

    folder = _folder(data_dir)
    with leave_without_figures():
        if not asyncio.run(done(folder)):
            fail(f"There is no account {name}. List the accounts: atips users list")
    with _database():
        database_logins.shut_officer(folder.root, name)
    out().print(f"{name} is disabled, and its sessions have ended.", markup=False)


@users.command("reset")
def reset(name: Name, data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Enable an account again, forget its password, end its sessions, and print a new one-time link."""

    async def done(folder: Folder) -> str | None:
        async with _accounts(folder) as accounts:
            return await _link(accounts, folder, name) if await accounts.reset(name) else None

    with leave_without_figures():
        address = asyncio.run(done(_folder(data_dir)))
    if address is None:
        fail(f"There is no account {name}. List the accounts: atips users list")
    _show_link(name, address, as_json=as_json)


@users.command("token")
def token(
    name: Name,
    days: Annotated[int, typer.Option("--days", min=1, max=LONGEST_TOKEN_DAYS, help="It ends after so many days.")],
    *,
    cases: Annotated[
        bool, typer.Option("--cases", help="It may look at cases too, without a password. Only for an officer.")
    ] = False,
    exact: Annotated[
        str,
        typer.Option("--exact", metavar="REASON", help="It may read exact figures too. The auditor sees the reason."),
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write it, as a header, into a new file, readable by you alone."),
    ] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print a token with which a program reads data as this account. It is shown once and kept nowhere.

    Commands take the file of --to by --token-file, and curl by -H @FILE: both the header and the token alone are read.
    Without --exact it reads figures as the role me_read does: without small numbers. With it each question is noted.
    Disabling or resetting the account revokes all of its tokens.
    """

    async def done(folder: Folder, given: str) -> bool:
        now = local_cluster.now(folder.root)
        async with _accounts(folder) as accounts:
            ends_at = now + timedelta(days=days)
            return await accounts.add_token(token_hash(given), name, now, ends_at, cases=cases, exact=exact)

    exact = exact.strip()
    if exact and not _SHORTEST_REASON <= len(exact) <= _LONGEST_REASON:
        fail_wrong_usage(f"--exact: say why in {_SHORTEST_REASON} to {_LONGEST_REASON} characters.")
    folder, given = _folder(data_dir), secrets.token_urlsafe(32)
    if to is not None:
        try_out(to)
    with leave_without_figures():
        if not asyncio.run(done(folder, given)):
            fail(f"There is no enabled account {name}. List the accounts: atips users list")
    if to is not None:
        write_new(to, f"{HEADER}{given}\n".encode())
        shown = {"account": name, "token_file": str(to), "days": days}
        told = (
            f"{to} holds the token of {name} for {pluralize(days, 'day')}."
            f" There: atips sign-in --token-file {to.name}, or curl -H @{to.name}"
        )
        emit(shown) if as_json else out().print(told, markup=False)
        return
    if as_json:
        emit({"account": name, "token": given, "days": days})
        return
    out().print(
        f"A program reads data as {name} for {pluralize(days, 'day')} with this header. Keep it like a password:",
        markup=False,
    )
    out().print(f"{HEADER}{given}", markup=False, soft_wrap=True)


@users.command("sql")
def sql(name: Name, data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Open a login to the database for an M&E officer, by name. Each question about exact figures is noted under it."""

    async def read(folder: Folder) -> list[Account]:
        async with _accounts(folder) as accounts:
            return await accounts.all()

    folder = _folder(data_dir)
    with leave_without_figures():
        found = asyncio.run(read(folder))
    if not [each for each in found if each.name == name and each.role is Role.M_AND_E and not each.disabled]:
        fail(
            f"No enabled account {name} has the role m_and_e, which this login needs. List the accounts: "
            "atips users list"
        )
    with _database():
        file = database_logins.open_officer(folder.root, name)
    if as_json:
        emit({"account": name, "dsn_file": str(file)})
        return
    out().print(f"{name} may log in to the database. The address with its password is in", markup=False)
    out().print(str(file), markup=False, soft_wrap=True)
    out().print(f"Open a prompt with: atips sql --as me_officer --officer {name}", markup=False)


def add_account(data_dir: Path, account: Account) -> str | None:
    """Add an account and return the address of its one-time link; None if the name is taken."""

    async def done(folder: Folder) -> str | None:
        async with _accounts(folder) as accounts:
            return await _link(accounts, folder, account.name) if await accounts.add(account) else None

    with leave_without_figures():
        return asyncio.run(done(_folder(data_dir)))


def add_or_reset_account(data_dir: Path, account: Account) -> str:
    """Add the account, or reset it if it exists, and return the address of its one-time link."""

    async def done(folder: Folder) -> str:
        async with _accounts(folder) as accounts:
            if not await accounts.add(account):
                await accounts.reset(account.name)
            return await _link(accounts, folder, account.name)

    with leave_without_figures():
        return asyncio.run(done(_folder(data_dir)))


async def enabled_accounts(folder: Folder, agency: str) -> list[str]:
    """Return the names of the enabled accounts of an agency and its units, sorted. Raises `Retryable`."""
    async with _accounts(folder) as accounts:
        return [each.name for each in await accounts.all() if agency_of(each.agency) == agency and not each.disabled]


async def _link(accounts: Accounts, folder: Folder, name: str) -> str:
    token = secrets.token_urlsafe(32)
    await accounts.add_link(token_hash(token), name, local_cluster.now(folder.root))
    return f"{local_cluster.pages(folder.root)}/link/{token}"


@contextmanager
def _database() -> Iterator[None]:
    """Exit with 1 and a message when the database's logins cannot be changed."""
    try:
        yield
    except database_logins.LoginError as error:
        fail(f"The database did not change the login ({error}). Look at: atips status")


@asynccontextmanager
async def _accounts(folder: Folder) -> AsyncIterator[Accounts]:
    async with connected(folder, "registrar", "web") as connection:
        yield Accounts(connection)


def _folder(data_dir: Path) -> Folder:
    return Folder(local_cluster.running_cluster(data_dir).data_dir)


def _show_link(name: str, address: str, *, as_json: bool) -> None:
    if as_json:
        emit({"account": name, "link": address})
        return
    hours = LINK.total_seconds() / 3600
    out().print(f"{name} signs in once with this link, within {hours:.0f} hours:", markup=False)
    out().print(address, markup=False, soft_wrap=True)


def _plain(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role.value,
        "agency": account.agency,
        "disabled": account.disabled,
    }


def register(app: typer.Typer) -> None:
    """Add the command group `users` to the app."""
    app.add_typer(users, name="users")
