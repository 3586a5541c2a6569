"""The report's entries on training."""

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

TRAINING: Final = (
    HeadingEntry(Words("Training", "Capacitación")),
    TextEntry(
        Words(
            "Training is counted in participations: somebody who attends two sessions counts in each. The programmes "
            "below are counted apart and do not add up.",
            "La capacitación se cuenta en participaciones: quien asiste a dos sesiones cuenta en cada una. Los "
            "programas siguientes se cuentan por separado y no se suman.",
        )
    ),
    ToldFigure(
        "M1",
        sentence_forms(
            (
                "There was no participation in training of the Council’s plan.",
                "There was 1 participation in training of the Council’s plan.",
                "There were {n} participations in training of the Council’s plan.",
            ),
            (
                "No hubo participaciones en la capacitación del plan del Consejo.",
                "Hubo 1 participación en la capacitación del plan del Consejo.",
                "Hubo {n} participaciones en la capacitación del plan del Consejo.",
            ),
        ),
    ),
    BreakdownEntry("M1", ("audience",)),
    ToldFigure(
        "M12a",
        sentence_forms(
            (
                "No training session of the plan was delivered.",
                "1 training session of the plan was delivered.",
                "{n} training sessions of the plan were delivered.",
            ),
            (
                "No se impartió ninguna sesión de capacitación del plan.",
                "Se impartió 1 sesión de capacitación del plan.",
                "Se impartieron {n} sesiones de capacitación del plan.",
            ),
        ),
    ),
    BreakdownEntry("M12a", ("district",), ChartForm.TILES),
    BreakdownEntry("M12a", ("topic",), ChartForm.TABLE),
    BreakdownEntry("M12a", ("facilitator",), ChartForm.TABLE),
    ToldFigure(
        "M2",
        sentence_forms(
            (
                "Teachers took part in none.",
                "Of the participations, 1 was of a teacher.",
                "Of the participations, {n} were of teachers.",
            ),
            (
                "Ninguna participación fue de docentes.",
                "De las participaciones, 1 fue de un docente.",
                "De las participaciones, {n} fueron de docentes.",
            ),
        ),
        within="M1",
    ),
    ToldFigure(
        "M3",
        sentence_forms(
            (
                "The programme of HTI and the Police Department had no participation of a police officer.",
                "The programme of HTI and the Police Department had 1 participation of a police officer.",
                "The programme of HTI and the Police Department had {n} participations of police officers.",
            ),
            (
                "El programa de HTI y la Policía no tuvo participaciones de policías.",
                "El programa de HTI y la Policía tuvo 1 participación de un policía.",
                "El programa de HTI y la Policía tuvo {n} participaciones de policías.",
            ),
        ),
    ),
    ToldFigure(
        "M4",
        sentence_forms(
            (
                "HTI trained no member of a liquor licensing board.",
                "HTI’s training for liquor licensing boards had 1 participation.",
                "HTI’s training for liquor licensing boards had {n} participations.",
            ),
            (
                "HTI no capacitó a ninguna junta de licencias de licor.",
                "La capacitación de HTI para juntas de licencias de licor tuvo 1 participación.",
                "La capacitación de HTI para juntas de licencias de licor tuvo {n} participaciones.",
            ),
        ),
    ),
    ToldFigure(
        "M5a",
        sentence_forms(
            (
                "There was no participation of medical personnel in RET International’s project PROTECT in {year}.",
                "RET International’s project PROTECT had 1 participation of medical personnel in {year}.",
                "RET International’s project PROTECT had {n} participations of medical personnel in {year}.",
            ),
            (
                "En {year} el proyecto PROTECT de RET International no tuvo participaciones de personal médico.",
                "En {year} el proyecto PROTECT de RET International tuvo 1 participación de personal médico.",
                "En {year} el proyecto PROTECT de RET International tuvo {n} participaciones de personal médico.",
            ),
        ),
    ),
    ToldFigure(
        "M5b",
        sentence_forms(
            (
                "Since the project began there was none.",
                "Since the project began there was 1.",
                "Since the project began there were {n}.",
            ),
            (
                "Desde que comenzó el proyecto no hubo ninguna.",
                "Desde que comenzó el proyecto hubo 1.",
                "Desde que comenzó el proyecto hubo {n}.",
            ),
        ),
        compared=False,
    ),
    ToldFigure(
        "M7a",
        sentence_forms(
            (
                "There was no participation in training of trainers.",
                "Training of trainers had 1 participation.",
                "Training of trainers had {n} participations.",
            ),
            (
                "No se informó de participaciones en la formación de formadores.",
                "La formación de formadores tuvo 1 participación.",
                "La formación de formadores tuvo {n} participaciones.",
            ),
        ),
    ),
    ToldFigure(
        "M7b",
        sentence_forms(
            (
                "No training workbook was published.",
                "1 training workbook was published.",
                "{n} training workbooks were published.",
            ),
            (
                "No se publicó ningún cuaderno de capacitación.",
                "Se publicó 1 cuaderno de capacitación.",
                "Se publicaron {n} cuadernos de capacitación.",
            ),
        ),
    ),
    BreakdownEntry("M15b", ("project",), ChartForm.TABLE),
)
