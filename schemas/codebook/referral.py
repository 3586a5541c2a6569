"""Code lists of referrals: how urgent, in which state, and why a move was made or refused."""

from typing import Final

from schemas.codebook.code import Code


class Urgency(Code):
    """The urgency of a referral. An unknown urgency counts as urgent, and a child's is never routine."""

    EMERGENCY = "emergency", "Emergency: within the hour", "Emergencia: en una hora"
    URGENT = "urgent", "Urgent: within three hours", "Urgente: en tres horas"
    SOON = "soon", "Soon: within a day", "Pronto: en un día"
    ROUTINE = "routine", "Routine: within three working days", "Ordinaria: en tres días hábiles"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class RiskLevel(Code):
    """The danger to a person, as the assessing agency sees it."""

    HIGH = "high", "High", "Alto"
    MEDIUM = "medium", "Medium", "Medio"
    LOW = "low", "Low", "Bajo"
    NONE = "none", "No risk seen", "Sin riesgo aparente"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ReferralReason(Code):
    """The reason for which a person is referred."""

    ASSESSED_NEED = "assessed_need", "An assessed need", "Una necesidad evaluada"
    MANDATORY_REPORT = "mandatory_report", "Mandatory report", "Denuncia obligatoria"
    SAFETY = "safety", "Safety", "Seguridad"
    SERVICE_NOT_HERE = "service_not_here", "The service is not offered here", "El servicio no se presta aquí"
    CHANGE_OF_AREA = "change_of_area", "The person moves", "La persona se traslada"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ReferralState(Code):
    """States of a referral, set by its moves. Late and expired are no states: they follow from the time."""

    SENT = "sent", "Sent", "Enviada"
    RECEIVED = "received", "Received", "Recibida"
    ACCEPTED = "accepted", "Accepted", "Aceptada"
    REJECTED = "rejected", "Rejected", "Rechazada"
    IN_PROGRESS = "in_progress", "In progress", "En curso"
    ON_HOLD = "on_hold", "On hold", "En espera"
    COMPLETED = "completed", "Completed", "Completada"
    FAILED = "failed", "Failed", "Fallida"
    HANDED_BACK = "handed_back", "Handed back", "Devuelta"
    REFERRED_ONWARD = "referred_onward", "Referred onward", "Remitida a otra entidad"
    CANCELLED_BY_SENDER = "cancelled_by_sender", "Cancelled by the sender", "Cancelada por quien la envió"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error", "Ingresada por error"


SIGHT_ENDS: Final = frozenset(
    {
        ReferralState.REJECTED,
        ReferralState.CANCELLED_BY_SENDER,
        ReferralState.ENTERED_IN_ERROR,
        ReferralState.HANDED_BACK,
    }
)
"""End states after which the receiver is neither told nor shown anything of the person any more."""


class ReferralRejectReason(Code):
    """The reason for which a referral is rejected."""

    NO_CAPACITY = "no_capacity", "No capacity", "Sin capacidad"
    OUT_OF_MANDATE = "out_of_mandate", "Outside the mandate", "Fuera del mandato"
    OUT_OF_AREA = "out_of_area", "Outside the area", "Fuera de la zona"
    INSUFFICIENT_INFORMATION = "insufficient_information", "Too little information", "Información insuficiente"
    DUPLICATE = "duplicate", "Duplicate", "Duplicada"
    PERSON_DECLINED = "person_declined", "The person declined", "La persona no aceptó"
    PERSON_NOT_REACHABLE = "person_not_reachable", "The person was not reached", "No se logró ubicar a la persona"
    CONSENT_MISSING = "consent_missing", "Consent is missing", "Falta el consentimiento"
    CONFLICT_OF_INTEREST = "conflict_of_interest", "Conflict of interest", "Conflicto de intereses"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class RefusedBy(Code):
    """The side that refused: the referred person, or the provider."""

    PERSON = "person", "The person", "La propia persona"
    PROVIDER = "provider", "The provider", "Quien presta el servicio"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class HoldReason(Code):
    """The reason for which an accepted referral is on hold."""

    PERSON_UNAVAILABLE = "person_unavailable", "The person is unavailable", "La persona no está disponible"
    WAITING_LIST = "waiting_list", "Waiting list", "Lista de espera"
    DOCUMENTS_MISSING = "documents_missing", "Documents are missing", "Faltan documentos"
    OTHER_SERVICE_FIRST = "other_service_first", "Another service comes first", "Otro servicio va primero"
    SAFETY = "safety", "Safety", "Seguridad"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class UnfinishedReason(Code):
    """The reason for which the holder ends a referral unfinished: it fails, goes back, or goes on to another."""

    NO_CAPACITY = "no_capacity", "No capacity any more", "Ya sin capacidad"
    OUT_OF_MANDATE = "out_of_mandate", "Outside the mandate after all", "Resultó fuera del mandato"
    OTHER_SERVICE_NEEDED = "other_service_needed", "Another service is needed", "Se necesita otro servicio"
    PERSON_DECLINED = "person_declined", "The person declined", "La persona no aceptó"
    PERSON_NOT_REACHABLE = "person_not_reachable", "The person was not reached", "No se logró ubicar a la persona"
    PERSON_MOVED = "person_moved", "The person moved away", "La persona se trasladó"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consent was withdrawn", "Se retiró el consentimiento"
    CONFLICT_OF_INTEREST = "conflict_of_interest", "Conflict of interest", "Conflicto de intereses"
    SAFETY = "safety", "Safety", "Seguridad"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class CancelReason(Code):
    """The reason for which the sender cancels a referral before it is accepted."""

    NO_LONGER_NEEDED = "no_longer_needed", "No longer needed", "Ya no es necesaria"
    PERSON_DECLINED = "person_declined", "The person declined", "La persona no aceptó"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consent was withdrawn", "Se retiró el consentimiento"
    NOT_ANSWERED = "not_answered", "Not answered in time", "Sin respuesta a tiempo"
    WRONG_PERSON = "wrong_person", "The wrong person", "Persona equivocada"
    WRONG_RECIPIENT = "wrong_recipient", "The wrong recipient", "Destinatario equivocado"
    DUPLICATE = "duplicate", "Duplicate", "Duplicada"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class EscalationReason(Code):
    """Reasons for an escalation."""

    NOT_RECEIVED = "not_received", "Not received", "No recibida"
    NOT_ANSWERED = "not_answered", "Not answered", "Sin respuesta"
    NOT_STARTED = "not_started", "Not started", "No iniciada"
    ON_HOLD_TOO_LONG = "on_hold_too_long", "On hold too long", "Demasiado tiempo en espera"
    GONE_SILENT = "gone_silent", "No word since it started", "Sin noticias desde que inició"


class MoveRefusal(Code):
    """The reason for which a move has no effect."""

    NOT_THE_SENDER = "not_the_sender", "Not the sender", "No es quien la envió"
    NOT_THE_RECEIVER = "not_the_receiver", "Not the receiver", "No es quien la recibe"
    TAKEN_BY_ANOTHER = "taken_by_another", "Taken by another", "Aceptada por otra entidad"
    NOT_OPEN = "not_open", "The referral is not open", "La remisión no está abierta"
    CONSENT_MISSING = "consent_missing", "Consent is missing", "Falta el consentimiento"
    CONFLICT_OF_INTEREST = "conflict_of_interest", "Conflict of interest", "Conflicto de intereses"
