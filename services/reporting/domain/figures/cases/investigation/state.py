"""A case's state as an investigation: its openings, and the steps that the police published since."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.case import InvestigationOutcome
from schemas.times import Interval
from services.reporting.domain.declaration.figure import ALWAYS, Days
from services.reporting.domain.declaration.part import values
from services.reporting.domain.declaration.value_periods import during, turns

OPEN: Final = str(InvestigationOutcome.OPEN)

CLOSING: Final = frozenset(
    {
        InvestigationOutcome.CLOSED_UNFOUNDED,
        InvestigationOutcome.CLOSED_INSUFFICIENT_EVIDENCE,
        InvestigationOutcome.CLOSED_OTHER_OFFENCE,
        InvestigationOutcome.TRANSFERRED,
        InvestigationOutcome.VICTIM_DECLINED,
    }
)
"""Outcomes after which nothing more is to come; what is charged or referred goes on."""


class InvestigationOpening(Struct, frozen=True):
    """An investigation opened into a case. `offence`: the day on which the offence was over, where it is told."""

    opened: Interval | None
    suspected_offence: str | None
    exploitation: tuple[str, ...]
    district: str | None
    offence: Interval | None = None

    def stated(self) -> Iterator[tuple[str, object]]:
        """Yield each field that the opening states, with its value."""
        every = ("suspected_offence", self.suspected_offence), ("exploitation", self.exploitation)
        return ((name, said) for name, said in (*every, ("district", self.district)) if said)

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Give the dimensions of the opening."""
        return {
            "district": values(self.district),
            "suspected_offence": values(self.suspected_offence),
            "exploitation": self.exploitation,
        }


class CaseStep(Struct, frozen=True):
    """A step of a case that the police published: outcome, under investigation, active.

    A field is None where the event says nothing of it. `by_court`: the last open charge came to its end, or a charge is
    open anew.
    """

    since: Interval | None
    outcome: str | None = None
    investigated: bool | None = None
    active: bool | None = None
    by_court: bool = False


class Investigation(Struct, frozen=True):
    """Openings, steps and the verdicts of courts, each in the order in which they happened.

    `charges`: those of the case, by who is accused of which, and whether each still waits for its end.
    """

    openings: tuple[InvestigationOpening, ...] = ()
    steps: tuple[CaseStep, ...] = ()
    verdicts: tuple[Interval | None, ...] = ()
    charges: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    def outcomes(self) -> list[tuple[Days, str | None]]:
        """The outcome in turn: open until the police say otherwise; None where they closed it without one.

        What was said before stands when the case is closed, and is open again when it is taken up again.
        """
        said = turns(
            ((step.since, step.outcome) for step in self.steps if step.outcome is not None), before=(ALWAYS, OPEN)
        )
        police = (step for step in self.steps if not step.by_court)
        over = turns(((step.since, step.outcome is None) for step in police), before=(ALWAYS, False))
        return [
            (days, None if ended and outcome == OPEN else outcome)
            for held, outcome in said
            for days, ended in (during(held, over) if outcome == OPEN else ((held, False),))
        ]

    def described(self) -> InvestigationOpening:
        """Give the first opening, with the latest district, offence and exploitation of any opening.

        A case is one at any instant, however many openings it has, so that the rows of a stock add up to its cases.
        """
        last = {name: said for each in self.openings for name, said in each.stated()}
        dated = [each.opened for each in self.openings if each.opened is not None]
        return replace(self.openings[0], opened=min(dated, key=lambda each: each.start, default=None), **last)

    def spells(self, going: Callable[[CaseStep], bool | None]) -> Iterator["CaseSpell"]:
        """Give each span from an opening, or a step that takes the case up again, to the next step that ends it."""
        if not self.openings:
            return
        ended = [step.since for step in self.steps if going(step) is False]
        for opening in self.openings:
            if opening.opened is None or None in ended:
                yield CaseSpell(opening, None)
            else:
                yield CaseSpell(opening, opening.opened, _next(ended, opening.opened))
        for position, step in enumerate(self.steps):
            if going(step) and step.since is not None:
                later = [each.since for each in self.steps[position:] if going(each) is False]
                yield CaseSpell(self._before(step.since), step.since, _next(later, step.since))

    def _before(self, since: Interval) -> InvestigationOpening:
        """The opening that a step goes on from."""
        before = [each for each in self.openings if each.opened is None or each.opened.start <= since.start]
        return (before or self.openings)[-1]


class CaseSpell(Struct, frozen=True):
    """A span in which a case goes on. Without a beginning, nobody knows when the span began."""

    opening: InvestigationOpening
    begins: Interval | None
    ends: Interval | None = None


def _next(ends: Sequence[Interval | None], since: Interval) -> Interval | None:
    """Give the first end that may lie on the day of the beginning or after it."""
    after = (each for each in ends if each is not None and each.last_day >= since.first_day)
    return min(after, key=lambda each: each.last_day, default=None)
