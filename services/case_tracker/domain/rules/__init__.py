"""Table of the rules within a case. A new rule is a function over the spine in this package, and a row here.

Codes come from schemas/codebook/governance.py. Contradictions over several cases of a person are found by reporting,
such as two statements on a victim's status, or one fact reported twice. The referral service finds moves of a referral
whose predecessor is missing, and dangers that the log of one case does not show whole.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codebook.governance import FindingCode as C
from schemas.codebook.governance import FindingSeverity as S
from services.case_tracker.domain.rules import arrests_and_verdicts, danger, order_of_events
from services.case_tracker.domain.rules.finding_rule import CaseContradiction, CaseRule

__all__ = ["BY_CODE", "CLOSING_RULES", "RULES", "CaseContradiction", "CaseRule"]

RULES: Final = (
    CaseRule(
        C.OUT_OF_ORDER,
        S.WARNING,
        order_of_events.out_of_order,
        "It is said to have ended before it began.",
        "Consta que terminó antes de empezar.",
    ),
    CaseRule(
        C.CHARGED_WITHOUT_ARREST,
        S.NOTICE,
        order_of_events.charged_without_arrest,
        "Somebody was charged, and this case knows of no arrest of theirs.",
        "Se presentó un cargo contra alguien de cuya detención este caso no sabe nada.",
    ),
    CaseRule(
        C.VERDICT_WITHOUT_CHARGE,
        S.WARNING,
        order_of_events.verdict_without_charge,
        "A verdict was returned on a charge that nobody filed in this case.",
        "Hay un veredicto sobre un cargo que nadie presentó en este caso.",
    ),
    CaseRule(
        C.COMMITTAL_OFF_ROUTE,
        S.WARNING,
        order_of_events.committal_off_route,
        "A charge was committed that, as far as this case knows, was not before the Magistrates’ Court.",
        "Se remitió un cargo que, por lo que consta en este caso, no estaba ante el Tribunal de Magistrados.",
    ),
    CaseRule(
        C.SENTENCE_WITHOUT_CONVICTION,
        S.WARNING,
        order_of_events.sentence_without_conviction,
        "A sentence was imposed for a charge of which this case knows no conviction.",
        "Se impuso una pena por un cargo del que este caso no conoce condena.",
    ),
    CaseRule(
        C.AFTER_DEATH,
        S.WARNING,
        order_of_events.after_death,
        "It happened to somebody who had died before.",
        "Ocurrió a alguien que había fallecido antes.",
    ),
    CaseRule(
        C.DECEASED_AWAITING_TRIAL,
        S.WARNING,
        order_of_events.deceased_awaiting_trial,
        "Somebody who died is still set down for a hearing.",
        "Alguien que falleció sigue citado a una audiencia.",
    ),
    CaseRule(
        C.MEANS_EMPTY_FOR_ADULT,
        S.NOTICE,
        order_of_events.means_empty_for_adult,
        "Of an adult it is said that no means were used, which only holds for a child.",
        "De una persona adulta consta que no se empleó ningún medio, lo que solo vale para menores.",
    ),
    CaseRule(
        C.ARREST_BEFORE_OFFENCE,
        S.WARNING,
        arrests_and_verdicts.arrest_before_offence,
        "Somebody was arrested before the offence was committed.",
        "Se detuvo a alguien antes de que se cometiera el delito.",
    ),
    CaseRule(
        C.TWO_VERDICTS,
        S.WARNING,
        arrests_and_verdicts.two_verdicts,
        "One charge has two verdicts that cannot both be right.",
        "Un mismo cargo tiene dos veredictos que no pueden ser ciertos a la vez.",
    ),
    CaseRule(
        C.FAMILY_IS_SUSPECT,
        S.CRITICAL,
        danger.family_is_suspect,
        "A victim is back with family, or in touch with it, of whom somebody is a suspect.",
        "Una víctima volvió con su familia, o está en contacto con ella, y alguien de ella es sospechoso.",
        ("dhs",),
    ),
    CaseRule(
        C.VICTIM_UNPROTECTED,
        S.CRITICAL,
        danger.suspect_free_and_victim_unprotected,
        "A suspect is free, and for a victim tied to them this case knows no shelter and no plan that protects.",
        "Un sospechoso está libre y, para una víctima vinculada, este caso no conoce albergue ni plan que proteja.",
        ("dhs", "bpd"),
    ),
    CaseRule(
        C.BAIL_WITHOUT_NO_CONTACT,
        S.CRITICAL,
        danger.bail_without_no_contact,
        "A suspect is on bail, and no condition forbids contact with a victim tied to them.",
        "Un sospechoso está bajo fianza y ninguna condición le prohíbe el contacto con una víctima vinculada.",
        ("odpp", "dhs"),
    ),
    CaseRule(
        C.VICTIM_PROSECUTED,
        S.CRITICAL,
        danger.victim_prosecuted,
        "A victim was arrested or charged: tell the prosecution and Human Services.",
        "Se detuvo o acusó a una víctima: avisar a la fiscalía y a Servicios Humanos.",
        ("odpp", "dhs"),
    ),
    CaseRule(
        C.VICTIM_DEPORTED,
        S.CRITICAL,
        danger.victim_deported,
        "A victim was deported, or is ordered to leave: tell the prosecution and Human Services.",
        "Se deportó a una víctima, o se le ordenó salir: avisar a la fiscalía y a Servicios Humanos.",
        ("odpp", "dhs"),
    ),
    CaseRule(
        C.HEARING_MISSED,
        S.CRITICAL,
        danger.hearing_missed,
        "The day of a hearing has passed, and nobody said what became of it.",
        "Pasó el día de una audiencia y nadie dijo qué fue de ella.",
        ("odpp", "bpd"),
    ),
    CaseRule(
        C.VICTIM_IS_SUSPECT,
        S.CRITICAL,
        danger.victim_is_suspect,
        "One agency alone found a victim and a suspect to be one person: police and Human Services must both say so.",
        "Una sola institución dijo que una víctima y un sospechoso son la misma persona: deben decirlo la policía y "
        "Servicios Humanos.",
        ("dhs", "bpd"),
    ),
)

# The case of a consent does not receive each withdrawal of it; the log of the person does.
CLOSING_RULES: Final = (
    CaseRule(
        C.GUARDIAN_IS_SUSPECT,
        S.CRITICAL,
        danger.guardian_is_suspect,
        "A guardian consented who is tied to the child as a suspect; that consent opens nothing.",
        "Consintió un tutor vinculado al menor como sospechoso; ese consentimiento no autoriza nada.",
        ("dhs",),
    ),
)
"""Dangers that the referral service alone finds. A case opens none of them, and closes those of earlier versions."""

BY_CODE: Final[Mapping[C, CaseRule]] = MappingProxyType({rule.code: rule for rule in (*RULES, *CLOSING_RULES)})
