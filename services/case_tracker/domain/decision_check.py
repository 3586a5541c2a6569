"""Comparison of the decisions about a case, made again from the log, with those that were published."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from schemas.envelope import Event
from schemas.governance import FindingClosedV1, FindingOpenedV1
from schemas.referral.decision_events import ConsentSightChangedV1
from schemas.service_decisions import Entered, Outgoing, RejudgedEntity, code_spans, compare_decisions, facts_of
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import decide, examine_case, opening_of_finding
from services.case_tracker.domain.events_and_messages import SOURCE, case_decision_event, sight_change_event
from services.case_tracker.domain.rules import CLOSING_RULES

_ANY_CODE: Final = "0" * 16
_EARLIER: Final = frozenset(rule.code for rule in CLOSING_RULES)


def rejudge_case(case: str, log: Sequence[Entered]) -> RejudgedEntity:
    """Make a case's decisions again from the log, and compare them with the published ones, which the log has, too.

    A sweep may have published a finding that follows from the absence of an event. Such a finding must have been
    waiting at that time. Findings by rules of earlier versions (`CLOSING_RULES`) are not compared.
    """
    ours = [each.event for each in log if _is_ours(each.event, case)]
    earlier = {each.data.finding for each in ours if isinstance(each, FindingOpenedV1) and each.data.code in _EARLIER}
    said = {each.id: each for each in ours if getattr(each.data, "finding", None) not in earlier}
    swept = {each.id: each for each in said.values() if isinstance(each, FindingOpenedV1) and each.causationid is None}
    findings: dict[str, int] = {}
    for each in swept.values():
        known = each.data.answered_n or 0
        findings[each.data.finding] = min(known, findings.get(each.data.finding, known))
    outcome = decide(case, (), log, findings)
    wanted = [case_decision_event(each, _ANY_CODE) for each in outcome.decisions]
    wanted += [sight_change_event(each, _ANY_CODE) for each in outcome.kept_out]
    wanted += _swept(case, log, swept)
    given = {str(each.id): (each.type, each.value) for each in wanted}
    return RejudgedEntity(
        decisions=len(said),
        differing=tuple(compare_decisions(case, given, said)),
        code_spans=code_spans(ours),
    )


def _is_ours(event: Event, case: str) -> bool:
    """Whether this service published the event about this case. After a merge the log has the other id's, too."""
    if event.source == SOURCE and isinstance(event, ConsentSightChangedV1):
        return event.data.case == case
    if event.source != SOURCE or not isinstance(event, FindingOpenedV1 | FindingClosedV1):
        return False
    return event.data.names[:1] == (case,)


def _swept(case: str, log: Sequence[Entered], said: Mapping[str, FindingOpenedV1]) -> Iterator[Outgoing]:
    """Yield the decisions of sweeps, made again from the events that were known at the time of each."""
    facts = facts_of(log) if said else []
    for length, known in enumerate(accumulate((each.n for each in facts), max), start=1):
        for each in examine_case(spine(case, facts[:length]), known).values():
            made = case_decision_event(opening_of_finding(each), _ANY_CODE)
            of_it = said.get(str(made.id))
            if each.waits and of_it is not None and of_it.data.answered_n == known:
                yield made
