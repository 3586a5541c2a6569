"""Figures of services: persons served and services, of HTI and of any provider."""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from schemas.codebook.protection import ServiceType
from schemas.ids import Kind
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import possible_days, values
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, Figure, Unit
from services.reporting.domain.facts.victim_status_decisions import while_a_victim
from services.reporting.domain.figures.protection.service.state import Service, ServicesGiven


def _dims(service: Service) -> dict[str, tuple[str, ...]]:
    return {
        "service_type": (service.service_type,),
        "provider": (service.provider,),
        "refused_by": values(service.refused_by),
    }


class ProvidedService(Struct, frozen=True):
    """A provided service, and the item that each figure counts for it."""

    service: Service
    counted: Counted


def _each_provided(served: ServicesGiven) -> list[ProvidedService]:
    return [ProvidedService(service, _counted(service)) for service in served.provided.values()]


def _counted(service: Service) -> Counted:
    return Counted(possible_days(service.happened), dims=_dims(service), twice=service.by_witness)


def _provided(chosen: Callable[[Service], bool]) -> EachCounted[ServicesGiven, ProvidedService]:
    """Return the way of counting with one item for each provided service for which `chosen` is true."""

    def counted(provided: ProvidedService) -> Iterator[Counted]:
        if chosen(provided.service):
            yield provided.counted

    return EachCounted(_each_provided, counted)


def victims_with_hti(served: ServicesGiven) -> Iterator[Counted]:
    """Yield one item for each service of HTI, for periods at whose end the person is held as a victim."""
    for service in filter(with_hti, served.provided.values()):
        yield from while_a_victim(_counted(service), served.statuses)


def with_hti(service: Service) -> bool:
    """Whether the Human Trafficking Institute (HTI) is the provider, a partner or a funder of the service."""
    return "hti" in service.involved


def of_cdf_with_iom(service: Service) -> bool:
    """Whether the Child Development Foundation (CDF) provides the service, with IOM as a partner or funder."""
    return service.provider == "cdf" and "iom" in service.involved


def any_service(service: Service) -> bool:
    """Whether the service counts in figures of all services: always."""
    return bool(service.service_type)


def accompanied(service: Service) -> bool:
    """Whether the service is the accompaniment of a person to interviews."""
    return service.service_type == ServiceType.ACCOMPANIMENT


def services_declined(served: ServicesGiven) -> Iterator[Counted]:
    """Yield one item for each service that was declined, by the person or the provider, and not provided."""
    return map(_counted, in_vain(served))


def in_vain(served: ServicesGiven) -> list[Service]:
    """Return the services that were declined and not provided."""
    return [service for service_id, service in served.declined.items() if service_id not in served.provided]


FIGURES: Final[tuple[Figure[ServicesGiven], ...]] = (
    Figure(
        number="O19a",
        name="victims_supported_with_hti",
        en="Victims who were given at least one service in which HTI had a part, as partner, funder or provider, "
        "whoever says so. Somebody given several counts once. Victims of earlier years are among them. Anyone not "
        "held as a victim at the period’s end is left out.",
        es="Víctimas que recibieron al menos un servicio en el que participó HTI como socio, financiador o prestador, "
        "lo informe quien lo informe. Quien recibió varios cuenta una vez. Incluye víctimas de años anteriores. No "
        "incluye a quien no se considera víctima al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=victims_with_hti,
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",)),
        distinct=True,
        part_of="O19c",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O19c",
        name="persons_supported_with_hti",
        en="Persons, victims or not, who were given at least one service in which HTI had a part; somebody given "
        "several counts once.",
        es="Personas, sean o no víctimas, que recibieron al menos un servicio en el que participó HTI; quien recibió "
        "varios cuenta una vez.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=_provided(with_hti),
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",)),
        distinct=True,
        part_of="O19b",
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O19b",
        name="persons_served",
        en="Persons who were given at least one service, by whomever; migrants who are no victims are among them.",
        es="Personas que recibieron al menos un servicio, de quien fuera; incluye migrantes que no son víctimas.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=_provided(any_service),
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",), ("provider",)),
        distinct=True,
    ),
    Figure(
        number="O20",
        name="services_with_hti",
        en="Services in which HTI had a part, whoever says so. A service is an episode: a stay in a shelter is one "
        "however many nights it has. One that only a partner tells of may be its provider’s under another number; "
        "it is marked.",
        es="Servicios en los que participó HTI, lo informe quien lo informe. Un servicio es un episodio: una estancia "
        "en un albergue es uno, tenga las noches que tenga. El que solo menciona un socio puede ser uno del "
        "prestador con otro número; se señala.",
        entity=Kind.PERSON,
        unit=Unit.SERVICES,
        counted=_provided(with_hti),
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",)),
        part_of="O21a",
    ),
    Figure(
        number="O21a",
        name="services_provided",
        en="Services that were provided, by whomever, each episode once.",
        es="Servicios prestados, por quien fuera; cada episodio una vez.",
        entity=Kind.PERSON,
        unit=Unit.SERVICES,
        counted=_provided(any_service),
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",), ("provider",)),
    ),
    Figure(
        number="O21b",
        name="services_declined",
        en="Services that were offered in vain: the person did not want them, or the provider could not give them.",
        es="Servicios ofrecidos sin resultado: la persona no los aceptó o la entidad no pudo prestarlos.",
        entity=Kind.PERSON,
        unit=Unit.SERVICES,
        counted=services_declined,
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",), ("refused_by",)),
    ),
    Figure(
        number="O30b",
        name="persons_accompanied",
        en="Persons whom somebody accompanied to interviews with police or prosecution in the period; somebody "
        "accompanied several times counts once.",
        es="Personas acompañadas a entrevistas con la policía o la fiscalía en el período; quien lo fue varias "
        "veces cuenta una vez.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=_provided(accompanied),
        area=Area.PROTECTION,
        distinct=True,
    ),
    Figure(
        number="O31",
        name="services_cdf_with_iom",
        en="Services that CDF provided in its partnership with IOM, each episode once. They are for migrants, "
        "who are not for that reason victims.",
        es="Servicios prestados por CDF en su alianza con la OIM, cada episodio una vez. Son para migrantes, que "
        "no por ello son víctimas.",
        entity=Kind.PERSON,
        unit=Unit.SERVICES,
        counted=_provided(of_cdf_with_iom),
        area=Area.PROTECTION,
        breakdowns=((), ("service_type",)),
        part_of="O21a",
    ),
)
