"""Folds of the events about a case's investigation. A fold returns the state unchanged for an event of another case."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from schemas.case_events import CaseClosedV1, CaseReopenedV1
from schemas.codebook.case import InvestigationOutcome
from schemas.codebook.courts import AppealOutcome
from schemas.codebook.justice import DECIDED_BY_COURT
from schemas.identification import PersonDeceasedRecordedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.hearings_and_trials import CourtCommittedV1, IndictmentFiledV1, TrialStartedV1
from schemas.justice.investigation import (
    InvestigationClosedV1,
    InvestigationOpenedV1,
    InvestigationStatusChangedV1,
)
from schemas.justice.sentences_and_appeals import AppealDecidedV1
from schemas.times import Interval, days_of
from services.reporting.domain.declaration.entity_state_part import Fold, code, codes, is_statement_of, with_entry
from services.reporting.domain.facts.charges_filed_again import is_filed_again, with_end
from services.reporting.domain.facts.verdicts_of_owner import verdict_by_witness
from services.reporting.domain.figures.cases.investigation.state import (
    CLOSING,
    OPEN,
    CaseStep,
    ChargeChange,
    ChargeOfPerson,
    Investigation,
    InvestigationOpening,
)

_POLICE: Final = "bpd"


def investigation_opened(case: str, investigation: Investigation, event: InvestigationOpenedV1) -> Investigation:
    """Return the investigation with one more opening; unchanged if the event is of another case.

    If an opening or a step is known already, the opening also reopens the case (outcome OPEN).
    """
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
    again = (
        (CaseStep(event.occurred, outcome=OPEN, opening=True),) if investigation.openings or investigation.steps else ()
    )
    return replace(investigation, openings=(*investigation.openings, opening), steps=(*investigation.steps, *again))


def _step(investigation: Investigation, step: CaseStep) -> Investigation:
    return replace(investigation, steps=(*investigation.steps, step))


def status_changed(case: str, investigation: Investigation, event: InvestigationStatusChangedV1) -> Investigation:
    """Return the investigation with a published outcome added; unchanged if the event is of another case."""
    if event.data.case != case:
        return investigation
    outcome = event.data.outcome
    going = outcome not in CLOSING
    # A charge does not reopen an investigation that was closed with it.
    investigated = None if going and outcome is not InvestigationOutcome.OPEN else going
    return _step(investigation, CaseStep(event.occurred, str(outcome), investigated=investigated, active=going))


def investigation_closed(case: str, investigation: Investigation, event: InvestigationClosedV1) -> Investigation:
    """Return the investigation with a closing added; unchanged if the event is of another case.

    The case stays active if the closing states a charge or a referral.
    """
    outcome = event.data.outcome
    if event.data.case != case:
        return investigation
    before_court = outcome is not None and outcome not in CLOSING
    return _step(investigation, CaseStep(event.occurred, code(outcome), investigated=False, active=before_court))


def of_police(event: CaseClosedV1 | CaseReopenedV1) -> bool:
    """Whether the police published the closing or reopening. Other agencies close and reopen only their own file."""
    return is_statement_of(event, _POLICE)


def verdict_returned(case: str, investigation: Investigation, event: VerdictReturnedV1) -> Investigation:
    """Return the investigation with the charge of a verdict ended; unchanged if the event is of another case.

    It is also unchanged if the police tell a verdict that the prosecution has told. The prosecution's takes the place
    of the one that the police told.
    """
    data = event.data
    if data.case != case:
        return investigation
    charge, by_witness = (data.person, data.charge), verdict_by_witness(event)
    told = [each for each in _since_it_waits(investigation, charge) if each.verdict]
    if by_witness and not all(each.by_witness for each in told):
        return investigation
    if not by_witness and (others := [each for each in told if each.by_witness]):
        investigation = _without(investigation, others)
    change = ChargeChange(
        event.occurred,
        (charge,),
        waits=False,
        verdict=True,
        by_court=data.outcome in DECIDED_BY_COURT,
        by_witness=by_witness,
    )
    return _changed(_ended(investigation, event), change)


def _since_it_waits(investigation: Investigation, charge: ChargeOfPerson) -> list[ChargeChange]:
    """Return the changes of a charge since it last began to wait again."""
    changes = [each for each in investigation.changes if charge in each.charges]
    began = [number for number, each in enumerate(changes) if each.waits and not each.if_new]
    return changes[began[-1] :] if began else changes


def _without(investigation: Investigation, others: Collection[ChargeChange]) -> Investigation:
    """Return the investigation as if some changes of charges had not been told."""
    police = _police_steps(investigation)
    found = replace(investigation, steps=(), changes=(), charges={})
    for change in investigation.changes:
        if not any(change is other for other in others):
            before = len(_police_steps(found))
            found = replace(found, steps=(*found.steps, *police[before : change.police_steps]))
            found = _changed(found, change)
    return replace(found, steps=(*found.steps, *police[len(_police_steps(found)) :]))


def _police_steps(investigation: Investigation) -> list[CaseStep]:
    return [step for step in investigation.steps if not step.by_court]


def charge_filed(case: str, investigation: Investigation, event: ChargeFiledV1 | ChargeAmendedV1) -> Investigation:
    """Return the investigation with a charge added, which waits for its end.

    The investigation is unchanged if the charge is known already, unless it is filed again after its end. It is
    unchanged if the event is of another case.
    """
    data = event.data
    if data.case != case:
        return investigation
    again = isinstance(event, ChargeFiledV1) and is_filed_again(investigation.ended.get(data.person, {}), event)
    return _charges(investigation, event.occurred, [(data.person, data.charge)], waits=True, if_new=not again)


def charge_withdrawn(case: str, investigation: Investigation, event: ChargeWithdrawnV1) -> Investigation:
    """Return the investigation with a withdrawn charge ended; unchanged if the event is of another case."""
    data = event.data
    if data.case != case:
        return investigation
    return _charges(_ended(investigation, event), event.occurred, [(data.person, data.charge)], waits=False)


def _ended(investigation: Investigation, event: ChargeWithdrawnV1 | VerdictReturnedV1) -> Investigation:
    """Return the investigation with the time at which a charge ended, if it may be filed again."""
    person = event.data.person
    ended = with_end(investigation.ended.get(person, {}), event)
    return replace(investigation, ended=with_entry(investigation.ended, person, ended))


def charges_before_court(
    case: str, investigation: Investigation, event: CourtCommittedV1 | IndictmentFiledV1 | TrialStartedV1
) -> Investigation:
    """Return the investigation with the charges added that came before a court and whose filing is not known.

    These charges wait for their end. The investigation is unchanged if the event is of another case.
    """
    data = event.data
    if data.case != case:
        return investigation
    charges = [(data.person, charge) for charge in data.charges]
    return _charges(investigation, event.occurred, charges, waits=True, if_new=True)


def appeal_decided(case: str, investigation: Investigation, event: AppealDecidedV1) -> Investigation:
    """Return the investigation with the charges of an appeal waiting again, if a retrial was ordered.

    Otherwise, or if the event is of another case, the investigation is unchanged.
    """
    data = event.data
    if data.case != case or data.outcome is not AppealOutcome.RETRIAL_ORDERED:
        return investigation
    return _charges(investigation, event.occurred, [(data.person, each) for each in data.charges], waits=True)


def deceased(case: str, investigation: Investigation, event: PersonDeceasedRecordedV1) -> Investigation:
    """Return the investigation with all charges against a person who died ended.

    The investigation is unchanged if the event does not name the case.
    """
    theirs = [each for each in investigation.charges if each[0] == event.data.person]
    return _charges(investigation, event.occurred, theirs, waits=False) if case in event.data.cases else investigation


def _charges(
    investigation: Investigation,
    when: Interval | None,
    charges: Iterable[ChargeOfPerson],
    *,
    waits: bool,
    if_new: bool = False,
) -> Investigation:
    """Return the investigation with some charges set to wait for their end, or (`waits` False) to have ended."""
    changed = tuple(charges)
    return _changed(investigation, ChargeChange(when, changed, waits, if_new)) if changed else investigation


def _changed(investigation: Investigation, change: ChargeChange) -> Investigation:
    """Return the investigation with one more change of charges.

    The end of the last waiting charge adds a step that ends the case. A charge that begins to wait adds a step that
    makes the case active, whichever agency closed it before.
    """
    before, waits = investigation.charges, change.waits
    after = {**before, **{each: waits for each in change.charges if not (change.if_new and each in before)}}
    change = replace(change, police_steps=len(_police_steps(investigation)))
    changed = replace(investigation, charges=after, changes=(*investigation.changes, change))
    if after == before or not (waits or _over(before) is not _over(after)):
        return changed
    return _step(changed, CaseStep(change.since, active=waits, by_court=True))


def _over(charges: Mapping[ChargeOfPerson, bool]) -> bool:
    """Whether there are charges and all have ended."""
    return bool(charges) and not any(charges.values())


def case_closed(case: str, investigation: Investigation, event: CaseClosedV1) -> Investigation:
    """Return the investigation with a closing of the case by the police added.

    The investigation is unchanged if another agency closed its file, or if the event is of another case.
    """
    if event.data.case != case or not of_police(event):
        return investigation
    return _step(investigation, CaseStep(event.occurred, investigated=False, active=False))


def case_reopened(case: str, investigation: Investigation, event: CaseReopenedV1) -> Investigation:
    """Return the investigation with a reopening of the case by the police added.

    The investigation is unchanged if another agency reopened its file, or if the event is of another case.
    """
    if event.data.case != case or not of_police(event):
        return investigation
    return _step(investigation, CaseStep(event.occurred, outcome=OPEN, investigated=True, active=True))


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
