"""The drill: a deployment backed up under load, killed, and restored elsewhere; every figure and the ledger compared.

Real broker, database and services, started by the commands that an operator types. Prints RPO and RTO.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import asyncpg
import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner

from infra.local import connection_settings, postgres_backup
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.postgres_recovery import RecoveryError, recover, unpack
from schemas.ids import Kind
from services.console import cluster_start
from services.console.__main__ import app
from services.console.backup import checking, database, prometheus, signed_document
from tests.journey.conftest import ATIPS, User
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(900)

_ERASED = "SELECT entities[1] FROM intake.inbox WHERE type = 'bz.atips.person.erased.v1'"
_LEDGER = """
SELECT n, ent::text, id::text, topic, primary_copy, md5(payload) FROM reporting.ledger
WHERE n <= $1 ORDER BY n, topic, ent, id
"""
_DONE = """
SELECT (SELECT last_n FROM intake.line) AS given, (SELECT last_n FROM intake.relay) AS relayed,
    (SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status) AS complete
"""
_QUIET_SECONDS = 3.0
"""Without a new number: six times as long as a service takes to look for what is due."""


@dataclass
class Site:
    """A deployment at its own folder, with what was published to it."""

    user: User
    published: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def folder(self) -> Folder:
        return Folder(self.user.data_dir)

    def asked(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        async def ask() -> list[asyncpg.Record]:
            async with postgres_backup.connected(database.administrator(self.folder)) as connection:
                return list(await connection.fetch(query, *arguments))

        return asyncio.run(ask())

    def last_n(self) -> int:
        return int(self.asked("SELECT last_n FROM intake.line")[0][0])

    def complete(self, at_least: int = 0) -> int:
        """Wait until everything that has a number is counted and services decide nothing more. Gives the last n."""
        seen = (-1, 0.0)

        def done() -> int | None:
            nonlocal seen
            [row] = self.asked(_DONE)
            given, relayed, complete = int(row["given"]), int(row["relayed"]), int(row["complete"])
            if given != seen[0]:
                seen = (given, time.monotonic())
            is_quiet = time.monotonic() - seen[1] >= _QUIET_SECONDS
            return given if given >= at_least and min(relayed, complete) >= given and is_quiet else None

        return wait_for(done, f"all is counted, at least {at_least}", 120)

    def publish(self, events: Sequence[tuple[str, bytes]], *, pause: Event | None = None) -> None:
        """Publish over Kafka as each agency; with `pause`, ten a time until it is set."""
        deployment = connection_settings.deployment(self.folder.root)
        agencies = {agency for agency, _ in events}
        producers = {
            name: Producer({**connection_settings.client(self.folder.root, name), "log_level": 0}) for name in agencies
        }
        for number, (agency, event) in enumerate(events):
            producers[agency].produce(deployment.inbound(agency), event)
            self.published.append((agency, event))
            if pause is not None and number % 10 == 9:
                for producer in producers.values():
                    producer.flush(30)
                if pause.wait(0.05):
                    break
        for producer in producers.values():
            assert producer.flush(30) == 0

    def figures(self, known_at: int) -> Any:  # noqa: ANN401 - a list of figures
        return json.loads(self.user.atips("figures", "--period", "2024", "--known-at", str(known_at), "--json"))[
            "figures"
        ]

    def ledger(self, up_to: int) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.asked(_LEDGER, up_to)]

    def sent(self, rows: Sequence[tuple[object, ...]]) -> list[tuple[Any, ...]]:
        """Give the rows of what was published here, without n: services decide anew when the order is another."""
        ids = {json.loads(event)["id"] for _, event in self.published}
        return sorted(row[1:] for row in rows if row[2] in ids)

    def backed_up(self, to: Path, keys_to: Path) -> dict[str, Any]:
        done: dict[str, Any] = json.loads(
            self.user.atips("backup", "--to", str(to), "--keys-to", str(keys_to), "--json")
        )
        return done

    def kill(self) -> None:
        """End every process at once, as a power cut does."""
        state = self.folder.read_state()
        children = (state["servers"] | state["services"]).values()
        for pid in (state["supervisor"], *(child["pid"] for child in children)):
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def restored(place: Path, name: str, *words: str) -> tuple[Site, dict[str, Any]]:
    """Restore into a new folder."""
    site = Site(User(place / name))
    where = ("--from", str(place / "backup"), "--keys-from", str(place / "keys"))
    return site, json.loads(site.user.atips("restore", *where, *words, "--json"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("drill")
    made.chmod(0o711)
    return made


@pytest.fixture(scope="module")
def site(place: Path) -> Iterator[Site]:
    """A deployment that was just started, on a folder as people name them."""
    somebody = Site(User(place / "Señora B's figures, 2024"))
    somebody.user.atips("up")
    yield somebody
    somebody.user.atips("down", code=None)


@dataclass(frozen=True, slots=True)
class Known:
    """The state of a site before it is lost, as of the backup and as of its end."""

    backup: dict[str, Any]
    last: int
    ledger: list[tuple[object, ...]]
    everything: list[tuple[object, ...]]
    figures: Any
    figures_at_last: Any
    lost_at: datetime


@pytest.fixture(scope="module")
def known(site: Site, place: Path) -> Known:
    """Back up twice, the second time under load while reporting stands still; publish more, look, and kill the site."""
    events = list(History(37, persons_n=40, cases_n=20).events(1500))
    site.publish(events[:200])
    site.complete(100)
    first = site.backed_up(place / "backup", place / "keys")
    stop = Event()
    load = Thread(target=site.publish, args=(events[200:],), kwargs={"pause": stop})
    reporting = site.folder.read_state()["services"]["reporting"]["pid"]
    load.start()
    os.kill(reporting, signal.SIGSTOP)  # what it had not read then, it must read after the restore
    try:
        wait_for(lambda: site.last_n() > first["n"] + 50 or None, "the load is under way")
        second = site.backed_up(place / "backup", place / "keys")
        os.kill(reporting, signal.SIGCONT)
        wait_for(lambda: site.last_n() > second["n"] + 20 or None, "events after the backup")
        assert load.is_alive()  # else nothing was backed up under load
    finally:
        stop.set()
        load.join()
    lost_at, last, n = datetime.now(UTC), site.complete(), second["n"]
    assert first["n"] < n < last
    assert second["base"] == first["base"]  # the second one adds to the first
    found = Known(second, last, site.ledger(n), site.ledger(last), site.figures(n), site.figures(last), lost_at)
    site.kill()
    return found


def test_a_site_killed_under_load_comes_back_elsewhere_with_every_figure(
    site: Site, known: Known, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    n, begun = known.backup["n"], time.monotonic()
    other, told = restored(place, "elsewhere")
    other.user.atips("up")
    rto = time.monotonic() - begun
    try:
        assert (told["n"], told["compared"]["equal"], told["erased_again"]) == (n, True, 0)
        assert told["compared"]["events"] < n  # reporting stood before what the log has, and catches up
        other.complete(n)
        assert other.ledger(n) == known.ledger
        assert other.figures(n) == known.figures
        rpo = (known.lost_at - datetime.fromisoformat(known.backup["made_at"])).total_seconds()
        with capsys.disabled():
            sys.stdout.write(f"\nRPO {rpo:.1f} s ({known.last - n} events) · RTO {rto:.1f} s · {told['seconds']}\n")
        # Whoever has no receipt sends again: here all of it, and what was counted counts no second time.
        other.publish(site.published)
        other.complete(known.last)
        assert site.sent(other.ledger(10**9)) == site.sent(known.everything)
        assert other.figures(other.last_n()) == known.figures_at_last
        assert json.loads(other.user.atips("replay", "--compare", "--json"))["equal"]
    finally:
        other.user.atips("down", code=None)


def test_a_moment_before_an_event_comes_back_and_what_was_erased_later_is_erased_again(
    site: Site, known: Known, place: Path
) -> None:
    site.user.atips("up")  # all of it was killed at once
    assert site.complete() == known.last
    history = History(38)
    person = history.mint(Kind.PERSON)
    at = datetime.now(UTC)
    erased = history.event("person.erased", "intake", person, {"person": person, "reason": "request"})
    site.publish([("intake", encode({**erased, "source": "intake/vault"}))])
    n = site.complete(known.last + 1)
    backup = site.backed_up(place / "backup", place / "keys")
    assert (backup["n"], backup["erasures"]) == (n, 1)
    other, told = restored(place, "before", "--before", str(n))
    assert (told["n"], told["erased_again"], told["compared"]["equal"]) == (n - 1, 1, True)
    other.user.atips("up")
    try:
        other.complete(n)
        assert [row[0] for row in other.asked(_ERASED)] == [person]
    finally:
        other.user.atips("down", code=None)
    _, told = restored(place, "at", "--at", at.isoformat())
    assert (told["n"], told["erased_again"]) == (known.last, 1)


def test_a_file_of_the_log_that_is_missing_ends_the_recovery(site: Site, known: Known, place: Path) -> None:
    found = checking.points(place / "backup", signed_document.read_public_key(place / "keys"))
    copy = found[-1].database
    assert found[0].made_at < known.backup["made_at"]
    folder = Folder(place / "incomplete")
    folder.make()
    files = [place / "backup" / each.path for each in copy.wal]
    unpack(folder, place / "backup" / copy.base_files[-1].path, files[:-1])
    with pytest.raises(RecoveryError, match="before configured recovery target was reached"):
        recover(folder, {"recovery_target_name": copy.restore_point})


def test_a_lost_slot_begins_with_a_new_base_that_a_drill_restores(site: Site, known: Known, place: Path) -> None:
    asyncio.run(_drop_slot(site.folder))
    backup = site.backed_up(place / "backup", place / "keys")
    assert backup["base"] == backup["backup"] != known.backup["base"]
    where = ("--from", str(place / "backup"), "--keys-from", str(place / "keys"))
    drilled = json.loads(site.user.run([str(ATIPS), "backup", "drill", *where, "--json"]))
    assert (drilled["n"], drilled["compared"]["equal"]) == (backup["n"], True)
    assert drilled["rpo_seconds"] > 0 < drilled["rto_seconds"]
    assert prometheus.read(place / "backup").keys() == {prometheus.SUCCESS, prometheus.DRILL}


def test_a_lost_database_costs_no_event_where_the_log_lives(site: Site, known: Known, place: Path) -> None:
    before = site.backed_up(place / "backup", place / "keys")["n"]
    events = list(History(39, persons_n=10, cases_n=5).events(60))
    site.publish(events)
    last = site.complete(before + 50)
    ledger, figures = site.ledger(last), site.figures(last)
    site.kill()
    shutil.rmtree(site.folder.postgres)
    where = ("--from", str(place / "backup"), "--keys-from", str(place / "keys"))
    told = json.loads(site.user.atips("restore", *where, "--database-only", "--json"))
    assert (told["n"], told["compared"]["equal"]) == (last, True)
    assert told["compared"]["events"] < last  # reporting reads on from where the older database stood
    site.user.atips("up")
    site.publish(events)  # again, by whoever has no receipt
    site.complete(last)
    assert site.ledger(last) == ledger
    assert site.figures(last) == figures
    assert site.last_n() == last
    assert json.loads(site.user.atips("replay", "--compare", "--json"))["equal"]


def test_a_log_comes_back_beside_a_database_that_its_own_tool_brought_back(
    site: Site, known: Known, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, keys_to = place / "log-only", place / "keys"
    words = ("--to", str(to), "--keys-to", str(keys_to), "--log-only", "--json")
    backup = json.loads(site.user.atips("backup", *words))
    assert (backup["base"], backup["n"] > known.last) == (None, True)
    assert not (to / "bases").exists()
    site.kill()
    where = ["--from", str(to), "--keys-from", str(keys_to), "--data-dir", str(place / "beside")]
    with Cluster.start(site.folder.root, prepare=[cluster_start.migration()]):
        monkeypatch.setenv("ATIPS_POSTGRES_ADMIN_DSN_FILE", str(site.folder.dsn_file("postgres")))
        done = CliRunner().invoke(app, ["restore", *where, "--log-only", "--json"])
        assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["n"], told["compared"]["equal"]) == (backup["n"], True)


async def _drop_slot(folder: Folder) -> None:
    async with postgres_backup.connected(database.administrator(folder)) as connection:
        await connection.execute("SELECT pg_drop_replication_slot($1)", postgres_backup.SLOT)
