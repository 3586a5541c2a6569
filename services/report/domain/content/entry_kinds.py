"""Kinds of entries in the report's sections: sentence, breakdown, cohort, table, heading and text, in two languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from services.presentation.bilingual_text import Words
from services.report.domain.grammar import FormsByAmount, SentenceForms


class ChartForm(StrEnum):
    """Kinds of charts for a breakdown. Each chart has a table beside it."""

    BARS = "bars"
    DOTS = "dots"
    TILES = "tiles"
    TABLE = "table"
    """A table without a chart."""


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A sentence that states a figure, or with `dimensions` one row of it.

    `compared`: whether the sentence states the year before too. `within`: number of a figure that contains this one; if
    that figure's amount is 0, the sentence is left out.
    """

    number: str
    sentence: SentenceForms
    dimensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    compared: bool = True
    within: str = ""


@dataclass(frozen=True, slots=True)
class BreakdownEntry:
    """A breakdown of a figure as a table, with a chart unless `form` is `TABLE`.

    `titled`: the figure's title already names the breakdown, so the table's title does not repeat it.
    """

    number: str
    by: tuple[str, ...]
    form: ChartForm = ChartForm.BARS
    titled: bool = False


@dataclass(frozen=True, slots=True)
class CohortEntry:
    """A dot chart of a cohort, with its table: one row for each figure, the whole first. `steps`: short row names."""

    title: Words
    numbers: tuple[str, ...]
    steps: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class FigureTableEntry:
    """A table of several figures without breakdown, one row each."""

    title: Words
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingEntry:
    """A heading within the section."""

    words: Words


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A text that states no figure."""

    words: Words


ContentEntry: TypeAlias = ToldFigure | BreakdownEntry | CohortEntry | FigureTableEntry | HeadingEntry | TextEntry


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A section of the report: its name, used in page addresses, its title, and its entries in order."""

    name: str
    title: Words
    entries: tuple[ContentEntry, ...]

    def asked(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (figure's number, breakdown) of each value that the section needs. A pair may be yielded twice."""
        for each in self.entries:
            if isinstance(each, ToldFigure):
                yield each.number, tuple(each.dimensions)
                if each.within:
                    yield each.within, ()
            elif isinstance(each, BreakdownEntry):
                yield each.number, each.by
                yield each.number, ()
            elif isinstance(each, CohortEntry | FigureTableEntry):
                yield from ((number, ()) for number in each.numbers)


def sentence_forms(en: tuple[str, str, str], es: tuple[str, str, str]) -> SentenceForms:
    """Return a sentence in English and Spanish. Each tuple: the forms for 0, for 1 and for other numbers."""
    return SentenceForms(FormsByAmount(*en), FormsByAmount(*es))
