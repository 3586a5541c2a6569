"""Meanings, in English and Spanish, of fields in events of cases, police and courts.

The reasons in events of other areas are here too, such as `ReferralSent.reason`. A key is the name of a field, or
`Model.field` if the meaning is only for that model.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.meaning import Meaning

COURTS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "AccessViewed.purpose": Meaning(
            "Purpose for which the records were viewed.", "Finalidad con la que se consultaron los registros."
        ),
        "ActivityMerged.reason": Meaning(
            "Reason why the two activities are one.", "Motivo por el que las dos actividades son una."
        ),
        "AppealDecided.outcome": Meaning("Outcome of the appeal.", "Resultado de la apelación."),
        "ArrestReleased.reason": Meaning("Reason for the release.", "Motivo de la puesta en libertad."),
        "BailBreached.conditions": Meaning(
            "Conditions of the bail that were not kept.", "Condiciones de la fianza que no se cumplieron."
        ),
        "CaseAccessRestricted.reason": Meaning(
            "Reason why the agency may not see the case.", "Motivo por el que la institución no puede ver el caso."
        ),
        "CaseClosed.reason": Meaning("Reason why the case was closed.", "Motivo por el que se cerró el caso."),
        "CaseLinked.reason": Meaning(
            "Reason why the two cases are looked at together.", "Motivo por el que los dos casos se examinan juntos."
        ),
        "CaseMerged.reason": Meaning("Reason why the two cases are one.", "Motivo por el que los dos casos son uno."),
        "CasePartyAdded.role": Meaning("Role of the person in the case.", "Papel de la persona en el caso."),
        "CasePartyRemoved.reason": Meaning(
            "Reason why the person is no longer party to the case.",
            "Motivo por el que la persona ya no es parte del caso.",
        ),
        "CasePartyRemoved.role": Meaning(
            "Role that the person no longer has; absent: every role.",
            "Papel que la persona ya no tiene; sin valor: todos.",
        ),
        "CaseReopened.reason": Meaning("Reason why the case was reopened.", "Motivo por el que se reabrió el caso."),
        "ChargeWithdrawn.reason": Meaning(
            "Reason why the charge was withdrawn.", "Motivo por el que se retiró el cargo."
        ),
        "CourtAdjourned.reason": Meaning(
            "Reason why the hearing was adjourned.", "Motivo por el que se aplazó la audiencia."
        ),
        "EventCorrected.reason": Meaning("Reason for the correction.", "Motivo de la corrección."),
        "EventRetracted.reason": Meaning("Reason for the retraction.", "Motivo del retiro."),
        "FigureContested.reason": Meaning(
            "Reason why the figure is contested.", "Motivo por el que se impugna la cifra."
        ),
        "FindingClosed.reason": Meaning(
            "Reason why the finding was closed.", "Motivo por el que se cerró el hallazgo."
        ),
        "InvestigationClosed.outcome": Meaning("Outcome of the investigation.", "Resultado de la investigación."),
        "InvestigationStatusChanged.outcome": Meaning(
            "Point that the investigation has reached.", "Punto al que ha llegado la investigación."
        ),
        "KeyRevoked.reason": Meaning("Reason why the key was revoked.", "Motivo por el que se revocó la clave."),
        "OperationConducted.name": Meaning(
            "Number or code of the operation; never a name of a person.",
            "Número o código del operativo; nunca el nombre de una persona.",
        ),
        "PersonErased.reason": Meaning("Reason for the erasure.", "Motivo del borrado."),
        "PersonMerged.reason": Meaning(
            "Reason why the two ids are one person's.", "Motivo por el que los dos identificadores son de una persona."
        ),
        "ReferralCancelled.reason": Meaning(
            "Reason why the referral was cancelled.", "Motivo por el que se canceló la remisión."
        ),
        "ReferralEnteredInError.reason": Meaning(
            "Reason why the referral should not have been sent.", "Motivo por el que la remisión no debió enviarse."
        ),
        "ReferralEscalated.reason": Meaning("Reason why others are told.", "Motivo por el que se avisa a otros."),
        "ReferralFailed.reason": Meaning(
            "Reason why the referral could not be completed.", "Motivo por el que no se pudo completar la remisión."
        ),
        "ReferralHandedBack.reason": Meaning(
            "Reason why the referral was handed back.", "Motivo por el que se devolvió la remisión."
        ),
        "ReferralMoveRefused.reason": Meaning(
            "Reason why the move has no effect.", "Motivo por el que el paso no tiene efecto."
        ),
        "ReferralPutOnHold.reason": Meaning(
            "Reason why work on the referral waits.", "Motivo por el que la atención está en espera."
        ),
        "ReferralReferredOnward.reason": Meaning(
            "Reason why the person was referred onward.", "Motivo por el que se remitió a la persona a otra entidad."
        ),
        "ReferralRejected.reason": Meaning(
            "Reason why the referral was rejected.", "Motivo por el que se rechazó la remisión."
        ),
        "ReferralSent.reason": Meaning("Reason for the referral.", "Motivo de la remisión."),
        "VerdictReturned.offence": Meaning(
            "Offence of the conviction, where it is not the one charged.",
            "Delito de la condena, si no es el que se imputó.",
        ),
        "VerdictReturned.outcome": Meaning("Outcome of the charge.", "Resultado del cargo."),
        "absconded": Meaning("Whether the person on bail absconded.", "Si la persona en libertad bajo fianza se fugó."),
        "activities": Meaning("Things that were done in the operation.", "Acciones realizadas en el operativo."),
        "against": Meaning("Decision that is appealed.", "Decisión que se apela."),
        "amount_cents": Meaning(
            "Amount in cents of the Belize dollar (BZD).", "Monto en centavos de dólar beliceño (BZD)."
        ),
        "appellant": Meaning("Side that appeals.", "Parte que apela."),
        "conditions": Meaning("Conditions of the bail.", "Condiciones de la fianza."),
        "confiscated_cents": Meaning(
            "Value of confiscated assets in cents of the Belize dollar (BZD).",
            "Valor de los bienes decomisados, en centavos de dólar beliceño (BZD).",
        ),
        "counts_n": Meaning("Number of counts in the charge.", "Número de imputaciones del cargo."),
        "court": Meaning("Court that hears the matter.", "Tribunal que conoce el asunto."),
        "custodial_months": Meaning(
            "Months of imprisonment; terms that run together are stated once.",
            "Meses de prisión; las penas simultáneas se indican una sola vez.",
        ),
        "ends_on": Meaning("Day on which the imprisonment is due to end.", "Día en que debe terminar la prisión."),
        "fine_cents": Meaning(
            "Fine in cents of the Belize dollar (BZD).", "Multa en centavos de dólar beliceño (BZD)."
        ),
        "joint_with": Meaning(
            "Agencies that carried out the operation together with the lead.",
            "Instituciones que realizaron el operativo junto con la que lo dirigió.",
        ),
        "kept_from": Meaning("Agency that may not see the case.", "Institución que no puede ver el caso."),
        "kinds": Meaning("Kinds of punishment in the sentence.", "Tipos de pena de la sentencia."),
        "lead": Meaning("Agency that led the operation.", "Institución que dirigió el operativo."),
        "mode": Meaning("Body that decides on guilt.", "Quién decide sobre la culpabilidad."),
        "next_on": Meaning("Day of this hearing or of the next one.", "Día de esta audiencia o de la siguiente."),
        "offence": Meaning("Offence that is charged.", "Delito que se imputa."),
        "offence_from": Meaning(
            "First day, month or year of the offence, as exactly as known.",
            "Primer día, mes o año del delito, con la exactitud conocida.",
        ),
        "offence_to": Meaning(
            "Last day, month or year of the offence; absent if it had one date.",
            "Último día, mes o año del delito; sin valor si tuvo una sola fecha.",
        ),
        "on_warrant": Meaning(
            "Whether the arrest was made on a warrant.", "Si la detención se hizo por orden judicial."
        ),
        "purpose": Meaning("Purpose of the payment.", "Finalidad del pago."),
        "recommendations_n": Meaning("Number of recommendations.", "Número de recomendaciones."),
        "relationship": Meaning("Relation of the suspect to the victim.", "Relación del sospechoso con la víctima."),
        "reviewer": Meaning(
            "Agency that reviewed the file, where it is not the publisher.",
            "Institución que revisó el expediente, si no es la que publica.",
        ),
        "stage": Meaning("Stage of the proceedings.", "Etapa del proceso."),
        "suspected_offence": Meaning("Offence that is suspected.", "Delito del que se sospecha."),
    }
)
