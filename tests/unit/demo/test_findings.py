"""Every finding planted in the synthetic year's cases is found and names its records. Nothing else is found."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from schemas.codec import decode
from schemas.ids import Kind, kind_of
from schemas.required_copies import required
from schemas.service_decisions import Entered
from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.decision_values import ClosedFinding, OpenedFinding, StandingFinding
from services.demo.changes_after_report import CHANGES_KNOWN_AT, REPORT_KNOWN_AT, changes_after_report
from services.demo.invented_year import history
from services.demo.register_entries import RegisterEntry

NO_ARREST = "charged_without_arrest"
PLANTED = [
    (NO_ARREST, ("a charge and no arrest known",)),
    (NO_ARREST, ("a charge of 2023 and no arrest known",)),
    ("hearing_missed", ("set down for a day of which nobody tells",)),
    # Human Services did not say why the child's stay had ended.
    ("victim_unprotected", ("decided after the year: open at its end", "entered with last year's date")),
    ("victim_unprotected", ("fined, and the victim has no shelter", "2023 in Belize, 2024 in UTC")),
]
RULED = [(NO_ARREST, ("charged on summons, never arrested",))]


@lru_cache
def logs(*, later: bool) -> dict[str, list[Entered]]:
    """Each case's log, as if intake had accepted each entry when it left its office."""
    entries = [each for each in history() if each.expected == "accepted"]
    entries += [each.entry for each in changes_after_report()] if later else []
    events = {n: decode(each.value) for n, each in enumerate(entries, start=1)}
    found: dict[str, list[Entered]] = {}
    for n, entities in required(events).items():
        for entity in entities:
            if kind_of(entity) is Kind.CASE:
                found.setdefault(entity, []).append(Entered(n, entries[n - 1].leaves_at, events[n]))
    return found


def traps(entries: Iterable[RegisterEntry]) -> dict[str, str]:
    return {each.ref: each.trap for each in entries if each.trap}


def standing(*, later: bool) -> list[StandingFinding]:
    return [each for case, log in logs(later=later).items() for each in decide(case, (), log).standing]


def told(found: Iterable[StandingFinding]) -> list[tuple[str, tuple[str, ...]]]:
    """Codes with the traps of the records that they name; a record that is no trap has none."""
    known = traps(history())
    return sorted((each.code.value, tuple(known.get(ref, "not planted") for ref in each.records)) for each in found)


def test_every_planted_contradiction_is_found_and_no_other() -> None:
    now = datetime.fromisoformat(REPORT_KNOWN_AT + "T23:59:00-06:00")
    found = standing(later=False)
    assert told(each for each in found if each.is_open(now)) == PLANTED
    assert told(each for each in found if each.ruled_by is not None) == RULED
    assert len(found) == len(PLANTED) + len(RULED)


def test_what_comes_to_light_later_settles_one_of_them() -> None:
    """The woman who was charged without an arrest is one of the arrested."""
    now = datetime.fromisoformat(CHANGES_KNOWN_AT)
    assert told(each for each in standing(later=True) if each.is_open(now)) == PLANTED[1:]


def test_a_contradiction_that_is_taken_out_is_found_no_more() -> None:
    """The history without one planted entry: the finding was that entry's."""
    planted = {trap: ref for ref, trap in traps(history()).items()}
    gone = planted["a charge and no arrest known"]
    left = [
        each
        for case, log in logs(later=False).items()
        for each in decide(case, (), [one for one in log if one.event.ref != gone]).standing
    ]
    assert PLANTED[0] not in told(left)
    assert PLANTED[1] in told(left)


def test_whatever_is_found_on_the_way_is_closed_by_a_later_event_or_still_stands() -> None:
    """In the order of the offices findings come and go; none is left open that does not stand."""
    for case, log in logs(later=False).items():
        outcome = decide(case, (), log)
        assert open_after(outcome.decisions) == {
            each.finding for each in outcome.standing if each.is_open(max(one.accepted_at for one in log))
        }


def open_after(decisions: Sequence[OpenedFinding | ClosedFinding]) -> set[str]:
    found = set[str]()
    for each in decisions:
        (found.discard if isinstance(each, ClosedFinding) else found.add)(each.standing.finding)
    return found
