"""The report's entries on shelter, return and immigration status."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    FigureTableEntry,
    HeadingEntry,
    TextEntry,
    ToldFigure,
    sentence_forms,
)

SHELTERED: Final = (
    HeadingEntry(Words("Shelter, return and immigration status", "Albergue, retorno y condición migratoria")),
    ToldFigure(
        "O24a",
        sentence_forms(
            (
                "No migrant child was in shelter.",
                "1 migrant child was in shelter on some day of {year}.",
                "{n} migrant children were in shelter on some day of {year}.",
            ),
            (
                "Ninguna niña ni niño migrante estuvo en albergue.",
                "1 niña o niño migrante estuvo en albergue algún día de {year}.",
                "{n} niñas y niños migrantes estuvieron en albergue algún día de {year}.",
            ),
        ),
    ),
    TextEntry(
        Words(
            "A migrant child in shelter is not for that a victim of trafficking.",
            "Una niña o un niño migrante en albergue no es por eso víctima de trata.",
        )
    ),
    ToldFigure(
        "O24b",
        sentence_forms(
            (
                "No victim was in shelter.",
                "1 victim was in shelter on some day of {year}.",
                "{n} victims were in shelter on some day of {year}.",
            ),
            (
                "Ninguna víctima estuvo en albergue.",
                "1 víctima estuvo en albergue algún día de {year}.",
                "{n} víctimas estuvieron en albergue algún día de {year}.",
            ),
        ),
    ),
    BreakdownEntry("O24b", ("shelter_form",), ChartForm.TABLE),
    FigureTableEntry(Words("Stays in shelter", "Estancias en albergue"), ("O24c", "O24d")),
    ToldFigure(
        "O22a",
        sentence_forms(
            (
                "Nobody was returned to another country.",
                "1 person was returned to another country.",
                "{n} persons were returned to another country.",
            ),
            (
                "Nadie fue repatriado a otro país.",
                "1 persona fue repatriada a otro país.",
                "{n} personas fueron repatriadas a otro país.",
            ),
        ),
    ),
    ToldFigure(
        "O22b",
        sentence_forms(
            (
                "HTI helped to pay for none of these returns.",
                "For the return of 1 of them HTI helped to pay.",
                "For the return of {n} of them HTI helped to pay.",
            ),
            (
                "HTI no ayudó a pagar ninguno de estos retornos.",
                "HTI ayudó a pagar el retorno de 1 de ellas.",
                "HTI ayudó a pagar el retorno de {n} de ellas.",
            ),
        ),
        within="O22a",
    ),
    ToldFigure(
        "O23",
        sentence_forms(
            (
                "No victim was granted an immigration status.",
                "1 victim was granted an immigration status.",
                "{n} victims were granted an immigration status.",
            ),
            (
                "A ninguna víctima se le otorgó una condición migratoria.",
                "A 1 víctima se le otorgó una condición migratoria.",
                "A {n} víctimas se les otorgó una condición migratoria.",
            ),
        ),
    ),
    BreakdownEntry("O23", ("programme_year", "scheme"), ChartForm.TABLE),
    FigureTableEntry(
        Words("From identification to service", "De la identificación al servicio"),
        ("T2", "T3", "T4", "T5", "T6a", "T17"),
    ),
)
