"""Singular forms of texts, for a count of 1: the name of the plural text with `_one` added."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "refused_one": Words("{n} refused", "{n} rechazado"),
        "changes_count_one": Words("{n} figure has changed.", "{n} cifra ha cambiado."),
        "withheld_one": Words("{n} person or case withheld", "{n} persona o caso retenido"),
        "cut_one": Words("{n} cut by the period", "{n} cortado por el período"),
        "hidden_events_one": Words("{n} more event is not shown.", "{n} evento más no se muestra."),
        "more_events_one": Words("{n} more event is behind it.", "Hay {n} evento más detrás."),
        "send_all_one": Words("Send {n} row", "Enviar {n} fila"),
        "entries_n_one": Words("{n} entry", "{n} entrada"),
        "act_behind_one": Words(
            "{service} is {n} record behind. Wait a minute, then check that it was read.",
            "{service} lleva {n} registro de retraso. Espere un minuto y compruebe que se haya leído.",
        ),
        "act_not_delivered_one": Words(
            "Somebody waits for {n} refused record of {agency}. See: atips quarantine list --agency {agency}.",
            "Alguien espera {n} registro rechazado de {agency}. Vea: atips quarantine list --agency {agency}.",
        ),
        "act_full_one": Words(
            "The quarantine of {agency} is full: {n} refusal was not kept. Close or repair entries.",
            "La cuarentena de {agency} está llena: {n} rechazo no se guardó. Cierre o corrija entradas.",
        ),
        "act_old_one": Words(
            "{agency} has {n} open refusal, more than a week old. Ask the agency to repair it.",
            "{agency} tiene {n} rechazo abierto, de más de una semana. Pida a la institución que lo corrija.",
        ),
        "act_inbound_one": Words(
            "{n} record of {topic} is not judged yet. Wait, and look whether it is judged.",
            "{n} registro de {topic} aún no se ha juzgado. Espere y mire si se juzga.",
        ),
        "home_late_one": Words(
            "Referrals: {n} task is late now. See which agency must act, and what it must do.",
            "Remisiones: {n} tarea tiene retraso ahora. Vea a qué institución le toca actuar y qué debe hacer.",
        ),
        "referrals_count_one": Words("{n} referral", "{n} remisión"),
        "pair_accepted_one": Words("{n} accepted", "{n} aceptada"),
        "pair_declined_one": Words("{n} declined", "{n} no aceptada"),
        "timeline_count_one": Words("{n} event.", "{n} hecho."),
        "hidden_one": Words(
            "{n} more event is not for your agency or not for this purpose.",
            "Otro hecho ({n}) no es para su institución o no para este fin.",
        ),
        "findings_count_one": Words("{n} finding", "{n} hallazgo"),
        "agree_all_one": Words(
            "The {n} printed number agrees with the events.", "El {n} número impreso concuerda con los eventos."
        ),
        "agree_some_one": Words(
            "{moved} of {n} printed number differs from the events that are here.",
            "{moved} de {n} número impreso difiere de los eventos que hay aquí.",
        ),
        "working_days_one": Words("{n} working day", "{n} día hábil"),
        "messages_left_out_one": Words(
            "{n} older message is not shown. The command atips inbox shows it.",
            "No se muestra {n} mensaje anterior. El comando atips inbox lo muestra.",
        ),
        "mark_read_one": Words("Mark the {n} new one below as read", "Marcar como leído el {n} nuevo de abajo"),
    }
)
