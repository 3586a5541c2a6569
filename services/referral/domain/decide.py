"""Decisions after each event of a person's log. Each is made once, in the order of the log.

A decision follows from the difference of the person's file before and after an event. So one log gives one result.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from schemas.codebook.governance import FindingClosure
from schemas.codebook.referral import MoveRefusal
from schemas.fields import MAX_RELATED
from schemas.governance.findings import FindingRuledV1
from schemas.ids import PersonId
from schemas.referral.move_fields import Move
from schemas.service_decisions import Entered, Outgoing, facts_of
from schemas.sight.sight_table import NEVER_SHUT_OUT
from services.referral.domain.agencies_excluded_by_consent import (
    NOBODY,
    excluded_agencies_by_case,
    withdrawals_that_wait,
)
from services.referral.domain.case_restrictions import collect_restrictions
from services.referral.domain.danger_sight import DangerSight, danger_sight, exclusions_by_case
from services.referral.domain.dangers_to_victims import Danger, open_dangers
from services.referral.domain.decision import (
    AcceptedAfterEnd,
    AgencyMessage,
    Assigned,
    DangerFound,
    DangerPast,
    FindingDecision,
    MoveFound,
    MoveMissing,
    MoveRefused,
    Notice,
    ReferralDecision,
    ReferralDecisionGround,
    ReferralGround,
    SightChanged,
    messages_of_decision,
)
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.message_recipients import waits_with_recipients
from services.referral.domain.messages import messages_of_event, suspect_notices
from services.referral.domain.move_table import BEGIN_CARE, MOVES, OPEN
from services.referral.domain.pending_action import PendingAction, WaitKind
from services.referral.domain.person_file import PersonFile, fold_person_file
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt
from services.referral.domain.referral_gate import (
    CaseTrackerRestrictions,
    Gates,
    cases_in,
    collect_published_decisions,
)
from services.referral.domain.shown_referral_status import ReferralStanding, standings

_NOTHING_TRACKED: Final = CaseTrackerRestrictions()


@dataclass(frozen=True, slots=True)
class EndedWait:
    """A wait that ended or changed at `ended_at`. `began_at`: None if it began before the events of this batch."""

    waited: PendingAction
    began_at: datetime | None
    ended_at: datetime


@dataclass(slots=True)
class PersonOutcome:
    """Outcome of the decisions about a person's new events.

    `waiting`, `holders` and `standings` (the moves in effect of each referral) are those after the last event, with
    those that earlier events caused. `begun` has only waits that one of the new events began: by the wait's key, the
    time at which intake accepted that event. `ended` has waits that ended or changed.
    """

    decisions: list[ReferralDecision] = field(default_factory=list)
    findings: list[FindingDecision] = field(default_factory=list)
    said: list[Outgoing] = field(default_factory=list)
    """Decisions and findings as events to publish. `decide` leaves it empty; the handler fills it."""
    told: list[AgencyMessage] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    waiting: tuple[PendingAction, ...] = ()
    holders: frozenset[str] = frozenset()
    standings: tuple[ReferralStanding, ...] = ()
    sight: Callable[[Sequence[str], datetime], DangerSight] | None = None
    """Returns the agencies that see some records of the person at a time, as of the last event."""
    kept_from: Mapping[tuple[str, str], datetime | None] = field(default_factory=dict)
    """End of each exclusion of an agency from a case, by (case id, agency). None: without end."""
    cases: frozenset[str] = frozenset()
    """Cases that the person's facts name."""
    begun: dict[tuple[WaitKind, str, str], datetime] = field(default_factory=dict)
    ended: list[EndedWait] = field(default_factory=list)

    def note_changed_waits(self, before: Sequence[PendingAction], after: Sequence[PendingAction], at: datetime) -> None:
        """Compare the waits before and after one event that was accepted at `at`; update `ended` and `begun`."""
        was = {each.key: each for each in before}
        now = {each.key: each for each in after}
        for key, each in was.items():
            if key not in now or now[key].shown != each.shown:
                self.ended.append(EndedWait(each, self.begun.pop(key, None), at))
        for key, each in now.items():
            if key not in was or was[key].shown != each.shown:
                self.begun[key] = at


