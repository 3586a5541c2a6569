"""Charges of a suspect that are filed again: what is known of the former charge gets an id of its own."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from services.reporting.domain.facts.charges_filed_again import id_of_former_charge
from services.reporting.domain.figures.justice.suspect.state import Suspect

K = TypeVar("K")
V = TypeVar("V")


def set_aside(suspect: Suspect, charge: str) -> Suspect:
    """Return the suspect with all that is known of a charge under an id of its own, as it is filed again.

    Sentences keep the ids that they name: nobody was sentenced for the former charge.
    """
    former = id_of_former_charge(charge, suspect.ended.keys())

    def named(each: str) -> str:
        return former if each == charge else each

    def moved(known: Mapping[str, V]) -> Mapping[str, V]:
        return {named(each): value for each, value in known.items()}

    def moved_of(known: Mapping[tuple[str, K], V]) -> Mapping[tuple[str, K], V]:
        return {(named(each), of): value for (each, of), value in known.items()}

    return replace(
        suspect,
        charges=moved(suspect.charges),
        counts=moved(suspect.counts),
        ended=moved(suspect.ended),
        withdrawals=moved(suspect.withdrawals),
        committals=moved(suspect.committals),
        indictments=moved(suspect.indictments),
        high_court=moved(suspect.high_court),
        magistrates=frozenset(map(named, suspect.magistrates)),
        trials=moved_of(suspect.trials),
        told=moved_of(suspect.told),
        verdicts=moved_of(suspect.verdicts),
        retrials=moved_of(suspect.retrials),
    )
