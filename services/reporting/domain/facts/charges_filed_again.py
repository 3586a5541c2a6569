"""Charges that are filed again after they ended without conviction and without acquittal.

A charge that is filed again under the id that it had is another charge. All that is known of the former one is kept
under an id of its own, so that a later filing changes no earlier period.
"""

from collections.abc import Collection, Mapping
from typing import TypeAlias, TypeVar

from schemas.codebook.justice import MAY_BE_FILED_AGAIN
from schemas.justice.charges import ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.times import Interval, surely_before

V = TypeVar("V")

EndedCharges: TypeAlias = Mapping[str, Interval | None]
"""Times at which charges ended so that they may be filed again, by the charge's id."""


def with_end(ended: EndedCharges, event: ChargeWithdrawnV1 | VerdictReturnedV1) -> EndedCharges:
    """Return the ends with that of the event's charge; without it if the verdict convicted or acquitted."""
    charge = event.data.charge
    if isinstance(event, ChargeWithdrawnV1) or event.data.outcome in MAY_BE_FILED_AGAIN:
        return {**ended, charge: event.occurred}
    return {each: when for each, when in ended.items() if each != charge}


def is_filed_again(ended: EndedCharges, event: ChargeFiledV1) -> bool:
    """Whether the filing certainly comes after the end of a charge of the same id."""
    charge = event.data.charge
    return charge in ended and surely_before(ended[charge], event.occurred)


def id_of_former_charge(charge: str, known: Collection[str]) -> str:
    """Return a new id, under which the earlier course of a charge is kept when the charge is filed again.

    `known`: the ids of all charges that ended, of former ones too. It is the charge's id, a space, and a count from 1.
    """
    return f"{charge} {sum(each.startswith(f'{charge} ') for each in known) + 1}"


def with_former(known: Mapping[str, V], ended: EndedCharges, charge: str) -> tuple[Mapping[str, V], EndedCharges]:
    """Return what is known by charges, and the ends, with those of `charge` under `id_of_former_charge`."""
    former = id_of_former_charge(charge, ended.keys())
    moved = {former if each == charge else each: value for each, value in known.items()}
    return moved, {former if each == charge else each: when for each, when in ended.items()}
