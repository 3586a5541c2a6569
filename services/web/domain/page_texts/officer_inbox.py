"""Words of the pages of a case officer: inbox and menu."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "inbox": Words(
            "Inbox",
            "Bandeja de entrada",
        ),
        "referrals": Words(
            "Referrals",
            "Remisiones",
        ),
        "cases": Words(
            "Cases",
            "Casos",
        ),
        "agency-findings": Words(
            "Findings in our cases",
            "Hallazgos en nuestros casos",
        ),
        "referral-counts": Words(
            "Who refers to whom",
            "Quién remite a quién",
        ),
        "inbox_of": Words(
            "Inbox: {agency}",
            "Bandeja de entrada: {agency}",
        ),
        "warning": Words(
            "Warning",
            "Advertencia",
        ),
        "dangers": Words(
            "Danger: {n} open",
            "Peligro: {n} sin cerrar",
        ),
        "danger_open": Words(
            "Open since {at}. See what it is about and what to do.",
            "Abierto desde {at}. Vea de qué se trata y qué hacer.",
        ),
        "danger_tag": Words(
            "Danger: {n}",
            "Peligro: {n}",
        ),
        "danger_word": Words(
            "Danger",
            "Peligro",
        ),
        "inbox_sum": Words(
            "Waiting for your agency: {n}. Late: {late}.",
            "En espera de su institución: {n}. Con retraso: {late}.",
        ),
        "waits_for_us": Words(
            "What waits for your agency",
            "Lo que espera a su institución",
        ),
        "late_elsewhere": Words(
            "Late at other agencies, of referrals that you may see",
            "Con retraso en otras instituciones, de remisiones que usted puede ver",
        ),
        "nothing_waits": Words(
            "Nothing waits for your agency.",
            "Nada espera a su institución.",
        ),
        "whose_turn": Words(
            "Whose turn",
            "A quién le toca",
        ),
        "to_do": Words(
            "To do",
            "Qué hacer",
        ),
        "about": Words(
            "About",
            "Sobre",
        ),
        "parties": Words(
            "From and to",
            "De y para",
        ),
        "from_to": Words(
            "{sender} to {receiver}",
            "{sender} a {receiver}",
        ),
        "due_by": Words(
            "Due",
            "Plazo",
        ),
        "open_for": Words(
            "Open for",
            "Abierto desde hace",
        ),
        "working_days": Words(
            "{n} working days",
            "{n} días hábiles",
        ),
        "since": Words(
            "since {at}",
            "desde {at}",
        ),
        "late_by": Words(
            "late by {span}",
            "retraso de {span}",
        ),
        "on_call_title": Words(
            "On call beside your agency now",
            "De guardia ahora junto a su institución",
        ),
        "on_call_nobody": Words(
            "Nobody is on call beside your agency now.",
            "Nadie está de guardia ahora junto a su institución.",
        ),
        "messages_last": Words(
            "Messages of the last thirty days, dangers first",
            "Mensajes de los últimos treinta días, primero los peligros",
        ),
        "messages_left_out": Words(
            "{n} older messages are not shown. The command atips inbox shows them.",
            "No se muestran {n} mensajes anteriores. El comando atips inbox los muestra.",
        ),
        "unread": Words("Messages that you have not read: {n}.", "Mensajes que no ha leído: {n}."),
        "mark_read": Words("Mark the {n} new ones below as read", "Marcar como leídos los {n} nuevos de abajo"),
        "new": Words("New", "Nuevo"),
        "no_messages": Words(
            "No messages in the last thirty days.",
            "No hay mensajes en los últimos treinta días.",
        ),
        "message": Words(
            "Message",
            "Mensaje",
        ),
        "when": Words(
            "When",
            "Cuándo",
        ),
        "person": Words(
            "Person",
            "Persona",
        ),
        "persons": Words("Persons", "Personas"),
        "open_referral": Words(
            "Open the referral",
            "Abrir la remisión",
        ),
        "acknowledge": Words(
            "Acknowledge",
            "Acusar recibo",
        ),
        "acknowledge_title": Words(
            "Consent was withdrawn",
            "Se retiró el consentimiento",
        ),
        "acknowledged_what": Words(
            "Your agency takes note of this withdrawal:",
            "Su institución toma nota de este retiro:",
        ),
        "no_key": Words(
            "The keys of your agency are not kept here. They were handed out, or the agency has none. The "
            "pages show what waits; messages and moves go through your agency's own system.",
            "Las claves de su institución no se guardan aquí. Se entregaron, o la institución no tiene. Las "
            "páginas muestran lo que espera; los mensajes y los pasos van por el sistema propio de su "
            "institución.",
        ),
        "key_refused": Words(
            "The event service no longer takes the key of your agency: its access has ended, or the key was "
            "replaced. No message is shown, and a move that you make here is not sent. Ask the operator. For "
            "someone in danger, telephone the other agency.",
            "El servicio de eventos ya no acepta la clave de su institución: su acceso terminó o la clave se "
            "reemplazó. No se muestra ningún mensaje y los pasos que dé aquí no se envían. Pregunte a quien opera "
            "el sistema. Por alguien en peligro, llame por teléfono a la otra institución.",
        ),
        "messages_away": Words(
            "Messages cannot be read now. What waits is shown above. Try again in a minute.",
            "Ahora no se pueden leer los mensajes. Arriba se muestra lo que espera. Intente de nuevo en un minuto.",
        ),
        "read_only": Words(
            "You can only read here: the keys of your agency were handed out and are not kept here. Make "
            "this move in your agency's own system.",
            "Aquí solo puede leer: las claves de su institución se entregaron y no se guardan aquí. Dé este "
            "paso en el sistema propio de su institución.",
        ),
    }
)
