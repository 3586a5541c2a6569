"""Ties of a case: facts by which a victim and a suspect are tied, until an event unlinks them."""

from collections.abc import Iterable, Mapping

from schemas.justice.ties_from_events import outlasts, tied_by
from schemas.justice.victim_suspect_links import VictimSuspectUnlinkedV1
from services.case_tracker.domain.fact import Fact, recording_order


def ties_of(facts: Iterable[Fact]) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
    """Return the facts that tie each pair (victim, suspect), in the order of recording.

    If an event unlinks the two, only facts that outlast it count: certainly later ones, and of one time those that were
    recorded later. Pairs without a fact are left out.
    """
    ties: dict[tuple[str, str], list[Fact]] = {}
    ended: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        for pair in tied_by(fact.content):
            ties.setdefault(pair, []).append(fact)
        if isinstance(fact.content, VictimSuspectUnlinkedV1):
            ended.setdefault((fact.content.data.victim, fact.content.data.suspect), []).append(fact)
    for pair, ends in ended.items():
        ties[pair] = [each for each in ties.get(pair, ()) if all(outlasts(each.content, end.content) for end in ends)]
    return {pair: tuple(sorted(by, key=recording_order)) for pair, by in ties.items() if by}
