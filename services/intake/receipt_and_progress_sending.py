"""Work after copies are on the log: send receipts, store the relay's pointer, send progress records to readers.

Receipts are sent in batches, at least 50 ms apart, because a request for each receipt would delay the next copies.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from math import inf
from typing import Final, TypeAlias

from schemas.topics import Deployment
from services.intake.domain.outbox_rows import Pointer
from services.intake.domain.relay_records import RelayRecord, progress
from services.runtime import metrics
from services.runtime.failpoints import failpoint

# Minimum delay between two batches of receipts. The first is sent at once.
_APART_SECONDS: Final = 0.05

WrittenPlaces: TypeAlias = list[tuple[int, int]]
"""Places of written records, in their order: (partition, offset) each."""

Acknowledgement: TypeAlias = "asyncio.Future[WrittenPlaces]"
Send: TypeAlias = Callable[[Sequence[RelayRecord]], Acknowledgement]
AcknowledgementSink: TypeAlias = Callable[[Acknowledgement], Awaitable[WrittenPlaces]]
Advance: TypeAlias = Callable[[Pointer, Pointer], Awaitable[None]]


class RelayFollowUps:
    """The work of one relay after its copies are on the log: receipts, then the stored pointer, then progress.

    `sent`: the pointer up to which all rows are on the log. At first it is the stored pointer, whose progress is
    published at once. `acknowledged`: waits for records that `send` sent. `advance`: stores the pointer: (before,
    after).
    """

    def __init__(
        self, pointer: Pointer, deployment: Deployment, send: Send, acknowledged: AcknowledgementSink, advance: Advance
    ) -> None:
        self._deployment = deployment
        self._send = send
        self._acknowledged = acknowledged
        self._advance = advance
        self._loop = asyncio.get_running_loop()
        self._unsent_receipts: list[RelayRecord] = []
        self._answers: tuple[Pointer, Acknowledgement] | None = None
        self._kept = self.sent = pointer
        self._due = 0.0
        self._word: tuple[int, Acknowledgement] | None = self._say()

    def add_receipts(self, sent: Pointer, receipts: Sequence[RelayRecord]) -> None:
        """Note that all rows up to the pointer `sent` are on the log, and add their receipts to those to be sent."""
        self.sent = sent
        self._unsent_receipts += receipts

    def seconds(self) -> float:
        """Return the seconds until the next receipts are due; infinite if the pointer is stored already."""
        return inf if self.sent is self._kept else max(self._due - self._loop.time(), 0.0)

    async def do_ready_work(self) -> bool:
        """Do what can be done now. Return whether the broker acknowledged a progress record.

        It waits for the receipts under way only if the next ones are due.
        """
        now, heard = self._loop.time(), False
        if self._word is not None and self._word[1].done():
            heard = await self._heard()
        if self._answers is not None and (self._answers[1].done() or now >= self._due):
            heard = await self._follow() or heard
        if self._answers is None and self.sent is not self._kept and now >= self._due:
            self._answer()
            self._due = now + _APART_SECONDS
        return heard

    async def end(self) -> None:
        """Send the receipts, store the pointer and send the progress for all rows that are on the log."""
        await self._follow()
        if self.sent is not self._kept:
            self._answer()
            await self._follow()
        await self._heard()

    def _answer(self) -> None:
        """Send the receipts that are due, without waiting for them."""
        self._answers, self._unsent_receipts = (self.sent, self._send(self._unsent_receipts)), []

    async def _follow(self) -> bool:
        """Wait for the receipts under way, store the pointer, send progress. Return whether earlier progress was acked.

        False if no receipts are under way.
        """
        if self._answers is None:
            return False
        told, answers = self._answers
        await self._acknowledged(answers)
        failpoint("relay.answered")
        heard = await self._heard()
        await self._advance(self._kept, told)
        failpoint("relay.advanced")
        self._kept, self._answers = told, None
        self._word = self._say()
        return heard

    def _say(self) -> tuple[int, Acknowledgement]:
        """Send the progress record; return its `n` and its future.

        Readers keep the highest `n` that they saw, because the record of an older relay may come late.
        """
        return self._kept.last_n, self._send([progress(self._kept.last_n, self._kept.offsets, self._deployment)])

    async def _heard(self) -> bool:
        """Wait until the last progress record is written and return True; return False if none is under way."""
        if self._word is None:
            return False
        n, word = self._word
        await self._acknowledged(word)
        failpoint("relay.progressed")
        self._word = None
        metrics.RELAYED.set(n)
        return True
