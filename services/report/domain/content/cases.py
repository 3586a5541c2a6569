"""The report's entries on cases under investigation and on operations."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

CASES: Final = (
    HeadingEntry(Words("Cases", "Casos")),
    ToldFigure(
        "O1a",
        sentence_forms(
            (
                "No investigation of a suspected case was opened in {year}.",
                "1 suspected case of human trafficking came under investigation in {year}.",
                "{n} suspected cases of human trafficking came under investigation in {year}.",
            ),
            (
                "En {year} no se abrió la investigación de ningún presunto caso.",
                "En {year} se abrió la investigación de 1 presunto caso de trata de personas.",
                "En {year} se abrió la investigación de {n} presuntos casos de trata de personas.",
            ),
        ),
    ),
    ToldFigure(
        "O1b",
        sentence_forms(
            (
                "No case was under investigation at any time in {year}.",
                "1 case was under investigation at some time in {year}, whenever it was opened.",
                "{n} cases were under investigation at some time in {year}, whenever they were opened.",
            ),
            (
                "Ningún caso estuvo en investigación en {year}.",
                "1 caso estuvo en investigación en algún momento de {year}, sin importar cuándo se abrió.",
                "{n} casos estuvieron en investigación en algún momento de {year}, sin importar cuándo se abrieron.",
            ),
        ),
    ),
    BreakdownEntry("O2", ("outcome",), titled=True),
    BreakdownEntry("O26", ("referral_source",), titled=True),
    BreakdownEntry("O1a", ("district",), ChartForm.TILES),
    ToldFigure(
        "O7",
        sentence_forms(
            (
                "No case was still active at the end of {year}.",
                "1 case was still active at the end of {year}, whenever it was opened.",
                "{n} cases were still active at the end of {year}, whenever they were opened.",
            ),
            (
                "Ningún caso seguía activo al final de {year}.",
                "1 caso seguía activo al final de {year}, sin importar cuándo se abrió.",
                "{n} casos seguían activos al final de {year}, sin importar cuándo se abrieron.",
            ),
        ),
    ),
    BreakdownEntry("O7", ("opened_year", "outcome"), ChartForm.TABLE),
    ToldFigure(
        "O18",
        sentence_forms(
            (
                "No case file was reviewed.",
                "The file of 1 case was reviewed, with advice on what to do next.",
                "The files of {n} cases were reviewed, with advice on what to do next.",
            ),
            (
                "No se revisó ningún expediente.",
                "Se revisó el expediente de 1 caso, con recomendaciones.",
                "Se revisaron los expedientes de {n} casos, con recomendaciones.",
            ),
        ),
    ),
    ToldFigure(
        "O8",
        sentence_forms(
            (
                "No officer of the A-TIPs Police Unit was reported at the end of {year}.",
                "The A-TIPs Police Unit had 1 officer at the end of {year}, its leader.",
                "The A-TIPs Police Unit had {n} officers at the end of {year}, its leader included.",
            ),
            (
                "No se informó de ningún oficial de la Unidad Policial A-TIPs al final de {year}.",
                "La Unidad Policial A-TIPs tenía 1 oficial al final de {year}, quien la dirige.",
                "La Unidad Policial A-TIPs tenía {n} oficiales al final de {year}, incluido quien la dirige.",
            ),
        ),
    ),
    ToldFigure(
        "O29",
        sentence_forms(
            (
                "No report of suspected trafficking was received.",
                "1 report of suspected trafficking was received; not every report becomes a case.",
                "{n} reports of suspected trafficking were received; not every report becomes a case.",
            ),
            (
                "No se recibió ninguna denuncia de presunta trata.",
                "Se recibió 1 denuncia de presunta trata; no toda denuncia se vuelve un caso.",
                "Se recibieron {n} denuncias de presunta trata; no toda denuncia se vuelve un caso.",
            ),
        ),
    ),
    BreakdownEntry("O29", ("channel",)),
)

OPERATIONS: Final = (
    HeadingEntry(Words("Operations", "Operativos")),
    ToldFigure(
        "O25a",
        sentence_forms(
            (
                "No operation against trafficking took place.",
                "1 operation against trafficking took place.",
                "{n} operations against trafficking took place.",
            ),
            (
                "No se realizó ningún operativo contra la trata.",
                "Se realizó 1 operativo contra la trata.",
                "Se realizaron {n} operativos contra la trata.",
            ),
        ),
    ),
    BreakdownEntry("O25a", ("activity",), ChartForm.TABLE),
    ToldFigure(
        "O25b",
        sentence_forms(
            (
                "Nobody was arrested in an operation.",
                "1 of the arrested persons was arrested in an operation.",
                "{n} of the arrested persons were arrested in an operation.",
            ),
            (
                "No se detuvo a nadie en un operativo.",
                "1 de las personas detenidas lo fue en un operativo.",
                "{n} de las personas detenidas lo fueron en un operativo.",
            ),
        ),
        within="O25a",
    ),
)
