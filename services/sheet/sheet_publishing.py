"""Publishing of a sheet: turns each row into a line to send or a verdict, and verdicts of lines into verdicts of rows.

A row that was published before with other content is not a new fact. It is sent only as a correction, if the user
asked for corrections or the row states its revision. A row with a reason of retraction takes its record back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson

from schemas.codebook.correction import CorrectionReason, RetractionReason
from schemas.codec import decode, decode_strict
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason
from services.sheet.cell_advice import CellAdvice, advice_on_cell
from services.sheet.cell_errors import Lang, RefusedCell, SheetCause, SheetRule
from services.sheet.column import OWN_NUMBER, RECORDED, columns_of
from services.sheet.json_lines import FileLine
from services.sheet.own_number_ids import OwnNumbers, event_id
from services.sheet.published_rows import Last, RowName, SentRows
from services.sheet.row import ReadRow, SheetRow, cells_of, column_at, read
from services.sheet.table import Table
from services.sheet.verdict import GOOD, Change, FurtherMistake, Verdict, VerdictStatus, receipt


@dataclass(frozen=True, slots=True)
class Correcting:
    """Treatment of rows that differ from what was published before.

    `asked`: whether such rows are published as corrections. `reason`: reason of rows that state none.
    """

    asked: bool = False
    reason: CorrectionReason = CorrectionReason.OTHER


@dataclass(frozen=True, slots=True)
class _Planned:
    said: ReadRow
    row: SheetRow
    revision: int
    value: bytes
    again: bool = False
    changes: tuple[Change, ...] = ()
    target: str | None = None
    """For a retraction whose record this memory does not know: the id of that record's event."""


