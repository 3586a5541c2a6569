"""`atips agency add · rotate · revoke · hand-out · list`: systems of agencies, changed without a restart."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.local import agency_credential_changes, connection_settings, database_logins, issued_agency_credentials
from infra.local.agency_credential_changes import CredentialChangeError
from infra.local.agency_kafka_tool_settings import files_of
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from services.console import api_keys, local_cluster
from services.console.agency import auditors, connection_files
from services.console.agency.agency_and_system import (
    AgencyArgument,
    AgencyOrAuditor,
    Auditor,
    Keep,
    System,
    To,
    check_named,
    credentials_of_system,
)
from services.console.agency.credential_errors import AGAIN, SOON, exit_on_credential_error, without_key
from services.console.agency.credential_list import listed
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.provision import agency_folders
from services.console.users import enabled_accounts
from services.presentation.bilingual_text import pluralize
from services.runtime.clock import SystemClock

_SPAN: Final = re.compile(r"([0-9]{1,5})([smhd])")  # more than five digits of days would overflow a date
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def add(
    agency: AgencyOrAuditor = "",
    *,
    auditor: Auditor = False,
    system: System = MAIN,
    to: To = None,
    keep: Keep = False,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Let a system of an agency in: principal, password, certificate, rights and API key of its own.

    A further system of an agency that is there, or an agency of the table that has no credential. With --to its keys
    are written into one connection file and are not kept here. With --keep they lie in clients/AGENCY/ of the data
    folder, those of a further system in clients/AGENCY/SYSTEM/. One of the two is needed, but for invented data.
    """
    if auditor and not agency:
        with exit_on_credential_error(AGAIN):
            auditors.add(local_cluster.running_cluster(data_dir).data_dir, to, as_json=as_json)
        return
    check_named(agency, system)
    root, now = local_cluster.running_cluster(data_dir).data_dir, SystemClock().now()
    connection_files.must_name_destination(root, to, keep=keep)
    with exit_on_credential_error(AGAIN):
        made = agency_credential_changes.add(root, agency, system, now)
    with without_key(made):
        asyncio.run(api_keys.create_api_key(Folder(root), made, local_cluster.http_address(root), now))
    with exit_on_credential_error(AGAIN):
        database_logins.open_login(root, agency)
    _told(root, made, "added", to, as_json=as_json)


