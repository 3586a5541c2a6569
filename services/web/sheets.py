"""Sheets as a clerk uploads them: read into rows, judged by intake, and given back with what is wrong.

Reading takes a thread: it computes. A sheet is read anew for each step, so that its bytes alone are kept.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from schemas.agencies import house
from schemas.type_table import FACTS
from services.sheet import table, template
from services.sheet.cell_errors import Lang, RefusedCell
from services.sheet.column import short
from services.sheet.file import NoSheetError
from services.sheet.outgoing_sheet import Correcting, Sheet
from services.sheet.own_numbers import OwnNumbers
from services.sheet.published_rows import Nothing
from services.sheet.table import Table
from services.sheet.verdict import Verdict, VerdictStatus

SHOWN: Final = 200
"""Wrong cells and receipts that a page lists; the sheet that is given back has all."""
_OLD: Final = (".xls", ".xlsb", ".ods")
_SUFFIXES: Final = table.SUFFIXES


class OtherAgency(Exception):
    """The sheet holds events of a type that the agency does not publish; the text is the type's short name."""


class TooManyRows(Exception):
    """The sheet has more rows than are taken here."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A wrong cell of a row, with its address."""

    address: str
    refused: RefusedCell = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet as it was judged. `answers` are intake's verdicts about the lines, in their order."""

    suffix: str
    type: str
    page: str | None
    counts: Mapping[VerdictStatus, int]
    wrong: Sequence[CellFault] = field(repr=False)
    wrong_rows: int
    answers: Sequence[Verdict] = field(repr=False)

    @property
    def to_send(self) -> int:
        """Rows that intake would take now."""
        return self.counts.get(VerdictStatus.ACCEPTED, 0)


def suffix_of(name: str) -> str:
    """Give the end of a sheet's name. Raises `NoSheetError` for a file that is none."""
    lower = name.lower()
    found = next((each for each in _SUFFIXES if lower.endswith(each)), None)
    if found is not None:
        return found
    old = next((each for each in _OLD if lower.endswith(each)), None)
    if old is not None:
        message = f"a {old} file is not read: save it as .xlsx", f"un archivo {old} no se lee: guárdelo como .xlsx"
        raise NoSheetError(*message)
    message = "choose a sheet: .xlsx or .csv", "elija una hoja: .xlsx o .csv"
    raise NoSheetError(*message)


def opened(suffix: str, content: bytes, agency: str, *, rows: int, unpacked: int) -> Table:
    """Read a table of the agency. Raises `NoSheetError`, `OtherAgency`, `TooManyRows`."""
    found = table.opened(f"sheet{suffix}", content, None, unpacked)
    if house(agency) not in FACTS[found.type].authors:
        raise OtherAgency(short(found.type))
    if sum(1 for _ in found.rows()) > rows:
        raise TooManyRows
    return found


def sheet_of(found: Table, own: OwnNumbers) -> Sheet:
    """Read the rows of a table."""
    return Sheet(found, own, Nothing(), Correcting())


def checked(sheet: Sheet, suffix: str, answers: Sequence[Verdict]) -> Checked:
    """Put intake's verdicts into the words of the sheet, beside those of rows that could not be read."""
    told = sorted((*sheet.settled, *map(sheet.told, answers)), key=lambda each: each.line)
    cells = [
        CellFault(sheet.table.address(verdict.line, each.column), each) for verdict in told for each in verdict.cells
    ]
    return Checked(
        suffix=suffix,
        type=sheet.table.type,
        page=sheet.table.sheet,
        counts=Counter(each.status for each in told),
        wrong=tuple(cells[:SHOWN]),
        wrong_rows=sum(each.status is VerdictStatus.REFUSED for each in told),
        answers=tuple(answers),
    )


def given_back(sheet: Sheet, answers: Sequence[Verdict], lang: Lang) -> bytes:
    """Write the sheet with its errors and receipts beside each row."""
    for answer in answers:
        sheet.told(answer)
    return sheet.given_back(lang)


@lru_cache(maxsize=256)
def empty(event_type: str, agency: str, lang: Lang) -> bytes:
    """Write an empty sheet of a type for an agency, as a workbook."""
    return template.xlsx(event_type, house(agency), lang)
