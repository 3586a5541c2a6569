"""Decisions after each event of a case: findings open and close, each once, in the order of the log.

Time alone may open a finding, for example when a hearing's day passes without any event. Such a finding opens at a due
time that follows from the log. A sweep and the next event make equal decisions on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from schemas.codebook.governance import FindingClosure
from schemas.correction_events import EventCorrectedV1, EventRetractedV1
from schemas.envelope import Event
from schemas.governance import finding_of
from schemas.referral.decision_events import Decision as Said
from schemas.service_decisions import Entered, Outgoing, facts_of
from schemas.sight import Restriction
from services.case_tracker.domain.case_facts import Spine, spine
from services.case_tracker.domain.decision_values import (
    CaseDecision,
    CaseRestriction,
    ClosedFinding,
    DecisionGround,
    OpenedFinding,
    RestrictionTold,
    StandingFinding,
)
from services.case_tracker.domain.facts_seen_by_agencies import Projection, projection
from services.case_tracker.domain.restriction_follow_ups import new_restrictions, restrictions_for_council
from services.case_tracker.domain.rules import BY_CODE, CLOSING_RULES, RULES, CaseRule
from services.case_tracker.domain.sight import told_of_danger

_CHANGES: Final = (EventCorrectedV1, EventRetractedV1)
_NOTHING: Final[Mapping[str, int]] = {}


@dataclass(slots=True)
class CaseOutcome:
    """Outcome of the decisions about a case's new events.

    `decisions`: findings that opened or closed. `standing`: all findings after the last event, also those that open at
    a later due time. `restrictions`: agencies that may not know of the case, each with its end. `projection`: the case
    as it is stored for looks, with the facts that each agency sees; None if there was no event.
    """

    decisions: list[CaseDecision] = field(default_factory=list)
    standing: tuple[StandingFinding, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    projection: Projection | None = None
    kept_out: list[CaseRestriction] = field(default_factory=list)
    """Agencies that the case keeps out from now on, by person, for the referral service."""
    told: list[RestrictionTold] = field(default_factory=list)
    said: list[Outgoing] = field(default_factory=list)
    """Decisions and `kept_out` as events to publish. `decide` leaves it empty; the handler fills it."""
    swept: Mapping[str, int] = field(default_factory=dict)
    """Findings of all cases of the batch that a sweep had opened when `decide` was called. The handler fills it."""

    @property
    def seen_by(self) -> Mapping[str, frozenset[str]]:
        """Agencies that see anything of the case, each with the references of the facts that it sees."""
        return {} if self.projection is None else self.projection.seen_by


def decide(
    case: str,
    past: Sequence[Entered],
    arrived: Sequence[Entered],
    swept: Mapping[str, int] = _NOTHING,
    earlier_findings: Sequence[StandingFinding] = (),
) -> CaseOutcome:
    """Decide about `arrived`, a case's new events, one after the other. `past`: events decided about before.

    `swept`: findings that a sweep opened at their due time, each with the number of the last event that the sweep knew.
    An event in `arrived` may close such a finding. `earlier_findings`: open findings of earlier versions.
    """
    log = facts_of(past)
    seen = {each.event.ref for each in log}
    n = max((each.n for each in log), default=0)
    now = max((each.accepted_at for each in log), default=None)
    whole = spine(case, log)
    before = examine_case(whole, n, now)
    decisions: list[CaseDecision] = []
    keeps: list[CaseRestriction] = []
    told: list[RestrictionTold] = []
    for entered in facts_of(arrived):
        if entered.event.ref in seen:
            continue
        seen.add(entered.event.ref)
        log.append(entered)
        # A copy that is added by a merge keeps its older number and time. Decisions have the latest number and time.
        n, until, now = max(n, entered.n), now, entered.accepted_at if now is None else max(now, entered.accepted_at)
        earlier, whole = whole, spine(case, log)
        after = examine_case(whole, n, now)
        ground = DecisionGround(now, entered.event, n)
        keeps += new_restrictions(earlier, until, whole, ground)
        told += restrictions_for_council(entered, whole, ground)
        decisions += _due(before, until, now)
        step = [_with_recipients(each, whole) for each in _step(before, after, ground, swept)]
        decisions += step
        closed = {each.standing.finding for each in step if isinstance(each, ClosedFinding)}
        swept = {finding: known for finding, known in swept.items() if finding not in closed}
        before = after
    if now is None:
        return CaseOutcome()
    ended = _ended(whole, log, earlier_findings, DecisionGround(now, log[-1].event, n))
    decisions += [_with_recipients(each, whole) for each in ended]
    holding = tuple(each for each in whole.restrictions if each.holds(now))
    stored = projection(_alive(case, whole, log, (*past, *arrived)), now)
    return CaseOutcome(decisions, tuple(before.values()), holding, stored, keeps, told)


def project_case(case: str, entered: Sequence[Entered], now: datetime) -> Projection:
    """Decide what each agency sees of a case at the time `now`. `entered`: events decided about before."""
    log = facts_of(entered)
    return projection(_alive(case, spine(case, log), log, entered), now)


def _alive(case: str, whole: Spine, log: Sequence[Entered], entered: Iterable[Entered]) -> Spine:
    """Return the spine for questions of sight: under the case's present id, with the referral service's decisions.

    Rules do not use these decisions. A case under an old id is seen by the agencies that see it under its present id.
    """
    said = [each for each in entered if isinstance(each.event.data, Said)]
    return spine(min(whole.ids), (*log, *said)) if said or case != min(whole.ids) else whole


def examine_case(
    found: Spine, n: int, now: datetime | None = None, rules: Iterable[CaseRule] = RULES
) -> dict[str, StandingFinding]:
    """Apply the rules to a case, and return the findings by id. `n`: number of the last event taken into account.

    `now`: the time at which that event was accepted. Agencies that the case keeps out at that time are not informed of
    a finding, whenever its records became known.
    """
    rulings = {ruled.content.concerns()[0]: ruled for ruled in found.named("finding.ruled")}
    standing: dict[str, StandingFinding] = {}
    for rule in rules:
        for each in rule.judge(found):
            records = tuple(dict.fromkeys(fact.ref for fact in each.facts))
            # A ruling stays valid when the case or the finding was merged with another since.
            named = [finding_of(rule.code, an_id, *records) for an_id in sorted(found.ids)]
            rulings_on = [rulings.get(found.one_with.get(an_id, an_id)) for an_id in named]
            ruled_by = [
                ruled.ref
                for ruled in rulings_on
                if ruled is not None and all(one.known_at <= ruled.known_at for one in each.anew)
            ]
            finding = finding_of(rule.code, found.case, *records)
            known_at = max(fact.known_at for fact in each.facts)
            opens_at = known_at if each.due is None else max(each.due, known_at)
            standing.setdefault(
                finding,
                StandingFinding(
                    finding=finding,
                    case=found.case,
                    code=rule.code,
                    severity=rule.severity,
                    records=records,
                    persons=tuple(dict.fromkeys(each.persons)),
                    opens_at=opens_at,
                    waits=each.due is not None,
                    happened=max((fact.at for fact in each.facts if fact.at), key=lambda at: at.end, default=None),
                    ruled_by=next(iter(ruled_by), None),
                    answered_n=n,
                    told=told_of_danger(found, rule.tells, max(opens_at, now or opens_at)),
                ),
            )
    return standing


def _due(before: Mapping[str, StandingFinding], until: datetime | None, now: datetime) -> Iterator[OpenedFinding]:
    """Yield findings that open because their due time is after `until` (exclusive) and by `now` (inclusive)."""
    for each in before.values():
        if each.waits and each.ruled_by is None and until is not None and until < each.opens_at <= now:
            yield opening_of_finding(each)


def opening_of_finding(standing: StandingFinding) -> OpenedFinding:
    """Return the decision that a waiting finding opens at its due time. One log always gives one decision."""
    return OpenedFinding(standing, standing.opens_at, None)


def _step(
    before: Mapping[str, StandingFinding],
    after: Mapping[str, StandingFinding],
    ground: DecisionGround,
    swept: Mapping[str, int],
) -> Iterator[CaseDecision]:
    """Yield findings that close or open by one event."""
    was = {finding for finding, each in before.items() if each.is_open(ground.now)}
    now = {finding for finding, each in after.items() if each.is_open(ground.now)}
    for finding in before:
        stands = finding in after and after[finding].ruled_by is None
        early = finding in swept and before[finding].answered_n >= swept[finding]
        if finding in was - now or (early and not stands):
            yield ClosedFinding(before[finding], _reason(after.get(finding), ground.event), ground)
    for finding in after:
        if finding in now - was:
            yield OpenedFinding(after[finding], ground.now, ground)


def _with_recipients(decision: CaseDecision, whole: Spine) -> CaseDecision:
    """Return a closing with the agencies that must act on the danger and that the case does not keep out then."""
    if isinstance(decision, OpenedFinding):
        return decision
    return replace(decision, told=told_of_danger(whole, BY_CODE[decision.standing.code].tells, decision.at))


def _ended(
    whole: Spine, log: Sequence[Entered], earlier: Sequence[StandingFinding], ground: DecisionGround
) -> Iterator[ClosedFinding]:
    """Yield findings of earlier versions that no longer hold by the case's log, or on which there is a ruling."""
    if not earlier:
        return
    alive = whole if whole.case == min(whole.ids) else spine(min(whole.ids), log)
    still = {each.records: each for each in examine_case(alive, ground.n, ground.now, CLOSING_RULES).values()}
    for each in earlier:
        found = still.get(each.records)
        if found is None or found.ruled_by is not None:
            yield ClosedFinding(each, _reason(found, ground.event), ground)


def _reason(after: StandingFinding | None, event: Event) -> FindingClosure:
    if after is not None and after.ruled_by is not None:
        return FindingClosure.RULED
    if isinstance(event, _CHANGES):
        return FindingClosure.CORRECTED
    return FindingClosure.MERGED if event.joins() else FindingClosure.LATER_EVENT
