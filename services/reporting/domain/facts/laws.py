"""Whether police and court figures count an offence, and under which law it stands; by the law of the fact's day."""

from functools import lru_cache
from typing import Final

from schemas.codebook.justice import LawGroup, Offence, group_of, law_on
from schemas.times import Interval

LAW: Final = "offence_group"
"""The dimension that tells trafficking, commercial sexual exploitation of children and other offences apart."""


# Every figure of a suspect asks it of each arrest, charge and verdict.
@lru_cache(maxsize=4_096)
def group(offence: str | None, when: Interval | None) -> str | None:
    """The group of an offence on the first day on which the fact may lie; None where nobody named the offence."""
    if not offence:
        return None
    return group_of(law_on(Offence(offence), None if when is None else when.first_day)).value


def counts(offence: str | None, when: Interval | None) -> bool:
    """Whether the Council counts it as trafficking; what nobody named is told by those who deal with trafficking."""
    return group(offence, when) != LawGroup.OTHER
