"""Uploaded sheets of a clerk: parsed into rows, judged by intake, and returned with the mistakes.

The functions take processor time, and callers run them on threads. A sheet is parsed again for each step, so that only
its bytes are kept in memory.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from schemas.agencies import agency_of
from schemas.errors import Reason
from schemas.type_table import FACTS
from services.sheet import table, template
from services.sheet.cell_errors import Lang, RefusedCell
from services.sheet.column import RECORDED, short
from services.sheet.doubtful_days import Question, questions
from services.sheet.file_reading import UnreadableSheetError
from services.sheet.own_number_ids import OwnNumbers
from services.sheet.published_rows import NoPublishedRows
from services.sheet.sheet_publishing import Correcting, Sheet
from services.sheet.table import Table
from services.sheet.verdict import GOOD, Verdict, VerdictStatus

SHOWN: Final = 200
"""Largest number of wrong cells and receipts on a page; the returned sheet has all."""
_OLD: Final = (".xls", ".xlsb", ".ods")
_SUFFIXES: Final = table.SUFFIXES


class OtherAgency(Exception):
    """The sheet is of an event type that the agency does not publish. The message is the type's short name."""


class TooManyRows(Exception):
    """The sheet has more rows than the pages accept."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A wrong cell, with its address such as C7."""

    address: str
    refused: RefusedCell = field(repr=False)


@dataclass(frozen=True, slots=True)
class DoubtfulDay:
    """A day that may be mistyped although intake takes the row, with the address of its cell."""

    address: str
    question: Question


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of judging a sheet.

    `type`: event type. `page`: name of the workbook's sheet. `counts`: rows by status. `wrong`: the first wrong cells.
    `wrong_rows`: number of refused rows. `answers`: intake's verdicts about the lines, in their order. `unsent`: lines
    that take back a record which intake does not have. `retracted`: lines whose record was taken back before.
    `doubtful`: the first days to look at again.
    """

    suffix: str
    type: str
    page: str | None
    counts: Mapping[VerdictStatus, int]
    wrong: Sequence[CellFault] = field(repr=False)
    wrong_rows: int
    answers: Sequence[Verdict] = field(repr=False)
    unsent: frozenset[int] = frozenset()
    retracted: frozenset[int] = frozenset()
    doubtful: Sequence[DoubtfulDay] = ()

    @property
    def to_send(self) -> int:
        """Number of rows that intake would accept now."""
        return self.counts.get(VerdictStatus.ACCEPTED, 0)


def suffix_of(name: str) -> str:
    """Return the suffix of a sheet's file name, such as ".xlsx". Raises `UnreadableSheetError` for other files."""
    lower = name.lower()
    found = next((each for each in _SUFFIXES if lower.endswith(each)), None)
    if found is not None:
        return found
    old = next((each for each in _OLD if lower.endswith(each)), None)
    if old is not None:
        message = f"a {old} file is not read: save it as .xlsx", f"un archivo {old} no se lee: guárdelo como .xlsx"
        raise UnreadableSheetError(*message)
    message = "choose a sheet: .xlsx or .csv", "elija una hoja: .xlsx o .csv"
    raise UnreadableSheetError(*message)


def parse_uploaded_table(suffix: str, content: bytes, agency: str, *, rows: int, unpacked: int) -> Table:
    """Parse an uploaded file as a table of rows of one event type.

    `rows`: largest number of rows. `unpacked`: largest number of bytes of an unpacked workbook. Raises
    `UnreadableSheetError`, `OtherAgency` if the agency does not publish the type, `TooManyRows`.
    """
    found = table.read_table(f"sheet{suffix}", content, None, unpacked)
    if agency_of(agency) not in FACTS[found.type].authors:
        raise OtherAgency(short(found.type))
    if sum(1 for _ in found.rows()) > rows:
        raise TooManyRows
    return found


def sheet_of(found: Table, own: OwnNumbers) -> Sheet:
    """Parse the rows of a table into events. No earlier publication is compared."""
    return Sheet(found, own, NoPublishedRows(), Correcting())


def retracted_lines(asked: Mapping[str, tuple[bytes, frozenset[int]]], answers: Iterable[Verdict]) -> frozenset[int]:
    """Return the lines whose record was taken back, by the answers of a dry run about the retractions.

    `asked`: see `Sheet.possible_retractions`. Intake knows the id of a retraction that it accepted.
    """
    known = {
        each.id
        for each in answers
        if each.status is VerdictStatus.DUPLICATE
        or (each.status is VerdictStatus.REFUSED and each.reason == Reason.ID_ALREADY_USED)
    }
    return frozenset(line for event_id, (_, lines) in asked.items() if event_id in known for line in lines)


def combine_verdicts(
    sheet: Sheet,
    suffix: str,
    answers: Sequence[Verdict],
    unsent: frozenset[int] = frozenset(),
    retracted: frozenset[int] = frozenset(),
) -> Checked:
    """Combine intake's verdicts with those about rows that were not sent, with addresses of the wrong cells."""
    told = sorted((*sheet.settled, *map(sheet.told, answers)), key=lambda each: each.line)
    cells = [
        CellFault(sheet.table.address(verdict.line, each.column), each) for verdict in told for each in verdict.cells
    ]
    events = {each.number: each.value for each in sheet.lines}
    doubtful = [
        DoubtfulDay(sheet.table.address(verdict.line, RECORDED.name), question)
        for verdict in told
        if verdict.status in GOOD and verdict.line in events
        for question in questions(events[verdict.line])
    ]
    return Checked(
        suffix=suffix,
        type=sheet.table.type,
        page=sheet.table.sheet,
        counts=Counter(each.status for each in told),
        wrong=tuple(cells[:SHOWN]),
        wrong_rows=sum(each.status is VerdictStatus.REFUSED for each in told),
        answers=tuple(answers),
        unsent=unsent,
        retracted=retracted,
        doubtful=tuple(doubtful[:SHOWN]),
    )


def sheet_with_errors(sheet: Sheet, answers: Sequence[Verdict], lang: Lang) -> bytes:
    """Return the sheet's bytes with errors and receipts beside each row."""
    for answer in answers:
        sheet.told(answer)
    return sheet.given_back(lang)


@lru_cache(maxsize=256)
def empty_sheet(event_type: str, agency: str, lang: Lang) -> bytes:
    """Return an empty XLSX sheet of an event type for an agency."""
    return template.xlsx(event_type, agency_of(agency), lang)
