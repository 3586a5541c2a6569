"""Acts of the authorities against a victim, such as an arrest: whether they are still in force."""

from schemas.codebook.courts import ReleaseReason
from schemas.codebook.protection import ReturnKind
from schemas.codebook.shared import YesNo
from schemas.danger.charges import is_before, is_convicting, is_quashed, standing_verdicts
from schemas.danger.facts_by_id import FactsById, FactsOfPerson, FactT
from schemas.justice.charges import ChargeFiledV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from schemas.protection.shelter_and_return import ImmigrationStatusRefusedV1, RepatriationCompletedV1


def is_let_go(facts: FactsById[FactT], person: str, arrest: FactT) -> bool:
    """Whether a release may have ended this arrest. An escape is no release."""
    content = arrest.content
    return isinstance(content, ArrestMadeV1) and any(
        isinstance(each.content, ArrestReleasedV1)
        and each.content.data.reason is not ReleaseReason.ESCAPED
        and not is_before(each, arrest)
        for each in FactsOfPerson(facts, person).of(content.data.arrest, "arrest.released")
    )


def is_over_for_victim(facts: FactsById[FactT], person: str, filed: FactT) -> bool:
    """Whether a charge was withdrawn, not proven, or its conviction quashed. A retrial order opens it again.

    An end that certainly came before the charge was filed says nothing of it: it was filed again.
    """
    content = filed.content
    if not isinstance(content, ChargeFiledV1):
        return False
    facts, charge = FactsOfPerson(facts, person), content.data.charge
    verdicts = [each for each in standing_verdicts(facts, charge) if not is_before(each, filed)]
    convicted = any(map(is_convicting, verdicts))
    withdrawn = any(not is_before(each, filed) for each in facts.of(charge, "charge.withdrawn"))
    ended = bool(verdicts) or withdrawn
    return ended and (not convicted or is_quashed(facts, charge))


def deports(facts: FactsById[FactT], person: str, act: FactT) -> bool:
    """Whether a fact deports a person, or orders them to leave and no permission to stay or return came since."""
    match act.content:
        case RepatriationCompletedV1(data=data):
            return data.return_kind is ReturnKind.DEPORTATION
        case ImmigrationStatusRefusedV1(data=data):
            ends = facts.of(person, "immigration.status_granted", "repatriation.completed")
            return data.removal_ordered is YesNo.YES and all(is_before(each, act) for each in ends)
        case _:
            return False
