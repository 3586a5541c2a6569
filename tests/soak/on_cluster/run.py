"""One soak on the deployment: faults in random order while agencies publish, and all that must hold after each.

Each fault is seen to have happened, and ended; then lag goes to zero within a deadline, and the tables are checked.
"""

import asyncio
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg
from confluent_kafka import KafkaException
from rich.table import Table

from services.client.receipt_and_errors import Later
from tests.cluster import planted_errors
from tests.cluster.checkers import broken_in_tables, replayed, settled
from tests.cluster.container_engine import EngineError, say
from tests.cluster.delays import Delays, watched
from tests.cluster.deployment import START_SECONDS
from tests.soak.on_cluster.fault_target import FaultTarget
from tests.soak.on_cluster.faults import BY_NAME, FAULTS, Fault, order, rows_tried

BEFORE, AFTER = 20, 60
"""Events that must be acknowledged before a fault, and after it has ended."""
PATIENCE_SECONDS: Final = START_SECONDS
LAG_SECONDS: Final = 240.0
_FAILED: Final = (
    AssertionError,
    EngineError,
    KafkaException,
    Later,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    subprocess.SubprocessError,
)


@dataclass(slots=True)
class Outcome:
    """A fault that was tried: what was seen of it, how long work waited, and what did not hold."""

    fault: Fault
    seconds: float = 0.0
    seen: str = ""
    delays: Delays = field(default_factory=Delays)
    lag_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return one line about all of it."""
        verdict = "; ".join(self.wrong) if self.wrong else f"lag zero {self.lag_seconds:.1f} s after it, all holds"
        return f"{self.fault.name}: {self.seen or 'not seen'}; {self.delays}; {verdict}"


@dataclass(slots=True)
class ClusterSoak:
    """The faults that are tried on a target, in the order of a seed."""

    target: FaultTarget
    names: Sequence[str]
    seed: int
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, minutes: float) -> list[str]:
        """Try faults until the time is over, at least one, and return what is wrong.

        At the end everything is replayed, and errors are planted that the checkers must find.
        """
        until = time.monotonic() + minutes * 60
        for name in order(self.names, self.seed):
            outcome = self._tried(BY_NAME[name])
            self.outcomes.append(outcome)
            say(outcome.line())
            if outcome.wrong and not self._healed(outcome):
                break
            if time.monotonic() > until:
                break
        return [*(sentence for each in self.outcomes for sentence in each.wrong), *self._at_end()]

    def _tried(self, fault: Fault) -> Outcome:
        outcome = Outcome(fault)
        began = time.monotonic()
        try:
            with watched(self.target.deployment, self.target.offices, PATIENCE_SECONDS) as outcome.delays:
                self.target.offices.await_more(BEFORE)
                outcome.seen = fault.act(self.target)
                self.target.offices.await_more(AFTER, START_SECONDS)
            self.target.await_whole()
            outcome.wrong += self._lag(outcome)
        except _FAILED as error:
            outcome.wrong.append(f"{fault.name}: {type(error).__name__}: {str(error)[:600]}")
        outcome.seconds = time.monotonic() - began
        return outcome

    def _lag(self, outcome: Outcome) -> list[str]:
        """Wait until lag is zero, and return what the tables then say is broken."""
        began = time.monotonic()
        asyncio.run(settled(self.target.deployment, self.target.offices, LAG_SECONDS))
        outcome.lag_seconds = time.monotonic() - began
        sentences = asyncio.run(broken_in_tables(self.target.deployment, self.target.offices))
        return [f"{outcome.fault.name}: {sentence}" for sentence in sentences]

    def _healed(self, outcome: Outcome) -> bool:
        """Make the deployment whole after a fault that went wrong; whether another fault may be tried on it."""
        try:
            self.target.heal()
            self.target.await_whole()
            outcome.wrong += self._lag(outcome)
        except _FAILED as error:
            outcome.wrong.append(f"{outcome.fault.name}: not healed: {type(error).__name__}: {str(error)[:600]}")
            return False
        return True

    def _at_end(self) -> list[str]:
        """Return what a replay and the planted errors show to be wrong."""
        deployment, offices = self.target.deployment, self.target.offices
        try:
            return [*replayed(deployment), *asyncio.run(planted_errors.not_found(deployment, offices))]
        except _FAILED as error:
            return [f"at the end: {type(error).__name__}: {str(error)[:600]}"]

    def table(self) -> Table:
        """Return a table of the faults that were tried, with the rows of the fault matrix."""
        tried = [each.fault.name for each in self.outcomes]
        title = f"{len(tried)} faults, seed {self.seed}, rows {', '.join(rows_tried(tried))} of the fault matrix"
        found = Table("fault", "rows", "s", "HTTPS", "Kafka", "judged", "counted", "lag zero", "", title=title)
        found.columns[0].no_wrap = True
        for each in self.outcomes:
            waits = (each.delays.over_http, each.delays.over_kafka, each.delays.judged, each.delays.counted)
            found.add_row(
                each.fault.name,
                ", ".join(each.fault.rows),
                f"{each.seconds:.0f}",
                *(f"{seconds:.1f}" for seconds in (*waits, each.lag_seconds)),
                "BROKEN" if each.wrong else "holds",
            )
        left_out = [each.name for each in FAULTS if each.name not in tried]
        found.caption = f"not tried: {', '.join(left_out) or 'none'}"
        return found