def decide(
    person: PersonId,
    past: Sequence[Entered],
    arrived: Sequence[Entered],
    policy: Policy,
    tracked: CaseTrackerRestrictions = _NOTHING_TRACKED,
) -> PersonOutcome:
    """Decide about `arrived`, a person's new events, one after the other. `past`: events decided about before.

    `tracked`: what the case tracker knows of the cases of new referrals.
    """
    outcome = PersonOutcome()
    log = facts_of(past)
    seen = {each.event.ref for each in log}
    n, now = max((each.n for each in log), default=0), max((each.accepted_at for each in log), default=None)
    gates = Gates(policy, collect_published_decisions((*past, *arrived)), tracked)
    shut = collect_restrictions((*past, *arrived))
    before = fold_person_file(person, log, policy, gates, shut.as_of(n + 1))
    known = collect_restrictions(past).about(before.effect)
    waited = waits_with_recipients(replace(before, kept_out=known), policy, n)
    for entered in arrived:
        if collect_restrictions((entered,)).said:  # waits change with it, and nothing else does until the next fact
            kept_out = shut.as_of(max(n, entered.n) + 1).about(before.effect)
            now_waits = waits_with_recipients(replace(before, kept_out=kept_out), policy, n)
            outcome.note_changed_waits(waited, now_waits, entered.accepted_at)
            waited = now_waits
        if entered.event.ref in seen or not facts_of((entered,)):
            continue
        # A copy that is added by a merge keeps its older number and time. Decisions have the latest number and time:
        # a danger that a merge reveals is new, and no message of it is too old to be sent.
        n, now = max(n, entered.n), entered.accepted_at if now is None else max(now, entered.accepted_at)
        seen.add(entered.event.ref)
        log.append(entered)
        after = fold_person_file(person, log, policy, gates, shut.as_of(n), before=before.effect)
        now_waits = waits_with_recipients(after, policy, n)
        entered = replace(entered, accepted_at=now)  # noqa: PLW2901 - the log has it as it was
        made = list(_decisions(before, after, entered, n))
        outcome.decisions += [*made, *_sight_changed(before, after, entered, n)]
        outcome.findings += [*_findings(before, after, entered, n), *_dangers(before, after, entered, n)]
        tellings = (
            *messages_of_event(before, after, entered, policy),
            *(each for one in made for each in messages_of_decision(one)),
        )
        outcome.told += [each for each in tellings if not after.is_kept_out(each.agency, each.case, each.at)]
        outcome.notices += suspect_notices(before, after, entered, policy)
        outcome.note_changed_waits(waited, now_waits, entered.accepted_at)
        before, waited = after, now_waits
    last = before
    if last.kept_out != shut.about(last.effect):  # restrictions stated since the last event count too
        last = fold_person_file(person, log, policy, gates, shut)
        waited = waits_with_recipients(last, policy, n)
    outcome.waiting = waited
    outcome.holders = last.holders(policy)
    outcome.standings = standings(last, n)
    outcome.kept_from, outcome.cases = exclusions_by_case(last), cases_in(made.content for made in last.effect.facts)
    outcome.sight = partial(danger_sight, last, log)
    return outcome


