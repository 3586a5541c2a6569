"""The document that every form of the report renders: sections of sentences, headings, tables and charts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from services.charts.domain import Chart
from services.presentation.bilingual_text import Language
from services.report.domain.figure_values import FigureValue


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text that states no figure."""

    text: str


@dataclass(frozen=True, slots=True)
class StatedFinding:
    """A finding: a sentence, and the values that it states in digits or in words."""

    text: str
    values: tuple[FigureValue, ...]


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table: its text, and the number or the figure's value that the text shows, if any."""

    text: str
    amount: int | None = None
    value: FigureValue | None = None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table with column heads and no row heads. `numeric`: for each column, whether it holds numbers."""

    title: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with the table of its data. `name` is unique in the document."""

    name: str
    chart: Chart
    table: ReportTable


Block: TypeAlias = Heading | Paragraph | StatedFinding | ReportTable | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report with its own title. `name`: its anchor in a page's address."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The report. `complete_to`: number of the last event in it. `version`: hash of the figures' code.

    `published_on`: the day of the figures' state, as ISO text. The PDF has this date in place of the time of making, so
    that equal documents give equal bytes.
    """

    lang: Language
    year: str
    title: str
    subtitle: str
    caveat: str
    audience: str
    freshness: str
    complete_to: int
    version: str
    published_on: str
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield all blocks in their order."""
        for section in self.sections:
            yield from section.blocks

    def pictures(self) -> Iterator[Picture]:
        """Yield the charts with their tables."""
        return (each for each in self.blocks() if isinstance(each, Picture))

    def tables(self) -> Iterator[ReportTable]:
        """Yield all tables, those of charts included."""
        for each in self.blocks():
            if isinstance(each, ReportTable):
                yield each
            elif isinstance(each, Picture):
                yield each.table

    def values(self) -> Iterator[FigureValue]:
        """Yield every value that a sentence or a table states."""
        for each in self.blocks():
            if isinstance(each, StatedFinding):
                yield from each.values
        for table in self.tables():
            for row in table.rows:
                yield from (cell.value for cell in row if cell.value is not None)
