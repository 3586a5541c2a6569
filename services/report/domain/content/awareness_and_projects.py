"""The report's entries on awareness activities and projects."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

AWARENESS: Final = (
    HeadingEntry(Words("Awareness", "Sensibilización")),
    ToldFigure(
        "M8",
        sentence_forms(
            (
                "No Wear Blue Friday was held.",
                "1 Wear Blue Friday was held.",
                "{n} Wear Blue Fridays were held.",
            ),
            (
                "No hubo viernes de azul.",
                "Hubo 1 viernes de azul.",
                "Hubo {n} viernes de azul.",
            ),
        ),
    ),
    ToldFigure(
        "M9a",
        sentence_forms(
            (
                "The Council did not appear on television.",
                "The Council appeared on television 1 time.",
                "The Council appeared on television {n} times.",
            ),
            (
                "El Consejo no apareció en televisión.",
                "El Consejo apareció en televisión 1 vez.",
                "El Consejo apareció en televisión {n} veces.",
            ),
        ),
    ),
    ToldFigure(
        "M9b",
        sentence_forms(
            ("No video was made.", "1 video was made.", "{n} videos were made."),
            ("No se realizó ningún video.", "Se realizó 1 video.", "Se realizaron {n} videos."),
        ),
    ),
    ToldFigure(
        "M9c",
        sentence_forms(
            (
                "No video was aired.",
                "1 video was aired, whoever made it.",
                "{n} videos were aired, whoever made them.",
            ),
            (
                "No se transmitió ningún video.",
                "Se transmitió 1 video, de cualquier autor.",
                "Se transmitieron {n} videos, de cualquier autor.",
            ),
        ),
    ),
    ToldFigure(
        "M11a",
        sentence_forms(
            (
                "The Labour Department organised no awareness activity.",
                "The Labour Department organised 1 awareness activity.",
                "The Labour Department organised {n} awareness activities.",
            ),
            (
                "El Departamento de Trabajo no organizó actividades de sensibilización.",
                "El Departamento de Trabajo organizó 1 actividad de sensibilización.",
                "El Departamento de Trabajo organizó {n} actividades de sensibilización.",
            ),
        ),
    ),
    ToldFigure(
        "M11b",
        sentence_forms(
            (
                "No number of persons reached was counted.",
                "These activities reached 1 contact, counted one by one.",
                "These activities reached {n} contacts, counted one by one.",
            ),
            (
                "No se contó a cuántas personas alcanzaron.",
                "Estas actividades alcanzaron 1 contacto, contado uno por uno.",
                "Estas actividades alcanzaron {n} contactos, contados uno por uno.",
            ),
        ),
        within="M11a",
    ),
    ToldFigure(
        "M16",
        sentence_forms(
            (
                "None of them was held with the National Commission for Families and Children.",
                "Of these activities, 1 was held with the National Commission for Families and Children.",
                "Of these activities, {n} were held with the National Commission for Families and Children.",
            ),
            (
                "Ninguna se realizó con la Comisión Nacional para la Familia y la Niñez.",
                "De estas actividades, 1 se realizó con la Comisión Nacional para la Familia y la Niñez.",
                "De estas actividades, {n} se realizaron con la Comisión Nacional para la Familia y la Niñez.",
            ),
        ),
        within="M11a",
    ),
    BreakdownEntry("M11a", ("form",), ChartForm.TABLE),
    ToldFigure(
        "M15c",
        sentence_forms(
            (
                "RET International organised no awareness activity.",
                "RET International organised 1 awareness activity.",
                "RET International organised {n} awareness activities.",
            ),
            (
                "RET International no organizó actividades de sensibilización.",
                "RET International organizó 1 actividad de sensibilización.",
                "RET International organizó {n} actividades de sensibilización.",
            ),
        ),
    ),
    ToldFigure(
        "M15a",
        sentence_forms(
            (
                "No output was published: no workbook, course, plan, newsletter or poster.",
                "1 output was published: a workbook, course, plan, newsletter or poster.",
                "{n} outputs were published: workbooks, courses, plans, newsletters or posters.",
            ),
            (
                "No se publicó ningún producto: ni cuadernos, cursos, planes, boletines ni carteles.",
                "Se publicó 1 producto: un cuaderno, curso, plan, boletín o cartel.",
                "Se publicaron {n} productos: cuadernos, cursos, planes, boletines o carteles.",
            ),
        ),
    ),
    BreakdownEntry("M15a", ("kind",), ChartForm.TABLE),
)

PROJECTS: Final = (
    HeadingEntry(Words("Projects", "Proyectos")),
    ToldFigure(
        "M10a",
        sentence_forms(
            (
                "No project was under way.",
                "1 project was under way at some time in {year}, in whatever year it began.",
                "{n} projects were under way at some time in {year}, in whatever year they began.",
            ),
            (
                "No hubo proyectos en ejecución.",
                "1 proyecto estuvo en ejecución en algún momento de {year}, sin importar cuándo comenzó.",
                "{n} proyectos estuvieron en ejecución en algún momento de {year}, sin importar cuándo comenzaron.",
            ),
        ),
    ),
    BreakdownEntry("M10a", ("led_by",), ChartForm.TABLE),
    ToldFigure(
        "M10b",
        sentence_forms(
            (
                "No shelter had a strategic, action or advocacy plan.",
                "1 shelter had a strategic, action or advocacy plan by the end of {year}.",
                "{n} shelters had a strategic, action or advocacy plan by the end of {year}.",
            ),
            (
                "Ningún albergue tenía plan estratégico, de acción o de incidencia.",
                "1 albergue tenía plan estratégico, de acción o de incidencia al final de {year}.",
                "{n} albergues tenían plan estratégico, de acción o de incidencia al final de {year}.",
            ),
        ),
    ),
    ToldFigure(
        "M13",
        sentence_forms(
            (
                "No project was paid for by somebody other than its leader.",
                "1 project was paid for by somebody other than its leader.",
                "{n} projects were paid for by somebody other than their leaders.",
            ),
            (
                "Ningún proyecto fue financiado por alguien distinto de quien lo dirige.",
                "1 proyecto fue financiado por alguien distinto de quien lo dirige.",
                "{n} proyectos fueron financiados por alguien distinto de quien los dirige.",
            ),
        ),
    ),
    BreakdownEntry("M13", ("led_by", "funder"), ChartForm.TABLE),
    ToldFigure(
        "M14",
        sentence_forms(
            (
                "The national programme of mandatory reporting of child abuse was not reported as led.",
                "1 national programme of mandatory reporting of child abuse was led, under whatever title.",
                "{n} national programmes of mandatory reporting of child abuse were led, under whatever titles.",
            ),
            (
                "No se informó del programa nacional de denuncia obligatoria del abuso infantil.",
                "Hubo 1 programa nacional de denuncia obligatoria del abuso infantil, con cualquier título.",
                "Hubo {n} programas nacionales de denuncia obligatoria del abuso infantil, con cualquier título.",
            ),
        ),
    ),
)
