"""Intake in memory, for the pages of clerks."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from schemas.ids import Kind
from services.client.receipt_and_errors import Receipt, Refusal
from services.sheet.dry_run_judgement import rehearse
from services.sheet.json_lines import FileLine
from services.sheet.own_number_ids import OwnNumbers, RegisterEntry
from services.sheet.verdict import GOOD, Verdict, VerdictStatus
from services.web.intake_client import IntakeUnavailable, NoKey
from tests.unit.web.doubles import NOW

ARREST = "bz.atips.arrest.made.v1"


@dataclass
class MemoryIntake:
    """Judges as intake would, and keeps what is sent."""

    sent: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, bool, int]] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    """Ids that the door gave to numbers in another way."""
    identified_numbers: list[tuple[bool, set[str]]] = field(default_factory=list)
    accepted: int = 0
    """Number of receipts of accepted events, in place of three others."""
    away: type[IntakeUnavailable] | None = None
    slow: asyncio.Event | None = None

    def has_key_of(self, agency: str) -> bool:
        return agency == "bpd"

    def own_numbers(self, agency: str) -> OwnNumbers:
        if not self.has_key_of(agency):
            raise NoKey
        return OwnNumbers(agency, bytes(32))

    async def with_ids_from_intake(
        self, agency: str, own: OwnNumbers, entries: Sequence[RegisterEntry], *, dry_run: bool
    ) -> OwnNumbers:
        assert agency == own.agency
        self.identified_numbers.append((dry_run, {each.number for each in entries}))
        return replace(own, given={own.id(Kind.PERSON, "", number): shared for number, shared in self.before.items()})

    async def lines_without_record(self, agency: str, targets: Mapping[int, str]) -> frozenset[int]:
        assert agency == "bpd"
        return frozenset(line for line, event_id in targets.items() if event_id not in self.sent)

    async def publish(self, agency: str, lines: Sequence[FileLine], *, dry_run: bool = False) -> list[Verdict]:
        if self.away is not None:
            raise self.away
        self.asked.append((agency, dry_run, len(lines)))
        if self.slow is not None and not dry_run:
            await self.slow.wait()
        numbers = itertools.count(1)
        return [
            self._judged(each, line, numbers, dry_run=dry_run)
            for each, line in zip(rehearse(agency, lines, datetime.now(NOW.tzinfo)), lines, strict=True)
        ]

    def _judged(self, verdict: Verdict, line: FileLine, numbers: Any, *, dry_run: bool) -> Verdict:  # noqa: ANN401
        if verdict.status not in GOOD or verdict.id is None:
            return verdict
        known = self.sent.get(verdict.id)
        if known is not None and known != line.value:
            return Verdict(verdict.line, VerdictStatus.REFUSED, verdict.id, reason="id_already_used")
        status = VerdictStatus.ACCEPTED if known is None else VerdictStatus.DUPLICATE
        if not dry_run:
            self.sent[verdict.id] = line.value
        return Verdict(verdict.line, status, verdict.id, None if dry_run else next(numbers))

    async def latest(self, agency: str, most: int) -> list[Receipt]:
        assert (agency, most) == ("bpd", 200)
        if self.away is not None:
            raise self.away
        if self.accepted:
            return [Receipt("accepted", None, n, 1718460000000, type=ARREST) for n in range(self.accepted, 0, -1)]
        return [
            Receipt(
                *("refused", "018f3c2e-7d30-7000-8000-00000000a001", 9, 1718460000000, "unknown_code", "/data/status"),
                accepted_n=4,
                type=ARREST,
            ),
            Receipt("accepted", "018f3c2e-7d30-7000-8000-00000000a002", 8, 1718450000000, type="bz.atips.new.type.v1"),
            Receipt("accepted", "018f3c2e-7d30-7000-8000-00000000a003", 7, 1718440000000),
        ]

    async def refused(self, agency: str, most: int) -> tuple[list[Refusal], bool]:
        assert (agency, most) == ("bpd", 500)
        entry = Refusal(
            7, "unknown_code", "/data/status", ARREST, "bpd/sheet", None, 2, 1718460000000, not_delivered=True
        )
        return [entry], False
