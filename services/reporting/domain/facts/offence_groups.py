"""Groups of offences by the law in force on the fact's day, and whether figures of police and courts count them."""

from functools import lru_cache
from typing import Final

from schemas.codebook.justice import LawGroup, Offence, group_of, law_on
from schemas.times import Interval

LAW: Final = "offence_group"
"""Dimension of an offence: trafficking, commercial sexual exploitation of children, or other (`LawGroup`)."""


# Every figure of a suspect calls this for each arrest, charge and verdict.
@lru_cache(maxsize=4_096)
def group(offence: str | None, when: Interval | None) -> str | None:
    """Return the group of an offence by the law of the first day that the fact may lie on. None without an offence."""
    if not offence:
        return None
    return group_of(law_on(Offence(offence), None if when is None else when.first_day)).value


def is_counted_offence(offence: str | None, when: Interval | None) -> bool:
    """Whether figures count an offence: its group is not `OTHER`.

    A fact without an offence counts too: the agencies that publish such facts deal with trafficking.
    """
    return group(offence, when) != LawGroup.OTHER
