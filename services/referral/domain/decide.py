"""What is decided as an event comes: each decision once, in the order of the log, never made again.

A decision is what the file says after the event and did not say before it: the same log gives the same decisions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas.codebook.referral import MoveRefusal
from schemas.deciding import Entered, facts_of
from schemas.ids import PersonId
from services.referral.domain.attempt import Attempt
from services.referral.domain.deadlines import Waiting, waiting
from services.referral.domain.decision import Assigned, Decision, Ground, Notice, Refused, Told, told_of
from services.referral.domain.file import File, file
from services.referral.domain.policy import Policy
from services.referral.domain.telling import notices, told


@dataclass(slots=True)
class Outcome:
    """What some events lead to; `waiting` and `holders` are the whole of what holds after the last of them."""

    decisions: list[Decision] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    waiting: tuple[Waiting, ...] = ()
    holders: frozenset[str] = frozenset()


def decide(person: PersonId, past: Sequence[Entered], arrived: Sequence[Entered], policy: Policy) -> Outcome:
    """Decide about a person's events one after the other, after those that were decided about before."""
    outcome = Outcome()
    log = facts_of(past)
    seen = {each.event.ref for each in log}
    n = max((each.n for each in past), default=0)
    before = file(person, log, policy)
    for entered in facts_of(arrived):
        n = max(n, entered.n)
        if entered.event.ref in seen:
            continue
        seen.add(entered.event.ref)
        log.append(entered)
        after = file(person, log, policy)
        made = list(_decisions(before, after, entered, n))
        outcome.decisions += made
        outcome.told += [*told(before, after, entered, policy), *(each for one in made for each in told_of(one))]
        outcome.notices += notices(after, entered, policy)
        before = after
    outcome.waiting = waiting(before, policy, n)
    outcome.holders = before.holders()
    return outcome


def _decisions(before: File, after: File, entered: Entered, n: int) -> Iterator[Assigned | Refused]:
    """What holds now and did not before: refusals, then who holds."""
    for each in after.attempts.values():
        was = before.attempts.get(each.id)
        ground = _ground(after, each, entered, n)
        for ref, reason in each.refused.items():
            if was is None or ref not in was.refused:
                yield _refused(after, each, ground, ref, reason)
        if each.holder is not None and (was is None or was.holder != each.holder):
            yield Assigned(ground, _concerned(each, was), each.holder, each.state)


def _ground(after: File, each: Attempt, entered: Entered, n: int) -> Ground:
    case = None if each.asks is None else each.asks.case
    return Ground(after.person, case, each.id, entered.event.ref, n, entered.accepted_at)


def _concerned(each: Attempt, was: Attempt | None) -> tuple[str, ...]:
    """Who held it and who holds it, who sent it and to whom; each once."""
    asks = each.asks
    found = [each.holder, None if was is None else was.holder]
    found += [] if asks is None else [asks.from_agency, asks.to_agency]
    return tuple(dict.fromkeys(agency for agency in found if agency is not None))


def _refused(after: File, each: Attempt, ground: Ground, ref: str, reason: MoveRefusal) -> Refused:
    """Tell whoever made the move."""
    makers = tuple(made.actor for made in after.effect.facts if made.ref == ref)
    return Refused(ground, makers[:1], each.holder, each.state, ref, reason)
