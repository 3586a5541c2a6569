"""A cluster's life on a kept folder: started, refused twice, crashed in every part, found again with all it had."""

import asyncio
import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from infra.local import agency_credential_changes, connection_settings, process_users
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.data_folder_lock import AlreadyRunningError
from schemas.topics import Deployment
from tests.support.cluster import IMPATIENT
from tests.wire.infra.conftest import consume, lives, processes_on, produce, until

TOPIC = Deployment().inbound("dhs")
ENOUGH = 200
LISTENS = "0A"  # the state of a listening socket in /proc/net/tcp
# Its principal is the first of a Java map of up to 65,536 names. A broker that finds it deleted forgets all passwords.
FIRST = "hqzg"
SEEN: set[str] = set()  # every command line that ran while the cluster of this module started


def watch(stop: threading.Event) -> None:
    while not stop.wait(0.01):
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                SEEN.add(file.read_text(encoding="utf-8", errors="replace"))


STAGES: list[str] = []  # what was told of this start


def slowed(data: Path, stage: str) -> None:
    """Stop the broker while it starts, and let it go on when it is told for the second time that it is waited for."""
    STAGES.append(stage)
    begun = STAGES.index("broker and database") if "broker and database" in STAGES else len(STAGES)
    told = sum(each.startswith("waiting for kafka") for each in STAGES[begun:])  # before, its folder is made ready
    if stage == "provision-database" or (stage.startswith("waiting for kafka") and told == 2):
        # The database may be ready before the broker was started.
        until(lambda: "kafka" in Folder(data).read_state().get("servers", {}), 30)
        broker = Folder(data).read_state()["servers"]["kafka"]["pid"]
        os.kill(broker, signal.SIGCONT if told else signal.SIGSTOP)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A detached cluster on a folder that is kept from one start to the next."""
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(stop,))
    watcher.start()
    try:
        data = tmp_path_factory.mktemp("life") / "data"
        started = Cluster.start(data, detached=True, broker=IMPATIENT, progress=partial(slowed, data))
    finally:
        stop.set()
        watcher.join()
    with started:
        yield started


def state(cluster: Cluster) -> dict[str, Any]:
    return Folder(cluster.data_dir).read_state()


def pid(cluster: Cluster, server: str) -> int:
    found: int = state(cluster)["servers"][server]["pid"]
    return found


def dsn(cluster: Cluster, role: str) -> str:
    return Folder(cluster.data_dir).dsn_file(role).read_text(encoding="utf-8").strip()


async def insert(cluster: Cluster, enough: asyncio.Event) -> int:
    """Insert rows one by one until the server is gone; give how many were acknowledged."""
    acknowledged = 0
    try:
        connection = await asyncpg.connect(dsn(cluster, "migrator"))
        await connection.execute("CREATE TABLE IF NOT EXISTS reporting.kept (number bigint PRIMARY KEY)")
        while True:
            await connection.execute("INSERT INTO reporting.kept VALUES ($1)", acknowledged)
            acknowledged += 1
            if acknowledged >= ENOUGH:
                enough.set()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        pass
    return acknowledged


async def count(cluster: Cluster) -> int:
    connection = await asyncpg.connect(dsn(cluster, "migrator"))
    try:
        found: int = await connection.fetchval("SELECT count(*) FROM reporting.kept")
        return found
    finally:
        await connection.close()


def test_a_broker_that_was_stopped_while_it_started_is_waited_for(cluster: Cluster) -> None:
    waited = [stage for stage in STAGES if stage.startswith("waiting for kafka")]
    assert len(waited) >= 2
    assert all("s of processor time" in stage for stage in waited)
    assert state(cluster)["servers"]["kafka"]["restarts"] == 0


def secret_files(folder: Folder) -> list[Path]:
    """Give the files of secrets, those of the pages' folder too."""
    return [path for path in folder.secrets.rglob("*") if path.is_file()]


def test_no_secret_is_on_any_command_line_or_in_any_log(cluster: Cluster) -> None:
    folder = Folder(cluster.data_dir)
    secrets = {file.read_text(encoding="utf-8").strip() for file in secret_files(folder)}
    secrets |= {secret.split(":")[2].split("@")[0] for secret in secrets if secret.startswith("postgresql://")}
    logs = [file.read_text(encoding="utf-8", errors="replace") for file in folder.log.iterdir()]
    keys = [file.read_text(encoding="ascii").splitlines()[1] for file in folder.pki.glob("*.key")]
    assert len(secrets) > 30
    assert any("StorageTool" in line for line in SEEN)  # the watcher saw even what ran for a moment
    assert any("initdb" in line for line in SEEN)
    for text in (*SEEN, *logs):
        assert not any(secret in text for secret in (*secrets, *keys))


