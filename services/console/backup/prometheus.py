"""`backup.prom`: times of the last backup and the last drill, as a text file for Prometheus's node exporter."""

from datetime import datetime
from pathlib import Path
from typing import Final

from infra.local.protected_files import write_public

FILE: Final = "backup.prom"
SUCCESS: Final = "atips_backup_last_success_timestamp_seconds"
DRILL: Final = "atips_backup_last_drill_timestamp_seconds"
_HELP: Final = {
    SUCCESS: "Time of the last backup that was made, in seconds since 1970.",
    DRILL: "Time of the last backup that was restored and checked, in seconds since 1970.",
}


def note(folder: Path, name: str, at: datetime) -> None:
    """Set the time of the metric `name` (`SUCCESS` or `DRILL`), and keep the other metric's time."""
    times = read(folder) | {name: at.timestamp()}
    text = "".join(
        f"# HELP {each} {_HELP[each]}\n# TYPE {each} gauge\n{each} {times[each]:.3f}\n"
        for each in _HELP
        if each in times
    )
    write_public(folder / FILE, text)


def read(folder: Path) -> dict[str, float]:
    """Read the times that are set: metric name to seconds since 1970. Empty without a file."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = (line.split() for line in lines if not line.startswith("#"))
    return {words[0]: float(words[1]) for words in found if len(words) > 1 and words[0] in _HELP}
