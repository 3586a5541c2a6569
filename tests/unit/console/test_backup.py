"""A backup's parts without servers: what is signed, kept apart, chosen, cut off, and refused loudly."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from infra.local.data_folder import Folder
from schemas import ids
from schemas.ids import Kind
from schemas.topics import Deployment
from services.console.__main__ import app
from services.console.backup import (
    checking,
    erasure_register,
    kafka_log,
    kafka_log_restore,
    keys_archive,
    manifest,
    prometheus,
    restore_moment,
    retention,
    segments,
    signed_document,
)
from services.console.backup.database_only_restore import DatabaseRestore, cluster_of
from services.console.backup.database_state import DatabaseState
from services.console.backup.errors import BackupError
from services.console.backup.kafka_log import KeptTopics
from services.console.backup.manifest import BackupPoint, DatabaseCopy, KeptFile, PartitionCopy
from services.console.backup.restoring import DeploymentRestore, RestoreRequest, demand_equal
from services.runtime.record import Record

DEPLOYMENT = Deployment()
PERSON = ids.mint(Kind.PERSON, bytes(16))
PLACE = ("atips.person.v1", 0)
TOPIC_ID = UUID(int=7)
BEGUN = datetime(2026, 3, 1, tzinfo=UTC)


def erased(number: int = 1) -> bytes:
    return orjson.dumps({"source": "intake/vault", "id": f"id-{number}", "data": {"person": PERSON}})


def record(offset: int, n: int = 0, place: tuple[str, int] = PLACE, value: bytes = b"{}") -> Record:
    return Record(*place, offset, 1735689600000, b"key", value, [("n", b"%d" % n), ("empty", None)])


def segment(to: Path, *records: Record, place: tuple[str, int] = PLACE) -> PartitionCopy:
    writer = segments.SegmentWriter(to, place)
    for each in records:
        writer.add(each)
    made = writer.finish(records[-1].offset + 1)
    return PartitionCopy(*place, str(TOPIC_ID), made.begin, made.end, (made,))


def kept(to: Path, path: str, content: bytes) -> KeptFile:
    (to / path).parent.mkdir(parents=True, exist_ok=True)
    (to / path).write_bytes(content)
    return manifest.kept_file_of(to, to / path)


def point(number: int, *, base: int = 0, n: int = 0, wal: tuple[KeptFile, ...] = (), **more: Any) -> BackupPoint:  # noqa: ANN401
    """A point an hour after the one before; its base backup ended five minutes before the point of that number."""
    at = BEGUN + timedelta(hours=number)
    ended = BEGUN + timedelta(hours=base) - timedelta(minutes=5)
    copy = DatabaseCopy("7", "18.6", f"b{base}", ended.isoformat(), (), f"p{number}", "0/3000090", wal)
    plain: dict[str, Any] = {
        "deployment": {"name": "atips", "partitions": 4, "agencies": ["bpd"]},
        "ports": {"kafka": 20001},
        "code_version": "1",
        "schema_versions": {},
        "kafka_cluster": "k",
        "relayed": n,
        "database": copy,
        "log": (),
        "keys": KeptFile("keys/none.tar", 0, ""),
    }
    return BackupPoint(**{**plain, "point": f"p{number}", "made_at": at.isoformat(), "n": n, **more})


def wal(*numbers: int) -> tuple[KeptFile, ...]:
    return tuple(KeptFile(f"wal/{number:024}.gz", 1, "") for number in numbers)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """A backup of a base, a file of the log, a segment and keys, as a restore reads it before it starts anything."""
    to, keys_to, folder = tmp_path / "to", tmp_path / "keys", Folder(tmp_path / "data")
    to.mkdir()
    keys_to.mkdir()
    folder.make()
    (folder.secrets / "quarantine.key").write_text("ab" * 32)
    key = signed_document.signing_key(folder)
    signed_document.write_public_key(keys_to, key.public_key())
    database = DatabaseCopy(
        *("7", "18.6", "p1", BEGUN.isoformat()),
        (kept(to, "bases/p1/base.tar.gz", b"base"),),
        *("p1", "0/3000090"),
        (kept(to, f"wal/{1:024}.gz", b"wal"),),
    )
    copy = segment(to, record(0, 1), record(1, 2))
    named = erasure_register.write(keys_to, [erasure_register.erasure(erased())], key)
    whole = point(1, n=2, database=database, log=(copy,), keys=keys_archive.write(folder, keys_to), erasures=named)
    manifest.write(to, whole, key)
    return to, keys_to


def refused(to: Path, keys_from: Path, data_dir: Path) -> str:
    """Give the reason for which a restore is refused; nothing may be left of it."""
    with pytest.raises(BackupError) as told:
        DeploymentRestore(RestoreRequest(to, keys_from, data_dir), lambda _stage: None).run()
    assert not data_dir.exists()
    return str(told.value)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda to, _: next(to.glob("wal/*")).unlink(), ".gz is missing"),
        (lambda to, _: flip(next(to.glob("wal/*"))), "was changed: its digest is another"),
        (lambda to, _: flip(to / "bases/p1/base.tar.gz"), "base.tar.gz was changed"),
        (lambda to, _: flip(next(to.glob("log/*/*/*.gz"))), "jsonl.gz was changed"),
        (lambda to, _: next(to.glob("log/*/*/*.gz")).write_bytes(b""), "has 0 bytes, not"),
        (lambda to, _: flip(to / "points/p1.json"), "was changed|no signed document|another key"),
        (lambda _, keys_from: flip(next(keys_from.glob("keys/*.tar"))), ".tar was changed"),
        (lambda _, keys_from: (keys_from / "erasures.json").unlink(), "could bring back what was erased"),
        (lambda _, keys_from: flip(keys_from / "erasures.json"), "was changed|no signed document|another key"),
        (lambda _, keys_from: (keys_from / "backup.pub").unlink(), "is no keys part of a backup"),
    ],
    ids=[
        "wal",
        "bit of wal",
        "bit of base",
        "bit of log",
        "short",
        "manifest",
        "keys",
        "register",
        "bit of it",
        "no key",
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_restored(
    made: tuple[Path, Path], tmp_path: Path, damage: Callable[[Path, Path], None], reason: str
) -> None:
    to, keys_from = made
    damage(to, keys_from)
    told = refused(to, keys_from, tmp_path / "new")
    assert any(part in told for part in reason.split("|")), told


def test_the_keys_of_another_deployment_open_nothing(made: tuple[Path, Path], tmp_path: Path) -> None:
    to, _ = made
    other, key = tmp_path / "other", Ed25519PrivateKey.generate()
    other.mkdir()
    signed_document.write_public_key(other, key.public_key())
    erasure_register.write(other, (), key)
    assert "signed by another key" in refused(to, other, tmp_path / "new")


def test_an_old_key_backup_with_its_old_register_is_refused(made: tuple[Path, Path], tmp_path: Path) -> None:
    to, keys_from = made
    old = tmp_path / "old"
    copytree(keys_from, old)
    key = signed_document.signing_key(Folder(tmp_path / "data"))
    named = erasure_register.write(keys_from, [erasure_register.erasure(erased(2))], key)
    before = checking.points(to, key.public_key())[0]
    newer = point(2, n=3, database=before.database, log=before.log, keys=before.keys, erasures=named)
    manifest.write(to, newer, key)
    assert "lacks 1 erasures that the newest backup names" in refused(to, old, tmp_path / "new")


def test_a_restore_never_writes_over_what_is_there(made: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new/file").touch()
    with pytest.raises(BackupError, match="is not empty"):
        DeploymentRestore(RestoreRequest(*made, tmp_path / "new"), lambda _stage: None).run()


def test_a_database_is_not_restored_beside_another_broker(made: tuple[Path, Path], tmp_path: Path) -> None:
    meta = tmp_path / "data/kafka/data/meta.properties"
    meta.parent.mkdir(parents=True)
    meta.write_text("version=1\ncluster.id=other\nnode.id=1\n")
    assert cluster_of(tmp_path / "data") == "other"
    with pytest.raises(BackupError, match="is not that of the backup"):
        DatabaseRestore(RestoreRequest(*made, tmp_path / "data"), lambda _stage: None).run()


@pytest.mark.parametrize(
    ("code", "answer", "errors"),
    [
        (1, '{"equal": false, "different": [{"figure": "O9"}]}', ""),
        (0, '{"equal": false, "different": [{"figure": "O9"}]}', ""),
        (1, "", "The replay ended: Halt O9"),
        (1, '{"equal": true}', "O9"),
    ],
)
def test_figures_that_differ_from_the_log_end_a_restore(code: int, answer: str, errors: str) -> None:
    assert demand_equal(0, '{"equal": true, "events": 3}', "") == {"equal": True, "events": 3}
    with pytest.raises(BackupError, match=r"O9.*Nothing was restored"):
        demand_equal(code, answer, errors)


def test_verify_names_each_fault_and_ends_with_one(made: tuple[Path, Path]) -> None:
    to, keys_from = made
    words = ["backup", "verify", str(to), "--keys-from", str(keys_from), "--json"]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, orjson.loads(done.stdout)) == (0, {"backups": 1, "files": 3, "faults": []})
    flip(to / "bases/p1/base.tar.gz")
    next(keys_from.glob("keys/*.tar")).unlink()
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert len(orjson.loads(done.stdout)["faults"]) == 2
    assert {path.stat().st_mode & 0o077 for path in (to / "points", to / "log", keys_from / "keys")} == {0}
    listed = CliRunner().invoke(app, ["backup", "list", str(to), "--keys-from", str(keys_from), "--json"])
    assert [each["n"] for each in orjson.loads(listed.stdout)["backups"]] == [2]


@pytest.mark.parametrize("inside", ["to/keys", "to", "."])
def test_keys_are_refused_inside_the_backup_and_the_backup_inside_the_keys(tmp_path: Path, inside: str) -> None:
    with pytest.raises(BackupError, match="lie in each other"):
        keys_archive.check_apart(tmp_path / "to", tmp_path / inside)
    keys_archive.check_apart(tmp_path / "to", tmp_path / "to-keys")


def test_keys_come_back_as_they_were_without_those_of_erased_persons(tmp_path: Path) -> None:
    old, new = Folder(tmp_path / "old"), Folder(tmp_path / "new")
    for folder in (old, new):
        folder.make()
    (old.secrets / "quarantine.key").write_text("ab" * 32)
    (old.secrets / f"{PERSON}.justice.key").write_text("cd" * 32)
    (old.kafka / "server.properties").touch()
    (old.root / "state.json").touch()
    (old.root / "belongs.json").touch()  # the restored folder may belong to another database
    (tmp_path / "keys").mkdir()
    file = keys_archive.write(old, tmp_path / "keys")
    assert keys_archive.write(old, tmp_path / "keys") == file  # equal keys are kept once
    assert keys_archive.restore_keys(tmp_path / "keys", file, new, {PERSON}) == 1
    assert {path.name for path in new.root.rglob("*") if path.is_file()} == {"quarantine.key"}
    assert (new.secrets / "quarantine.key").read_text() == "ab" * 32
    assert (new.secrets / "quarantine.key").stat().st_mode & 0o777 == 0o600


def test_names_of_servers_in_an_older_backup_do_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Folder(tmp_path / "old"), Folder(tmp_path / "new")
    for folder in (old, new):
        folder.make()
    (old.root / "belongs.json").touch()
    (tmp_path / "keys").mkdir()
    with monkeypatch.context() as older:
        older.setattr(keys_archive, "_ELSEWHERE", frozenset())
        file = keys_archive.write(old, tmp_path / "keys")
    keys_archive.restore_keys(tmp_path / "keys", file, new, set())
    assert not (new.root / "belongs.json").exists()


def test_the_register_forgets_no_erasure(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    erasure_register.write(tmp_path, [erasure_register.erasure(erased(1))], key)
    assert erasure_register.write(tmp_path, [erasure_register.erasure(erased(2))], key) == (
        "intake/vault id-1",
        "intake/vault id-2",
    )
    found = erasure_register.read(tmp_path, key.public_key(), ())
    assert [(each.person, each.event) for each in found] == [(PERSON, erased(1)), (PERSON, erased(2))]


def test_a_segment_gives_back_every_byte(tmp_path: Path) -> None:
    odd = Record(*PLACE, 5, 12, None, b"\xff\x00not JSON", [("a", None), ("a", b"\xfe")])
    copy = segment(tmp_path, record(4), odd)
    [whole] = copy.segments
    assert (copy.begin, copy.end, whole.records) == (4, 6, 2)
    assert list(segments.read(tmp_path, PLACE, whole.file)) == [record(4), odd]


def test_small_segments_are_joined_and_a_damaged_one_is_not_signed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first], [second] = segment(tmp_path, record(0)).segments, segment(tmp_path, record(1), record(2)).segments
    [whole] = segments.join_small_segments(tmp_path, PLACE, first, second)
    assert (whole.begin, whole.end, whole.records) == (0, 3, 3)
    assert [each.offset for each in segments.read(tmp_path, PLACE, whole.file)] == [0, 1, 2]
    assert (tmp_path / first.file.path).exists()  # an older backup names it
    assert not (tmp_path / second.file.path).exists()
    [third] = segment(tmp_path, record(3)).segments
    flip(tmp_path / whole.file.path)
    with pytest.raises(BackupError, match="The last backup is damaged"):
        segments.join_small_segments(tmp_path, PLACE, whole, third)
    monkeypatch.setattr(segments, "SMALL_BYTES", whole.file.size)
    assert segments.join_small_segments(tmp_path, PLACE, whole, third) == (whole, third)


def topics(place: tuple[str, int] = PLACE) -> KeptTopics:
    return KeptTopics([place], kafka_log.permanent_topics(DEPLOYMENT), {place[0]: TOPIC_ID})


def test_a_backup_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    before = segment(tmp_path, record(0), record(1))
    assert kafka_log.continue_partition_copy(topics(), PLACE, before, (0, 9)) == before
    assert kafka_log.continue_partition_copy(topics(), PLACE, None, (0, 9)).end == 0


@pytest.mark.parametrize(
    ("bounds", "topic_id", "reason"),
    [
        ((0, 1), TOPIC_ID, "has lost records since"),
        ((0, 9), UUID(int=8), "is not the topic of the last backup"),
        ((5, 9), TOPIC_ID, "lost records that are kept for ever"),
    ],
)
def test_a_log_that_lost_records_or_was_made_again_is_not_backed_up(
    tmp_path: Path, bounds: tuple[int, int], topic_id: UUID, reason: str
) -> None:
    before = segment(tmp_path, record(0), record(1))
    asked = KeptTopics([PLACE], kafka_log.permanent_topics(DEPLOYMENT), {PLACE[0]: topic_id})
    with pytest.raises(BackupError, match=reason):
        kafka_log.continue_partition_copy(asked, PLACE, before, bounds)


def test_receipts_that_expired_leave_the_backup(tmp_path: Path) -> None:
    place = (DEPLOYMENT.delivery("bpd"), 0)
    before = segment(tmp_path, record(0, place=place), record(1, place=place), place=place)
    assert kafka_log.continue_partition_copy(topics(place), place, before, (1, 9)) == before  # one of two is left
    after = kafka_log.continue_partition_copy(topics(place), place, before, (5, 9))
    assert (after.begin, after.end, after.segments) == (5, 5, ())


def test_a_gap_between_segments_is_named(tmp_path: Path) -> None:
    first, second = segment(tmp_path, record(0)), segment(tmp_path, record(2))
    copy = PartitionCopy(*PLACE, str(TOPIC_ID), 0, 3, (*first.segments, *second.segments))
    assert list(kafka_log.all_copied([copy])) == ["atips.person.v1[0] lacks offsets 1 to 2"]


def state(n: int = 2, ends: dict[tuple[str, int], int] | None = None) -> DatabaseState:
    return DatabaseState(n, n, 0, {}, ends or {}, {})


def test_the_log_is_cut_where_the_database_stands(tmp_path: Path) -> None:
    copy = segment(tmp_path, record(0, 1), record(1, 2), record(2, 3))
    known = list(kafka_log_restore.known_records(tmp_path, copy, DEPLOYMENT, state(ends={PLACE: 2})))
    assert [each.offset for each in known] == [0, 1]


def test_a_log_older_than_the_database_is_refused(tmp_path: Path) -> None:
    copy = segment(tmp_path, record(0, 1))
    with pytest.raises(BackupError, match="older than the database"):
        list(kafka_log_restore.known_records(tmp_path, copy, DEPLOYMENT, state(ends={PLACE: 2})))


def test_quarantine_and_receipts_end_before_the_first_number_that_the_database_lacks(tmp_path: Path) -> None:
    receipts, quarantine = (DEPLOYMENT.delivery("bpd"), 0), (DEPLOYMENT.quarantine, 0)
    of_topics: dict[tuple[str, int], list[dict[str, Any]]] = {
        receipts: [{"data": {"n": 1}}, {"data": {"notice": True}}, {"data": {"n": 3}}, {"data": {"n": 2}}],
        quarantine: [{"n": n, "inbound": {}, "key_id": "k"} for n in (1, 2, 3)],
    }
    for place, values in of_topics.items():
        written = [record(offset, place=place, value=orjson.dumps(value)) for offset, value in enumerate(values)]
        copy = segment(tmp_path, *written, place=place)
        known = list(kafka_log_restore.known_records(tmp_path, copy, DEPLOYMENT, state(2)))
        assert [each.offset for each in known] == [0, 1]


POINTS = (
    point(1, base=1, n=10, wal=wal(1, 2)),
    point(2, base=1, n=20, wal=wal(1, 2, 3)),
    point(3, base=3, n=30, wal=wal(4, 5)),
    point(4, base=3, n=40, wal=wal(4, 5, 6)),
)


def numbers(plan: restore_moment.RestorePlan) -> list[int]:
    return [int(file.path[4:-3]) for file in plan.wal]


def test_the_newest_point_is_restored_unless_one_is_named() -> None:
    plan = restore_moment.plan_to_backup_point(POINTS)
    assert (plan.point.point, numbers(plan), plan.target) == ("p4", [4, 5, 6], {"recovery_target_name": "p4"})
    assert restore_moment.plan_to_backup_point(POINTS, "p2").point.point == "p2"
    with pytest.raises(BackupError, match="no backup p9"):
        restore_moment.plan_to_backup_point(POINTS, "p9")


@pytest.mark.parametrize(
    ("hours", "base", "covered", "files"),
    [
        (1.5, "b1", "p2", [1, 2, 3]),
        (2.5, "b1", "p3", [1, 2, 3, 4, 5]),
        (2.95, "b3", "p3", [4, 5]),
        (4, "b3", "p4", [4, 5, 6]),
    ],
)
def test_a_time_takes_the_base_before_it_and_the_log_up_to_the_point_after_it(
    hours: float, base: str, covered: str, files: list[int]
) -> None:
    plan = restore_moment.plan_to_time(POINTS, BEGUN + timedelta(hours=hours))
    assert (plan.database.base, plan.point.point, numbers(plan)) == (base, covered, files)


def test_a_backup_of_the_log_alone_goes_with_a_database_that_its_own_tool_brought_back() -> None:
    alone = point(5, n=50, database=DatabaseCopy("7", "15.9", "", "", (), "p5", "0/9", ()))
    plan = restore_moment.plan_log_alone([*POINTS, alone])
    assert (plan.point.point, plan.wal, plan.target) == ("p5", (), {})
    with pytest.raises(BackupError, match=r"to the restore point p5 or earlier.*--log-only"):
        restore_moment.plan_to_backup_point([*POINTS, alone])


@pytest.mark.parametrize("hours", [0.5, 4.1])
def test_a_time_outside_of_what_is_kept_is_refused(hours: float) -> None:
    with pytest.raises(BackupError, match="nothing is kept of that time"):
        restore_moment.plan_to_time(POINTS, BEGUN + timedelta(hours=hours))


def test_a_number_takes_the_first_point_that_has_it_and_a_base_from_before_it() -> None:
    plan = restore_moment.plan_before_n(POINTS, 25)
    assert (plan.database.base, plan.point.point, numbers(plan)) == ("b1", "p3", [1, 2, 3, 4, 5])
    with pytest.raises(BackupError, match="does not know n 41"):
        restore_moment.plan_before_n(POINTS, 41)


def test_old_points_go_with_the_files_that_they_alone_needed(made: tuple[Path, Path], tmp_path: Path) -> None:
    to, keys_to = made
    key = signed_document.signing_key(Folder(tmp_path / "data"))
    [before] = checking.points(to, key.public_key())
    base = kept(to, "bases/p2/base.tar.gz", b"other")
    newer = DatabaseCopy("7", "18.6", "p2", BEGUN.isoformat(), (base,), "p2", "0/1", (kept(to, "wal/x.gz", b"x"),))
    manifest.write(to, point(2, database=newer, log=before.log, keys=before.keys), key)
    assert retention.drop_old_points(to, keys_to, 1, key.public_key()) == 1
    assert sorted(path.name for path in to.rglob("*.gz")) == [
        "00000000000000000000-00000000000000000002.jsonl.gz",
        "base.tar.gz",
        "x.gz",
    ]
    assert manifest.names(to) == ["p2"]
    assert len(list(keys_to.glob("keys/*"))) == 1
    assert checking.faults(to, checking.points(to, key.public_key()), lambda _done, _of: None) == []


def test_the_times_of_a_folder_are_told_to_prometheus(tmp_path: Path) -> None:
    prometheus.note(tmp_path, prometheus.SUCCESS, BEGUN)
    prometheus.note(tmp_path, prometheus.DRILL, BEGUN + timedelta(seconds=5))
    assert prometheus.read(tmp_path) == {
        "atips_backup_last_success_timestamp_seconds": BEGUN.timestamp(),
        "atips_backup_last_drill_timestamp_seconds": BEGUN.timestamp() + 5,
    }


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["backup"], "Name both folders"),
        (["restore", "--before", "3", "--at", "2025-01-01T00:00:00Z"], "three ways to say one thing"),
        (["restore", "--at", "yesterday"], "an instant with its offset"),
        (["restore", "--log-only", "--before", "3"], "wherever its tool brought it"),
    ],
)
def test_a_command_that_cannot_be_understood_is_refused(made: tuple[Path, Path], words: list[str], reason: str) -> None:
    to, keys_from = made
    where = ["--from", str(to), "--keys-from", str(keys_from), "--data-dir", str(to.parent / "new")]
    done = CliRunner().invoke(app, [*words, *(where if words[0] == "restore" else ())])
    assert (done.exit_code, reason in done.output) == (2, True), done.output
