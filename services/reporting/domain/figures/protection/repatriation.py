"""Part of a person: returns to another country, and returns that HTI helped to pay for.

The service of a return counts in the figures of services as well.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.protection import ReturnKind
from schemas.ids import Kind
from schemas.protection.services import ServiceProvidedV1
from schemas.protection.shelter_and_return import RepatriationCompletedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    codes_of_both,
    is_statement_of,
    owners_statement,
    possible_days,
    values,
    with_entry,
)
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, Figure, Unit

_OWNER: Final = "dhs"
_HOME: Final = "BZ"


class Return(Struct, frozen=True):
    """A return, as Human Services last published it, or a witness while they have not.

    `funders`: all that any of the events named.
    """

    happened: Interval | None
    destination: str | None
    funders: tuple[str, ...]
    victim_status: str | None
    by_witness: bool
    deported: bool = False


class Returned(Struct, frozen=True):
    """A person's returns, by the id of the service, or by the reference of the event if it names no service."""

    returns: Mapping[str, Return] = field(default_factory=dict)
    funders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Funders that events about a service named, by the id of the service."""


def _repatriation_completed(person: str, returned: Returned, event: RepatriationCompletedV1) -> Returned:
    data = event.data
    if data.person != person:
        return returned
    deported = data.return_kind is ReturnKind.DEPORTATION
    key = data.service or event.ref
    said = Return(
        happened=event.occurred,
        destination=data.destination,
        funders=() if deported else data.funders,
        victim_status=code(data.victim_status_at_time),
        by_witness=not is_statement_of(event, _OWNER),
        deported=deported,
    )
    before = returned.returns.get(key)
    kept = owners_statement(before, said)
    if before is not None:
        kept = replace(kept, funders=codes_of_both(before.funders, said.funders))
    return replace(returned, returns=with_entry(returned.returns, key, kept))


def _service_provided(person: str, returned: Returned, event: ServiceProvidedV1) -> Returned:
    data = event.data
    if data.person != person or not data.funders:
        return returned
    paid = codes_of_both(returned.funders.get(data.service, ()), data.funders)
    return replace(returned, funders=with_entry(returned.funders, data.service, paid))


def _dims(each: Return) -> dict[str, tuple[str, ...]]:
    return {"destination": values(each.destination), "victim_status": values(each.victim_status)}


def persons_repatriated(returned: Returned) -> Iterator[Counted]:
    """Yield one item for each return that counts (`counts`)."""
    for each in filter(counts, returned.returns.values()):
        yield Counted(possible_days(each.happened), dims=_dims(each))


def persons_repatriated_by_hti(returned: Returned) -> Iterator[Counted]:
    """Yield one item for each return that counts (`counts`) and that HTI helped to pay for."""
    for key, each in returned.returns.items():
        if counts(each) and paid_by_hti(each, returned.funders.get(key, ())):
            yield Counted(possible_days(each.happened), dims=_dims(each))


def counts(each: Return) -> bool:
    """Whether a return counts in the figures: it is not a deportation, and its destination is not Belize.

    A return with an unknown destination counts.
    """
    return each.destination != _HOME and not each.deported


def paid_by_hti(each: Return, of_service: Collection[str]) -> bool:
    """Whether HTI is among the funders of the return or in `of_service`, the funders of its service."""
    return "hti" in {*each.funders, *of_service}


FIGURES: Final[tuple[Figure[Returned], ...]] = (
    Figure(
        number="O22a",
        name="persons_repatriated",
        en="Persons who were returned from Belize to another country in the period, whoever paid for it; "
        "somebody returned twice counts once. A return to Belize is none of these, nor is a deportation.",
        es="Personas repatriadas desde Belice en el período, sin importar quién lo financió; quien lo fue dos "
        "veces cuenta una vez. No se incluyen el retorno a Belice ni la deportación.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=persons_repatriated,
        area=Area.PROTECTION,
        breakdowns=((), ("destination",), ("victim_status",)),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O22b",
        name="persons_repatriated_with_hti_funds",
        en="Persons who returned in the period and whose return HTI helped to pay for, whoever says so. "
        "Their returns are among the services as well.",
        es="Personas repatriadas en el período con fondos de HTI, lo informe quien lo informe. Sus retornos figuran "
        "también entre los servicios.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=persons_repatriated_by_hti,
        area=Area.PROTECTION,
        breakdowns=((), ("victim_status",)),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
        part_of="O22a",
    ),
)

PART: Final = Part(
    name="repatriation",
    kind=Kind.PERSON,
    empty=Returned(),
    folds={
        "bz.atips.repatriation.completed.v1": _repatriation_completed,
        "bz.atips.service.provided.v1": _service_provided,
    },
    figures=FIGURES,
)
