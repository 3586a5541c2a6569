"""The pages' HTTPS client of intake, with the API key of the account's agency.

Events that are sent here are ordinary events of the agency, and intake judges them like all others.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson

from schemas.agencies import AGENCIES, agency_of
from services.client.http import Http
from services.client.inbox import REFERRAL
from services.client.receipt_and_errors import ClientError, NotLetIn, Receipt, Refusal, WaitingEvent
from services.client.referral_state import Referral
from services.sheet import http_post, ids_from_intake, retracted_records
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.own_number_ids import OwnNumbers, RegisterEntry
from services.sheet.verdict import Verdict

T = TypeVar("T")

RECEIPT_SECONDS: Final = 20.0
"""Longest wait for a receipt, in seconds. A person waits for the page."""
_AT_ONCE: Final = 8
"""Largest number of concurrent requests to intake: each needs a thread."""
_MOST_RECEIPTS: Final = 10_000


class NoKey(Exception):
    """The pages have no API key of the agency: it was handed out, or never made."""


class IntakeUnavailable(Exception):
    """Intake does not answer. Events that were sent may have been accepted nevertheless."""


class KeyRefused(IntakeUnavailable):
    """Intake refuses the agency's key, for example because its access was ended. It took nothing of this request."""


class IntakeClient:
    """Client of intake's HTTP interface for the agency of an account.

    Its async methods raise `NoKey`, `KeyRefused` and `IntakeUnavailable`.

    `agency` is always the code in the account; for a unit, the key of the agency to which it belongs is used.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, tuple[tuple[int, int], Http]] = {}
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def has_key_of(self, agency: str) -> bool:
        """Whether the pages have the agency's key. Without it they publish nothing for the agency."""
        file = self._file(agency)
        return file is not None and file.exists()

    async def send(self, agency: str, events: Sequence[dict[str, Any]]) -> list[Receipt]:
        """Publish events and return their receipts, in the same order. An event that is sent twice counts once."""
        waiting = [
            WaitingEvent(place, str(event["id"]), event.get("subject"), orjson.dumps(event))
            for place, event in enumerate(events)
        ]

        def post(http: Http) -> list[Receipt]:
            found: dict[int, Receipt] = {}
            left = waiting
            while left:
                found |= http.send(left[: http.most], RECEIPT_SECONDS)
                left = [each for each in waiting if each.seq not in found]
            return [found[each.seq] for each in waiting]

        return await self._asked(agency, post)

    async def inbox(self, agency: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the referral service's messages of the last thirty days as (number, event), in order.

        Messages about cases are read from the database instead, which needs no key of the agency.
        """
        return await self._asked(
            agency, lambda http: [(each.number, each.event) for each in http.inbox() if each.source == REFERRAL]
        )

    async def receipts(self, agency: str, *, status: str | None = None) -> list[Receipt]:
        """Return the agency's receipts in order, at most 10,000; with `status`, only receipts of that status."""
        return await self._asked(agency, lambda http: list(islice(http.receipts(status=status), _MOST_RECEIPTS)))

    async def latest(self, agency: str, most: int) -> list[Receipt]:
        """Return the agency's `most` latest receipts, the last one first."""
        return await self._asked(agency, lambda http: http.latest(most))

    async def outcome(self, agency: str, event_id: str) -> Receipt | None:
        """Return the receipt of the agency's event with this id; None if it submitted none."""
        return await self._asked(agency, lambda http: http.outcome(event_id))

    async def refused(self, agency: str, most: int) -> tuple[list[Refusal], bool]:
        """Return the agency's open refused events, at most `most`, and whether there are more."""
        return await self._asked(agency, lambda http: http.refused(most))

    async def publish(self, agency: str, lines: Sequence[FileLine], *, dry_run: bool = False) -> list[Verdict]:
        """Publish lines and return a verdict for each, in their order; with `dry_run` intake judges and stores nothing.

        A line without an answer in time is unconfirmed. It may be sent again, and counts once.
        """
        return await self._asked(
            agency, lambda http: list(http_post.publish(http, lines, timeout=RECEIPT_SECONDS, dry_run=dry_run))
        )

    def own_numbers(self, agency: str) -> OwnNumbers:
        """Return the `OwnNumbers` with which ids are derived from the agency's own numbers. Raises `NoKey`."""
        file = self._file(agency)
        try:
            key = "" if file is None else json.loads(file.read_text(encoding="utf-8")).get("own_numbers_key", "")
        except FileNotFoundError:
            key = ""
        if not key:
            raise NoKey(agency)
        return OwnNumbers(agency_of(agency), bytes.fromhex(key))

    async def with_ids_from_intake(
        self, agency: str, own: OwnNumbers, entries: Sequence[RegisterEntry], *, dry_run: bool
    ) -> OwnNumbers:
        """Ask intake for the ids of own numbers, and return `own` with them. With `dry_run` intake stores nothing."""
        if not entries:
            return own
        return await self._asked(
            agency,
            lambda http: ids_from_intake.with_ids_from_intake(
                http, own, entries, timeout=RECEIPT_SECONDS, dry_run=dry_run
            ),
        )

    async def lines_without_record(self, agency: str, targets: Mapping[int, str]) -> frozenset[int]:
        """Return the lines of a sheet whose record, to be taken back, intake did not accept from the agency.

        `targets`: the event id of the record, by line.
        """
        if not targets:
            return frozenset()
        return await self._asked(
            agency, lambda http: retracted_records.lines_without_record(http, targets, timeout=RECEIPT_SECONDS)
        )

    async def referral(self, agency: str, referral: str) -> Referral | None:
        """Return the present state of a referral; None if there is none, or the agency may not see it."""
        return await self._asked(agency, lambda http: http.referral(referral))

    async def decided(self, agency: str, referral: str, move: str, seconds: float) -> Referral | None:
        """Wait at most `seconds` for the referral service's decision about a move (source/id); None without one."""
        return await self._asked(agency, lambda http: http.decided(referral, move, seconds))

    def close(self) -> None:
        """Close all connections."""
        for _, http in self._open.values():
            http.close()
        self._open.clear()

    async def _asked(self, agency: str, ask: Callable[[Http], T]) -> T:
        http = self._http(agency)
        async with self._turn:
            try:
                return await asyncio.to_thread(ask, http)
            except NotLetIn:
                raise KeyRefused from None
            except (ClientError, NotReachedError) as error:
                if str(error) == http_post.KEY_REFUSED:
                    raise KeyRefused from None
                raise IntakeUnavailable(type(error).__name__) from None

    def _http(self, agency: str) -> Http:
        """Return the agency's HTTP client; a new one if the key's file has changed. Raises `NoKey`."""
        file = self._file(agency)
        try:
            stat = None if file is None else file.stat()
        except FileNotFoundError:
            stat = None
        if file is None or stat is None:
            raise NoKey(agency)
        version = (stat.st_mtime_ns, stat.st_ino)
        found = self._open.get(agency)
        if found is None or found[0] != version:
            found = version, Http.read(file)
            self._open[agency] = found
        return found[1]

    def _file(self, agency: str) -> Path | None:
        """Return the path of the agency's key file; None for an unknown agency, so that no other text is a path."""
        if self._folder is None or agency not in AGENCIES:
            return None
        return self._folder / f"{agency_of(agency)}.json"
