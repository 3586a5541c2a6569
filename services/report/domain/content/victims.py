"""The report's entries on victims and screenings."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    HeadingEntry,
    TextEntry,
    ToldFigure,
    sentence_forms,
)

VICTIMS: Final = (
    HeadingEntry(Words("Victims", "Víctimas")),
    ToldFigure(
        "O3",
        sentence_forms(
            (
                "No victim is known in the cases that came under investigation in {year}.",
                "1 victim is known in the cases that came under investigation in {year}.",
                "{n} victims are known in the cases that came under investigation in {year}.",
            ),
            (
                "No se conoce ninguna víctima en los casos cuya investigación se abrió en {year}.",
                "Se conoce 1 víctima en los casos cuya investigación se abrió en {year}.",
                "Se conocen {n} víctimas en los casos cuya investigación se abrió en {year}.",
            ),
        ),
    ),
    BreakdownEntry("O3", ("minor_at_exploitation",)),
    BreakdownEntry("O4", ("citizenship",), titled=True),
    BreakdownEntry("O5", ("trafficking_type",), titled=True),
    TextEntry(
        Words(
            "The printed report speaks of three trends: girls, recruiters within the family, and citizens of "
            "neighbouring countries. The next two tables count them.",
            "El informe impreso habla de tres tendencias: niñas, captación dentro de la familia y ciudadanía de países "
            "vecinos. Las dos tablas siguientes las cuentan.",
        )
    ),
    BreakdownEntry("O28", ("minor_at_exploitation", "sex"), ChartForm.TABLE),
    BreakdownEntry("O28", ("recruiter_relation",), ChartForm.TABLE),
    ToldFigure(
        "O32a",
        sentence_forms(
            (
                "Nobody was identified as a victim in {year}.",
                "1 person was identified as a victim in {year}.",
                "{n} persons were identified as victims in {year}.",
            ),
            (
                "En {year} no se identificó a nadie como víctima.",
                "En {year} se identificó a 1 persona como víctima.",
                "En {year} se identificó a {n} personas como víctimas.",
            ),
        ),
    ),
    BreakdownEntry("O32a", ("status",), ChartForm.TABLE),
    BreakdownEntry("O32a", ("new_or_carried_over",), ChartForm.TABLE),
    ToldFigure(
        "O32b",
        sentence_forms(
            (
                "Nobody was held as a victim at the end of {year}.",
                "1 living person was held as a victim at the end of {year}, whenever identified.",
                "{n} living persons were held as victims at the end of {year}, whenever identified.",
            ),
            (
                "Al final de {year} no se tenía a nadie por víctima.",
                "Al final de {year} se tenía por víctima a 1 persona viva, identificada en cualquier año.",
                "Al final de {year} se tenía por víctimas a {n} personas vivas, identificadas en cualquier año.",
            ),
        ),
    ),
    ToldFigure(
        "O32c",
        sentence_forms(
            (
                "No agency counted a victim who refused to be identified.",
                "Agencies counted 1 victim who refused to be identified.",
                "Agencies counted {n} victims who refused to be identified.",
            ),
            (
                "Ninguna institución contó víctimas que no quisieran ser identificadas.",
                "Las instituciones contaron 1 víctima que no quiso ser identificada.",
                "Las instituciones contaron {n} víctimas que no quisieron ser identificadas.",
            ),
        ),
    ),
    ToldFigure(
        "O32d",
        sentence_forms(
            (
                "At the end of {year} there was nobody of whom it was undetermined whether they are a victim.",
                "Of 1 person it could not be determined by the end of {year} whether they are a victim.",
                "Of {n} persons it could not be determined by the end of {year} whether they are victims.",
            ),
            (
                "Al final de {year} no quedaba nadie sin determinación.",
                "De 1 persona no se pudo determinar si es víctima al final de {year}.",
                "De {n} personas no se pudo determinar si son víctimas al final de {year}.",
            ),
        ),
    ),
)

SCREENED: Final = (
    HeadingEntry(Words("Screening", "Entrevistas de detección")),
    ToldFigure(
        "O6a",
        sentence_forms(
            (
                "Nobody was screened for indicators of trafficking.",
                "1 person was screened for indicators of trafficking; a screened person is not for that a victim.",
                "{n} persons were screened for indicators of trafficking; a screened person is not for that a victim.",
            ),
            (
                "No se entrevistó a nadie en busca de indicios de trata.",
                "Se entrevistó a 1 persona en busca de indicios de trata; no por eso es víctima.",
                "Se entrevistó a {n} personas en busca de indicios de trata; no por eso son víctimas.",
            ),
        ),
    ),
    ToldFigure(
        "O6b",
        sentence_forms(
            ("No nationality was stated of them.", "They were of 1 nationality.", "They were of {n} nationalities."),
            (
                "No se indicó su nacionalidad.",
                "Eran de 1 nacionalidad.",
                "Eran de {n} nacionalidades.",
            ),
        ),
        within="O6a",
    ),
    BreakdownEntry("O6a", ("requested_by",), ChartForm.TABLE),
)
