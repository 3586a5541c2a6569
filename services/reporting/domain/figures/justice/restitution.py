"""Part of a person: restitution that a convicted person was ordered to pay, and payments on it, in Belize cents."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.sentences_and_appeals import RestitutionOrderedV1, RestitutionPaidV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, code, possible_days, values, with_entry
from services.reporting.domain.declaration.figure import Area, Counted, DateRole, Figure, Unit


class RestitutionAmount(Struct, frozen=True):
    """An amount that was ordered, or one payment. `cents` is None if nobody stated the amount."""

    when: Interval | None
    cents: int | None
    purpose: str | None = None
    of: str | None = None
    """For a payment, the id of its order."""


class Restitution(Struct, frozen=True):
    """Orders and payments by their own ids, so that a repeated statement replaces the earlier one."""

    orders: Mapping[str, RestitutionAmount] = field(default_factory=dict)
    payments: Mapping[str, RestitutionAmount] = field(default_factory=dict)


def _ordered(person: str, restitution: Restitution, event: RestitutionOrderedV1) -> Restitution:
    data = event.data
    if data.person != person:
        return restitution
    order = RestitutionAmount(event.occurred, data.amount_cents, code(data.purpose))
    return replace(restitution, orders=with_entry(restitution.orders, data.restitution, order))


def _paid(person: str, restitution: Restitution, event: RestitutionPaidV1) -> Restitution:
    data = event.data
    if data.person != person:
        return restitution
    payment = RestitutionAmount(event.occurred, data.amount_cents, of=data.restitution)
    return replace(restitution, payments=with_entry(restitution.payments, data.payment, payment))


def restitution_ordered(restitution: Restitution) -> Iterator[Counted]:
    """Yield the amount of each order."""
    for order in restitution.orders.values():
        yield Counted(possible_days(order.when), order.cents, {"purpose": values(order.purpose)})


def restitution_paid(restitution: Restitution) -> Iterator[Counted]:
    """Yield the amount of each payment, on the day of the payment."""
    for payment in restitution.payments.values():
        yield Counted(possible_days(payment.when), payment.cents)


def paid_of_ordered(restitution: Restitution) -> Iterator[Counted]:
    """Yield the amount of each payment on a known order, on the day of the order. Other payments are left out."""
    for payment in restitution.payments.values():
        order = restitution.orders.get(payment.of or "")
        if order is not None:
            yield Counted(possible_days(order.when), payment.cents, {"purpose": values(order.purpose)})


FIGURES: Final[tuple[Figure[Restitution], ...]] = (
    Figure(
        number="R17a",
        name="restitution_ordered",
        en="Restitution that courts ordered in the period.",
        es="Restitución ordenada por los tribunales en el período.",
        entity=Kind.PERSON,
        unit=Unit.MONEY,
        date_role=DateRole.DECIDED,
        counted=restitution_ordered,
        area=Area.PROSECUTION,
        breakdowns=((), ("purpose",)),
    ),
    Figure(
        number="R17b",
        name="restitution_paid",
        en="Restitution paid in the period, whenever it was ordered.",
        es="Restitución pagada en el período, sin importar cuándo se ordenó.",
        entity=Kind.PERSON,
        unit=Unit.MONEY,
        counted=restitution_paid,
        area=Area.PROSECUTION,
    ),
    Figure(
        number="R17c",
        name="restitution_ordered_and_paid",
        en="Of the restitution that courts ordered in the period, what was paid so far.",
        es="De la restitución ordenada por los tribunales en el período, lo pagado hasta ahora.",
        entity=Kind.PERSON,
        unit=Unit.MONEY,
        date_role=DateRole.DECIDED,
        counted=paid_of_ordered,
        area=Area.PROSECUTION,
        breakdowns=((), ("purpose",)),
        part_of="R17a",
    ),
)

PART: Final = Part(
    name="restitution",
    kind=Kind.PERSON,
    empty=Restitution(),
    folds={
        "bz.atips.restitution.ordered.v1": _ordered,
        "bz.atips.restitution.paid.v1": _paid,
    },
    figures=FIGURES,
)
