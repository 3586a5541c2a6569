"""Statements of a person's consent, withdrawals, ages, and the duty to report: what the consent gate judges."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.identification import AgeGroup
from schemas.consent import ConsentRecorded, ConsentWithdrawn
from schemas.times import Interval

_CHILD_UNTIL: Final = {AgeGroup.CHILD_0_8: 18, AgeGroup.CHILD_9_17: 9}
"""Years after which a child recorded in a group is grown up in any case."""
_NOT_KNOWN: Final = frozenset({AgeGroup.UNKNOWN, AgeGroup.NOT_ASKED, None})


@dataclass(frozen=True, slots=True)
class ConsentStatement:
    """When, by whom and under which names something was said; `n` is None where the log's order does not count."""

    names: frozenset[str]
    by: str
    at: Interval | None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent or a refusal that stands."""

    said: ConsentStatement
    data: ConsentRecorded


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A consent taken back."""

    said: ConsentStatement
    data: ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class Age:
    """An age group as somebody recorded it; `at` is the day of the profile."""

    group: AgeGroup | None
    on: date | None


@dataclass(frozen=True, slots=True)
class ConsentHistory:
    """All statements on one person's consent, and the facts on which consent depends."""

    consents: tuple[Consent, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    ages: tuple[Age, ...] = ()
    """In the order of what happened; the last that says an age counts."""
    suspects: frozenset[str] = frozenset()
    """Suspects tied to the person, by all their ids: their word as a guardian opens and closes nothing."""
    referred: tuple[tuple[str, Interval | None], ...] = ()
    """Agencies to which the person was let go, and when: a refusal from before says nothing of these."""

    @property
    def says_age(self) -> bool:
        """Whether an age is known, whichever."""
        return any(each.group not in _NOT_KNOWN for each in self.ages)

    def is_minor(self, on: date) -> bool:
        """Whether the person may be a child on a day: also where nobody knows the age."""
        known = [each for each in self.ages if each.group not in _NOT_KNOWN]
        return not known or _may_be_child(known[-1], on)


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the duty to report: who is told of a child without consent, and for what."""

    to: str
    purposes: frozenset[ConsentPurpose]
    emergency_only: bool = False


def _may_be_child(age: Age, on: date) -> bool:
    if age.group not in _CHILD_UNTIL:
        return False
    day = grown_up_on(age)
    return day is None or on < day


def grown_up_on(age: Age) -> date | None:
    """Give the day from which a recorded child is certainly an adult; None for an adult or without a day."""
    years = None if age.group is None else _CHILD_UNTIL.get(age.group)
    return None if years is None or age.on is None else _years_later(age.on, years)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
