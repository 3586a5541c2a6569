"""The report's entries on labour inspections."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    ContentEntry,
    FigureTableEntry,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

INSPECTIONS: Final[tuple[ContentEntry, ...]] = (
    HeadingEntry(Words("Labour inspections", "Inspecciones laborales")),
    ToldFigure(
        "O27a",
        sentence_forms(
            (
                "No labour inspection was completed.",
                "1 labour inspection was completed.",
                "{n} labour inspections were completed.",
            ),
            (
                "No se realizó ninguna inspección laboral.",
                "Se realizó 1 inspección laboral.",
                "Se realizaron {n} inspecciones laborales.",
            ),
        ),
    ),
    ToldFigure(
        "O27b",
        sentence_forms(
            (
                "None of them looked for child labour.",
                "1 of them looked for child labour; child labour is not for that trafficking.",
                "{n} of them looked for child labour; child labour is not for that trafficking.",
            ),
            (
                "Ninguna buscó trabajo infantil.",
                "1 de ellas buscó trabajo infantil; el trabajo infantil no es por sí mismo trata.",
                "{n} de ellas buscaron trabajo infantil; el trabajo infantil no es por sí mismo trata.",
            ),
        ),
        within="O27a",
    ),
    ToldFigure(
        "O27c",
        sentence_forms(
            (
                "Of none of them it was said that nobody was told before.",
                "1 of them was unannounced.",
                "{n} of them were unannounced.",
            ),
            (
                "De ninguna se indicó que fuera sin aviso.",
                "1 de ellas fue sin aviso.",
                "{n} de ellas fueron sin aviso.",
            ),
        ),
        within="O27a",
    ),
    ToldFigure(
        "O27d",
        sentence_forms(
            (
                "Of none of them it was said that a rule was broken.",
                "1 of them found that a rule was broken.",
                "{n} of them found that a rule was broken.",
            ),
            (
                "De ninguna se indicó que hallara infracciones.",
                "1 de ellas halló infracciones.",
                "{n} de ellas hallaron infracciones.",
            ),
        ),
        within="O27a",
    ),
    ToldFigure(
        "O27e",
        sentence_forms(
            (
                "Of none of them indicators of trafficking were reported.",
                "1 of them found indicators of trafficking.",
                "{n} of them found indicators of trafficking.",
            ),
            (
                "De ninguna se informaron indicios de trata.",
                "1 de ellas halló indicios de trata.",
                "{n} de ellas hallaron indicios de trata.",
            ),
        ),
        within="O27a",
    ),
    ToldFigure(
        "O27f",
        sentence_forms(
            (
                "No violation was counted.",
                "1 violation was counted in them.",
                "{n} violations were counted in them.",
            ),
            (
                "No se contaron infracciones.",
                "En ellas se contó 1 infracción.",
                "En ellas se contaron {n} infracciones.",
            ),
        ),
        within="O27d",
    ),
    BreakdownEntry("O27a", ("district",), ChartForm.TILES),
    BreakdownEntry("O27a", ("trigger",), ChartForm.TABLE),
    *(BreakdownEntry(number, ("announced",), ChartForm.TABLE) for number in ("O27d", "O27e", "O27f")),
    FigureTableEntry(
        Words("Labour inspections and what they found", "Inspecciones laborales y lo que hallaron"),
        ("O27a", "O27b", "O27c", "O27d", "O27e", "O27f"),
    ),
)
