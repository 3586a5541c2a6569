"""Units speak through the body that they belong to."""

from collections.abc import Iterable, Mapping
from typing import Final

_OF: Final[Mapping[str, str]] = {
    "atips_pu": "bpd", "pitcu": "bpd", "tip_care_unit": "dhs", "alternative_care_unit": "dhs",
}  # fmt: skip


def house(agency: str) -> str:
    """The body that a unit belongs to; any other is its own."""
    return _OF.get(agency, agency)


def of_one(agency: str, bodies: Iterable[str]) -> bool:
    """Whether somebody is one of some bodies, or a unit of one, or the body that one is a unit of."""
    return any(house(agency) == house(each) for each in bodies)
