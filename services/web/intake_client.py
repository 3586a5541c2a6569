"""The pages' way to intake's HTTP door, with the key of the account's agency.

What is sent here is an ordinary event of the agency's system. Intake judges it as it judges every other.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson

from schemas.agencies import AGENCIES, house
from services.client.http import Http
from services.client.inbox import REFERRAL
from services.client.receipt import ClientError, Receipt, Refusal, WaitingEvent
from services.client.referral import Referral
from services.sheet import http_post, shared_ids
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.own_numbers import OwnNumbers, RegisterEntry
from services.sheet.verdict import Verdict

T = TypeVar("T")

RECEIPT_SECONDS: Final = 20.0
"""Longest wait for a receipt. A person waits for the page."""
_AT_ONCE: Final = 8
"""Requests to the door at once: each takes a thread."""
_MOST_RECEIPTS: Final = 10_000


class NoKey(Exception):
    """The agency's key for HTTP is not kept here: it was handed out, or the agency has none."""


class DoorAway(Exception):
    """Intake's door does not answer, or does not take the key. What was sent may have been accepted all the same."""


class Door:
    """Sends and reads as the agency of an account. Every method raises `NoKey` and `DoorAway`.

    `agency` is always the code that stands in the account; a unit acts with the key of the agency that it belongs to.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, tuple[tuple[int, int], Http]] = {}
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def acts(self, agency: str) -> bool:
        """Whether the agency's key is kept here; otherwise its pages only show."""
        file = self._file(agency)
        return file is not None and file.exists()

    async def send(self, agency: str, events: Sequence[dict[str, Any]]) -> list[Receipt]:
        """Send events and give their receipts, in the same order. The same event again counts once."""
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
        """Give the referral service's messages of the last thirty days, each with its number, in order.

        Those about cases are in the database, and are shown also where the agency's key is not kept here.
        """
        return await self._asked(
            agency, lambda http: [(each.number, each.event) for each in http.inbox() if each.source == REFERRAL]
        )

    async def receipts(self, agency: str, *, status: str | None = None) -> list[Receipt]:
        """Give the receipts of all that the agency submitted, in order; with `status` only of that outcome."""
        return await self._asked(agency, lambda http: list(islice(http.receipts(status=status), _MOST_RECEIPTS)))

    async def latest(self, agency: str, most: int) -> list[Receipt]:
        """Give the latest receipts of all that the agency submitted, the last one first."""
        return await self._asked(agency, lambda http: http.latest(most))

    async def outcome(self, agency: str, event_id: str) -> Receipt | None:
        """Give the receipt of one event of the agency, by its id; None where it submitted none of this id."""
        return await self._asked(agency, lambda http: http.outcome(event_id))

    async def refused(self, agency: str, most: int) -> tuple[list[Refusal], bool]:
        """Give the agency's open refused events, at most so many, and whether there are more."""
        return await self._asked(agency, lambda http: http.refused(most))

    async def publish(self, agency: str, lines: Sequence[FileLine], *, dry_run: bool = False) -> list[Verdict]:
        """Send lines and give a verdict for each, in their order; `dry_run`: intake judges and keeps nothing.

        A line without an answer in time is unconfirmed. It may be sent again: it counts once.
        """
        return await self._asked(
            agency, lambda http: list(http_post.publish(http, lines, timeout=RECEIPT_SECONDS, dry_run=dry_run))
        )

    def own_numbers(self, agency: str) -> OwnNumbers:
        """Give what makes ids of the agency's own numbers, as on the command line."""
        file = self._file(agency)
        try:
            key = "" if file is None else json.loads(file.read_text(encoding="utf-8")).get("own_numbers_key", "")
        except FileNotFoundError:
            key = ""
        if not key:
            raise NoKey(agency)
        return OwnNumbers(house(agency), bytes.fromhex(key))

    async def identified(
        self, agency: str, own: OwnNumbers, entries: Sequence[RegisterEntry], *, dry_run: bool
    ) -> OwnNumbers:
        """Ask for the ids of own numbers; gives what makes a sheet's ids. `dry_run`: intake keeps nothing."""
        if not entries:
            return own
        return await self._asked(
            agency,
            lambda http: shared_ids.identified(http, own, entries, timeout=RECEIPT_SECONDS, dry_run=dry_run),
        )

    async def referral(self, agency: str, referral: str) -> Referral | None:
        """Give a referral as it stands; None where there is none, or the agency may not see it."""
        return await self._asked(agency, lambda http: http.referral(referral))

    async def decided(self, agency: str, referral: str, move: str, seconds: float) -> Referral | None:
        """Wait, at most so long, until the referral service has decided about a move (source/id); None: not yet."""
        return await self._asked(agency, lambda http: http.decided(referral, move, seconds))

    def close(self) -> None:
        """Let all connections go."""
        for _, http in self._open.values():
            http.close()
        self._open.clear()

    async def _asked(self, agency: str, ask: Callable[[Http], T]) -> T:
        http = self._http(agency)
        async with self._turn:
            try:
                return await asyncio.to_thread(ask, http)
            except (ClientError, NotReachedError) as error:
                raise DoorAway(type(error).__name__) from None

    def _http(self, agency: str) -> Http:
        """Give the connection of an agency. A key that was renewed is another file."""
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
        """Give the agency's file. Only codes of the table are names of files."""
        if self._folder is None or agency not in AGENCIES:
            return None
        return self._folder / f"{house(agency)}.json"
