"""Moves that were sent and have no shown answer yet. The same command sends the same event again, and it counts once.

A command may be killed, or no answer come, when intake has taken the event already. Each lies in a file of the data
folder, readable by its owner alone, whose name says nothing of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from infra.local.protected_files import CLOSED, write_first

_OF_EACH_OWN: Final = frozenset({"id", "time", "recordedtime"})
"""In what an event differs from another that says the same."""

# Later the same words are more likely meant anew, such as consent that was given again in between and is taken back.
_LONGEST: Final = timedelta(days=1)


class UnansweredMove(NamedTuple):
    """One event that was sent, as it was first stated, and its file."""

    path: Path
    event: dict[str, Any]

    def forget(self) -> None:
        """Forget the event once it is answered. The same command then makes a new event."""
        self.path.unlink(missing_ok=True)


def kept(folder: Path, event: Mapping[str, Any], now: datetime) -> UnansweredMove:
    """Keep an event, or find it as it was kept before. Raises TypeError for text that is not UTF-8."""
    said = {name: value for name, value in event.items() if name not in _OF_EACH_OWN}
    path = folder / f"{sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()}.json"
    folder.mkdir(mode=CLOSED, exist_ok=True)
    for old in _old(folder, now):
        old.unlink(missing_ok=True)
    while True:
        write_first(path, orjson.dumps(event).decode())
        with suppress(FileNotFoundError):  # another command that said the same has just been answered
            return UnansweredMove(path, orjson.loads(path.read_bytes()))


def _old(folder: Path, now: datetime) -> Iterator[Path]:
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError):
            at = datetime.fromisoformat(orjson.loads(path.read_bytes())["time"])
            if not timedelta() <= now - at < _LONGEST:
                yield path