def _decisions(before: PersonFile, after: PersonFile, entered: Entered, n: int) -> Iterator[Assigned | MoveRefused]:
    """Yield the decisions that are new after an event, by referral: refusals, then its holder or lifted refusals."""
    known = {entered.event.ref, *(made.content.ref for made in before.effect.facts)}
    said = _said(after)
    for referral in {**after.attempts, **before.attempts}:
        nothing = Attempt(referral)
        was, each = before.attempts.get(referral, nothing), after.attempts.get(referral, nothing)
        ground = _ground(after, each, entered, n)
        for ref, reason in each.refused.items():
            if ref not in was.refused:
                yield _refused(after, each, ground, ref, reason)
        yield from _assigned(after, each, was, ground, _standing(said.get(referral, ()), known, each, was))
    for ref, referral in after.refused_changes.items():
        if referral in after.attempts and ref not in before.refused_changes:
            each, maker = after.attempts[referral], ref.partition("/")[0]
            ground = _ground(after, each, entered, n)
            yield MoveRefused(ground, (maker,), each.holder, each.state, ref, MoveRefusal.CONFLICT_OF_INTEREST)


def _said(after: PersonFile) -> Mapping[str, Sequence[str]]:
    """Return the references of all events about each referral, in the order of the log."""
    found: dict[str, list[str]] = defaultdict(list)
    for made in after.effect.facts:
        if isinstance(made.content.data, Move):
            found[made.content.data.referral].append(made.content.ref)
    return found


def _assigned(
    after: PersonFile, each: Attempt, was: Attempt, ground: ReferralDecisionGround, standing: tuple[str, ...]
) -> Iterator[Assigned]:
    """Yield `Assigned` for a new holder, and for moves whose refusal is lifted.

    Also yield it if the referral's case would otherwise not learn that sight of the referral has ended or continues.
    """
    anew = each.holder != was.holder
    asks = each.asks or was.asks
    holder = each.holder or (None if asks is None else asks.to_agency)
    if holder is None or not (anew or standing or _turned(each, was)):
        return
    told = [*(_concerned(each, was) if anew else ()), *_makers(after, each, standing)]
    for at in range(0, max(len(standing), 1), MAX_RELATED):
        named = standing[at : at + MAX_RELATED]
        yield Assigned(ground, tuple(dict.fromkeys(told)), holder, each.state, named)


def _turned(each: Attempt, was: Attempt) -> bool:
    """Whether the referral ended by a move that its case does not receive, or its end was taken back."""
    of = [None if one.asks is None else one.asks.case for one in (each, was)]
    return (each.unheard and (not was.unheard or of[0] != of[1])) or (was.ended_sight and not each.ended_sight)


def _standing(said: Sequence[str], known: Collection[str], each: Attempt, was: Attempt) -> tuple[str, ...]:
    """Return the references of moves whose refusal is lifted, and of moves that were retracted and published again.

    `said`: references of the referral's events. `known`: references of this event and of all facts before it.
    """
    return tuple(ref for ref in said if ref not in each.refused and (ref in was.refused or ref not in known))


def _makers(after: PersonFile, each: Attempt, standing: tuple[str, ...]) -> list[str]:
    """Return the makers of moves that have effect from now on. A move that waits has no effect yet."""
    kept = {move.content.ref for move in each.kept}
    ours = set(standing) - kept if each.state is not None else frozenset()
    return [made.actor for made in after.effect.facts if made.content.ref in ours]


def _ground(after: PersonFile, each: Attempt, entered: Entered, n: int) -> ReferralDecisionGround:
    case = None if each.asks is None else each.asks.case
    return ReferralDecisionGround(after.person, case, entered.event.ref, n, entered.accepted_at, each.id)


def _sight_changed(before: PersonFile, after: PersonFile, entered: Entered, n: int) -> Iterator[SightChanged]:
    """Yield for each case the agencies that consent excludes from it, if they differ from those before the event.

    Also yield them for each withdrawal that a case waits for a decision about; that withdrawal is then the cause.
    """
    was, now = excluded_agencies_by_case(before), excluded_agencies_by_case(after)
    waiting = withdrawals_that_wait(after) - withdrawals_that_wait(before)
    changed = {(case, entered.event.ref) for case in {*was, *now} if now.get(case, NOBODY) != was.get(case, NOBODY)}
    for case, cause in sorted(changed | waiting):
        ground = ReferralGround(after.person, case, cause, n, entered.accepted_at)
        yield SightChanged(ground, *now.get(case, NOBODY))


