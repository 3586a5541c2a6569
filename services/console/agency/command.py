"""`atips agency add · rotate · revoke · list`: nothing is restarted, and what was taken opens no door any more."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from confluent_kafka import KafkaException
from rich.table import Table

from infra.kafka.rights import ProvisionError
from infra.kafka.topics import TopicDiffersError
from infra.local import access, credentials, enrolment, logins
from infra.local.client_files import files_of
from infra.local.credentials import MAIN, Credential
from infra.local.enrolment import EnrolmentError
from infra.local.folder import Folder
from infra.local.logins import LoginError
from schemas.agencies import PUBLISHING
from services.console import keys, local
from services.console.agency import auditing, handing
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.provision import clients
from services.console.say import emit, fail, out, wrong
from services.runtime.clock import SystemClock
from services.runtime.errors import ServiceError

_SYSTEM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")  # as in an event's source
_SPAN: Final = re.compile(r"([0-9]{1,5})([smhd])")  # of days no calendar holds more
_AGAIN: Final = "Do it again."
_SOON: Final = "Its API keys open nothing any more; what it may on Kafka is taken as soon as that answers."
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

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
        with _complaining(_AGAIN):
            auditing.add(local.running(data_dir).data_dir, to, as_json=as_json)
        return
    _named(agency, system)
    root, now = local.running(data_dir).data_dir, SystemClock().now()
    handing.destined(root, to, keep=keep)
    with _complaining(_AGAIN):
        made = enrolment.add(root, agency, system, now)
    with _without_key(made):
        asyncio.run(keys.give(Folder(root), made, local.http_address(root), now))
    with _complaining(_AGAIN):
        logins.open_login(root, agency)
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
    """Give a system everything anew; what it had goes on for the overlap, and then opens nothing.

    The agency's password for the database is renewed with its own system's keys, and without an overlap.
    """
    _named(agency, system)
    span = _span(overlap)
    root, now = local.running(data_dir).data_dir, SystemClock().now()
    handing.destined(root, to, keep=keep)
    with _complaining(_AGAIN):
        made = enrolment.rotate(root, agency, system, span, now)
    with _without_key(made):
        before = [each.principal for each in _known(root, agency, system) if each.generation < made.generation]
        asyncio.run(keys.take(Folder(root), agency, before, now + span))
        asyncio.run(keys.give(Folder(root), made, local.http_address(root), now))
    if system == MAIN:
        with _complaining(_AGAIN):
            logins.renew_login(root, agency)
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
    """Shut a system, or an agency with all its systems, out at once, on both doors. What it published stays."""
    if auditor and not agency:
        with _complaining(_AGAIN):
            auditing.revoke(local.running(data_dir).data_dir, as_json=as_json)
        return
    _named(agency, system or MAIN)
    root, now = local.running(data_dir).data_dir, SystemClock().now()

    def take() -> int:
        principals = None if system is None else [each.principal for each in _known(root, agency, system)]
        return asyncio.run(keys.take(Folder(root), agency, principals, now))

    with _complaining(_SOON):
        # The keys first: whatever is killed in between, doing it again does the rest.
        taken = take()
        ended: tuple[Credential, ...] = ()
        none: EnrolmentError | None = None
        try:
            ended = enrolment.revoke(root, agency, system, now)
        except EnrolmentError as error:
            none = error
        taken += take()  # what was given meanwhile
        keys.forget(Folder(root), _known(root, agency, system))
        if agency not in credentials.admitted(Folder(root), access.started(root)):
            logins.shut_login(root, agency)
        if none is not None and not taken:
            raise none
    if as_json:
        emit({"revoked": [each.principal for each in ended], "api_keys": taken})
    else:
        names = ", ".join(each.principal for each in ended) or "no principal"
        out().print(f"{agency}: {names} and {taken} API keys open nothing any more.", markup=False)


def hand_out(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Write a folder for each agency below DIR/clients.")],
    *,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write the keys of every system that are still kept here into a folder for each agency, and keep none.

    The agencies with which a cluster was first started have theirs here. Their passwords for the database go too.
    """
    root = local.running(data_dir).data_dir
    address = local.http_address(root)
    if address is None:
        fail("Intake was never served here. Start the cluster again: atips up")
    made = clients.hand_out(root, address, to.absolute())
    if as_json:
        emit({"handed_out": made})
    elif made:
        names = f"Keys of {len(made)} systems lie in {to / 'clients'} and nowhere else: {', '.join(made)}."
        out().print(f"{names} Hand each folder over, then delete it.", markup=False, soft_wrap=True)
    else:
        out().print("No keys of agencies are kept here.", markup=False)