def rotate(
    agency: AgencyArgument,
    *,
    system: System = MAIN,
    overlap: Annotated[
        str, typer.Option(metavar="SPAN", help="How long what it has is still good: 0s, 30m, 24h, 7d.")
    ] = "24h",
    to: To = None,
    keep: Keep = False,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Give a system new credentials. The old ones go on for the overlap, and then open nothing.

    The agency's password for the database is renewed with its own system's keys, and without an overlap.
    """
    check_named(agency, system)
    span = _span(overlap)
    root, now = local_cluster.running_cluster(data_dir).data_dir, SystemClock().now()
    connection_files.must_name_destination(root, to, keep=keep)
    with exit_on_credential_error(AGAIN):
        made = agency_credential_changes.rotate(root, agency, system, span, now)
    with without_key(made):
        before = [
            each.principal for each in credentials_of_system(root, agency, system) if each.generation < made.generation
        ]
        asyncio.run(api_keys.end_api_keys(Folder(root), agency, before, now + span))
        asyncio.run(api_keys.create_api_key(Folder(root), made, local_cluster.http_address(root), now))
    if system == MAIN:
        with exit_on_credential_error(AGAIN):
            database_logins.renew_login(root, agency)
    _told(root, made, "rotated", to, as_json=as_json)


def revoke(
    agency: AgencyOrAuditor = "",
    *,
    auditor: Auditor = False,
    system: Annotated[
        str | None, typer.Option("--system", metavar="S", help="Only this system; without it all of the agency's.")
    ] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Shut a system, or an agency with all its systems, out at once, on both doors. Events that it published stay.

    Accounts of people of the agency stay open. When its last system is out, the command names them.
    """
    if auditor and not agency:
        with exit_on_credential_error(AGAIN):
            auditors.revoke(local_cluster.running_cluster(data_dir).data_dir, as_json=as_json)
        return
    check_named(agency, system or MAIN)
    root, now = local_cluster.running_cluster(data_dir).data_dir, SystemClock().now()

    def take() -> int:
        principals = (
            None if system is None else [each.principal for each in credentials_of_system(root, agency, system)]
        )
        return asyncio.run(api_keys.end_api_keys(Folder(root), agency, principals, now))

    with exit_on_credential_error(SOON):
        # The API keys go first: if the command is killed halfway, running it again does the rest.
        taken = take()
        ended: tuple[Credential, ...] = ()
        none: CredentialChangeError | None = None
        try:
            ended = agency_credential_changes.revoke(root, agency, system, now)
        except CredentialChangeError as error:
            none = error
        taken += take()  # API keys that were issued meanwhile
        api_keys.delete_key_files(Folder(root), credentials_of_system(root, agency, system))
        is_out = agency not in issued_agency_credentials.admitted(Folder(root), connection_settings.started(root))
        if is_out:
            database_logins.shut_login(root, agency)
        if none is not None and not taken:
            raise none
        accounts = asyncio.run(enabled_accounts(Folder(root), agency)) if is_out else []
    if as_json:
        of_people = {"accounts": accounts} if is_out else {}
        emit({"revoked": [each.principal for each in ended], "api_keys": taken, **of_people})
        return
    names = ", ".join(each.principal for each in ended) or "no principal"
    out().print(f"{agency}: {names} and {taken} API keys open nothing any more.", markup=False)
    if accounts:
        still = "The pages are still open to these accounts of its people"
        out().print(f"{still}: {', '.join(accounts)}. For each: atips users disable NAME", markup=False, soft_wrap=True)


def hand_out(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Write a folder for each agency below DIR/clients.")],
    *,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write the keys of every system that are still kept here into a folder for each agency, and keep none.

    The agencies with which a cluster was first started have theirs here. Their passwords for the database go too.
    """
    root = local_cluster.running_cluster(data_dir).data_dir
    address = local_cluster.http_address(root)
    if address is None:
        fail("No keys were handed out: intake has no address here before its first start. Start the cluster: atips up")
    made = agency_folders.hand_out(root, address, to.absolute())
    if as_json:
        emit({"handed_out": made})
    elif made:
        names = f"Keys of {pluralize(len(made), 'system')} lie in {to / 'clients'} and nowhere else: {', '.join(made)}."
        out().print(f"{names} Hand each folder over, then delete it.", markup=False, soft_wrap=True)
    else:
        out().print("No keys of agencies are kept here.", markup=False)


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    if found is None:
        fail_wrong_usage("--overlap: a number with s, m, h or d: 30m, 24h.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _told(root: Path, made: Credential, what: str, to: Path | None, *, as_json: bool) -> None:
    folder = Folder(root)
    address = local_cluster.http_address(root)
    if to is not None and address is not None:
        connection_files.hand_out(root, made, address, to)
        if as_json:
            emit({"agency": made.agency, "system": made.system, "principal": made.principal, "connection": str(to)})
        else:
            out().print(connection_files.instructions(made, to, address), markup=False, soft_wrap=True)
        return
    topic = connection_settings.deployment(root).inbound(made.sender)
    if as_json:
        files = str(files_of(folder, made))
        emit(
            {"agency": made.agency, "system": made.system, "principal": made.principal, "topic": topic, "files": files}
        )
    else:
        out().print(f"{made.principal} {what}: publishes to {topic}; files: {files_of(folder, made)}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the command group `agency` to the app."""
    group = typer.Typer(help="Who may publish: systems of agencies come and go.", no_args_is_help=True)
    group.command("add")(add)
    group.command("rotate")(rotate)
    group.command("revoke")(revoke)
    group.command("hand-out")(hand_out)
    group.command("list")(listed)
    app.add_typer(group, name="agency")
