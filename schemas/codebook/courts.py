"""Code lists of the courts, and the route that the law lays down: what is heard where, and who decides a trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from schemas.codebook.code import Code


class Court(Code):
    """The courts of a criminal case, in the order in which it may go through them."""

    MAGISTRATES = "magistrates", "Magistrates’ Court", "Tribunal de Magistrados"
    HIGH_COURT = "high_court", "High Court", "Tribunal Superior"
    COURT_OF_APPEAL = "court_of_appeal", "Court of Appeal", "Tribunal de Apelaciones"
    CARIBBEAN_COURT_OF_JUSTICE = (
        "caribbean_court_of_justice",
        "Caribbean Court of Justice",
        "Corte de Justicia del Caribe",
    )


class CourtStage(Code):
    """The stage that a prosecution has reached. A hearing names its stage."""

    CHARGED = "charged", "Charged", "Cargo presentado"
    FIRST_APPEARANCE = "first_appearance", "First appearance", "Primera comparecencia"
    BAIL_OR_REMAND = "bail_or_remand", "Bail or remand", "Fianza o prisión preventiva"
    PRELIMINARY_INQUIRY = "preliminary_inquiry", "Preliminary inquiry", "Instrucción preliminar"
    COMMITTED = "committed", "Committed to the High Court", "Remitido al Tribunal Superior"
    INDICTMENT_FILED = "indictment_filed", "Indictment filed", "Acusación formal presentada"
    ARRAIGNED = "arraigned", "Arraigned", "Lectura de la acusación"
    TRIAL_STARTED = "trial_started", "Trial", "Juicio"
    VERDICT = "verdict", "Verdict", "Veredicto"
    SENTENCED = "sentenced", "Sentence", "Sentencia"
    APPEAL_FILED = "appeal_filed", "Appeal filed", "Apelación presentada"
    APPEAL_DECIDED = "appeal_decided", "Appeal decided", "Apelación resuelta"


class TrialMode(Code):
    """The body that decides on guilt."""

    MAGISTRATE = "magistrate", "Magistrate", "Magistrado"
    JUDGE_ONLY = "judge_only", "Judge alone", "Juez sin jurado"
    JUDGE_AND_JURY = "judge_and_jury", "Judge and jury", "Juez y jurado"


class AdjournmentReason(Code):
    """The reason for which a hearing was put off."""

    ACCUSED_ABSENT = "accused_absent", "Accused absent", "Ausencia del acusado"
    WITNESS_ABSENT = "witness_absent", "Witness absent", "Ausencia de un testigo"
    PROSECUTION_NOT_READY = "prosecution_not_ready", "Prosecution not ready", "La fiscalía no estaba lista"
    DEFENCE_NOT_READY = "defence_not_ready", "Defence not ready", "La defensa no estaba lista"
    DISCLOSURE_PENDING = "disclosure_pending", "Disclosure pending", "Entrega de pruebas pendiente"
    NO_INTERPRETER = "no_interpreter", "No interpreter", "Falta de intérprete"
    COURT_UNAVAILABLE = "court_unavailable", "Court unavailable", "Tribunal no disponible"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class BailCondition(Code):
    """Conditions of bail."""

    SURETY = "surety", "Surety", "Fiador"
    CASH_DEPOSIT = "cash_deposit", "Cash deposit", "Depósito en efectivo"
    REPORT_TO_POLICE = "report_to_police", "Report to the police", "Presentarse ante la policía"
    RESIDE_AT_ADDRESS = "reside_at_address", "Live at a stated address", "Residir en el domicilio señalado"
    CURFEW = "curfew", "Curfew", "Toque de queda"
    SURRENDER_DOCUMENTS = "surrender_documents", "Surrender travel documents", "Entregar los documentos de viaje"
    STAY_IN_COUNTRY = "stay_in_country", "Stay in the country", "No salir del país"
    NO_CONTACT_WITH_VICTIM = "no_contact_with_victim", "No contact with the victim", "No tener contacto con la víctima"
    NO_CONTACT_WITH_WITNESSES = (
        "no_contact_with_witnesses",
        "No contact with witnesses",
        "No tener contacto con testigos",
    )
    STAY_AWAY_FROM_AREA = "stay_away_from_area", "Stay away from an area", "No acercarse a una zona"
    NO_CONTACT_WITH_CHILDREN = "no_contact_with_children", "No contact with children", "No tener contacto con menores"
    OTHER = "other", "Other", "Otra"


class ReleaseReason(Code):
    """The reason for which an arrested person is no longer held."""

    WITHOUT_CHARGE = "without_charge", "Without charge", "Sin cargos"
    POLICE_BAIL = "police_bail", "On police bail", "Bajo fianza policial"
    COURT_BAIL = "court_bail", "On bail granted by a court", "Bajo fianza concedida por un tribunal"
    PENDING_INVESTIGATION = "pending_investigation", "While investigation goes on", "Mientras sigue la investigación"
    COURT_ORDER = "court_order", "By order of a court", "Por orden judicial"
    MISTAKEN_IDENTITY = "mistaken_identity", "Mistaken identity", "Error de identidad"
    ESCAPED = "escaped", "Escaped from custody", "Fuga de la custodia"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class WithdrawalReason(Code):
    """The reason for which a charge was withdrawn."""

    INSUFFICIENT_EVIDENCE = "insufficient_evidence", "Insufficient evidence", "Pruebas insuficientes"
    VICTIM_DECLINED = "victim_declined", "The victim does not wish to testify", "La víctima no desea declarar"
    WITNESS_UNAVAILABLE = "witness_unavailable", "A witness cannot be had", "Testigo no disponible"
    REPLACED = "replaced", "Replaced by another charge", "Sustituido por otro cargo"
    PLEA_AGREEMENT = "plea_agreement", "Plea agreement", "Acuerdo con la fiscalía"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class SentenceKind(Code):
    """Parts of a sentence. It may have several at once."""

    IMPRISONMENT = "imprisonment", "Imprisonment", "Prisión"
    SUSPENDED_IMPRISONMENT = "suspended_imprisonment", "Suspended imprisonment", "Prisión con ejecución suspendida"
    FINE = "fine", "Fine", "Multa"
    PROBATION = "probation", "Probation", "Libertad vigilada"
    COMMUNITY_SERVICE = "community_service", "Community service", "Trabajo comunitario"
    BOUND_OVER = "bound_over", "Bound over", "Caución de buena conducta"
    OTHER = "other", "Other", "Otra"


class RestitutionPurpose(Code):
    """Purposes of restitution."""

    HARM_TO_VICTIM = "harm_to_victim", "Harm done to the victim", "Daño causado a la víctima"
    UNPAID_WAGES = "unpaid_wages", "Unpaid wages", "Salarios no pagados"
    COST_OF_CARE = "cost_of_care", "Cost of the victim’s care", "Costo de la atención a la víctima"
    RETURN_TRAVEL = "return_travel", "Return travel", "Viaje de regreso"
    OTHER = "other", "Other", "Otro"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class Appellant(Code):
    """The appealing side."""

    DEFENCE = "defence", "Defence", "Defensa"
    PROSECUTION = "prosecution", "Prosecution", "Fiscalía"


class AppealSubject(Code):
    """Subjects of an appeal."""

    CONVICTION = "conviction", "Conviction", "Condena"
    ACQUITTAL = "acquittal", "Acquittal", "Absolución"
    SENTENCE = "sentence", "Sentence", "Pena"
    OTHER_RULING = "other_ruling", "Another ruling", "Otra resolución"


class AppealOutcome(Code):
    """The outcome of an appeal."""

    DISMISSED = "dismissed", "Dismissed", "Rechazada"
    CONVICTION_QUASHED = "conviction_quashed", "Conviction quashed", "Condena anulada"
    RETRIAL_ORDERED = "retrial_ordered", "Retrial ordered", "Nuevo juicio ordenado"
    SENTENCE_REDUCED = "sentence_reduced", "Sentence reduced", "Pena reducida"
    SENTENCE_INCREASED = "sentence_increased", "Sentence increased", "Pena aumentada"
    ALLOWED_IN_OTHER_WAY = "allowed_in_other_way", "Allowed in another way", "Admitida de otro modo"
    WITHDRAWN = "withdrawn", "Withdrawn", "Desistida"


_BELOW: Final = frozenset({Court.MAGISTRATES})
_ABOVE: Final = frozenset({Court.HIGH_COURT})
_APPEALS: Final = frozenset({Court.HIGH_COURT, Court.COURT_OF_APPEAL, Court.CARIBBEAN_COURT_OF_JUSTICE})

COURTS_OF: Final[Mapping[CourtStage, frozenset[Court]]] = MappingProxyType(
    {
        CourtStage.CHARGED: _BELOW,
        CourtStage.FIRST_APPEARANCE: _BELOW,
        CourtStage.BAIL_OR_REMAND: _BELOW | {Court.HIGH_COURT, Court.COURT_OF_APPEAL},
        CourtStage.PRELIMINARY_INQUIRY: _BELOW,
        CourtStage.COMMITTED: _BELOW,
        CourtStage.INDICTMENT_FILED: _ABOVE,
        CourtStage.ARRAIGNED: _ABOVE,
        # A lesser offence may be tried at the Magistrates’ Court; trafficking is tried at the High Court.
        CourtStage.TRIAL_STARTED: _BELOW | _ABOVE,
        CourtStage.VERDICT: _BELOW | _ABOVE,
        CourtStage.SENTENCED: _BELOW | _ABOVE,
        CourtStage.APPEAL_FILED: _APPEALS,
        CourtStage.APPEAL_DECIDED: _APPEALS,
    }
)
"""Courts that may hear each stage. Every case begins at the Magistrates’ Court, also one that must go further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRule:
    """Modes of a High Court trial that starts on or after `valid_from`, with words for a page."""

    valid_from: date
    modes: frozenset[TrialMode]
    en: str
    es: str


TRIAL_RULES: Final = (
    TrialRule(
        valid_from=date.min,
        modes=frozenset({TrialMode.JUDGE_ONLY, TrialMode.JUDGE_AND_JURY}),
        en="Before 2022 a jury could decide cases of human trafficking.",
        es="Antes de 2022 un jurado podía decidir los casos de trata de personas.",
    ),
    TrialRule(
        valid_from=date(2022, 1, 1),
        modes=frozenset({TrialMode.JUDGE_ONLY}),
        en="Since 2022 a judge alone decides all cases of human trafficking.",
        es="Desde 2022 todos los casos de trata de personas los decide un juez sin jurado.",
    ),
)
"""Rules of a High Court trial, by first day; the last rule that has begun holds."""


def heard_at(stage: CourtStage, court: Court) -> bool:
    """Whether this court hears cases at this stage."""
    return court in COURTS_OF[stage]


def decided_by(mode: TrialMode, court: Court, started: date) -> bool:
    """Whether a trial that starts on this day before this court may be decided in this mode."""
    if court is not Court.HIGH_COURT:
        return court is Court.MAGISTRATES and mode is TrialMode.MAGISTRATE
    return mode in next(rule.modes for rule in reversed(TRIAL_RULES) if rule.valid_from <= started)
