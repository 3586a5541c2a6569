"""Words of the pages of a case officer: referrals, moves and the counts by agency."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "referral": Words(
            "Referral",
            "Remisión",
        ),
        "sender": Words(
            "From",
            "De",
        ),
        "receiver": Words(
            "To",
            "Para",
        ),
        "holder": Words(
            "Held by",
            "La tiene",
        ),
        "held_by_nobody": Words(
            "Nobody yet",
            "Nadie todavía",
        ),
        "urgency": Words(
            "Urgency",
            "Urgencia",
        ),
        "asked_for": Words(
            "Asked for",
            "Se pide",
        ),
        "case": Words(
            "Case",
            "Caso",
        ),
        "referrals_intro": Words(
            "Referrals that {agency} sent, received or holds. The last decided come first.",
            "Institución: {agency}. Remisiones que envió, recibió o tiene. Primero las últimas que se decidieron.",
        ),
        "referrals_count": Words(
            "{n} referrals",
            "{n} remisiones",
        ),
        "no_referrals": Words(
            "There are no referrals to show.",
            "No hay remisiones que mostrar.",
        ),
        "all_referrals": Words(
            "All referrals",
            "Todas las remisiones",
        ),
        "seen_in_part": Words(
            "Your agency only made a move of this referral. It sees its own moves and, if it was a party, how the "
            "referral stands.",
            "Su institución solo dio un paso en esta remisión. Ve los pasos propios y, si fue parte, cómo está la "
            "remisión.",
        ),
        "on_call_only": Words(
            "This referral was sent to another agency. Yours is on call, and may not take it now. A message says so if "
            "it may later.",
            "Esta remisión se envió a otra institución. La suya está de guardia y no puede tomarla ahora. Un mensaje "
            "lo dirá si puede más tarde.",
        ),
        "offer_over": Words(
            "This referral was sent to another agency. It needs no answer any more: yours need not act, and can no "
            "longer take it.",
            "Esta remisión se envió a otra institución. Ya no necesita respuesta: la suya no tiene que actuar y ya no "
            "puede tomarla.",
        ),
        "offered": Words(
            "This referral was sent to another agency. Yours may take it too: the first to accept it holds it.",
            "Esta remisión se envió a otra institución. La suya también puede tomarla: la tiene quien la "
            "acepte primero.",
        ),
        "waits_now": Words(
            "What waits now",
            "Lo que espera ahora",
        ),
        "what_now": Words(
            "What you can do now",
            "Qué puede hacer ahora",
        ),
        "move_question": Words(
            "The button sends this in your agency's name. It cannot be undone here.",
            "El botón lo envía en nombre de su institución. Aquí no se puede deshacer.",
        ),
        "reason_for": Words(
            "Reason, for: {move}",
            "Motivo, para: {move}",
        ),
        "next_referral": Words("The next referral", "La remisión siguiente"),
        "next_referral_hint": Words(
            "Its id, if your agency has sent it already. Otherwise leave this empty and send it next.",
            "Su identificador, si su institución ya la envió. Si no, déjelo vacío y envíela a continuación.",
        ),
        "no_reason": Words(
            "No reason given",
            "Sin motivo",
        ),
        "move_accepted": Words(
            "Accept",
            "Aceptar",
        ),
        "move_rejected": Words(
            "Reject",
            "Rechazar",
        ),
        "move_received": Words(
            "Say that it was received",
            "Confirmar que se recibió",
        ),
        "move_started": Words(
            "Start",
            "Iniciar",
        ),
        "move_completed": Words(
            "Complete",
            "Completar",
        ),
        "move_handed_back": Words(
            "Hand back",
            "Devolver",
        ),
        "move_referred_onward": Words(
            "Refer onward",
            "Remitir a otra institución",
        ),
        "move_put_on_hold": Words(
            "Put on hold",
            "Poner en espera",
        ),
        "move_resumed": Words(
            "Go on",
            "Reanudar",
        ),
        "move_failed": Words(
            "Say that it could not be done",
            "Informar que no se pudo hacer",
        ),
        "move_cancelled": Words(
            "Cancel",
            "Cancelar",
        ),
        "move_entered_in_error": Words(
            "Say that it was sent in error",
            "Informar que se envió por error",
        ),
        "referral_ended": Words(
            "This referral has ended. No move is left.",
            "Esta remisión terminó. No queda ningún paso.",
        ),
        "no_move": Words(
            "Another agency makes the next move.",
            "Otra institución da el paso siguiente.",
        ),
        "own_moves": Words(
            "Moves of your agency",
            "Pasos de su institución",
        ),
        "move": Words(
            "Move",
            "Paso",
        ),
        "effect": Words(
            "Effect",
            "Efecto",
        ),
        "effect_in_effect": Words(
            "In effect",
            "Tiene efecto",
        ),
        "effect_refused": Words(
            "Refused",
            "Rechazado",
        ),
        "effect_waits": Words(
            "Waits for an earlier move",
            "Espera un paso anterior",
        ),
        "done": Words(
            "Done",
            "Hecho",
        ),
        "under_way_title": Words(
            "Sent",
            "Enviado",
        ),
        "receipt": Words(
            "Received as event {n}. Its id:",
            "Recibido como evento {n}. Su identificador:",
        ),
        "receipt_again": Words(
            "Received before, as event {n}: it counts once. Its id:",
            "Recibido antes, como evento {n}: cuenta una vez. Su identificador:",
        ),
        "refused_receipt": Words(
            "Your form was refused ({reason} at {pointer}). Nothing has changed. Tell the operator.",
            "Su formulario fue rechazado ({reason} en {pointer}). Nada ha cambiado. Avise a quien opera el sistema.",
        ),
        "statement_wrong": Words(
            "This form cannot be sent as it is. Nothing was sent. Open the page again and choose again.",
            "Este formulario no se puede enviar así. No se envió nada. Abra la página otra vez y elija de nuevo.",
        ),
        "enter_sends_nothing_title": Words("Nothing was sent", "No se envió nada"),
        "enter_sends_nothing": Words(
            "In this form the key Enter sends nothing, because what the form sends cannot be undone. Go back in your "
            "browser, where your choices are kept, and press the button at the end of the form.",
            "En este formulario la tecla Intro no envía nada, porque lo que se envía no se puede deshacer. Vuelva "
            "atrás en su navegador, donde se conservan sus respuestas, y pulse el botón al final del formulario.",
        ),
        "not_confirmed": Words(
            "No receipt came. The move may have been received all the same. Reload this page to send it "
            "again: it counts once.",
            "No llegó el acuse de recibo. Puede que el paso se haya recibido. Recargue esta página para "
            "enviarlo otra vez: cuenta una vez.",
        ),
        "this_page_later": Words(
            "this page in a minute",
            "esta página en un minuto",
        ),
        "dangers_open_sum": Words(
            "Dangers that are open now: {n}",
            "Peligros abiertos ahora: {n}",
        ),
        "dangers_open_intro": Words(
            "Findings of all agencies by which somebody is in danger. The agencies that must act were told at once.",
            "Hallazgos de todas las instituciones por los que alguien está en peligro. Se avisó de inmediato a las que "
            "deben actuar.",
        ),
        "dangers_open_caption": Words("Open dangers, by kind", "Peligros abiertos, por tipo"),
        "dangers_open_n": Words("Open", "Abiertos"),
        "dangers_open_oldest": Words("Oldest, in whole days", "El más antiguo, en días completos"),
        "turns_sum": Words(
            "Late now: {late}. Not late yet: {rest}.",
            "Con retraso ahora: {late}. Aún en plazo: {rest}.",
        ),
        "turns_intro": Words(
            "Each row says which agency must act on referrals, and what it must do. An officer of that agency finds "
            "each referral in the inbox.",
            "Cada fila dice a qué institución le toca actuar y qué debe hacer. Quien atiende los casos de esa "
            "institución encuentra cada remisión en la bandeja de entrada.",
        ),
        "turns_caption": Words(
            "What must be done, by agency",
            "Qué falta hacer, por institución",
        ),
        "turns_late": Words("Late", "Con retraso"),
        "turns_in_time": Words("Not late yet", "Aún en plazo"),
        "late_n": Words("{n} late", "{n} con retraso"),
        "first_due": Words("First deadline", "Primer plazo"),
        "nobody_s_turn": Words(
            "No agency has to act on a referral now.",
            "A ninguna institución le toca actuar ahora sobre una remisión.",
        ),
        "home_late": Words(
            "Referrals: {n} tasks are late now. See which agency must act, and what it must do.",
            "Remisiones: {n} tareas tienen retraso ahora. Vea a qué institución le toca actuar y qué debe hacer.",
        ),
        "home_none_late": Words(
            "Referrals: no task is late now. See which agency must act next.",
            "Remisiones: ninguna tarea tiene retraso ahora. Vea a qué institución le toca actuar después.",
        ),
        "matrix_intro": Words(
            "How many referrals went from which agency to which, and how they stand now. A dash: none. Overdue: "
            "something in it is late now; it may be one of the others. Not sent: it was due, and nobody sent it.",
            "Cuántas remisiones fueron de qué institución a cuál y cómo están ahora. Un guion: ninguna. Con retraso: "
            "algo en ella está fuera de plazo; puede ser una de las otras. Sin enviar: le tocaba salir y nadie la "
            "envió.",
        ),
        "matrix_caption": Words(
            "Referrals by sender (rows) and receiver (columns)",
            "Remisiones por quien envía (filas) y quien recibe (columnas)",
        ),
        "matrix_corner": Words(
            "From / to",
            "De / para",
        ),
        "pair_pending": Words(
            "{n} pending",
            "{n} sin respuesta",
        ),
        "pair_accepted": Words(
            "{n} accepted",
            "{n} aceptadas",
        ),
        "pair_declined": Words(
            "{n} declined",
            "{n} no aceptadas",
        ),
        "pair_unsent": Words("{n} not sent", "{n} sin enviar"),
        "pair_overdue": Words(
            "{n} overdue",
            "{n} con retraso",
        ),
    }
)
