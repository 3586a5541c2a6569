"""Words of the committees' pages: figures over time, charts, measures, questions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "measures": Words("Measures", "Mediciones"),
        "measures_intro": Words(
            "How far cases and persons come, how long it takes, and how complete the records are. Every share stands "
            "beside the two numbers that it divides.",
            "Hasta dónde llegan casos y personas, cuánto tarda y qué tan completos son los registros. Cada proporción "
            "aparece junto a los dos números que divide.",
        ),
        "cohorts": Words("Cohorts", "Cohortes"),
        "cohorts_intro": Words(
            "One dot is one person, case, charge or referral that began in the period, each known by its own record. "
            "Each row below the first shows how many of them have come to that stage by now. Persons whom a batch only "
            "counts are in no cohort. Figure O6a has those who were screened.",
            "Un punto es una persona, un caso, un cargo o una remisión que comenzó en el período y tiene su propio "
            "registro. Cada fila debajo de la primera muestra cuántos han llegado a esa etapa hasta ahora. Quienes "
            "solo se contaron en un grupo no están en ninguna cohorte. La cifra O6a tiene a los entrevistados.",
        ),
        "cohort_of": Words("{title}, {period}: one dot for each of {unit}", "{title}, {period}: un punto por {unit}"),
        "stage": Words("Stage", "Etapa"),
        "rates": Words("Rates", "Tasas"),
        "rate": Words("Rate", "Tasa"),
        "part": Words("Part", "Parte"),
        "whole": Words("Whole", "Total"),
        "share": Words("Share", "Proporción"),
        "still_open": Words("Still open", "Sin decidir"),
        "lags": Words("Time to record", "Tiempo hasta el registro"),
        "lags_intro": Words(
            "Days from what happened to its record by the agency. Median of the facts recorded in the period.",
            "Días desde lo ocurrido hasta que la institución lo registró. Mediana de los hechos registrados en el "
            "período.",
        ),
        "facts": Words("Facts", "Hechos"),
        "median_days": Words("Median, days", "Mediana, días"),
        "nine_of_ten": Words("Nine of ten within, days", "Nueve de diez en, días"),
        "completeness": Words("Completeness of victims' records", "Integridad de los registros de víctimas"),
        "completeness_intro": Words(
            "Core answers of the victims identified in the period, and how many of them are missing.",
            "Respuestas esenciales de las víctimas identificadas en el período y cuántas faltan.",
        ),
        "question": Words("Question", "Pregunta"),
        "asked": Words("Victims", "Víctimas"),
        "lacking": Words("Missing", "Faltan"),
        "quality": Words("What the figures leave out", "Lo que las cifras dejan fuera"),
        "quality_intro": Words(
            "Facts without a day, facts that may lie outside the period, and facts whose amount nobody counted. They "
            "stand beside the figure and not in it. The last column is of the figure itself: what may be in it twice.",
            "Hechos sin fecha, hechos que pueden quedar fuera del período y hechos cuya cantidad nadie contó. Aparecen "
            "junto a la cifra y no en ella. La última columna es de la cifra misma: lo que puede estar dos veces.",
        ),
        "undated_short": Words("Undated", "Sin fecha"),
        "cut_short": Words("Cut by the period", "Cortados por el período"),
        "unknown_short": Words("Not counted", "Sin contar"),
        "twice_short": Words("Possibly twice", "Posiblemente dos veces"),
        "contested": Words("Contested figures", "Cifras en disputa"),
        "contested_intro": Words(
            "What documents state of a figure, beside what the events give.",
            "Lo que los documentos afirman de una cifra, junto a lo que dan los eventos.",
        ),
        "stated_by": Words("Stated by", "Declarado por"),
        "stated_amount": Words("Stated", "Declarado"),
        "from_events": Words("From events", "Según eventos"),
        "standing": Words("Standing", "Situación"),
        "words_only": Words("words only", "solo palabras"),
        "see_findings": Words(
            "What does not agree between figures, and what is missing",
            "Lo que no concuerda entre cifras y lo que falta",
        ),
        "nothing_here": Words("There is nothing of this in the period.", "No hay nada de esto en el período."),
        "chart": Words("Chart", "Gráfico"),
        "trend": Words("Over the years", "A lo largo de los años"),
        "year": Words("Year", "Año"),
        "current": Words("As known now", "Como se sabe ahora"),
        "first_published": Words("First published", "Publicado al inicio"),
        "trend_key": Words(
            "A bar is the amount as known now. A short line is what was first published.",
            "Una barra es la cantidad como se sabe ahora. Una línea corta es lo publicado al inicio.",
        ),
        "break_key": Words(
            "At a dashed line the definition changed.", "En una línea discontinua cambió la definición."
        ),
        "break": Words(
            "The definition changed on {day} (version {version}). What was published before counts by the one before.",
            "La definición cambió el {day} (versión {version}). Lo publicado antes sigue la definición anterior.",
        ),
        "break_mark": Words("definition changed", "cambió la definición"),
        "so_far": Words("so far", "hasta ahora"),
        "trend_title": Words("{title} by year", "{title} por año"),
        "months_title": Words("{title} by month, {period}", "{title} por mes, {period}"),
        "by_title": Words("{title} by {by}, {period}", "{title} por {by}, {period}"),
        "as_of": Words("What had happened by", "Lo que había ocurrido hasta"),
        "as_of_hint": Words(
            "A day, such as 2024-06-30. Empty: up to the end of the period.",
            "Un día, como 2024-06-30. Vacío: hasta el final del período.",
        ),
        "as_of_wrong": Words(
            "This is no day of the period. Write one such as 2024-06-30.",
            "Esto no es un día del período. Escriba uno como 2024-06-30.",
        ),
        "known_at": Words("As known on", "Como se sabía el"),
        "known_at_hint": Words(
            "A day, such as 2025-03-31. Empty: as known now.", "Un día, como 2025-03-31. Vacío: como se sabe ahora."
        ),
        "known_at_wrong": Words(
            "This is no day that is over. Write one such as 2025-03-31.",
            "Esto no es un día que ya pasó. Escriba uno como 2025-03-31.",
        ),
        "was_known": Words("As known on {day} (event {n})", "Como se sabía el {day} (evento {n})"),
        "is_known": Words("As known now", "Como se sabe ahora"),
        "not_worked_out": Words(
            "The figures as known on that day are not worked out yet.",
            "Las cifras como se sabían ese día aún no se han calculado.",
        ),
        "not_worked_out_text": Words(
            "Open the figures of that day on the pages and press “Work them out”. Then ask again.",
            "Abra las cifras de ese día en las páginas y pulse «Calcularlas». Luego pregunte de nuevo.",
        ),
        "work_out": Words("Work them out", "Calcularlas"),
        "being_worked_out": Words("This is being worked out.", "Se está calculando."),
        "look_again": Words("Look again", "Volver a mirar"),
        "too_many": Words(
            "Too many questions wait. Try again in a few minutes.",
            "Hay demasiadas preguntas en espera. Intente de nuevo en unos minutos.",
        ),
        "too_many_days": Words(
            "You have asked for as many new days as one account may in a day. Days that were asked for stay open.",
            "Usted ya pidió las fechas nuevas que una cuenta puede pedir en un día. Las ya pedidas siguen abiertas.",
        ),
        "too_early": Words(
            "The figures of that day cannot be worked out yet: they are not complete up to that day, as events are "
            "still being counted. Ask again in a few minutes.",
            "Las cifras de ese día aún no se pueden calcular: no están completas hasta ese día, porque todavía se "
            "cuentan eventos. Vuelva a pedirlas en unos minutos.",
        ),
        "changes": Words("What has changed", "Lo que ha cambiado"),
        "changes_since": Words("What has changed since a day", "Lo que ha cambiado desde una fecha"),
        "changes_intro": Words(
            "The figures of the period that differ from what was known at the end of a day. What comes late, is "
            "corrected or is taken back moves a figure.",
            "Las cifras del período que difieren de lo que se sabía al final de un día. Lo que llega tarde, se corrige "
            "o se retira cambia una cifra.",
        ),
        "since_end_of": Words("Since the end of", "Desde el final del"),
        "since_end_of_hint": Words(
            "A day that is over, such as 2025-03-31: that of your last meeting, or of a report.",
            "Un día que ya pasó, como 2025-03-31: el de su última reunión, o el de un informe.",
        ),
        "changes_count": Words("{n} figures have changed.", "{n} cifras han cambiado."),
        "changes_none": Words("No figure has changed.", "Ninguna cifra ha cambiado."),
        "is_known_to": Words("as known now: event {n}.", "como se sabe ahora: evento {n}."),
        "why": Words("Why {n}?", "¿Por qué {n}?"),
        "why_short": Words("Why?", "¿Por qué?"),
        "why_moved": Words("Why from {before} to {after}?", "¿Por qué de {before} a {after}?"),
        "why_moved_intro": Words(
            "The events accepted since then about the persons, cases and activities that moved the figure, by register "
            "number: late facts, corrections and retractions. What you may not see is counted and not shown.",
            "Los eventos aceptados desde entonces sobre las personas, los casos y las actividades que movieron la "
            "cifra, por número de registro: hechos tardíos, correcciones y retiros. Lo que usted no puede ver se "
            "cuenta y no se muestra.",
        ),
        "nothing_moved": Words("No event moved it.", "Ningún evento la cambió."),
        "why_intro": Words(
            "The events behind the amount, by their register numbers. What you may not see is counted and not shown.",
            "Los eventos detrás de la cantidad, por sus números de registro. Lo que usted no puede ver se cuenta y no "
            "se muestra.",
        ),
        "why_ask": Words("Ask for the events", "Pedir los eventos"),
        "happened": Words("Happened", "Ocurrió"),
        "event_type": Words("Type of event", "Tipo de evento"),
        "register": Words("Register number", "Número de registro"),
        "recorded": Words("Recorded", "Registrado"),
        "adds": Words("Adds", "Suma"),
        "hidden_events": Words("{n} more events are not shown.", "{n} eventos más no se muestran."),
        "more_events": Words("{n} more events are behind it.", "Hay {n} eventos más detrás."),
        "why_again": Words("Ask again, with newer events", "Volver a pedir, con eventos nuevos"),
        "why_not_allowed": Words(
            "Events are shown to auditors and members of the M&E committee who work for the Council.",
            "Los eventos se muestran a quienes auditan y a integrantes del Comité de M&E que trabajan para el Consejo.",
        ),
        "back_to_figure": Words("Back to the figure", "Volver a la cifra"),
        "beside_undated": Words("not in it: undated", "no incluido: sin fecha"),
        "beside_cut": Words("not in it: may lie outside", "no incluido: puede quedar fuera"),
        "beside_unknown": Words("not in it: not counted", "no incluido: sin contar"),
        "beside_further": Words("says the same again", "dice lo mismo otra vez"),
        "sign_in_first": Words(
            "Sign in, or send a token that is valid", "Inicie sesión o envíe un token que esté vigente"
        ),
        "wrong_parameter": Words("A parameter cannot be answered", "Un parámetro no se puede responder"),
        "stale_cursor": Words(
            "The figures have changed. Read the list from its beginning",
            "Las cifras han cambiado. Lea la lista desde el principio",
        ),
    }
)
