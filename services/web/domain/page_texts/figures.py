"""Words of the pages about figures: the printed year, a figure, who published, what does not agree."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "report_of": Words("The year {year}", "El año {year}"),
        "period_of": Words("The period {period}", "El período {period}"),
        "as_printed": Words("In the report", "En el informe"),
        "as_known": Words("As known now", "Como se sabe ahora"),
        "difference": Words("Difference", "Diferencia"),
        "same": Words("the same", "igual"),
        "what_moved": Words("What differs from the report", "Lo que difiere del informe"),
        "moved_line": Words("{before} in the report, {after} now", "{before} en el informe, {after} ahora"),
        "printed_beside": Words("In print and as known now", "Lo impreso y lo que se sabe ahora"),
        "printed_intro": Words(
            "The numbers of the Council's printed report, and the same figures counted from events up to now.",
            "Los números del informe impreso del Consejo y las mismas cifras contadas de los eventos hasta ahora.",
        ),
        "nothing_of_year": Words(
            "No agency has published events that count in {year} yet.",
            "Ninguna institución ha publicado aún eventos que cuenten en {year}.",
        ),
        "agree_all": Words(
            "All {n} printed numbers agree with the events.", "Los {n} números impresos concuerdan con los eventos."
        ),
        "agree_some": Words(
            "{moved} of {n} printed numbers differ from the events that are here.",
            "{moved} de {n} números impresos difieren de los eventos que hay aquí.",
        ),
        "why_some_differ": Words(
            "Events of {year} are here from {some} of {all} agencies that may publish. A number differs where events "
            "of an agency are not here yet, and where something came to light after the report.",
            "Hay eventos de {year} de {some} de las {all} instituciones que pueden publicar. Un número difiere donde "
            "aún no están los eventos de una institución, y donde algo se supo después del informe.",
        ),
        "why_differ": Words(
            "A number differs where events of an agency are not here yet, and where something came to light after the "
            "report.",
            "Un número difiere donde aún no están los eventos de una institución, y donde algo se supo después del "
            "informe.",
        ),
        "not_printed": Words(
            "The printed report is of {year}. The figures of {period} stand alone.",
            "El informe impreso es de {year}. Las cifras de {period} no tienen con qué compararse.",
        ),
        "figure": Words("Figure", "Cifra"),
        "number": Words("No.", "N.º"),
        "amount": Words("Amount", "Cantidad"),
        "unit": Words("Unit", "Unidad"),
        "note": Words("Note", "Nota"),
        "period": Words("Period", "Período"),
        "period_hint": Words(
            "A year, a month or a quarter: 2024, 2024-03, 2024-Q1, FY2024, 2024-01..2024-06.",
            "Un año, un mes o un trimestre: 2024, 2024-03, 2024-Q1, FY2024, 2024-01..2024-06.",
        ),
        "period_wrong": Words(
            "This is no period. Write a year, a month or a quarter, such as 2024 or 2024-Q1.",
            "Esto no es un período. Escriba un año, un mes o un trimestre, como 2024 o 2024-Q1.",
        ),
        "period_goes_on": Words(
            "{period} is not over. The figures say what is known so far.",
            "{period} no ha terminado. Las cifras dicen lo que se sabe hasta ahora.",
        ),
        "by": Words("Broken down by", "Desglosado por"),
        "nothing": Words("nothing", "nada"),
        "show": Words("Show", "Mostrar"),
        "definition": Words("What it counts", "Qué cuenta"),
        "kind": Words("How it is read", "Cómo se lee"),
        "area_of_strategy": Words("Area of the strategy", "Área de la estrategia"),
        "owner": Words("Owner", "Responsable"),
        "seen_exactly_by": Words("Seen exactly by", "Vista con exactitud por"),
        "months": Words("By month", "Por mes"),
        "month": Words("Month", "Mes"),
        "breakdown": Words("Breakdown", "Desglose"),
        "download": Words("Download", "Descargar"),
        "contents": Words("Contents", "Contenido"),
        "figure_in_chapter": Words("1 figure", "1 cifra"),
        "figures_in_chapter": Words("{n} figures", "{n} cifras"),
        "no_rows": Words("Nothing was counted in this period.", "No se contó nada en este período."),
        "all": Words("All", "Todo"),
        "agency": Words("Agency", "Institución"),
        "events": Words("Events", "Eventos"),
        "grid_legend": Words(
            "A number: events of the month. 0: the agency said that there was nothing. Missing: expected and not "
            "received. Due: expected, not due yet. A dash: nothing expected. All: also events of no single month; a "
            "dash there: nothing was published, and nobody said that there was nothing.",
            "Un número: eventos del mes. 0: la institución dijo que no hubo nada. Falta: se esperaba y no llegó. "
            "Pendiente: se espera, aún dentro del plazo. Un guion: no se esperaba nada. Todo: también eventos de "
            "ningún mes en particular; un guion allí: no se publicó nada y nadie dijo que no hubo nada.",
        ),
        "protected_grid_legend": Words(
            "In: the agency published what was expected of it, or said that there was nothing. Missing: expected and "
            "not received. Due: expected, not due yet. A dash: nothing expected. This grid has no numbers, because "
            "your account sees no figures.",
            "Recibido: la institución publicó lo que se esperaba de ella, o dijo que no hubo nada. Falta: se esperaba "
            "y no llegó. Pendiente: se espera, aún dentro del plazo. Un guion: no se esperaba nada. Esta tabla no "
            "tiene números, porque su cuenta no ve cifras.",
        ),
        "reported": Words("in", "recibido"),
        "missing": Words("missing", "falta"),
        "not_due": Words("due", "pendiente"),
        "severity": Words("Severity", "Gravedad"),
        "state": Words("State", "Estado"),
        "finding": Words("Finding", "Hallazgo"),
        "contradiction_open": Words("Open", "Sin resolver"),
        "contradiction_closed": Words("Settled", "Resuelto"),
        "no_findings": Words("Nothing contradicts itself in this period.", "Nada se contradice en este período."),
        "not_begun": Words("the period has not begun", "el período no ha comenzado"),
        "undated": Words("{n} undated", "{n} sin fecha"),
        "cut": Words("{n} cut by the period", "{n} cortados por el período"),
        "unknown": Words("{n} not counted by anybody", "{n} que nadie contó"),
        "twice": Words("{n} possibly twice", "{n} posiblemente dos veces"),
        "medians": Words("median of {n}", "mediana de {n}"),
        "none_ended": Words("none ended", "nada terminó"),
        "under_way": Words("{n} under way", "{n} en curso"),
    }
)
