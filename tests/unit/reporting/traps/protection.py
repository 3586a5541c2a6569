"""Statements on protection, in as few words as the tests of its figures need."""

from typing import Any

from schemas.ids import Kind
from tests.unit.reporting.figures_of_events import Said
from tests.unit.reporting.samples import When, an_id, person


def service(number: int, who: int, when: When, kind: str = "counselling", **said: Any) -> Said:  # noqa: ANN401
    """By Human Services with HTI, unless said; `agency` is whoever tells of it."""
    agency = said.pop("agency", "dhs")
    data = {"person": person(who), "service": an_id(Kind.SERVICE, number), "service_type": kind}
    return "service.provided", {"provider": "dhs", "partners": ["hti"], **data, **said}, when, agency


def victim(who: int) -> Said:
    """Found to be a victim before the year."""
    return identified(who, "2023-05-01")


def returned(who: int, when: When, *, of: int | None = None, agency: str = "dhs", **said: Any) -> Said:  # noqa: ANN401
    data: dict[str, Any] = {"person": person(who), "destination": "HN"}
    data |= {} if of is None else {"service": an_id(Kind.SERVICE, of)}
    return "repatriation.completed", data | said, when, agency


def granted(who: int, when: str, year: int = 2023, *, outcome: str = "granted", **said: object) -> Said:
    data = {"person": person(who), "scheme": "amnesty", "programme_year": year, **said}
    return f"immigration.status_{outcome}", data, when, "immigration"


def placed(
    number: int, who: int, when: When, population: str = "migrant_child", agency: str = "dhs", **said: object
) -> Said:
    data = {"person": person(who), "placement": an_id(Kind.PLACEMENT, number), "population": population}
    return "shelter.placement_started", data | said, when, agency


def left(number: int, who: int, when: str, agency: str = "dhs") -> Said:
    data = {"person": person(who), "placement": an_id(Kind.PLACEMENT, number)}
    return "shelter.placement_ended", data, when, agency


def identified(who: int, when: str, status: str = "suspected") -> Said:
    return "victim.identified", {"person": person(who), "status": status}, when, "dhs"
