"""What is known of a case as an investigation: its openings, and the steps that the police told since."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.case import CaseClosedV1, CaseReopenedV1
from schemas.codebook.case import InvestigationOutcome
from schemas.codebook.justice import DECIDED_BY_COURT
from schemas.justice.charges import VerdictReturnedV1
from schemas.justice.investigation import (
    InvestigationClosedV1,
    InvestigationOpenedV1,
    InvestigationStatusChangedV1,
)
from schemas.times import Interval
from services.reporting.domain.figure import ALWAYS, Days
from services.reporting.domain.part import code, codes, told_by, values
from services.reporting.domain.turns import during, turns

_POLICE: Final = "bpd"
_OPEN: Final = str(InvestigationOutcome.OPEN)

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


class Opening(Struct, frozen=True):
    """An investigation opened into a case."""

    opened: Interval | None
    suspected_offence: str | None
    exploitation: tuple[str, ...]
    district: str | None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """What was said at the opening, as dimensions."""
        return {
            "district": values(self.district),
            "suspected_offence": values(self.suspected_offence),
            "exploitation": self.exploitation,
        }


class Step(Struct, frozen=True):
    """What the police said of the course of a case: its outcome, whether they investigate, whether it is active.

    None where it says nothing of that.
    """

    since: Interval | None
    outcome: str | None = None
    investigated: bool | None = None
    active: bool | None = None


class Investigation(Struct, frozen=True):
    """Openings, steps and the verdicts of courts, each in the order in which they happened."""

    openings: tuple[Opening, ...] = ()
    steps: tuple[Step, ...] = ()
    verdicts: tuple[Interval | None, ...] = ()

    def outcomes(self) -> list[tuple[Days, str | None]]:
        """The outcome in turn: open until the police say otherwise; None where they closed it without one.

        What was said before stands when the case is closed, and is open again when it is taken up again.
        """
        said = turns(
            ((step.since, step.outcome) for step in self.steps if step.outcome is not None), before=(ALWAYS, _OPEN)
        )
        over = turns(((step.since, step.outcome is None) for step in self.steps), before=(ALWAYS, False))
        return [
            (days, None if ended and outcome == _OPEN else outcome)
            for held, outcome in said
            for days, ended in (during(held, over) if outcome == _OPEN else ((held, False),))
        ]

    def spells(self, going: Callable[[Step], bool | None]) -> Iterator["Spell"]:
        """Each opening, and each step that takes the case up again, to the next step that ends it."""
        if not self.openings:
            return
        ended = [step.since for step in self.steps if going(step) is False]
        for opening in self.openings:
            if opening.opened is None or None in ended:
                yield Spell(opening, None)
            else:
                yield Spell(opening, opening.opened, _next(ended, opening.opened))
        for position, step in enumerate(self.steps):
            if going(step) and step.since is not None:
                later = [each.since for each in self.steps[position:] if going(each) is False]
                yield Spell(self._before(step.since), step.since, _next(later, step.since))

    def _before(self, since: Interval) -> Opening:
        """The opening that a step goes on from."""
        before = [each for each in self.openings if each.opened is None or each.opened.start <= since.start]
        return (before or self.openings)[-1]


class Spell(Struct, frozen=True):
    """From when to when a case goes on; a spell without a beginning lies nobody knows when."""

    opening: Opening
    begins: Interval | None
    ends: Interval | None = None


def _next(ends: Sequence[Interval | None], since: Interval) -> Interval | None:
    """The first end that may lie on the day of the beginning or after it."""
    after = (each for each in ends if each is not None and each.last_day >= since.first_day)
    return min(after, key=lambda each: each.last_day, default=None)


def investigation_opened(case: str, investigation: Investigation, event: InvestigationOpenedV1) -> Investigation:
    """The investigation with one more opening; one that is not the first thing told of the case takes it up again."""
    data = event.data
    if data.case != case:
        return investigation
    opening = Opening(event.occurred, code(data.suspected_offence), codes(data.exploitation), code(data.district))
    again = (Step(event.occurred, outcome=_OPEN),) if investigation.openings or investigation.steps else ()
    return replace(investigation, openings=(*investigation.openings, opening), steps=(*investigation.steps, *again))


def _step(investigation: Investigation, step: Step) -> Investigation:
    return replace(investigation, steps=(*investigation.steps, step))


def status_changed(case: str, investigation: Investigation, event: InvestigationStatusChangedV1) -> Investigation:
    """The investigation with its new outcome."""
    if event.data.case != case:
        return investigation
    outcome = event.data.outcome
    going = outcome not in CLOSING
    # A charge does not take up an investigation that was closed with it.
    investigated = None if going and outcome is not InvestigationOutcome.OPEN else going
    return _step(investigation, Step(event.occurred, str(outcome), investigated=investigated, active=going))


def investigation_closed(case: str, investigation: Investigation, event: InvestigationClosedV1) -> Investigation:
    """The investigation, closed; before the court the case is still active."""
    outcome = event.data.outcome
    if event.data.case != case:
        return investigation
    before_court = outcome is not None and outcome not in CLOSING
    return _step(investigation, Step(event.occurred, code(outcome), investigated=False, active=before_court))


def of_police(event: CaseClosedV1 | CaseReopenedV1) -> bool:
    """Whether it is the police who close or reopen: human services close their own file, and the case goes on."""
    return told_by(event, _POLICE)


def verdict_returned(case: str, investigation: Investigation, event: VerdictReturnedV1) -> Investigation:
    """The investigation whose case a court has decided on, as far as one charge goes."""
    if event.data.case != case or event.data.outcome not in DECIDED_BY_COURT:
        return investigation
    return replace(investigation, verdicts=(*investigation.verdicts, event.occurred))


def case_closed(case: str, investigation: Investigation, event: CaseClosedV1) -> Investigation:
    """The case, closed by the police."""
    if event.data.case != case or not of_police(event):
        return investigation
    return _step(investigation, Step(event.occurred, investigated=False, active=False))


def case_reopened(case: str, investigation: Investigation, event: CaseReopenedV1) -> Investigation:
    """The case, taken up again by the police."""
    if event.data.case != case or not of_police(event):
        return investigation
    return _step(investigation, Step(event.occurred, outcome=_OPEN, investigated=True, active=True))
