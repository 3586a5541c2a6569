"""Store of events that a command sent and whose answer was not shown yet. Repeating the command sends the same event.

A command may be killed, or time out, after intake accepted the event; sent again, the event counts once. Each event is
a file of the data folder that only its owner may read. Its name is a hash of the event.
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
"""Fields in which two events of the same command differ."""

# After a day an equal command is more likely a new event, such as a second withdrawal of consent.
_LONGEST: Final = timedelta(days=1)


class UnansweredMove(NamedTuple):
    """An event without a shown answer, as it was first built, and its file."""

    path: Path
    event: dict[str, Any]

    def forget(self) -> None:
        """Remove the event's file, so that the same command builds a new event the next time.

        Call this after the answer was shown, or if the move was already made before.
        """
        self.path.unlink(missing_ok=True)


def store_or_find_event(folder: Path, event: Mapping[str, Any], now: datetime) -> UnansweredMove:
    """Store an event as unanswered and return it. If an equal event is stored already, return the stored one.

    Two events are equal if they differ only in `id`, `time` and `recordedtime`. Stored events older than a day, and
    files that hold no event, are removed. Raises `TypeError` if the event has text that is not UTF-8.
    """
    said = {name: value for name, value in event.items() if name not in _OF_EACH_OWN}
    path = folder / f"{sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()}.json"
    folder.mkdir(mode=CLOSED, exist_ok=True)
    for old in _old(folder, now):
        old.unlink(missing_ok=True)
    while True:
        write_first(path, orjson.dumps(event).decode())
        with suppress(FileNotFoundError):  # another command with the same event was answered just now
            return UnansweredMove(path, orjson.loads(path.read_bytes()))


def _old(folder: Path, now: datetime) -> Iterator[Path]:
    for path in folder.glob("*.json"):
        with suppress(FileNotFoundError):
            try:
                age = now - datetime.fromisoformat(orjson.loads(path.read_bytes())["time"])
            except (ValueError, LookupError, TypeError):  # damaged: else no command of the office would go any more
                age = _LONGEST
            if not timedelta() <= age < _LONGEST:
                yield path
