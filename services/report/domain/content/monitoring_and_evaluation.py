"""The report's entries on monitoring and evaluation: the strategy's indicators and budget, and gaps in reporting."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    FigureTableEntry,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

EVALUATION: Final = (
    HeadingEntry(Words("Indicators and money of the strategy", "Indicadores y presupuesto de la estrategia")),
    ToldFigure(
        "P11a",
        sentence_forms(
            (
                "No indicator of the strategy is defined.",
                "The strategy has 1 indicator with a level, a baseline or a target.",
                "The strategy has {n} indicators with a level, a baseline or a target.",
            ),
            (
                "No hay indicadores definidos de la estrategia.",
                "La estrategia tiene 1 indicador con nivel, línea de base o meta.",
                "La estrategia tiene {n} indicadores con nivel, línea de base o meta.",
            ),
        ),
        compared=False,
    ),
    BreakdownEntry("P11a", ("standing",), ChartForm.TABLE),
    BreakdownEntry("P11b", ("area",), ChartForm.TABLE),
    BreakdownEntry("P11c", ("area",), ChartForm.TABLE),
    HeadingEntry(Words("What the records lack", "Lo que falta en los registros")),
    FigureTableEntry(
        Words("Answers in the records of victims", "Respuestas en los registros de víctimas"), ("R9a", "R9b")
    ),
    BreakdownEntry("R9b", ("why",), ChartForm.TABLE),
)
