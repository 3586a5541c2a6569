"""The report's entries on arrests and the decisions that followed."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    CohortEntry,
    HeadingEntry,
    TextEntry,
    ToldFigure,
    sentence_forms,
)

ARRESTS: Final = (
    HeadingEntry(Words("Arrests", "Detenciones")),
    ToldFigure(
        "O9",
        sentence_forms(
            (
                "Nobody was arrested in {year} for what the Council counts as trafficking.",
                "1 person was arrested in {year} for what the Council counts as trafficking.",
                "{n} persons were arrested in {year} for what the Council counts as trafficking.",
            ),
            (
                "En {year} no se detuvo a nadie por lo que el Consejo cuenta como trata.",
                "En {year} se detuvo a 1 persona por lo que el Consejo cuenta como trata.",
                "En {year} se detuvo a {n} personas por lo que el Consejo cuenta como trata.",
            ),
        ),
    ),
    ToldFigure(
        "O10",
        sentence_forms(
            (
                "None of the arrested was committed to the High Court by the end of {year}.",
                "Of the arrested, 1 was committed to the High Court by the end of {year}.",
                "Of the arrested, {n} were committed to the High Court by the end of {year}.",
            ),
            (
                "Ninguna de las personas detenidas fue remitida al Tribunal Superior antes del fin de {year}.",
                "De las personas detenidas, 1 fue remitida al Tribunal Superior antes del fin de {year}.",
                "De las personas detenidas, {n} fueron remitidas al Tribunal Superior antes del fin de {year}.",
            ),
        ),
        within="O9",
    ),
    ToldFigure(
        "O11",
        sentence_forms(
            (
                "None of the arrested died before the end of {year}.",
                "Of the arrested, 1 died before the end of {year}.",
                "Of the arrested, {n} died before the end of {year}.",
            ),
            (
                "Ninguna de las personas detenidas falleció antes del fin de {year}.",
                "De las personas detenidas, 1 falleció antes del fin de {year}.",
                "De las personas detenidas, {n} fallecieron antes del fin de {year}.",
            ),
        ),
        within="O9",
    ),
    ToldFigure(
        "O12",
        sentence_forms(
            (
                "No arrested person is tied to a victim.",
                "No victim has more than 1 arrested person tied to her or him.",
                "{n} of the arrested persons are tied to one and the same victim.",
            ),
            (
                "Ninguna persona detenida está ligada a una víctima.",
                "Ninguna víctima tiene más de 1 persona detenida ligada a ella.",
                "{n} de las personas detenidas están ligadas a una misma víctima.",
            ),
        ),
        within="O9",
    ),
    TextEntry(
        Words(
            "A person can be in several of these lines. They are not parts of one total.",
            "Una persona puede estar en varias de estas líneas. No son partes de un total.",
        )
    ),
    CohortEntry(
        Words("Persons arrested and what followed", "Personas detenidas y lo que siguió"),
        ("O9", "O10", "O11"),
        (
            Words("Arrested", "Detenidas"),
            Words("Committed to the High Court", "Remitidas al Tribunal Superior"),
            Words("Deceased", "Fallecidas"),
        ),
    ),
    BreakdownEntry("O9", ("sex",), ChartForm.TABLE),
    BreakdownEntry("O9", ("citizenship",), ChartForm.TABLE),
    ToldFigure(
        "R28a",
        sentence_forms(
            (
                "Nobody was arrested for an offence that the Council does not count as trafficking.",
                "1 more person was arrested for an offence that the Council does not count as trafficking.",
                "{n} more persons were arrested for an offence that the Council does not count as trafficking.",
            ),
            (
                "No se detuvo a nadie por un delito que el Consejo no cuenta como trata.",
                "Se detuvo a 1 persona más por un delito que el Consejo no cuenta como trata.",
                "Se detuvo a {n} personas más por un delito que el Consejo no cuenta como trata.",
            ),
        ),
    ),
)
