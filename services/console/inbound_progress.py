"""`atips inbound`: how far intake read each publisher's topic, and records deleted unread."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.table import Table

from infra.local import connection_settings
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.data_folder_lock import AlreadyRunningError
from infra.local.environment_variables import SettingsError
from services.console import cluster_start, local_cluster
from services.console.database import connected
from services.console.options import DEFAULT, AsJson, DataDir, in_folder
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.quarantine import entry_text
from services.console.quarantine.quarantine_access import Operator
from services.console.up import stages
from services.intake import unread_inbound_records
from services.intake.store import inbound_progress as store
from services.intake.store.inbound_progress import SkippedRecords
from services.intake.unread_inbound_records import InboundReading
from services.presentation.bilingual_text import pluralize
from services.runtime import outbox
from services.runtime.broker_queries import Config, RecordDeleter
from services.runtime.clock import SystemClock
from services.runtime.errors import Retryable, ServiceError

_T = TypeVar("_T")
_DECIDING: Final = frozenset({"referral", "case_tracker"})
_QUIET: Final = {"log_level": 0}  # the client logs nothing: errors are printed as messages of the command


def listed(*, data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Print for each publisher how many records wait to be read, how many are gone unread, and what was given up.

    A record lies on its topic until it is judged, for seven days at most. If intake was away for longer, it does
    not go on by itself. Nor does it where a topic ends before what was read of it: then the broker has lost something
    or is another one.
    """
    with _servers(data_dir):
        found, passed = _answered(_ask(data_dir))
    if as_json:
        emit({"inbound": [_plain(each) for each in found], "passed": list(map(_record, passed))})
        return
    table = Table("publisher", "read up to", "ends at", "unread", "gone unread")
    for each in found:
        cells = (each.next_offset, each.end, each.unread, each.gone)
        amiss = each.gone or each.next_offset > each.end
        table.add_row(each.publisher, *map(str, cells), style="red" if amiss else None)
    out().print(table)
    for given_up in passed:
        out().print(
            f"given up: {_words(given_up)}, at {entry_text.rfc3339(given_up.at)} by {given_up.operator}", markup=False
        )


