"""The report's entries on the region and other countries."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

ABROAD: Final = (
    HeadingEntry(Words("The region and other countries", "La región y otros países")),
    ToldFigure(
        "P3a",
        sentence_forms(
            (
                "Belize attended no regional conference.",
                "Belize attended 1 regional conference.",
                "Belize attended {n} regional conferences.",
            ),
            (
                "Belice no asistió a conferencias regionales.",
                "Belice asistió a 1 conferencia regional.",
                "Belice asistió a {n} conferencias regionales.",
            ),
        ),
    ),
    ToldFigure(
        "P3b",
        sentence_forms(
            (
                "The number of delegates was not reported.",
                "It was represented by 1 delegate.",
                "Delegates attended {n} times in all; somebody who went twice counts twice.",
            ),
            (
                "No se informó del número de delegados.",
                "La representó 1 persona.",
                "En total hubo {n} asistencias de delegados; quien fue dos veces cuenta dos veces.",
            ),
        ),
        within="P3a",
    ),
    BreakdownEntry("P3b", ("country",), ChartForm.TABLE),
    ToldFigure(
        "P4a",
        sentence_forms(
            (
                "Belize took part in no dated multilateral meeting.",
                "Belize took part in 1 multilateral meeting.",
                "Belize took part in {n} multilateral meetings.",
            ),
            (
                "Belice no participó en reuniones multilaterales con fecha.",
                "Belice participó en 1 reunión multilateral.",
                "Belice participó en {n} reuniones multilaterales.",
            ),
        ),
    ),
    ToldFigure(
        "P4b",
        sentence_forms(
            (
                "Belize held no presidency of an international body.",
                "Belize held the presidency of 1 international body.",
                "Belize held the presidency of {n} international bodies.",
            ),
            (
                "Belice no ejerció la presidencia de ningún organismo internacional.",
                "Belice ejerció la presidencia de 1 organismo internacional.",
                "Belice ejerció la presidencia de {n} organismos internacionales.",
            ),
        ),
    ),
    ToldFigure(
        "P5",
        sentence_forms(
            (
                "No extract of data was given to others.",
                "1 extract of data was given to others.",
                "{n} extracts of data were given to others.",
            ),
            (
                "No se entregaron datos a terceros.",
                "Se entregó 1 conjunto de datos a terceros.",
                "Se entregaron {n} conjuntos de datos a terceros.",
            ),
        ),
    ),
    ToldFigure(
        "P7a",
        sentence_forms(
            (
                "The Labour Department took part in no exchange with other countries.",
                "The Labour Department took part in 1 visit, exchange or annual meeting with other countries.",
                "The Labour Department took part in {n} visits, exchanges and annual meetings with other countries.",
            ),
            (
                "El Departamento de Trabajo no participó en intercambios con otros países.",
                "El Departamento de Trabajo participó en 1 visita, intercambio o reunión anual con otros países.",
                "El Departamento de Trabajo participó en {n} visitas, intercambios y reuniones con otros países.",
            ),
        ),
    ),
    ToldFigure(
        "P7b",
        sentence_forms(
            (
                "Belize joined no further international body or initiative in {year}.",
                "Belize joined 1 international body or initiative in {year}.",
                "Belize joined {n} international bodies or initiatives in {year}.",
            ),
            (
                "En {year} Belice no se unió a ningún otro organismo o iniciativa internacional.",
                "En {year} Belice se unió a 1 organismo o iniciativa internacional.",
                "En {year} Belice se unió a {n} organismos o iniciativas internacionales.",
            ),
        ),
    ),
)
