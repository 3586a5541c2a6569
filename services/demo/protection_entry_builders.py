"""Functions that add entries for protection: consent, needs, plans, services, shelter, return, immigration status.

`how` of each function are further arguments of `AgencyRegisters.write`, such as `recorded` and `trap`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.ids import Kind
from services.demo.register_entries import AgencyRegisters, When


@dataclass(frozen=True, slots=True)
class ServedPerson:
    """Id of a person who is served, and of the person's case, if any."""

    person: str
    case: str | None = None

    @property
    def named(self) -> dict[str, Any]:
        """Fields of an event's data that name the person and the case."""
        return {"person": self.person, "case": self.case}


_PURPOSES: Final = ("protection_services", "health_care", "legal_help")


def consent(
    book: AgencyRegisters,
    who: ServedPerson,
    agency: str,
    when: When,
    *,
    basis: str,
    given_by: str,
    recipients: Sequence[str] = ("dhs", "hti", "mohw"),
    more: Mapping[str, str] | None = None,
    **how: Any,  # noqa: ANN401
) -> str:
    """Add a record of consent and return its reference. `basis`: legal basis. `more`: other fields of its data."""
    data = {
        **who.named,
        "basis": basis,
        "purposes": list(_PURPOSES),
        "recipients": list(recipients),
        "given_by": given_by,
        **(more or {}),
    }
    return book.write(agency, "consent.recorded", when, data, subject=who.person, **how).ref


def consent_withdrawn(book: AgencyRegisters, who: ServedPerson, agency: str, when: When, consent: str) -> str:
    """Add the withdrawal of a consent (a reference) by the person, and return the withdrawal's reference."""
    data = {**who.named, "consent": consent, "withdrawn_by": "person", "recipients": ["hti", "mohw"]}
    return book.write(agency, "consent.withdrawn", when, data, subject=who.person).ref


def consent_acknowledged(book: AgencyRegisters, who: ServedPerson, agency: str, when: When, consent: str) -> None:
    """Add an agency's acknowledgement of a record of consent or of its withdrawal (a reference)."""
    book.write(agency, "consent.acknowledged", when, {**who.named, "consent": consent}, subject=who.person)


def need(book: AgencyRegisters, who: ServedPerson, when: When, *types: str, agency: str = "dhs") -> str:
    """Add the assessment of a need, and return its id. `types`: service types."""
    found = book.id(Kind.NEED)
    data = {**who.named, "need": found, "service_types": list(types), "risk_level": "high"}
    book.write(agency, "need.assessed", when, data, subject=who.person)
    return found


def plan(book: AgencyRegisters, who: ServedPerson, when: When, needs: Sequence[str], *types: str, **how: Any) -> None:  # noqa: ANN401
    """Add the approval of a person's plan. `types`: service types."""
    data = {**who.named, "needs": list(needs), "service_types": list(types)}
    book.write("dhs", "plan.approved", when, data, subject=who.person, **how)


def service(
    book: AgencyRegisters,
    who: ServedPerson,
    kind: str,
    when: When,
    *,
    said_by: Sequence[str] = ("dhs",),
    provider: str = "dhs",
    partners: Sequence[str] = (),
    funders: Sequence[str] = (),
    status: str | None = "suspected",
    also: When | None = None,
    **how: Any,  # noqa: ANN401
) -> str:
    """Add one service, published by each agency in `said_by`, and return its id.

    `also`: date of all entries but the first; without it they have the first one's date.
    """
    found = book.id(Kind.SERVICE)
    data = {
        **who.named,
        "service": found,
        "service_type": kind,
        "provider": provider,
        "partners": list(partners),
        "funders": list(funders),
        "victim_status_at_time": status,
    }
    for position, agency in enumerate(said_by):
        told = when if position == 0 else also or when
        book.write(agency, "service.provided", told, data, subject=who.person, **how)
    return found


def declined(
    book: AgencyRegisters, who: ServedPerson, kind: str, when: When, refused_by: str, *, partners: Sequence[str] = ()
) -> None:
    """Add a service of Human Services that was declined. `refused_by`: person or provider."""
    data = {
        **who.named,
        "service": book.id(Kind.SERVICE),
        "service_type": kind,
        "provider": "dhs",
        "partners": list(partners),
        "refused_by": refused_by,
    }
    book.write("dhs", "service.declined", when, data, subject=who.person)


def placed(
    book: AgencyRegisters,
    who: ServedPerson,
    form: str,
    population: str,
    when: When,
    *,
    until: When | None = None,
    service: str | None = None,
    also_said_by: Sequence[str] = (),
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a placement in shelter by Human Services, and its end if `until` is not None.

    The agencies in `also_said_by` publish the placement's start too.
    """
    placement = book.id(Kind.PLACEMENT)
    data = {**who.named, "placement": placement, "shelter_form": form, "population": population, "service": service}
    for agency in ("dhs", *also_said_by):
        book.write(agency, "shelter.placement_started", when, data, subject=who.person, **how)
    if until is not None:
        data = {**who.named, "placement": placement}
        book.write("dhs", "shelter.placement_ended", until, data, subject=who.person, **how)


def repatriated(
    book: AgencyRegisters,
    who: ServedPerson,
    when: When,
    destination: str,
    *,
    funders: Sequence[str],
    service: str,
    said_by: Sequence[str] = ("dhs",),
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a completed repatriation, published by each agency in `said_by`."""
    data = {
        **who.named,
        "service": service,
        "destination": destination,
        "funders": list(funders),
        "victim_status_at_time": "suspected",
    }
    for agency in said_by:
        book.write(agency, "repatriation.completed", when, data, subject=who.person, **how)


def decided(
    book: AgencyRegisters,
    who: ServedPerson,
    outcome: str,
    when: When,
    *,
    year: int,
    applied_on: str,
    **how: Any,  # noqa: ANN401
) -> None:
    """Add a decision on an application for amnesty. `outcome`: granted or refused. `year`: of the programme."""
    data = {**who.named, "scheme": "amnesty", "programme_year": year, "applied_on": applied_on}
    book.write("immigration", f"immigration.status_{outcome}", when, data, subject=who.person, **how)
