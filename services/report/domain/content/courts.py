"""The report's entries on convictions and on charges that the courts have not decided."""

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

COURTS: Final = (
    HeadingEntry(Words("Courts", "Tribunales")),
    TextEntry(
        Words(
            "Cases begin at the Magistrates’ Court and are tried at the High Court, since 2022 by a judge alone.",
            "Los casos comienzan en el Tribunal de Magistrados y se juzgan en el Tribunal Superior, desde 2022 solo "
            "por un juez.",
        )
    ),
    ToldFigure(
        "O13a",
        sentence_forms(
            (
                "Nobody was convicted in {year}.",
                "1 person was convicted in {year}.",
                "{n} persons were convicted in {year}.",
            ),
            (
                "En {year} no se condenó a nadie.",
                "En {year} se condenó a 1 persona.",
                "En {year} se condenó a {n} personas.",
            ),
        ),
    ),
    ToldFigure(
        "O13b",
        sentence_forms(
            (
                "There was no count with a conviction.",
                "The convictions are on 1 count; persons and counts are different units.",
                "The convictions are on {n} counts; persons and counts are different units.",
            ),
            (
                "No hubo ninguna imputación con condena.",
                "Las condenas son por 1 imputación; personas e imputaciones son unidades distintas.",
                "Las condenas son por {n} imputaciones; personas e imputaciones son unidades distintas.",
            ),
        ),
        within="O13a",
    ),
    ToldFigure(
        "O14a",
        sentence_forms(
            (
                "Nobody was convicted of trafficking for labour or servitude.",
                "Of the convicted, 1 was convicted of trafficking for labour or servitude.",
                "Of the convicted, {n} were convicted of trafficking for labour or servitude.",
            ),
            (
                "No se condenó a nadie por trata laboral o servidumbre.",
                "De las personas condenadas, 1 lo fue por trata laboral o servidumbre.",
                "De las personas condenadas, {n} lo fueron por trata laboral o servidumbre.",
            ),
        ),
        within="O13a",
    ),
    ToldFigure(
        "O14b",
        sentence_forms(
            (
                "No count with a conviction is of trafficking for labour or servitude.",
                "Of the counts, 1 is of trafficking for labour or servitude.",
                "Of the counts, {n} are of trafficking for labour or servitude.",
            ),
            (
                "Ninguna imputación con condena es de trata laboral o servidumbre.",
                "De las imputaciones, 1 es de trata laboral o servidumbre.",
                "De las imputaciones, {n} son de trata laboral o servidumbre.",
            ),
        ),
        within="O13b",
    ),
    BreakdownEntry("O13a", ("exploitation", "sex", "citizenship"), ChartForm.TABLE),
    ToldFigure(
        "O15a",
        sentence_forms(
            (
                "Nobody was awaiting trial at the High Court at the end of {year}.",
                "1 person was awaiting trial at the High Court at the end of {year}.",
                "{n} persons were awaiting trial at the High Court at the end of {year}.",
            ),
            (
                "Al final de {year} nadie esperaba juicio en el Tribunal Superior.",
                "Al final de {year} 1 persona esperaba juicio en el Tribunal Superior.",
                "Al final de {year} {n} personas esperaban juicio en el Tribunal Superior.",
            ),
        ),
    ),
    ToldFigure(
        "O15b",
        sentence_forms(
            (
                "Nobody was awaiting trial at any time in {year}.",
                "At some time in {year}, 1 person was awaiting trial.",
                "At some time in {year}, {n} persons were awaiting trial.",
            ),
            (
                "En ningún momento de {year} hubo alguien en espera de juicio.",
                "En algún momento de {year} 1 persona esperaba juicio.",
                "En algún momento de {year} {n} personas esperaban juicio.",
            ),
        ),
    ),
    ToldFigure(
        "O16",
        sentence_forms(
            (
                "Nobody was being processed at the Magistrates’ Court at the end of {year}.",
                "1 person was being processed at the Magistrates’ Court at the end of {year}.",
                "{n} persons were being processed at the Magistrates’ Court at the end of {year}.",
            ),
            (
                "Al final de {year} nadie era procesado en el Tribunal de Magistrados.",
                "Al final de {year} 1 persona era procesada en el Tribunal de Magistrados.",
                "Al final de {year} {n} personas eran procesadas en el Tribunal de Magistrados.",
            ),
        ),
    ),
    ToldFigure(
        "R29",
        sentence_forms(
            (
                "Of none of them an arrest is known.",
                "Of 1 of them an arrest is known.",
                "Of {n} of them an arrest is known.",
            ),
            (
                "De ninguna de ellas se conoce una detención.",
                "De 1 de ellas se conoce una detención.",
                "De {n} de ellas se conoce una detención.",
            ),
        ),
        within="O16",
        compared=False,
    ),
    BreakdownEntry("O16", ("offence", "sex", "citizenship"), ChartForm.TABLE),
    FigureTableEntry(
        Words("Offences that the Council does not count as trafficking", "Delitos que el Consejo no cuenta como trata"),
        ("R28a", "R28b", "R28c", "R28d", "R28e"),
    ),
    FigureTableEntry(Words("How long it took", "Cuánto tardó"), ("T12", "T13", "T14", "T15")),
)
