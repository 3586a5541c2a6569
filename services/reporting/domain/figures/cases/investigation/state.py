"""A case's state as an investigation: its openings, and the steps that the police published since."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.case import CaseClosedV1, CaseReopenedV1
from schemas.codebook.case import InvestigationOutcome
from schemas.codebook.courts import AppealOutcome
from schemas.codebook.justice import DECIDED_BY_COURT
from schemas.identification import PersonDeceasedRecordedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.courts import CourtCommittedV1, IndictmentFiledV1, TrialStartedV1
from schemas.justice.investigation import (
    InvestigationClosedV1,
    InvestigationOpenedV1,
    InvestigationStatusChangedV1,
)
from schemas.justice.sentences import AppealDecidedV1
from schemas.times import Interval, days_of
from services.reporting.domain.declaration.figure import ALWAYS, Days
from services.reporting.domain.declaration.part import Fold, code, codes, told_by, values
from services.reporting.domain.declaration.timeline import during, turns

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

    A field is None where the event says nothing of it. `by_court`: a court decided the last open charge, or a charge is
    open again.
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
            ((step.since, step.outcome) for step in self.steps if step.outcome is not None), before=(ALWAYS, _OPEN)
        )
        police = (step for step in self.steps if not step.by_court)
        over = turns(((step.since, step.outcome is None) for step in police), before=(ALWAYS, False))
        return [
            (days, None if ended and outcome == _OPEN else outcome)
            for held, outcome in said
            for days, ended in (during(held, over) if outcome == _OPEN else ((held, False),))
        ]

    def described(self) -> InvestigationOpening:
        """Give the first opening, with the latest district, offence and exploitation of any opening.

        A case is one at any instant, however many openings it has, so that the rows of a stock add up to its cases.
        """
        last = {name: said for each in self.openings for name, said in each.stated()}
        dated = [each.opened for each in self.openings if each.opened is not None]
        return replace(self.openings[0], opened=min(dated, key=lambda each: each.start, default=None), **last)

    def spells(self, going: Callable[[CaseStep], bool | None]) -> Iterator["CaseSpell"]:
        """Each opening, and each step that takes the case up again, to the next step that ends it."""
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


def investigation_opened(case: str, investigation: Investigation, event: InvestigationOpenedV1) -> Investigation:
    """The investigation with one more opening; one that is not the first thing told of the case takes it up again."""
    data = event.data
    if data.case != case:
        return investigation
    over = data.offence_to or data.offence_from
    opening = InvestigationOpening(
        event.occurred,
        code(data.suspected_offence),
        codes(data.exploitation),
        code(data.district),
        None if over is None else days_of(over),
    )
    again = (CaseStep(event.occurred, outcome=_OPEN),) if investigation.openings or investigation.steps else ()
    return replace(investigation, openings=(*investigation.openings, opening), steps=(*investigation.steps, *again))


def _step(investigation: Investigation, step: CaseStep) -> Investigation:
    return replace(investigation, steps=(*investigation.steps, step))


def status_changed(case: str, investigation: Investigation, event: InvestigationStatusChangedV1) -> Investigation:
    """Add a published outcome to the investigation."""
    if event.data.case != case:
        return investigation
    outcome = event.data.outcome
    going = outcome not in CLOSING
    # A charge does not take up an investigation that was closed with it.
    investigated = None if going and outcome is not InvestigationOutcome.OPEN else going
    return _step(investigation, CaseStep(event.occurred, str(outcome), investigated=investigated, active=going))


def investigation_closed(case: str, investigation: Investigation, event: InvestigationClosedV1) -> Investigation:
    """The investigation, closed; before the court the case is still active."""
    outcome = event.data.outcome
    if event.data.case != case:
        return investigation
    before_court = outcome is not None and outcome not in CLOSING
    return _step(investigation, CaseStep(event.occurred, code(outcome), investigated=False, active=before_court))


def of_police(event: CaseClosedV1 | CaseReopenedV1) -> bool:
    """Whether the police close or reopen the case. Human Services close only their own file; the case goes on."""
    return told_by(event, _POLICE)


def verdict_returned(case: str, investigation: Investigation, event: VerdictReturnedV1) -> Investigation:
    """The investigation whose case a court has decided on, as far as one charge goes; any verdict ends the charge."""
    data = event.data
    if data.case != case:
        return investigation
    after = _charges(investigation, event.occurred, [(data.person, data.charge)], waits=False)
    return replace(after, verdicts=(*after.verdicts, event.occurred)) if data.outcome in DECIDED_BY_COURT else after


def charge_filed(case: str, investigation: Investigation, event: ChargeFiledV1 | ChargeAmendedV1) -> Investigation:
    """The investigation with a charge, which waits for its end unless it had one already."""
    data = event.data
    if data.case != case or (data.person, data.charge) in investigation.charges:
        return investigation
    return _charges(investigation, event.occurred, [(data.person, data.charge)], waits=True)


def charge_withdrawn(case: str, investigation: Investigation, event: ChargeWithdrawnV1) -> Investigation:
    """The investigation with a charge that was given up."""
    data = event.data
    if data.case != case:
        return investigation
    return _charges(investigation, event.occurred, [(data.person, data.charge)], waits=False)


def charges_before_court(
    case: str, investigation: Investigation, event: CourtCommittedV1 | IndictmentFiledV1 | TrialStartedV1
) -> Investigation:
    """The investigation with the charges that a court has before it, also those of whose filing nobody told."""
    data = event.data
    if data.case != case:
        return investigation
    new = [each for charge in data.charges if (each := (data.person, charge)) not in investigation.charges]
    return _charges(investigation, event.occurred, new, waits=True)


def appeal_decided(case: str, investigation: Investigation, event: AppealDecidedV1) -> Investigation:
    """The investigation whose charges must be tried again; no other outcome of an appeal opens one."""
    data = event.data
    if data.case != case or data.outcome is not AppealOutcome.RETRIAL_ORDERED:
        return investigation
    return _charges(investigation, event.occurred, [(data.person, each) for each in data.charges], waits=True)


def deceased(case: str, investigation: Investigation, event: PersonDeceasedRecordedV1) -> Investigation:
    """The investigation after the death of somebody: what they are accused of abates."""
    theirs = [each for each in investigation.charges if each[0] == event.data.person]
    return _charges(investigation, event.occurred, theirs, waits=False) if case in event.data.cases else investigation


def _charges(
    investigation: Investigation, when: Interval | None, charges: Iterable[tuple[str, str]], *, waits: bool
) -> Investigation:
    """The investigation with some charges that wait, or no longer do.

    The last that no longer does ends the case; each that begins to wait makes it active, whoever had closed it.
    """
    before = investigation.charges
    after = {**before, **dict.fromkeys(charges, waits)}
    if after == before:
        return investigation
    changed = replace(investigation, charges=after)
    turned = waits or _over(before) is not _over(after)
    return _step(changed, CaseStep(when, active=waits, by_court=True)) if turned else changed


def _over(charges: Mapping[tuple[str, str], bool]) -> bool:
    """Whether there were charges, and none of them waits any more."""
    return bool(charges) and not any(charges.values())


def case_closed(case: str, investigation: Investigation, event: CaseClosedV1) -> Investigation:
    """The case, closed by the police."""
    if event.data.case != case or not of_police(event):
        return investigation
    return _step(investigation, CaseStep(event.occurred, investigated=False, active=False))


def case_reopened(case: str, investigation: Investigation, event: CaseReopenedV1) -> Investigation:
    """The case, taken up again by the police."""
    if event.data.case != case or not of_police(event):
        return investigation
    return _step(investigation, CaseStep(event.occurred, outcome=_OPEN, investigated=True, active=True))


FOLDS: Final[Mapping[str, Fold[Investigation]]] = {
    "bz.atips.investigation.opened.v1": investigation_opened,
    "bz.atips.investigation.status_changed.v1": status_changed,
    "bz.atips.investigation.closed.v1": investigation_closed,
    "bz.atips.case.closed.v1": case_closed,
    "bz.atips.case.reopened.v1": case_reopened,
    "bz.atips.charge.filed.v1": charge_filed,
    "bz.atips.charge.amended.v1": charge_filed,
    "bz.atips.charge.withdrawn.v1": charge_withdrawn,
    "bz.atips.court.committed.v1": charges_before_court,
    "bz.atips.indictment.filed.v1": charges_before_court,
    "bz.atips.trial.started.v1": charges_before_court,
    "bz.atips.verdict.returned.v1": verdict_returned,
    "bz.atips.appeal.decided.v1": appeal_decided,
    "bz.atips.person.deceased_recorded.v1": deceased,
}
