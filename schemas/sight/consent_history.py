"""Data of the consent gate: statements of consent, withdrawals, ages of a person, and the duty to report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.identification import AgeGroup
from schemas.consent_events import ConsentRecorded, ConsentWithdrawn
from schemas.times import Interval

_CHILD_UNTIL: Final = {AgeGroup.CHILD_0_8: 18, AgeGroup.CHILD_9_17: 9}
"""By recorded age group, the years after which the child is certainly an adult."""
_NOT_KNOWN: Final = frozenset({AgeGroup.UNKNOWN, AgeGroup.NOT_ASKED, None})


@dataclass(frozen=True, slots=True)
class ConsentStatement:
    """A statement's references (`names`), agency (`by`), time (`at`) and number (`n`); None if order does not count."""

    names: frozenset[str]
    by: str
    at: Interval | None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent or a refusal in force."""

    said: ConsentStatement
    data: ConsentRecorded


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal of consent."""

    said: ConsentStatement
    data: ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class Age:
    """An age group as an agency recorded it. `on`: the last possible day of the profile; None if its time is unknown.

    A later day means that a child counts as a child for longer.
    """

    group: AgeGroup | None
    on: date | None
    first: date | None = None
    """First possible day of the profile; None if it is `on`."""

    @classmethod
    def stated(cls, group: AgeGroup | None, at: Interval | None) -> "Age":
        """Return an age group that was recorded at a time."""
        return cls(group, None, None) if at is None else cls(group, at.last_day, at.first_day)


@dataclass(frozen=True, slots=True)
class ConsentHistory:
    """All statements on one person's consent, and the facts on which consent depends."""

    consents: tuple[Consent, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    ages: tuple[Age, ...] = ()
    """In the order in which they happened. The last known one counts, and each that is not surely of an earlier day."""
    suspects: frozenset[str] = frozenset()
    """Suspects tied to the person, with all their ids: a statement of one as guardian does not count."""
    referred: tuple[tuple[str, Interval | None], ...] = ()
    """(agency, time) of each referral of the person that had effect: earlier refusals do not close it."""

    @property
    def says_age(self) -> bool:
        """Whether any age group is known."""
        return any(each.group not in _NOT_KNOWN for each in self.ages)

    def is_minor(self, on: date) -> bool:
        """Whether the person may be a child on a day; True if no age is known."""
        known = [each for each in self.ages if each.group not in _NOT_KNOWN]
        return not known or _is_child_by_last(known, on)

    def was_minor(self, on: date | None) -> bool:
        """Whether the person was a child on an earlier day, or may have been, by the ages that are known now.

        The last age recorded by that day counts, and each that is not surely earlier. If none was recorded by then,
        the last of all count: an age that became known later held before, too. Without a day any recorded childhood
        counts.
        """
        known = [each for each in self.ages if each.group not in _NOT_KNOWN]
        if on is None:
            return not known or any(each.group in _CHILD_UNTIL for each in known)
        by_then = [each for each in known if each.on is None or each.on <= on]
        said = by_then or known
        return not said or _is_child_by_last(said, on)


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the duty to report: the agency (`to`) that is told of a child without consent, and the purposes."""

    to: str
    purposes: frozenset[ConsentPurpose]
    emergency_only: bool = False


def _is_child_by_last(known: Sequence[Age], on: date) -> bool:
    """Whether the last age, or one that is not surely from an earlier day, says that the person may be a child.

    So an adult's age settles nothing that contradicts a child's age of the same day. Nor does one without a day.
    """
    last = known[-1]
    since = last.first or last.on
    return any(
        _may_be_child(each, on)
        for each in known
        if each is last or since is None or (each.on is not None and each.on >= since)
    )


def _may_be_child(age: Age, on: date) -> bool:
    if age.group not in _CHILD_UNTIL:
        return False
    day = grown_up_on(age)
    return day is None or on < day


def grown_up_on(age: Age) -> date | None:
    """Return the first day on which a person recorded as a child is certainly an adult.

    None if the recorded age group is not a child's, or if the day of the record is unknown.
    """
    years = None if age.group is None else _CHILD_UNTIL.get(age.group)
    return None if years is None or age.on is None else _years_later(age.on, years)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