def go_on(
    publisher: Annotated[str, typer.Argument(metavar="PUBLISHER", help="An agency's code, or a service's name.")],
    *,
    operator: Operator,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Give up the records that are gone from a publisher's topic, so that intake goes on behind them.

    The gap is kept on record. The publisher finds no receipt for these records and has to send them again; a service
    does so by itself.
    """
    with _servers(data_dir):
        if publisher not in connection_settings.deployment(data_dir).senders:
            fail_wrong_usage(_no_publisher(publisher))
        passed = _answered(_pass(data_dir, publisher, operator))
    if passed is None:
        fail(
            f"Nothing was given up: the broker deleted no unread record of {publisher}. "
            "List the topics: atips inbound list"
        )
    _show_given_up(publisher, passed, as_json=as_json)


def _no_publisher(publisher: str) -> str:
    return f"{publisher} publishes nothing here. List the publishers: atips inbound list"


def _show_given_up(publisher: str, passed: SkippedRecords, *, as_json: bool) -> None:
    if as_json:
        emit(_record(passed))
        return
    then = (
        f"{publisher} sends them again." if publisher in _DECIDING else f"Tell {publisher}: it has to send them again."
    )
    out().print(f"Given up: {_words(passed)}. {then}", markup=False)


def delete(
    publisher: Annotated[str, typer.Argument(metavar="PUBLISHER", help="An agency's code, or a service's name.")],
    *,
    operator: Operator,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Delete the records of a publisher's topic that intake did not read, and give them up. Stop intake before.

    They cannot be brought back from here. The publisher finds no receipt for them and has to send them again; a
    service does so by itself. If intake runs on this machine, nothing is deleted. If it runs elsewhere, it may take
    some of the records first; these count. It then stops once and starts again.
    """
    with _servers(data_dir):
        if publisher not in connection_settings.deployment(data_dir).senders:
            fail_wrong_usage(_no_publisher(publisher))
        if _intake_runs(data_dir):
            folder = in_folder(data_dir)
            fail(
                "Nothing was deleted: intake runs, and would take some of the records meanwhile. "
                f"Stop the cluster: atips down {folder}. Then run this command again, and start it: atips up {folder}"
            )
        passed = _answered(_delete(data_dir, publisher, operator))
    if passed is None:
        fail(f"Nothing was deleted: intake read every record of {publisher}. List the topics: atips inbound list")
    _show_given_up(publisher, passed, as_json=as_json)


def _intake_runs(data_dir: Path) -> bool:
    """Whether the supervisor of this folder's cluster keeps intake running, or starts it again."""
    services = Cluster.at(data_dir).status()["services"]
    return any(each["name"] == "intake" and each["state"] != "stopped" for each in services)


async def _ask(data_dir: Path) -> tuple[list[InboundReading], list[SkippedRecords]]:
    async with connected(Folder(data_dir), "intake", "intake") as connection:
        found = await unread_inbound_records.read_inbound_offsets(
            connection, _settings(data_dir), connection_settings.deployment(data_dir)
        )
        return found, await store.read_skipped_records(connection)


async def _delete(data_dir: Path, publisher: str, operator: str) -> SkippedRecords | None:
    """Delete what intake did not read, then skip it. If the command is killed in between, `pass` or a second run skips.

    None if there is nothing unread or gone.
    """
    settings = _settings(data_dir)
    async with connected(Folder(data_dir), "intake", "intake") as connection:
        found = await unread_inbound_records.read_inbound_offsets(
            connection, settings, connection_settings.deployment(data_dir)
        )
    [reading] = [each for each in found if each.publisher == publisher]
    if reading.unread:
        await RecordDeleter(settings).delete_before({(reading.topic, 0): reading.end})
    return await _pass(data_dir, publisher, operator)


async def _pass(data_dir: Path, publisher: str, operator: str) -> SkippedRecords | None:
    settings = _settings(data_dir)
    async with connected(Folder(data_dir), "intake", "intake") as connection:
        found = await unread_inbound_records.read_inbound_offsets(
            connection, settings, connection_settings.deployment(data_dir)
        )
        [reading] = [each for each in found if each.publisher == publisher]
        if not reading.gone:
            return None
        if publisher in _DECIDING:  # first: if the command is killed in between, a second run does both
            judged = await store.judged_event_ids(connection, publisher)
            async with connected(Folder(data_dir), publisher, publisher) as theirs:
                await outbox.send_again(theirs, reading.topic, judged)
        return await unread_inbound_records.skip_deleted_records(
            connection, settings, reading, operator=operator, at=SystemClock().now()
        )


def _settings(data_dir: Path) -> Config:
    return connection_settings.admin(data_dir) | _QUIET


@contextmanager
def _servers(data_dir: Path) -> Iterator[None]:
    """Run broker and database without services: intake may be unable to start. Exits with 1 if they cannot run."""
    try:
        with stages("starting broker and database") as progress, cluster_start.servers(data_dir, progress):
            local_cluster.running_cluster(data_dir)
            yield
    except AlreadyRunningError as error:
        fail(f"{error}. Run the command again when that has ended, or when the cluster has started.")
    except (ClusterError, SettingsError) as error:
        fail(str(error))


def _answered(asked: Coroutine[Any, Any, _T]) -> _T:
    try:
        return asyncio.run(asked)
    except Retryable as error:
        fail(
            f"Kafka or PostgreSQL does not answer: {error}. Run the command again once atips status says that both run."
        )
    except ServiceError as error:
        fail(f"Not done: {error}")


def _plain(reading: InboundReading) -> dict[str, Any]:
    return {
        "publisher": reading.publisher,
        "topic": reading.topic,
        "next_offset": reading.next_offset,
        "end": reading.end,
        "unread": reading.unread,
        "gone": reading.gone,
    }


def _record(passed: SkippedRecords) -> dict[str, Any]:
    return {
        "topic": passed.topic,
        "first": passed.begun,
        "last": passed.went_on - 1,
        "at": entry_text.rfc3339(passed.at),
        "operator": passed.operator,
    }


def _words(passed: SkippedRecords) -> str:
    count = passed.went_on - passed.begun
    return f"{pluralize(count, 'record')} of {passed.topic}, offsets {passed.begun} to {passed.went_on - 1}"


def register(app: typer.Typer) -> None:
    """Add the command group `inbound` to the app."""
    group = typer.Typer(help="How far the publishers' topics were read, and what is gone.", no_args_is_help=True)
    group.command("list")(listed)
    group.command("pass")(go_on)
    group.command("delete")(delete)
    app.add_typer(group, name="inbound")
