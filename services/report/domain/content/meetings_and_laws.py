"""The report's entries on meetings, laws and policies."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    HeadingEntry,
    ToldFigure,
    sentence_forms,
)

MEETINGS: Final = (
    HeadingEntry(Words("Meetings", "Reuniones")),
    ToldFigure(
        "P6a",
        sentence_forms(
            (
                "The Council held no meeting with partners.",
                "The Council held 1 meeting, alone or with partners.",
                "The Council held {n} meetings, alone or with partners.",
            ),
            (
                "El Consejo no celebró reuniones.",
                "El Consejo celebró 1 reunión, por sí solo o con socios.",
                "El Consejo celebró {n} reuniones, por sí solo o con socios.",
            ),
        ),
    ),
    BreakdownEntry("P6a", ("kind",), ChartForm.TABLE),
    ToldFigure(
        "M6b",
        sentence_forms(
            ("No summit took place.", "1 summit took place.", "{n} summits took place."),
            ("No hubo cumbres.", "Hubo 1 cumbre.", "Hubo {n} cumbres."),
        ),
    ),
    ToldFigure(
        "M6a",
        sentence_forms(
            (
                "No government representative was counted at it.",
                "1 government representative attended.",
                "{n} government representatives attended.",
            ),
            (
                "No se contaron representantes del Gobierno.",
                "Asistió 1 representante del Gobierno.",
                "Asistieron {n} representantes del Gobierno.",
            ),
        ),
        within="M6b",
    ),
    ToldFigure(
        "M6c",
        sentence_forms(
            (
                "Their bodies were not named.",
                "They came from 1 body.",
                "They came from {n} bodies.",
            ),
            ("No se nombraron sus entidades.", "Venían de 1 entidad.", "Venían de {n} entidades."),
        ),
        within="M6b",
    ),
    ToldFigure(
        "P9",
        sentence_forms(
            (
                "Civil society reported no advocacy.",
                "Civil society advocated with 1 body or sector.",
                "Civil society advocated with {n} different bodies and sectors.",
            ),
            (
                "La sociedad civil no informó de actividades de incidencia.",
                "La sociedad civil hizo incidencia ante 1 entidad o sector.",
                "La sociedad civil hizo incidencia ante {n} entidades y sectores distintos.",
            ),
        ),
    ),
)

LAWS: Final = (
    HeadingEntry(Words("Laws and policies", "Leyes y políticas")),
    ToldFigure(
        "P6b",
        sentence_forms(
            (
                "No meeting about a draft law was reported.",
                "1 meeting was about a draft law, whoever held it.",
                "{n} meetings were about a draft law, whoever held them.",
            ),
            (
                "No se informó de reuniones sobre proyectos de ley.",
                "1 reunión trató de un proyecto de ley, quienquiera que la celebrara.",
                "{n} reuniones trataron de un proyecto de ley, quienquiera que las celebrara.",
            ),
        ),
    ),
    ToldFigure(
        "P6c",
        sentence_forms(
            (
                "No draft law reached a further stage.",
                "A draft law reached 1 further stage.",
                "Draft laws reached {n} further stages.",
            ),
            (
                "Ningún proyecto de ley alcanzó una nueva etapa.",
                "Los proyectos de ley alcanzaron 1 nueva etapa.",
                "Los proyectos de ley alcanzaron {n} nuevas etapas.",
            ),
        ),
    ),
    BreakdownEntry("P6c", ("law", "stage"), ChartForm.TABLE),
    ToldFigure(
        "P10",
        sentence_forms(
            (
                "No policy or programme reached a further stage.",
                "A policy or programme reached 1 further stage; one that is approved is not for that in force.",
                "Policies and programmes reached {n} further stages; one that is approved is not for that in force.",
            ),
            (
                "Ninguna política ni programa alcanzó una nueva etapa.",
                "Las políticas y programas alcanzaron 1 nueva etapa; lo aprobado no está por eso en vigor.",
                "Las políticas y programas alcanzaron {n} nuevas etapas; lo aprobado no está por eso en vigor.",
            ),
        ),
    ),
    BreakdownEntry("P10", ("policy", "stage"), ChartForm.TABLE),
)
