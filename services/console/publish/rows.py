"""A sheet on its way: each row a line to be sent, or settled here already; and what is said about it, by its cells.

A row that was published before with another content is not another fact. It is sent only as a correction, when that
was asked for or the row says so itself (`revision`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import orjson

from schemas.codebook.correction import CorrectionReason
from schemas.codec import decode, decode_strict
from schemas.correction import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason
from services.console.publish.lines import Line
from services.console.publish.sent import Last, Sent
from services.console.publish.verdict import GOOD, Change, Status, Verdict
from services.console.sheet.column import OWN_NUMBER
from services.console.sheet.own import OwnNumbers
from services.console.sheet.row import Row, Said, cells_of, column_at, read
from services.console.sheet.rule import Refused, Rule, Why, sentence
from services.console.sheet.table import Table


@dataclass(frozen=True, slots=True)
class Correcting:
    """Whether changed rows are published as corrections, and the reason of those that give none."""

    asked: bool = False
    reason: CorrectionReason = CorrectionReason.OTHER


@dataclass(frozen=True, slots=True)
class _Planned:
    said: Said
    row: Row
    revision: int
    value: bytes
    again: bool = False
    changes: tuple[Change, ...] = ()


class Sheet:
    """The rows of a table as one agency publishes them; `settled` are the verdicts of those that are not sent."""

    def __init__(self, table: Table, own: OwnNumbers, sent: Sent, correcting: Correcting) -> None:
        self._table = table
        self._own = own
        self._sent = sent
        self._correcting = correcting
        self._planned: dict[int, _Planned] = {}
        self._wrong: dict[int, tuple[Refused, ...]] = {}
        self._first: dict[tuple[str, int], Said] = {}
        found = [(row, read(row, table.type, own)) for row in table.rows()]
        self._latest = _latest(said for _, said in found if isinstance(said, Said))
        settled = (self._settle(row, said) for row, said in found)
        self.settled: list[Verdict] = [verdict for verdict in settled if verdict is not None]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Give the lines to send, each with its row's number."""
        return tuple(Line(number, planned.value) for number, planned in self._planned.items())

    def told(self, verdict: Verdict) -> Verdict:
        """A verdict about a line as one about a row: by its cells, with what changed."""
        planned = self._planned[verdict.line]
        if verdict.status is not Status.REFUSED:
            return replace(verdict, changes=planned.changes)
        why = _why(verdict.reason)
        column = column_at(verdict.pointer or "", planned.row.cells, planned.said.type)
        if why is Reason.ID_ALREADY_USED:
            column = OWN_NUMBER.name
        self._wrong[verdict.line] = (Refused(column, why, verdict.permitted),)
        return replace(verdict, cells=self._wrong[verdict.line])

    def rehearsed(self, verdict: Verdict) -> Verdict:
        """Put a dry run's verdict into words. A row that was published from here before is a duplicate."""
        if verdict.status is Status.ACCEPTED and self._planned[verdict.line].again:
            verdict = replace(verdict, status=Status.DUPLICATE)
        return self.told(verdict)

    def keep(self, verdict: Verdict) -> None:
        """Remember a row that intake has."""
        planned = self._planned.get(verdict.line)
        if planned is not None and verdict.status in GOOD:
            self._sent.note(planned.said.type, planned.said.own_number, Last(planned.revision, planned.value))

    def given_back(self) -> bytes:
        """The file with what is wrong beside each row, as far as has been told."""
        errors = {
            number: "; ".join(f"{each.column or 'row'}: {sentence(each.why, each.permitted)}" for each in wrong)
            for number, wrong in self._wrong.items()
        }
        return self._table.given_back(errors)

    def _settle(self, row: Row, said: Said | tuple[Refused, ...]) -> Verdict | None:
        """Plan the row; gives its verdict where there is nothing to send.

        Which rows have one number is judged by what they state, for that is the same whatever was published before.
        """
        if not isinstance(said, Said):
            return self._refused(row, said)
        number, revision = said.own_number.casefold(), said.revision or 1
        stated = replace(said, revision=revision)
        if self._first.setdefault((number, revision), stated) != stated:
            return self._refused(row, (Refused(OWN_NUMBER.name, Reason.REPEATED_ITEM),))
        if revision < self._latest[number]:
            said = stated  # the first, for the sheet itself says what came after it
        planned = self._plan(row, said)
        if not isinstance(planned, _Planned):
            return self._refused(row, (Refused(None, Rule.CHANGED),), planned)
        self._planned[row.number] = planned
        return None

    def _refused(self, row: Row, wrong: tuple[Refused, ...], changes: tuple[Change, ...] = ()) -> Verdict:
        self._wrong[row.number] = wrong
        return Verdict(row.number, Status.REFUSED, reason=wrong[0].why.value, cells=wrong, changes=changes)

    def _plan(self, row: Row, said: Said) -> _Planned | tuple[Change, ...]:
        """Plan what to send for a row, or give its changes if it is not to be sent."""
        agency, last = self._own.agency, self._sent.last(said.type, said.own_number)
        if last is None or (said.revision or 0) > last.revision + 1:
            return self._unheard(row, said)
        fact = said.fact(agency)
        try:
            after = decode_strict(orjson.dumps(fact)).event
        except BadMessage:
            return _Planned(said, row, 1, orjson.dumps(fact))  # refused by whoever reads it, and told by its cells
        changes = tuple(_changes(last, after))
        if said.revision != last.revision + 1:
            # A row that states a revision stays as it is when it is corrected from here once more.
            stated = self._sent.at(said.type, said.own_number, said.revision or last.revision)
            for each in (stated, last):
                if each is not None and not any(_changes(each, after)):
                    return _Planned(said, row, each.revision, each.value, again=True)
            if stated is None:
                return self._unheard(row, said)
            if not self._correcting.asked or stated.revision < self._latest[said.own_number.casefold()]:
                return changes
        correction = said.correction(
            agency,
            last.revision + 1,
            subject=_content(last).concerns()[0],
            supersedes=decode(last.value).ref,
            reason=said.reason or self._correcting.reason,
        )
        return _Planned(said, row, last.revision + 1, orjson.dumps(correction), changes=changes)

    def _unheard(self, row: Row, said: Said) -> _Planned:
        """A row of which nothing is known here that would say more than the row itself."""
        agency, revision = self._own.agency, said.revision or 1
        if revision == 1:
            return _Planned(said, row, 1, orjson.dumps(said.fact(agency)))
        before = said.ref(agency, revision - 1)
        reason = said.reason or self._correcting.reason
        event = said.correction(agency, revision, subject=said.subject, supersedes=before, reason=reason)
        return _Planned(said, row, revision, orjson.dumps(event))


def _latest(rows: Iterable[Said]) -> dict[str, int]:
    """The last revision that a sheet states of each number."""
    found: dict[str, int] = {}
    for said in rows:
        number = said.own_number.casefold()
        found[number] = max(found.get(number, 1), said.revision or 1)
    return found


_CODES: Final[Mapping[str, Why]] = {each.value: each for each in (*Reason, *Rule)}


def _why(reason: str | None) -> Why:
    return _CODES.get(reason or "", Reason.WRONG_FORM)


def _content(said: Last) -> Event:
    """Give the fact that an event states: for a correction, its replacement."""
    event = decode(said.value)
    return event.replacement() if isinstance(event, EventCorrectedV1) else event


def _changes(before: Last, after: Event) -> Iterator[Change]:
    old, new = cells_of(_content(before)), cells_of(after)
    for column in dict.fromkeys((*new, *old)):
        if old.get(column) != new.get(column):
            yield Change(column, old.get(column), new.get(column))
