"""Parts of a section: a sentence, a breakdown, a heading or a text, each in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from services.presentation.words import Words
from services.report.domain.grammar import Forms, SentenceForms


class ChartForm(StrEnum):
    """The form of a breakdown's chart. Every form has its table too."""

    BARS = "bars"
    DOTS = "dots"
    TILES = "tiles"
    TABLE = "table"
    """The table alone."""


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A finding: the figure that its sentence states, of one combination of dimensions where some are given.

    `compared`: whether the year before stands beside it. `within`: a figure that contains it; where nothing is in that
    one, the sentence is left out.
    """

    number: str
    sentence: SentenceForms
    dimensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    compared: bool = True
    within: str = ""


@dataclass(frozen=True, slots=True)
class BreakdownEntry:
    """A breakdown of a figure as a table, and as a chart where its form has one.

    `titled`: the figure's title names the breakdown already.
    """

    number: str
    by: tuple[str, ...]
    form: ChartForm = ChartForm.BARS
    titled: bool = False


@dataclass(frozen=True, slots=True)
class CohortEntry:
    """Dots for a cohort: one row for each figure, the whole first. `steps` are the rows' names, short."""

    title: Words
    numbers: tuple[str, ...]
    steps: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class FigureTableEntry:
    """A table of several figures, one a row, whole: for those of which a sentence each would say too little."""

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
    """A section of the report."""

    name: str
    title: Words
    entries: tuple[ContentEntry, ...]

    def asked(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every figure that the section needs, with its breakdown."""
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


def said(en: tuple[str, str, str], es: tuple[str, str, str]) -> SentenceForms:
    """Give a sentence by its forms for none, one and several, in both languages."""
    return SentenceForms(Forms(*en), Forms(*es))