def _findings(before: PersonFile, after: PersonFile, entered: Entered, n: int) -> Iterator[FindingDecision]:
    """Yield ends of findings of moves that wait no longer, then findings of moves that now wait for a missing one."""
    was, now = _kept(before), _kept(after)
    for ref, each in was.items():
        if ref not in now:
            yield MoveFound(_ground(after, each, entered, n), ref, _closure(entered))
    for ref, each in now.items():
        if ref not in was:
            yield MoveMissing(_ground(after, each, entered, n), ref)


def _dangers(before: PersonFile, after: PersonFile, entered: Entered, n: int) -> Iterator[FindingDecision]:
    """Yield the ends of dangers of the person that are past, then new dangers."""
    was, now = open_dangers(before), open_dangers(after)
    for finding, each in was.items():
        if finding not in now:
            ground = ReferralGround(after.person, each.case, entered.event.ref, n, entered.accepted_at)
            ruled = isinstance(entered.event, FindingRuledV1) and entered.event.data.finding == finding
            reason = FindingClosure.RULED if ruled else _closure(entered)
            yield DangerPast(ground, each, reason, _hearing(after, each, entered))
    for finding, each in now.items():
        if finding not in was:
            ground = ReferralGround(after.person, each.case, entered.event.ref, n, entered.accepted_at)
            yield DangerFound(ground, each, _hearing(after, each, entered))


def _hearing(after: PersonFile, danger: Danger, entered: Entered) -> tuple[str, ...]:
    """Return the agencies to inform of a danger, or of its end, without those that its case keeps out.

    If the case keeps out every agency that should act, those that no case keeps out are informed.
    """
    hear = [agency for agency in danger.told if not after.is_kept_out(agency, danger.case, entered.accepted_at)]
    return tuple(hear or sorted(NEVER_SHUT_OUT))


def _kept(one: PersonFile) -> dict[str, Attempt]:
    return {move.content.ref: each for each in one.attempts.values() for move in each.kept}


def _closure(entered: Entered) -> FindingClosure:
    if entered.event.joins():
        return FindingClosure.MERGED
    return FindingClosure.CORRECTED if entered.event.corrects else FindingClosure.LATER_EVENT


def _concerned(each: Attempt, was: Attempt) -> tuple[str, ...]:
    """Return the present and earlier holder, the sender and the receiver, each once."""
    asks = each.asks
    found = [each.holder, was.holder]
    found += [] if asks is None else [asks.from_agency, asks.to_agency]
    return tuple(dict.fromkeys(agency for agency in found if agency is not None))


def _refused(
    after: PersonFile, each: Attempt, ground: ReferralDecisionGround, ref: str, reason: MoveRefusal
) -> MoveRefused:
    """Return the refusal of a move. It is `unrelated` if its maker was never informed of the referral."""
    moves = [made for made in after.effect.facts if made.content.ref == ref]
    makers = tuple(made.actor for made in moves)
    unrelated = any(each.was_never_informed(maker) for maker in makers)
    late = next((found for made in moves if (found := _accepted_after_end(each, made)) is not None), None)
    return MoveRefused(ground, makers[:1], each.holder, each.state, ref, reason, unrelated, late)


def _accepted_after_end(each: Attempt, made: FactInForce) -> AcceptedAfterEnd | None:
    """Return the sender to inform, and the maker, if a move accepts or starts a referral that is not open any more.

    The maker must be a party of the referral: its receiver, also if it was not passed on, or an agency that knows it.
    """
    asks, rule = each.asks, MOVES.get(made.content.type)
    if asks is None or rule is None or rule.leads_to not in BEGIN_CARE or each.state in OPEN:
        return None
    parties = {asks.to_agency, each.holder, *each.gate.invited, *each.gate.on_call} - {asks.from_agency}
    return AcceptedAfterEnd(asks.from_agency, made.actor) if made.actor in parties else None
