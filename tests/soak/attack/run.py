"""A quiet time, then all attacks at once, beside honest agencies; and what must hold of both."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

import psutil
from rich.table import Table

from infra.local import connection_settings
from services.console.lag import GroupLags
from services.runtime.postgres import Connection
from tests.soak.attack.attackers import ATTACKS
from tests.soak.attack.honest_agencies import INTERVAL_SECONDS, Honest, Wait
from tests.soak.attack.java_heap import live_bytes
from tests.soak.attack.target import CARELESS
from tests.soak.progress_board import Board
from tests.soak.publishing import publish
from tests.support.generator import PLAUSIBLE, History, Submission
from tests.support.pipeline import ROOT, Expired

_FILLED: Final = 25_000
"""Events before anything is measured: more than any service remembers, so that what grows later is no cache."""
_HONEST: Final = 20
_SLOWER: Final = 2.0
"""How many times as long the slowest hundredth of honest events may wait under attack."""
_GROWTH: Final = 1.2
_GROWTH_BYTES: Final = 64 << 20
"""By how much a process may grow between the first and the last third of an attack, and still be called flat."""
_BROKER_BYTES: Final = 1_408 << 20
"""Permitted bytes of the broker: its heap (`infra.kafka.broker_limits.HEAP`), and 384 MiB beside it.

The JVM uses the heap that it may before it collects: what must be flat is what is left after a collection.
"""
_HEAP_LOOKS: Final = ((0.27, 0.3, 0.33), (0.93, 0.96, 0.99))
"""Moments of an attack, as parts of its length, for a look at the broker's heap; the least of each three counts."""
_GIVING_WAY: Final = 'echo 19 2>&- >/proc/self/autogroup; exec nice -n 19 "$0" "$@"'
"""Lets a command give way before it begins. Linux shares the processor by sessions first, whose number counts too."""
_LOOK_SECONDS: Final = 5.0
_SAID_SECONDS: Final = 60.0
"""Between two lines of what was measured so far, so that an hour which is broken off is not lost."""
_SETTLE_SECONDS: Final = 600.0

_NUMBERS: Final = """
SELECT count(*) AS count, min(n) AS least, max(n) AS most, count(DISTINCT n) AS distinct_n
FROM (SELECT n FROM intake.inbox UNION ALL SELECT n FROM intake.quarantine) AS every
"""


@dataclass(slots=True)
class Memory:
    """Bytes of each process by name, as (monotonic seconds, bytes). What several share is a part of each one's."""

    seen: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))

    def look(self, pids: Mapping[str, int]) -> None:
        """Note what each process and its children take now."""
        for name, pid in pids.items():
            try:
                process = psutil.Process(pid)
                total = sum(each.memory_full_info().pss for each in (process, *process.children(recursive=True)))
            except psutil.Error:
                continue
            self.seen[name].append((time.monotonic(), total))

    def grown(self, begun: float, ended: float) -> dict[str, tuple[int, int]]:
        """Highest of the first and of the last third of a span, by process."""
        third = (ended - begun) / 3
        return {
            name: (
                max((size for at, size in seen if begun <= at < begun + third), default=0),
                max((size for at, size in seen if ended - third <= at <= ended), default=0),
            )
            for name, seen in self.seen.items()
        }