def listed(
    *,
    agency: Annotated[str | None, typer.Option("--agency", metavar="A", help="Only this agency.")] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print who may come in: each system's credentials, until when, and its API keys."""
    if agency is not None:
        _named(agency, MAIN)
    root = local.running(data_dir).data_dir
    with _complaining(_AGAIN):
        found = asyncio.run(_rows(root, agency))
    if as_json:
        emit({"credentials": found})
        return
    table = Table("agency", "system", "principal", "state", "until", "API keys")
    for row in found:
        cells = (
            row["agency"],
            row["system"],
            row["principal"],
            row["state"],
            row["until"] or "–",
            str(row["api_keys"]),
        )
        table.add_row(*cells)
    out().print(table)


async def _rows(root: Path, agency: str | None) -> list[dict[str, Any]]:
    folder, now = Folder(root), SystemClock().now()
    async with keys.table(folder) as table:
        labels = [(each.agency, each.label) for each in await table.list(agency) if each.open_at(now)]
    return [
        {
            "agency": each.agency,
            "system": each.system,
            "principal": each.principal,
            "state": "ended" if not each.active(now) else "in force" if each.ends is None else "ending",
            "until": each.ends and each.ends.isoformat(timespec="seconds"),
            "api_keys": labels.count((each.agency, each.principal)),
        }
        for each in credentials.read(folder, access.started(root))
        if agency in {None, each.agency}
    ]


def _known(root: Path, agency: str, system: str | None) -> list[Credential]:
    known = credentials.read(Folder(root), access.started(root))
    return [each for each in known if each.agency == agency and system in {None, each.system}]


def _named(agency: str, system: str) -> None:
    if agency not in PUBLISHING:
        wrong(f"No agency {agency} publishes here; there are {', '.join(PUBLISHING)}.")
    if _SYSTEM.fullmatch(system) is None:
        wrong("--system: lower-case letters, digits and hyphens, as in an event's source.")


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    if found is None:
        wrong("--overlap: a number with s, m, h or d: 30m, 24h.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


@contextmanager
def _complaining(of_kafka: str) -> Iterator[None]:
    """Leave with what is amiss; `of_kafka` says what is to be done, or is done, where that is the broker."""
    try:
        yield
    except (EnrolmentError, ProvisionError, TopicDiffersError) as error:
        fail(str(error))
    except (ServiceError, LoginError) as error:
        fail(f"PostgreSQL does not answer: {error}. {_AGAIN}")
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}. {of_kafka}")


@contextmanager
def _without_key(made: Credential) -> Iterator[None]:
    """Leave with a word about how a system that Kafka lets in already comes to its API key."""
    try:
        yield
    except ServiceError as error:
        fail(
            f"PostgreSQL does not answer: {error}. {made.principal} may publish over Kafka; API keys are as they were."
            f" Once it answers: atips agency rotate {made.agency} --system {made.system}"
        )


def _told(root: Path, made: Credential, what: str, to: Path | None, *, as_json: bool) -> None:
    folder = Folder(root)
    address = local.http_address(root)
    if to is not None and address is not None:
        handing.hand_out(root, made, address, to)
        if as_json:
            emit({"agency": made.agency, "system": made.system, "principal": made.principal, "connection": str(to)})
        else:
            out().print(handing.told(made, to, address), markup=False, soft_wrap=True)
        return
    topic = access.deployment(root).inbound(made.sender)
    if as_json:
        files = str(files_of(folder, made))
        emit(
            {"agency": made.agency, "system": made.system, "principal": made.principal, "topic": topic, "files": files}
        )
    else:
        out().print(f"{made.principal} {what}: publishes to {topic}; files: {files_of(folder, made)}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Who may publish: systems of agencies come and go.", no_args_is_help=True)
    group.command("add")(add)
    group.command("rotate")(rotate)
    group.command("revoke")(revoke)
    group.command("hand-out")(hand_out)
    group.command("list")(listed)
    app.add_typer(group, name="agency")