class Sheet:
    """The rows of a table, as one agency publishes them. `settled`: verdicts of rows that are not sent.

    `sent`: memory of the rows that were published before. `own`: makes ids from the agency's own numbers.
    """

    def __init__(self, table: Table, own: OwnNumbers, sent: SentRows, correcting: Correcting) -> None:
        self._table = table
        self._own = own
        self._sent = sent
        self._correcting = correcting
        self._planned: dict[int, _Planned] = {}
        self._refused_rows: dict[int, Verdict] = {}
        self._received: dict[int, Verdict] = {}
        self._guessed = 0
        self._first: dict[tuple[str, int, bool], ReadRow] = {}
        found = [(row, read(row, table.type, own)) for row in table.rows()]
        rows = [said for _, said in found if isinstance(said, ReadRow)]
        self._latest = _latest(said for said in rows if said.retracts is None)
        self._retracting = {said.own_number.casefold() for said in rows if said.retracts is not None}
        settled = (self._settle(row, said) for row, said in found)
        self.settled: list[Verdict] = [verdict for verdict in settled if verdict is not None]

    @property
    def table(self) -> Table:
        """The table of these rows."""
        return self._table

    @property
    def lines(self) -> tuple[FileLine, ...]:
        """The lines to send, each with its row's number."""
        return tuple(FileLine(number, planned.value) for number, planned in self._planned.items())

    @property
    def targets(self) -> Mapping[int, str]:
        """Event ids of the records that rows take back, by line, where neither memory nor sheet has the record.

        Intake accepts a retraction of an event that it never saw, as that may still come. For a sheet this is a number
        that was mistyped: ask intake for these events, and call `refuse_targets`.
        """
        own = {each.said.own_number.casefold() for each in self._planned.values() if each.said.retracts is None}
        return {
            number: each.target
            for number, each in self._planned.items()
            if each.target is not None and each.said.own_number.casefold() not in own
        }

    def refuse_targets(self, lines: Collection[int]) -> None:
        """Do not send these lines: intake has no record that they could take back."""
        for number in lines:
            row = self._planned.pop(number).row
            self.settled.append(self._refused(row, (RefusedCell(OWN_NUMBER.name, SheetRule.NOTHING_SENT),)))
        self.settled.sort(key=lambda each: each.line)

    def possible_retractions(self, answers: Iterable[Verdict]) -> dict[str, tuple[bytes, frozenset[int]]]:
        """Return the retractions that may have taken the records of these rows back, as (event, rows) by event id.

        `answers`: verdicts of a dry run. A row that intake would accept as the first of its number has no retraction.
        Where intake knows a retraction of these, the row's record was taken back: call `refuse_retracted`.
        """
        found: dict[str, tuple[bytes, frozenset[int]]] = {}
        for answer in answers:
            said = self._planned[answer.line].said
            revision = said.revision or 1
            if said.retracts is not None or (answer.status is VerdictStatus.ACCEPTED and revision == 1):
                continue
            if answer.status is VerdictStatus.REFUSED and answer.reason != Reason.ID_ALREADY_USED:
                continue
            if said.own_number.casefold() in self._retracting:
                continue
            for each in range(max(1, revision - _REVISIONS_ASKED + 1), revision + 1):
                asked = replace(said, revision=each, retracts=RetractionReason.OTHER.value)
                event = asked.retraction(self._own.agency, said.subject)
                _, lines = found.get(event["id"], (b"", frozenset()))
                found[event["id"]] = orjson.dumps(event), lines | {answer.line}
        return found

    def refuse_retracted(self, lines: Collection[int]) -> None:
        """Do not send these lines: the records of their rows were taken back."""
        for number in lines:
            row = self._planned.pop(number).row
            self.settled.append(self._refused(row, (RefusedCell(OWN_NUMBER.name, SheetRule.RETRACTED),)))
        self.settled.sort(key=lambda each: each.line)

    def told(self, verdict: Verdict) -> Verdict:
        """Return a line's verdict as its row's verdict: with wrong cells instead of pointers, and what changed."""
        planned = self._planned[verdict.line]
        if verdict.status is not VerdictStatus.REFUSED:
            if verdict.n is not None:
                self._received[verdict.line] = verdict
            return replace(verdict, changes=planned.changes)
        cells = (self._cell(each, planned) for each in verdict.mistakes)
        return self._kept(replace(verdict, cells=tuple(dict.fromkeys(cells)), more=()), planned.row)

    def _cell(self, mistake: Verdict | FurtherMistake, planned: _Planned) -> RefusedCell:
        why = _why(mistake.reason)
        column = column_at(mistake.pointer or "", planned.row.cells, planned.said.type)
        return RefusedCell(OWN_NUMBER.name if why is Reason.ID_ALREADY_USED else column, why, mistake.permitted)

    def rehearsed(self, verdict: Verdict) -> Verdict:
        """Return a dry run's verdict as its row's verdict. A row that was published from here before is a duplicate."""
        if verdict.status is VerdictStatus.ACCEPTED and self._planned[verdict.line].again:
            verdict = replace(verdict, status=VerdictStatus.DUPLICATE)
        return self.told(verdict)

    def keep(self, verdict: Verdict) -> None:
        """Store an accepted row, or the event id and number of a refused row, in `sent`."""
        planned = self._planned.get(verdict.line)
        if planned is None:
            return
        said = planned.said
        if verdict.status in GOOD and said.retracts is not None:
            self._sent.note_retraction(said.type, said.own_number, planned.value)
        elif verdict.status in GOOD:
            self._sent.note(said.type, said.own_number, Last(planned.revision, planned.value))
        elif verdict.status is VerdictStatus.REFUSED:
            refused = (
                decode(planned.value).id
                if said.retracts is not None
                else event_id(self._own.agency, said.type, said.own_number, planned.revision)
            )
            self._sent.note_refused(refused, RowName(said.type, said.own_number))

    def explained(self, verdict: Verdict, lang: Lang | None) -> tuple[CellAdvice, ...]:
        """Return the texts about each wrong cell of a row, with its address."""
        table = self._table
        return tuple(
            advice_on_cell(wrong, table.type, table.address(verdict.line, wrong.column), lang)
            for wrong in verdict.cells
        )

    def given_back(self, lang: Lang | None = None) -> bytes:
        """Return the file with the errors beside each row, for the verdicts that are known so far.

        With a language, rows that intake accepted have their receipt there.
        """
        said = {} if lang is None else {number: receipt(each, lang) for number, each in self._received.items()}
        for number, verdict in self._refused_rows.items():
            said[number] = " ".join(each.sentence() for each in self.explained(verdict, lang))
        cells = [
            (number, each.column)
            for number, verdict in self._refused_rows.items()
            for each in verdict.cells
            if each.column is not None
        ]
        return self._table.given_back(said, cells, lang)

    def _settle(self, row: SheetRow, said: ReadRow | tuple[RefusedCell, ...]) -> Verdict | None:
        """Plan what to send for a row, or return its verdict if nothing is to be sent.

        Two rows with one number and revision must be equal as they stand in the sheet, whatever was published before.
        """
        if not isinstance(said, ReadRow):
            return self._refused(row, said)
        number, revision = said.own_number.casefold(), said.revision or 1
        stated = replace(said, revision=revision)
        if self._first.setdefault((number, revision, said.retracts is None), stated) != stated:
            return self._refused(row, (RefusedCell(OWN_NUMBER.name, Reason.REPEATED_ITEM),))
        if said.retracts is not None:
            return self._settle_retraction(row, said)
        if number not in self._retracting and self._sent.retraction(said.type, number) is not None:
            return self._refused(row, (RefusedCell(OWN_NUMBER.name, SheetRule.RETRACTED),))
        if revision < self._latest[number]:
            said = stated  # the first revision, as a later row of the sheet states what follows it
        planned = self._plan(row, said)
        if not isinstance(planned, _Planned):
            return self._refused(row, (RefusedCell(None, SheetRule.CHANGED),), planned)
        self._planned[row.number] = planned
        return None

    def _settle_retraction(self, row: SheetRow, said: ReadRow) -> Verdict | None:
        """Plan the retraction of a row's record, or return the row's verdict if the retraction would not count."""
        agency, number, revision = self._own.agency, said.own_number, said.revision or 1
        known = self._sent.retraction(said.type, number)
        if known is not None:
            self._planned[row.number] = _Planned(said, row, revision, known, again=True)
            return None
        last = self._sent.last(said.type, number)
        if last is None:
            value = orjson.dumps(said.retraction(agency, said.subject))
            self._planned[row.number] = _Planned(
                said, row, revision, value, target=event_id(agency, said.type, number, 1)
            )
            return None
        change = said.retraction(agency, decode(last.value).concerns()[0])
        if datetime.fromisoformat(change[RECORDED.field]) < decode(last.value).recordedtime:
            return self._refused(row, (RefusedCell(RECORDED.name, SheetRule.RECORDED_TOO_EARLY),))
        self._planned[row.number] = _Planned(said, row, revision, orjson.dumps(change))
        return None

    def _refused(self, row: SheetRow, wrong: tuple[RefusedCell, ...], changes: tuple[Change, ...] = ()) -> Verdict:
        return self._kept(
            Verdict(row.number, VerdictStatus.REFUSED, reason=wrong[0].why.value, cells=wrong, changes=changes), row
        )

    def _kept(self, verdict: Verdict, row: SheetRow) -> Verdict:
        """Store and return a refused row's verdict, with the codes nearest to each unknown code."""
        cells = tuple(self._guess(each, row) for each in verdict.cells)
        self._refused_rows[row.number] = replace(verdict, cells=cells)
        return self._refused_rows[row.number]

    def _guess(self, wrong: RefusedCell, row: SheetRow) -> RefusedCell:
        """Add the nearest codes to an unknown one; only for the first cells, as a sheet may have thousands of them."""
        if wrong.column is None or wrong.why is not Reason.UNKNOWN_CODE or self._guessed >= _MOST_GUESSED:
            return wrong
        self._guessed += 1
        return replace(wrong, near=columns_of(self._table.type)[wrong.column].nearest(row.cells.get(wrong.column, "")))

    def _plan(self, row: SheetRow, said: ReadRow) -> _Planned | tuple[Change, ...]:
        """Return what to send for a row, or its changes if it is not to be sent."""
        agency, last = self._own.agency, self._sent.last(said.type, said.own_number)
        if last is None or (said.revision or 0) > last.revision + 1:
            return self._unheard(row, said)
        fact = said.fact(agency)
        try:
            after = decode_strict(orjson.dumps(fact)).event
        except BadMessage:
            return _Planned(said, row, 1, orjson.dumps(fact))  # intake refuses it, and `told` names its cells
        changes = tuple(_changes(last, after))
        if said.revision != last.revision + 1:
            # A row that states a revision stays as it is, even after it was corrected from here once more.
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

    def _unheard(self, row: SheetRow, said: ReadRow) -> _Planned:
        """Plan a row by what the row itself states, as nothing that was published here adds to it."""
        agency, revision = self._own.agency, said.revision or 1
        if revision == 1:
            return _Planned(said, row, 1, orjson.dumps(said.fact(agency)))
        before = said.ref(agency, revision - 1)
        reason = said.reason or self._correcting.reason
        event = said.correction(agency, revision, subject=said.subject, supersedes=before, reason=reason)
        return _Planned(said, row, revision, orjson.dumps(event))


def _latest(rows: Iterable[ReadRow]) -> dict[str, int]:
    """Return the highest revision that a sheet states of each own number."""
    found: dict[str, int] = {}
    for said in rows:
        number = said.own_number.casefold()
        found[number] = max(found.get(number, 1), said.revision or 1)
    return found


_REVISIONS_ASKED: Final = 5
"""Number of latest revisions of a row for which a retraction is looked for."""
_MOST_GUESSED: Final = 200
"""The most cells for which nearest codes are searched: each search takes some milliseconds."""
_CODES: Final[Mapping[str, SheetCause]] = {each.value: each for each in (*Reason, *SheetRule)}


def _why(reason: str | None) -> SheetCause:
    return _CODES.get(reason or "", Reason.WRONG_FORM)


def _content(said: Last) -> Event:
    """Return the fact that a published event states: for a correction, its replacement."""
    event = decode(said.value)
    return event.replacement() if isinstance(event, EventCorrectedV1) else event


def _changes(before: Last, after: Event) -> Iterator[Change]:
    old, new = cells_of(_content(before)), cells_of(after)
    for column in dict.fromkeys((*new, *old)):
        if old.get(column) != new.get(column):
            yield Change(column, old.get(column), new.get(column))
