"""A figure's declaration, for people in one language and for programs in both."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.codebook.courts import TRIAL_RULES, Court
from services.presentation.bilingual_text import Language
from services.presentation.declaration_terms import (
    AREAS,
    COMMITTEES,
    DATE_ROLES,
    DIMENSIONS,
    HEADINGS,
    NATURES,
    OWNERS,
    READERS,
    UNITS,
    word,
)
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES


def plain(figure: Figure[Any]) -> dict[str, Any]:
    """Return a figure's declaration as a dict for JSON; `counts` has the text in English and Spanish."""
    return {
        "number": figure.number,
        "name": figure.name,
        "unit": figure.unit.value,
        "nature": figure.nature.value,
        "read": figure.reader.value,
        "date_role": figure.date_role.value,
        "counts": {"en": figure.en, "es": figure.es},
        "breakdowns": [list(breakdown) for breakdown in figure.breakdowns if breakdown],
        "distinct": figure.distinct,
        "part_of": figure.part_of,
        "area": figure.area.value,
        "seen_by": [committee.value for committee in figure.seen_by],
        "version": figure.version,
        "valid_from": figure.valid_from.isoformat(),
    }


def show(console: Console, figures: Iterable[Figure[Any]], lang: Language) -> None:
    """Print the declarations of the figures in one language, one under the other."""
    for figure in figures:
        console.print(Text.assemble((figure.number, "bold"), "  ", (_name(figure), "bold")))
        table = Table.grid(padding=(0, 2))
        for heading, said in _rows(figure, lang):
            table.add_row("   ", Text(word(HEADINGS, heading, lang), "dim"), said)
        console.print(table)
        console.print()


def trial_rule_sentence(lang: Language) -> str:
    """Return the sentence for row O17 of the report, which has no figure: the rule about the courts that try a case."""
    rule = TRIAL_RULES[-1]
    below, above = Court.MAGISTRATES, Court.HIGH_COURT
    if lang is Language.ES:
        return f"O17: Todo caso comienza en el {below.es}; lo remitido pasa al {above.es}. {rule.es}"
    return f"O17: Every case begins at the {below.en}; what is committed goes up to the {above.en}. {rule.en}"


def listed() -> str:
    """Return number, name and unit of every figure, one paragraph each, for `atips help figures`."""
    return "\n\n".join(f"{each.number}: {_name(each)} ({word(UNITS, each.unit, 'en')})" for each in FIGURES.values())


def _rows(figure: Figure[Any], lang: Language) -> Iterator[tuple[str, str]]:
    yield "counts", figure.es if lang is Language.ES else figure.en
    yield "unit", word(UNITS, figure.unit, lang)
    yield "kind", f"{word(NATURES, figure.nature, lang)}: {word(READERS, figure.reader, lang)}"
    yield "placed by", word(DATE_ROLES, figure.date_role, lang)
    yield "breakdowns", "; ".join(_breakdowns(figure, lang)) or word(HEADINGS, "none", lang)
    if figure.part_of is not None:
        yield "part of", figure.part_of
    yield "area", word(AREAS, figure.area, lang)
    yield "owner", word(OWNERS, figure.area, lang)
    yield "seen by", ", ".join(word(COMMITTEES, each, lang) for each in figure.seen_by)


def _breakdowns(figure: Figure[Any], lang: Language) -> Iterator[str]:
    for breakdown in figure.breakdowns:
        if breakdown:
            yield " × ".join(word(DIMENSIONS, dimension, lang) for dimension in breakdown)


def _name(figure: Figure[Any]) -> str:
    return figure.name.replace("_", " ")
