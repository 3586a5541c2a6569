"""The order of backups: that in which they were made, also where a clock was set back or a file was renamed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.console.backup import checking, database, making_backup, manifest, restore_moment, retention
from services.console.backup.errors import BackupError
from tests.unit.console.test_backup import BEGUN, point, wal

_BACK = timedelta(days=365)


def made(to: Path, clock: list[datetime], key: Ed25519PrivateKey) -> list[str]:
    """Make a point at each of these times of the machine's clock; give their names in the order of making."""
    names = []
    for number, at in enumerate(clock):
        name = making_backup.point_name(at, manifest.latest(to, key.public_key()))
        manifest.write(to, point(number, point=name, made_at=at.isoformat(), n=number), key)
        names.append(name)
    return names


@pytest.mark.parametrize(
    "clock",
    [
        [BEGUN, BEGUN + timedelta(minutes=5), BEGUN - _BACK, BEGUN - _BACK + timedelta(minutes=5)],
        [BEGUN + _BACK, BEGUN, BEGUN + timedelta(minutes=5), BEGUN + timedelta(minutes=10)],
        [BEGUN] * 4,
    ],
    ids=["set back", "was ahead", "stands"],
)
def test_a_backup_follows_the_one_before_it_whatever_the_clock_says(tmp_path: Path, clock: list[datetime]) -> None:
    key = Ed25519PrivateKey.generate()
    names = made(tmp_path, clock, key)
    assert manifest.names(tmp_path) == names
    newest = manifest.latest(tmp_path, key.public_key())
    assert newest is not None
    assert (newest.point, newest.n) == (names[-1], 3)


def test_a_backup_made_after_the_clock_was_set_back_is_not_removed_as_an_old_one(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    names = made(tmp_path, [BEGUN, BEGUN + timedelta(minutes=5), BEGUN - _BACK], key)
    (tmp_path / "keys").mkdir()
    assert retention.drop_old_points(tmp_path, tmp_path / "keys", 2, key.public_key()) == 1
    assert manifest.names(tmp_path) == names[1:]


def test_the_name_of_a_backup_is_the_time_at_which_it_was_made() -> None:
    assert making_backup.point_name(BEGUN, None).startswith("20260301T000000Z-")
    later = point(1, point=making_backup.point_name(BEGUN, None))
    assert making_backup.point_name(BEGUN + timedelta(seconds=1), later).startswith("20260301T000001Z-")


def test_files_of_points_that_a_wrong_clock_dates_later_are_part_of_a_restore() -> None:
    ahead = datetime(2030, 1, 1, tzinfo=UTC).isoformat()
    points = [
        point(1, base=1, n=10, wal=wal(1, 2)),
        point(2, base=1, n=20, wal=wal(1, 2, 3), made_at=ahead),
        point(3, base=3, n=30, wal=wal(4, 5)),
    ]
    plan = restore_moment.plan_before_n(points, 15)
    assert [int(file.path[4:-3]) for file in plan.wal] == [1, 2, 3]
    plan = restore_moment.plan_before_n(points, 25)
    assert [int(file.path[4:-3]) for file in plan.wal] == [1, 2, 3, 4, 5]


def test_the_manifest_of_one_backup_is_not_taken_for_another(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    old, new = made(tmp_path, [BEGUN, BEGUN + timedelta(hours=1)], key)
    manifest.file_of(tmp_path, new).write_bytes(manifest.file_of(tmp_path, old).read_bytes())
    with pytest.raises(BackupError, match=f"{new} holds the manifest of {old}"):
        checking.points(tmp_path, key.public_key())


@pytest.mark.parametrize(("age", "is_old"), [(timedelta(hours=1), False), (timedelta(days=2), True), (-_BACK, True)])
def test_a_base_backup_of_a_time_to_come_is_made_again(age: timedelta, *, is_old: bool) -> None:
    copy = replace(point(1).database, base_ended_at=(datetime.now(UTC) - age).isoformat())
    assert database._is_old(copy, timedelta(days=1)) is is_old


def test_the_log_of_a_second_history_is_not_taken_for_that_of_the_first(tmp_path: Path) -> None:
    name = f"{2:024}.gz"
    for number, content in enumerate((b"first", b"first", b"second")):
        (tmp_path / f"received{number}").mkdir()
        (tmp_path / f"received{number}" / name).write_bytes(content)
    for number in (0, 1):
        [kept] = database._keep(tmp_path, [tmp_path / f"received{number}" / name])
        assert (tmp_path / kept.path).read_bytes() == b"first"
    with pytest.raises(BackupError, match="before this database was restored"):
        database._keep(tmp_path, [tmp_path / "received2" / name])
