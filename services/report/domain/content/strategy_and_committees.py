"""The report's entries on the national strategy, the committees and the partners."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

STRATEGY: Final = (
    HeadingEntry(Words("The national strategy", "La estrategia nacional")),
    ToldFigure(
        "P1b",
        sentence_forms(
            (
                "No strategy with objectives was in force at the end of {year}.",
                "The strategy in force at the end of {year} has 1 objective.",
                "The strategy in force at the end of {year} has {n} objectives.",
            ),
            (
                "Al final de {year} no había una estrategia con objetivos en vigor.",
                "La estrategia en vigor al final de {year} tiene 1 objetivo.",
                "La estrategia en vigor al final de {year} tiene {n} objetivos.",
            ),
        ),
        compared=False,
    ),
    ToldFigure(
        "P1a",
        sentence_forms(
            (
                "They are spread over no area.",
                "They belong to 1 priority area.",
                "They are spread over {n} priority areas.",
            ),
            ("No se reparten en áreas.", "Pertenecen a 1 área prioritaria.", "Se reparten en {n} áreas prioritarias."),
        ),
        within="P1b",
        compared=False,
    ),
    ToldFigure(
        "P1d",
        sentence_forms(
            (
                "Its length is not known.",
                "The strategy was made for 1 year.",
                "The strategy was made for {n} years.",
            ),
            ("No se conoce su duración.", "La estrategia se hizo para 1 año.", "La estrategia se hizo para {n} años."),
        ),
        within="P1b",
        compared=False,
    ),
    ToldFigure(
        "P1c",
        sentence_forms(
            (
                "Its year is not known.",
                "{year} ends in year 1 of the strategy.",
                "{year} ends in year {n} of the strategy.",
            ),
            (
                "No se conoce en qué año está.",
                "{year} termina en el año 1 de la estrategia.",
                "{year} termina en el año {n} de la estrategia.",
            ),
        ),
        within="P1b",
        compared=False,
    ),
    ToldFigure(
        "P1e",
        sentence_forms(
            (
                "How far its areas have come was not reported.",
                "How far it has come was reported of 1 area.",
                "How far they have come was reported of {n} areas.",
            ),
            (
                "No se informó del avance de las áreas.",
                "Se informó del avance de 1 área.",
                "Se informó del avance de {n} áreas.",
            ),
        ),
        within="P1b",
        compared=False,
    ),
    BreakdownEntry("P1e", ("area", "progress"), ChartForm.TABLE),
    BreakdownEntry("P1f", ("area", "progress"), ChartForm.TABLE),
)

COMMITTEES: Final = (
    HeadingEntry(Words("The Council and its partners", "El Consejo y sus socios")),
    ToldFigure(
        "P2a",
        sentence_forms(
            (
                "The Council has no committee.",
                "The Council works through 1 committee.",
                "The Council works through {n} committees.",
            ),
            (
                "El Consejo no tiene comités.",
                "El Consejo trabaja por medio de 1 comité.",
                "El Consejo trabaja por medio de {n} comités.",
            ),
        ),
        compared=False,
    ),
    ToldFigure(
        "P2b",
        sentence_forms(
            ("They have no seats.", "They have 1 seat.", "Together they have {n} seats."),
            ("No tienen puestos.", "Tienen 1 puesto.", "Juntos tienen {n} puestos."),
        ),
        within="P2a",
        compared=False,
    ),
    ToldFigure(
        "P2c",
        sentence_forms(
            (
                "No body sits in them.",
                "1 body sits in them.",
                "{n} different bodies sit in them; a body that sits in two committees counts once.",
            ),
            (
                "Ninguna entidad los integra.",
                "1 entidad los integra.",
                "{n} entidades distintas los integran; la que está en dos comités cuenta una vez.",
            ),
        ),
        within="P2a",
        compared=False,
    ),
    BreakdownEntry("P2b", ("committee",), ChartForm.TABLE),
    ToldFigure(
        "P8",
        sentence_forms(
            (
                "The Council has no partner in its table.",
                "The Council’s table of partners names 1 organization.",
                "The Council’s table of partners names {n} organizations.",
            ),
            (
                "El Consejo no tiene socios en su tabla.",
                "La tabla de socios del Consejo nombra 1 organización.",
                "La tabla de socios del Consejo nombra {n} organizaciones.",
            ),
        ),
        compared=False,
    ),
    BreakdownEntry("P8", ("kind",), ChartForm.TABLE),
)