def test_what_is_secret_only_its_owner_may_read_and_the_broker_its_own(cluster: Cluster) -> None:
    folder = Folder(cluster.data_dir)
    files = [
        *secret_files(folder),
        *folder.pki.glob("*.key"),
        folder.pki / "broker.pem",
        *folder.clients.glob("*/*"),
        *folder.kafka.glob("*.properties"),
        folder.root / "state.json",
    ]
    assert len(files) > 100
    broker = process_users.of("kafka")
    of_broker = set() if broker is None else {"broker.pem", "server.properties"}
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in files} == {
        file.name: "0o640" if file.name in of_broker else "0o600" for file in files
    }
    assert all(broker is None or file.stat().st_gid == broker.gid for file in files if file.name in of_broker)
    closed = (folder.clients, folder.log, folder.postgres, folder.kafka / "data")
    assert {oct(each.stat().st_mode & 0o777) for each in closed} == {"0o700"}
    passed = (folder.secrets, folder.web_keys, folder.pki, folder.kafka)
    assert {oct(each.stat().st_mode & 0o777) for each in passed} == {"0o700" if broker is None else "0o711"}


def test_broker_and_database_have_no_rights_of_root_s(cluster: Cluster) -> None:
    pids = {name: child["pid"] for name, child in state(cluster)["servers"].items()}
    owners = {name: Path(f"/proc/{pid}").stat().st_uid for name, pid in pids.items()}
    assert len({*owners.values(), os.geteuid()}) == (3 if os.geteuid() == 0 else 1)
    for pid in pids.values():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        [effective] = re.findall(r"^CapEff:\t([0-9a-f]+)$", status, re.MULTILINE)
        assert int(effective, 16) & ~0b110 == 0  # at most what lets it pass through a folder that is closed


def test_state_holds_no_secret(cluster: Cluster) -> None:
    folder = Folder(cluster.data_dir)
    text = (folder.root / "state.json").read_text(encoding="utf-8")
    assert not any(file.read_text(encoding="utf-8").strip() in text for file in secret_files(folder))


def test_nothing_listens_beyond_this_machine(cluster: Cluster) -> None:
    ports = {f"{port:04X}": name for name, port in state(cluster)["ports"].items()}
    found: dict[str, str] = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            address, _, port = line.split()[1].partition(":")
            if port in ports and line.split()[3] == LISTENS:
                found[ports[port]] = address
    loopback = "0100007F"
    assert {name: address.removeprefix("0000000000000000FFFF0000") for name, address in found.items()} == dict.fromkeys(
        ports.values(), loopback
    )


def test_a_second_start_says_who_runs(cluster: Cluster) -> None:
    with pytest.raises(AlreadyRunningError) as refusal:
        Cluster.start(cluster.data_dir, detached=True, broker=IMPATIENT)
    assert refusal.value.pid == state(cluster)["supervisor"]
    assert str(refusal.value.pid) in str(refusal.value)
    assert cluster.status()["stage"] == "ready"


def test_status_says_where_everything_is(cluster: Cluster) -> None:
    status = cluster.status()
    assert status["kafka"]["agencies"]["dhs"] == {
        "username": "dhs",
        "password_file": str(Folder(cluster.data_dir).password_file("dhs")),
        "topic": "atips.inbound.dhs.v1",
    }
    assert Path(status["postgres"]["dsn_file"]).is_file()
    assert {service["name"]: service["state"] for service in status["services"]} == {
        "kafka": "running",
        "postgres": "running",
    }


