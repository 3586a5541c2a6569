"""An office that is killed before every statement of its spool and around every call of its door, one run for each.

Run as a program: `python -m tests.unit.client.kills FOLDER` prints each promise that broke, and how many kills there
were. A process of its own, since it forks.
"""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson

from schemas import ids
from schemas.ids import Kind
from schemas.justice.police import ArrestMade, ArrestMadeV1
from services.client import Client
from services.client.receipt_and_errors import Receipt, WaitingEvent
from tests.support.random_events import uuid7

DAY = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
EVENTS = 6


class Steps:
    """Counts steps, and kills this process at one of them."""

    def __init__(self, at: int) -> None:
        self.taken, self._at = 0, at

    def step(self, *_: object) -> None:
        self.taken += 1
        if self.taken == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class FileIntake:
    """A door that outlives the office: what it took is in a file, and an id is accepted once."""

    most = 4

    def __init__(self, file: Path, steps: Steps) -> None:
        self._file, self._steps = file, steps

    def send(self, events: Sequence[WaitingEvent], _seconds: float) -> dict[int, Receipt]:
        self._steps.step()
        known = {event_id for event_id, _ in taken(self._file)}
        with self._file.open("ab") as file:
            file.writelines(event.value + b"\n" for event in events)
        self._steps.step()
        return {
            event.seq: Receipt("duplicate" if event.id in known else "accepted", event.id, 1, 1) for event in events
        }

    def close(self) -> None:
        """Nothing is open."""


def taken(file: Path) -> list[tuple[str, bytes]]:
    """Give what the door took, in order."""
    lines = file.read_bytes().splitlines() if file.exists() else []
    return [(orjson.loads(line)["id"], line) for line in lines]


def office(folder: Path, at: int) -> int:
    """Publish six events about two persons, sending after every second one; gives how many steps that takes."""
    steps = Steps(at)
    with Client("bpd/register", FileIntake(folder / "door", steps), folder / "spool.db") as client:
        client._spool._database.set_trace_callback(steps.step)
        for number in range(EVENTS):
            event = client.event(
                ArrestMadeV1,
                ArrestMade(person=_id(Kind.PERSON, number % 2), arrest=_id(Kind.ARREST, number)),
                time=DAY,
                id=event_id(number),
                recordedtime=DAY,
            )
            client.publish(event)
            with (folder / "published").open("a") as file:
                file.write(event.id + "\n")
            if number % 2:
                client.flush()
    return steps.taken


def event_id(number: int) -> str:
    return uuid7(DAY, number)


def _id(kind: Kind, number: int) -> str:
    return ids.mint(kind, number.to_bytes(16, "big"))


def broken(folder: Path) -> list[str]:
    """Say which promise does not hold after the office was killed and came back."""
    expected = [event_id(number) for number in range(EVENTS)]
    found = taken(folder / "door")
    sentences = []
    if list(dict.fromkeys(event_id for event_id, _ in found)) != expected:
        sentences.append("an event is missing, or came before an earlier one")
    if len(set(found)) != EVENTS:
        sentences.append("an event was sent with other bytes than before")
    with Client("bpd/register", FileIntake(folder / "door", Steps(0)), folder / "spool.db") as client:
        if (client.waiting, client._spool.count("accepted")) != (0, EVENTS):
            sentences.append("an event has no answer")
        [verdict] = client._spool._database.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            sentences.append("the file is damaged")
    return sentences


def main(folder: Path) -> None:
    at = 0
    while True:
        at += 1
        run = folder / str(at)
        run.mkdir()
        child = os.fork()
        if not child:
            office(run, at)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        acknowledged = (run / "published").read_text().split() if (run / "published").exists() else []
        office(run, 0)  # comes back, publishes all again under the same ids
        for sentence in broken(run):
            print(f"killed at step {at}, after {len(acknowledged)} were taken: {sentence}")  # noqa: T201
    print(at - 1)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
