"""Choice of the restore target: a backup point, a time, or the moment before an event was accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.console.backup.errors import BackupError
from services.console.backup.manifest import BackupPoint, DatabaseCopy, KeptFile


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """The parts of a restore: base backup, files of the write-ahead log after it, and the point whose log is restored.

    `target`: PostgreSQL's recovery settings that say where recovery stops.
    """

    database: DatabaseCopy
    wal: tuple[KeptFile, ...]
    point: BackupPoint
    target: Mapping[str, str]


def plan_to_backup_point(points: Sequence[BackupPoint], name: str = "") -> RestorePlan:
    """Plan the restore of the named point, or of the newest; recovery stops exactly at the point's restore point."""
    point = _named(points, name)
    copy = _database(point)
    return RestorePlan(copy, copy.wal, point, {"recovery_target_name": copy.restore_point})


def plan_log_alone(points: Sequence[BackupPoint], name: str = "") -> RestorePlan:
    """Plan the restore of the log of the named point, or of the newest, for a database restored by its own tool."""
    point = _named(points, name)
    return RestorePlan(point.database, (), point, {})


def plan_to_time(points: Sequence[BackupPoint], at: datetime) -> RestorePlan:
    """Plan the restore to a time: the newest base backup that ended by then, and the first point from then on.

    Raises `BackupError` when no point or no base backup covers that time.
    """
    later = [point for point in points if datetime.fromisoformat(point.made_at) >= at]
    if not later:
        message = (
            f"The newest backup is of {points[-1].made_at}, and {at.isoformat()} is later:"
            " nothing is kept of that time. Make a backup first, or name an earlier time."
        )
        raise BackupError(message)
    ended = [each for each in points if datetime.fromisoformat(_database(each).base_ended_at) <= at]
    if not ended:
        first = _database(points[0]).base_ended_at
        message = (
            f"The oldest base backup ended at {first}, and {at.isoformat()} is earlier: nothing is kept of that time."
        )
        raise BackupError(message)
    copy = _database(max(ended, key=lambda each: _database(each).base_ended_at))
    wal = _wal(points, copy, later[0])
    return RestorePlan(copy, wal, later[0], {"recovery_target_time": at.isoformat()})


def plan_before_n(points: Sequence[BackupPoint], n: int) -> RestorePlan:
    """Plan the restore to the moment before `n` was accepted.

    `target` is the restore point of the first backup with `n`. The caller looks up the transaction of `n` in the
    restored database, and a second recovery stops before it. Raises `BackupError` when no backup has `n`.
    """
    later = [point for point in points if point.n >= n]
    if not later:
        message = f"The newest backup ends at n {points[-1].n}: it does not know n {n}."
        raise BackupError(message)
    earlier = [point for point in points if point.n < n]
    copy = _database(earlier[-1] if earlier else points[0])
    return RestorePlan(
        copy, _wal(points, copy, later[0]), later[0], {"recovery_target_name": _database(later[0]).restore_point}
    )


def _named(points: Sequence[BackupPoint], name: str) -> BackupPoint:
    found = [point for point in points if name in {"", point.point}]
    if not found:
        message = f"There is no backup {name}. List what there is: atips backup list DIR"
        raise BackupError(message)
    return found[-1]


def _wal(points: Sequence[BackupPoint], base: DatabaseCopy, last: BackupPoint) -> tuple[KeptFile, ...]:
    """Return the files of the write-ahead log from a base to a point; each point lists those since its own base."""
    begin = base.wal[0].path if base.wal else ""
    found = {
        file.path: file
        for point in points[: points.index(last) + 1]
        for file in _database(point).wal
        if file.path >= begin
    }
    return tuple(found[path] for path in sorted(found))


def _database(point: BackupPoint) -> DatabaseCopy:
    if not point.database.base:
        message = (
            f"The backup {point.point} has the log alone. Restore the database with its own tool, to the restore point"
            f" {point.point} or earlier. Then bring back the log beside it: atips restore --log-only"
        )
        raise BackupError(message)
    return point.database
