"""State of a person's services: provided and declined ones, and the person's status decisions."""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.identification import VictimIdentifiedV1, VictimStatusChangedV1
from schemas.protection.services import ServiceDeclinedV1, ServiceProvidedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import code, codes_of_both, owners_statement, with_entry
from services.reporting.domain.facts.fact_owner import service_by_witness
from services.reporting.domain.facts.victim_status_decisions import StatusGiven, with_decision


class Service(Struct, frozen=True):
    """A service, as its provider last published it, or a witness while the provider has not.

    `partners` and `funders`: all that any of the events named. `refused_by`: only of a declined service.
    """

    happened: Interval | None
    service_type: str
    provider: str
    partners: tuple[str, ...]
    funders: tuple[str, ...]
    refused_by: str | None
    by_witness: bool

    @property
    def involved(self) -> frozenset[str]:
        """Codes of the provider, the partners and the funders."""
        return frozenset({self.provider, *self.partners, *self.funders})


class ServicesGiven(Struct, frozen=True):
    """A person's services by their ids, provided and declined, and the decisions on whether the person is a victim."""

    provided: Mapping[str, Service] = field(default_factory=dict)
    declined: Mapping[str, Service] = field(default_factory=dict)
    statuses: tuple[StatusGiven, ...] = ()


def service_provided(person: str, served: ServicesGiven, event: ServiceProvidedV1) -> ServicesGiven:
    """Return the services with one provided service added or replaced; unchanged if the event is of another person.

    The provider's last event counts. `partners` and `funders` are joined over all events about the service.
    """
    data = event.data
    if data.person != person:
        return served
    said = Service(
        happened=event.occurred,
        service_type=str(data.service_type),
        provider=data.provider,
        partners=data.partners,
        funders=data.funders,
        refused_by=None,
        by_witness=service_by_witness(event),
    )
    before = served.provided.get(data.service)
    kept = owners_statement(before, said)
    if before is not None:
        partners, funders = codes_of_both(before.partners, said.partners), codes_of_both(before.funders, said.funders)
        kept = replace(kept, partners=partners, funders=funders)
    return replace(served, provided=with_entry(served.provided, data.service, kept))


def status_told(person: str, served: ServicesGiven, event: VictimIdentifiedV1 | VictimStatusChangedV1) -> ServicesGiven:
    """Return the services with one more status decision; unchanged if the event is of another person."""
    if event.data.person != person:
        return served
    return replace(served, statuses=with_decision(served.statuses, event))


def service_declined(person: str, served: ServicesGiven, event: ServiceDeclinedV1) -> ServicesGiven:
    """Return the services with one declined service added or replaced; unchanged if the event is of another person.

    The provider's last event counts.
    """
    data = event.data
    if data.person != person:
        return served
    said = Service(
        happened=event.occurred,
        service_type=str(data.service_type),
        provider=data.provider,
        partners=data.partners,
        funders=(),
        refused_by=code(data.refused_by),
        by_witness=service_by_witness(event),
    )
    kept = owners_statement(served.declined.get(data.service), said)
    return replace(served, declined=with_entry(served.declined, data.service, kept))