class Attacked:
    """A cluster that runs, its honest agencies, and what became of them."""

    def __init__(self, data_dir: Path, board: Board, seed: int, minutes: Sequence[float]) -> None:
        self._data_dir = data_dir
        self._board = board
        self._seed = seed
        self._warm, self._quiet, self._attacked = (each * 60 for each in minutes)
        self.memory = Memory()
        self.attacks: dict[str, Any] = {}
        self._honest = self._agencies(seed)
        self._pace = threading.Event()
        self._spans: list[tuple[float, float]] = []
        self._heap: list[int] = []

    def filled(self) -> None:
        """Publish a history of other entities, which fills what services remember.

        What it has services say is left out: a replay would judge it as their decisions.
        """
        agencies = {path.name for path in (self._data_dir / "clients").iterdir()}
        drawn = History(self._seed + 1, PLAUSIBLE).submissions(_FILLED)
        history = [each for each in drawn if each.agency in agencies]
        deployment = connection_settings.deployment(self._data_dir)
        published = publish(
            connection_settings.admin(self._data_dir),
            deployment,
            history,
            lambda done: self._board.advanced("filled", done.submissions, len(history)),
        )
        if published.failed:
            raise Expired(published.failed)

    def run(self) -> None:
        """Let honest agencies publish, first alone, then beside every attack."""
        for each in self._honest:
            each.start()
        self._board.say(f"{len(self._honest)} honest agencies, alone for {self._warm:.0f} + {self._quiet:.0f} s")
        # Caches fill, the broker compiles itself, reporting counts the values of every ended period.
        self._watch(self._warm)
        self._spans.append(self._watch(self._quiet))
        self._board.say(f"every attack at once for {self._attacked:.0f} s: {', '.join(ATTACKS)}")
        attackers = [self._attacker(name) for name in ATTACKS]
        looks = [share * self._attacked for share in chain(*_HEAP_LOOKS)]
        self._spans.append(self._watch(self._attacked, looks))
        for attacker in attackers:
            output, _ = attacker.communicate(timeout=120)
            self.attacks |= json.loads(output or b"{}")
        for each in self._honest:
            each.stop()
        for each in self._honest:
            each.join(120)

    async def settled(self, connection: Connection) -> None:
        """Wait until all that honest agencies published is judged and the services say that they are ready.

        What the careless agency still has on its topic is read at its share, and waits for nobody else.
        """
        deadline = time.monotonic() + _SETTLE_SECONDS
        found: dict[str, Any] = {}
        while time.monotonic() < deadline:
            found = self._status()
            if found["stage"] == "ready" and all(each["state"] == "running" for each in found["services"]):
                judged = await connection.fetchval("SELECT last_n FROM intake.line")
                relayed = await connection.fetchval("SELECT last_n FROM intake.relay")
                behind = any(each["lag"] for each in found["services"] if each["name"] != "intake")
                if judged == relayed and not behind and not await asyncio.to_thread(self._honest_lag):
                    return
            await asyncio.to_thread(self._pace.wait, _LOOK_SECONDS)
        msg = f"not settled within {_SETTLE_SECONDS:.0f} s: {json.dumps(found.get('services'))}"
        raise Expired(msg)

    async def broken(self, connection: Connection) -> list[str]:
        """Every promise that does not hold, as a sentence."""
        return [
            *await self._counted(connection),
            *self._waited(),
            *self._flat(),
            *[
                f"{name}: {done['unauthorised']} got in"
                for name, done in self.attacks.items()
                if "unauthorised" in done
            ],
            *[f"attack {name} did nothing" for name in ATTACKS if not self.attacks.get(name)],
            *[
                f"{each['name']} was started again {each['restarts']} times"
                for each in self._status()["services"]
                if each.get("restarts")
            ],
        ]

    def table(self) -> Table:
        """Waits, memory and what each attack did."""
        table = Table("", "quiet", "attacked", title="attack soak")
        quiet, attacked = (self._waits(*span) for span in self._spans)
        for share in (0.5, 0.99, 1.0):
            table.add_row(f"p{share * 100:g} ms", f"{_quantile(quiet, share):.0f}", f"{_quantile(attacked, share):.0f}")
        table.add_row("events", str(len(quiet)), str(len(attacked)))
        asked = sum((each.told.later for each in self._honest), Counter[int]())
        table.add_row("asked to come again", "", ", ".join(f"{status} {n}" for status, n in sorted(asked.items())))
        for name, (first, last) in self.memory.grown(*self._spans[1]).items():
            table.add_row(f"{name}, MB (first, last third)", f"{first / 1e6:.0f}", f"{last / 1e6:.0f}")
        table.add_row("objects of the broker, MB", *(f"{size / 1e6:.0f}" for size in self._heaps()))
        for name, done in self.attacks.items():
            table.add_row(name, "", ", ".join(f"{what} {count}" for what, count in sorted(done.items())))
        return table

    async def _counted(self, connection: Connection) -> list[str]:
        numbers = await connection.fetchrow(_NUMBERS)
        assert numbers is not None
        sentences = []
        if (numbers["least"], numbers["count"]) != (1, numbers["most"]) or numbers["distinct_n"] != numbers["count"]:
            sentences.append(f"n has gaps or comes twice: {dict(numbers)}")
        accepted = set[tuple[str, str]]().union(*(each.told.accepted for each in self._honest))
        rows = await connection.fetch("SELECT source, id::text AS id FROM intake.inbox")
        found = [(row["source"], row["id"]) for row in rows]
        if missing := accepted - set(found):
            sentences.append(f"{len(missing)} acknowledged events are not in the inbox")
        if len(found) != len(set(found)):
            sentences.append(f"{len(found) - len(set(found))} events are in the inbox twice")
        if silent := sum(not each.told.accepted for each in self._honest):
            sentences.append(f"{silent} honest agencies had nothing accepted")
        for each in self._honest:
            if each.told.refused or each.told.unanswered:
                reasons = sorted(set(each.told.refused))
                kept = len(each.told.unanswered & set(found))
                sentences.append(
                    f"an honest agency had {len(each.told.unanswered)} unanswered, of which {kept} are in the inbox, "
                    f"refused for {reasons}"
                )
        return sentences

    def _waited(self) -> list[str]:
        quiet, attacked = (_quantile(self._waits(*span), 0.99) for span in self._spans)
        if attacked > _SLOWER * quiet:
            return [f"honest p99 was {quiet:.0f} ms alone and {attacked:.0f} ms under attack"]
        return []

    def _flat(self) -> list[str]:
        grown = self.memory.grown(*self._spans[1])
        broker = grown["kafka"][1]
        return [
            *[
                f"{name} grew from {first / 1e6:.0f} to {last / 1e6:.0f} MB under attack"
                for name, (first, last) in {**grown, "kafka": self._heaps()}.items()
                if last > max(_GROWTH * first, first + _GROWTH_BYTES)
            ],
            *([f"the broker took {broker / 1e6:.0f} MB"] if broker > _BROKER_BYTES else []),
        ]

    def _waits(self, begun: float, ended: float) -> list[float]:
        waits: list[Wait] = [wait for each in self._honest for wait in each.told.waits]
        return sorted(wait.seconds * 1e3 for wait in waits if begun <= wait.at < ended)

    def _watch(self, seconds: float, heap_looks: Sequence[float] = ()) -> tuple[float, float]:
        begun = said = time.monotonic()
        looks = deque(heap_looks)
        while time.monotonic() < begun + seconds:
            if time.monotonic() > said + _SAID_SECONDS:
                waits = self._waits(said, said := time.monotonic())
                sizes = ", ".join(f"{name} {seen[-1][1] / 1e6:.0f}" for name, seen in self.memory.seen.items())
                self._board.say(f"{len(waits)} events, p99 {_quantile(waits, 0.99):.0f} ms; MB: {sizes}")
            state = json.loads((self._data_dir / "state.json").read_text("utf-8"))
            self.memory.look(
                {name: each["pid"] for part in ("servers", "services") for name, each in state[part].items()}
            )
            if looks and time.monotonic() >= begun + looks[0]:
                looks.popleft()
                self._heap.append(live_bytes(state["servers"]["kafka"]["pid"]))
                self._board.say(f"the broker's objects take {self._heap[-1] / 1e6:.0f} MB")
            self._pace.wait(_LOOK_SECONDS)
        return begun, time.monotonic()

    def _heaps(self) -> tuple[int, int]:
        """Give the bytes of the broker's objects at the end of the first and of the last third of the attack."""
        looks = len(_HEAP_LOOKS[0])
        return min(self._heap[:looks]), min(self._heap[looks:] or self._heap[-1:])

    def _agencies(self, seed: int) -> list[Honest]:
        names = sorted(path.name for path in (self._data_dir / "clients").iterdir() if path.name != CARELESS)[:_HONEST]
        per_agency = int((self._warm + self._quiet + self._attacked) / INTERVAL_SECONDS) + 60
        queues: dict[str, list[Submission]] = {name: [] for name in names}
        drawn = History(seed, PLAUSIBLE).submissions(per_agency * len(names) * 20)
        for submission in drawn:
            if len(queues.get(submission.agency, ())) < per_agency and submission.agency in queues:
                queues[submission.agency].append(submission)
            if all(len(queue) >= per_agency for queue in queues.values()):
                break
        return [
            Honest(self._client(name), queue, ("http", "kafka")[number % 2])
            for number, (name, queue) in enumerate(queues.items())
            if queue
        ]

    def _client(self, agency: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self._data_dir / "clients" / agency / "client.json").read_text("utf-8"))
        return found

    def _attacker(self, name: str) -> "subprocess.Popen[bytes]":
        words = ["-m", "tests.soak.attack.attackers", name, str(self._data_dir), str(self._attacked)]
        command = ["sh", "-c", _GIVING_WAY, sys.executable, *words]
        return subprocess.Popen(
            command, cwd=ROOT, env=os.environ.copy(), stdout=subprocess.PIPE, start_new_session=True
        )

    def _honest_lag(self) -> int:
        """Give how many records of honest agencies intake has not read."""
        deployment = connection_settings.deployment(self._data_dir)
        topics = [deployment.inbound(each) for each in deployment.publishers if each != CARELESS]
        with GroupLags(connection_settings.admin(self._data_dir)) as lags:
            return lags.of(deployment.group("intake"), topics)

    def _status(self) -> dict[str, Any]:
        command = [sys.executable, "-m", "services.console", "status", "--json", "--data-dir", str(self._data_dir)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