async def test_a_role_has_its_schema_and_nothing_else(cluster: Cluster) -> None:
    for role in ("intake", "reporting", "officer"):
        connection = await asyncpg.connect(dsn(cluster, role))
        try:
            schema = {"officer": "reporting"}.get(role, role)
            also = {"officer": {"referral", "case_tracker"}, "intake": {"referral", "case_tracker"}}.get(role, set())
            for other in {"intake", "referral", "case_tracker", "reporting"} - {schema} - also:
                assert not await connection.fetchval("SELECT has_schema_privilege($1, 'USAGE')", other)
            assert await connection.fetchval("SELECT has_schema_privilege($1, 'USAGE')", schema)
            for statement in (
                "CREATE TABLE public.x ()",
                "CREATE TEMP TABLE x ()",
                f"CREATE TABLE {schema}.x ()",
                "CREATE ROLE x",
                "CREATE DATABASE x",
                "SELECT pg_read_file('PG_VERSION')",
                "SELECT rolpassword FROM pg_authid",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        finally:
            await connection.close()


async def test_a_wrong_password_opens_no_database(cluster: Cluster) -> None:
    good = dsn(cluster, "intake")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(good.replace(good.split(":")[2].split("@")[0], "not-it"))
    administrator = await asyncpg.connect(dsn(cluster, "postgres"))
    try:
        stored = await administrator.fetch("SELECT rolpassword FROM pg_authid WHERE rolcanlogin")
        assert all(row["rolpassword"].startswith("SCRAM-SHA-256$") for row in stored)
        assert await administrator.fetchval("SELECT current_setting('data_checksums')") == "on"
        assert await administrator.fetchval("SELECT current_setting('fsync')") == "on"
    finally:
        await administrator.close()


def test_no_process_leaves_a_core_file(cluster: Cluster) -> None:
    found = processes_on(cluster.data_dir)
    assert len(found) > 5
    for process in found:
        with suppress(FileNotFoundError):  # a connection of the database that has just ended
            limits = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
            assert re.search(r"Max core file size\s+0\s+0\s", limits), found[process]


async def test_the_database_comes_back_with_every_acknowledged_row(cluster: Cluster) -> None:
    before = pid(cluster, "postgres")
    enough = asyncio.Event()
    writing = asyncio.create_task(insert(cluster, enough))
    await asyncio.wait_for(enough.wait(), 30)
    os.kill(before, signal.SIGKILL)  # while rows are coming in
    acknowledged = await writing
    await asyncio.to_thread(until, lambda: pid(cluster, "postgres") not in {None, before})
    await asyncio.to_thread(until, lambda: state(cluster)["servers"]["postgres"]["state"] == "running")
    assert acknowledged >= ENOUGH
    assert await count(cluster) in {acknowledged, acknowledged + 1}  # the one in flight may be there too
    assert not lives(before)


def test_the_broker_comes_back_with_every_acknowledged_record_and_password(cluster: Cluster) -> None:
    before, root, now = pid(cluster, "kafka"), cluster.data_dir, datetime.now(UTC)
    agency_credential_changes.add(root, "cdf", FIRST, now)
    agency_credential_changes.revoke(root, "cdf", FIRST, now)
    settings = connection_settings.client(cluster.data_dir, "dhs")
    assert produce(settings, TOPIC, *(b"%d" % number for number in range(500))) is None
    os.kill(before, signal.SIGKILL)
    # The same client as always: it finds the broker at the same address.
    assert produce(settings, TOPIC, *(b"%d" % number for number in range(500, 600))) is None
    assert pid(cluster, "kafka") != before
    assert state(cluster)["servers"]["kafka"]["restarts"] == 1
    assert read_all(cluster) == [b"%d" % number for number in range(600)]


def read_all(cluster: Cluster) -> object:
    return consume(connection_settings.client(cluster.data_dir, "intake"), TOPIC, Deployment().group("intake"), 600)


def as_an_older_version_left_it(folder: Folder) -> None:
    """Give everything but the database's folder to whoever starts the cluster, closed to all others."""
    for each in (folder.secrets, folder.pki, folder.kafka):
        for file in (each, *each.rglob("*")):
            os.chown(file, os.geteuid(), os.getegid())
            file.chmod(0o700 if file.is_dir() else 0o600)


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_finds_all(cluster: Cluster) -> None:
    folder, before = Folder(cluster.data_dir), state(cluster)
    rows = asyncio.run(count(cluster))
    assert len(processes_on(cluster.data_dir)) > 5
    os.kill(before["supervisor"], signal.SIGKILL)
    until(lambda: not processes_on(cluster.data_dir), 10)
    assert cluster.status()["stage"] == "stopped"
    passwords = {file: file.read_bytes() for file in secret_files(folder)}
    as_an_older_version_left_it(folder)

    Cluster.start(cluster.data_dir, detached=True, broker=IMPATIENT)
    assert state(cluster)["ports"] == before["ports"]
    assert {file: file.read_bytes() for file in secret_files(folder)} == passwords
    assert asyncio.run(count(cluster)) == rows
    assert read_all(cluster) == [b"%d" % number for number in range(600)]


def test_down_leaves_nothing_and_keeps_the_folder(cluster: Cluster) -> None:
    assert Cluster.at(cluster.data_dir).stop()
    assert not processes_on(cluster.data_dir)
    assert cluster.status()["stage"] == "stopped"
    assert {service["pid"] for service in cluster.status()["services"]} == {None}
    assert Folder(cluster.data_dir).read_state()["ports"]
    assert not Cluster.at(cluster.data_dir).stop()  # nothing ran
