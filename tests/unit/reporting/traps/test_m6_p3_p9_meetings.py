"""Meetings: one that is told twice is one, and kinds do not add to each other."""

from types import SimpleNamespace

import pytest

from schemas.codebook.coordination import MeetingKind
from schemas.codebook.dated_groups_and_labels import Grouping
from services.reporting.domain.facts import fact_owner
from services.reporting.domain.figures.partnership.meeting import state
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings, told, told_by_name
from tests.unit.reporting.samples import activity, at


def meeting(number: int, kind: str, when: str = "2024-08", /, **more: object) -> Event:
    return "coordination.meeting_held", {"meeting": activity(number), "kind": kind, **more}, when


def conference(number: int, kind: str, country: str, delegates_n: int | None, when: str = "2024-04") -> Event:
    data = {"conference": activity(number), "kind": kind, "country": country}
    return (
        "coordination.conference_attended",
        data | ({} if delegates_n is None else {"delegates_n": delegates_n}),
        when,
    )


def summit(attendees_n: int, group: str = "government", **more: object) -> Event:
    return meeting(
        1, "summit", organisers=["council", "hti"], attendees_n=attendees_n, attendee_group=group, orgs=["dhs"], **more
    )


@pytest.mark.parametrize("first", ["council", "hti"])
def test_one_summit_told_by_both_hosts_is_one_and_the_councils_number_counts(first: str) -> None:
    counts = {"council": 14, "hti": 31}
    said = [(agency, summit(counts[agency])) for agency in sorted(counts, reverse=first == "hti")]
    assert told("M6a", "2024", *said).amount == 14
    assert told("M6b", "2024", *said).amount == 1


def test_the_councils_word_holds_only_by_the_rule_of_the_owner() -> None:
    def check() -> None:
        assert told("M6a", "2024", ("council", summit(14)), ("hti", summit(31))).amount == 14

    holds_only_by((state, "meeting_by_witness"), lambda *_: False, check)
    holds_only_by((state, "owners_statement"), lambda _, said: said, check)


def test_what_the_other_host_alone_tells_counts_and_says_that_it_may_be_there_twice() -> None:
    found = told("M6a", "2024", ("hti", summit(14)))
    assert (found.amount, found.twice) == (14, 14)
    assert told("M6a", "2024", ("council", summit(14))).twice == 0


def test_a_meeting_of_which_nobody_says_who_held_it_is_whoevers() -> None:
    held = meeting(1, "summit", attendees_n=9, attendee_group="government")
    assert told("M6a", "2024", ("hti", held)).twice == 0


def test_a_meeting_that_a_unit_hosts_is_its_agencys_too() -> None:
    def check() -> None:
        held = meeting(1, "summit", organisers=["atips_pu"], attendees_n=9, attendee_group="government")
        assert [told("M6a", "2024", (agency, held)).twice for agency in ("bpd", "dhs")] == [0, 9]

    holds_only_by((fact_owner, "is_statement_of"), told_by_name, check)


def test_everybody_in_the_room_is_not_the_governments_representatives() -> None:
    found = reading("M6a", "2024", summit(31, "everybody"))
    assert (found.amount, found.unknown) == (0, 1)


def test_a_summit_without_a_number_is_unknown_and_not_nought() -> None:
    found = reading("M6a", "2024", meeting(1, "summit", attendee_group="government"))
    assert (found.amount, found.unknown) == (0, 1)


def test_bodies_at_two_summits_are_different_bodies_and_not_seats() -> None:
    two = meeting(1, "summit", orgs=["dhs", "bpd"]), meeting(2, "summit", orgs=["dhs", "odpp"])
    assert reading("M6c", "2024", *two).amount == 3


def test_a_multilateral_meeting_is_not_a_third_conference() -> None:
    events = (
        conference(1, "regional_conference", "CO", 4),
        conference(2, "regional_conference", "SV", 1, "2024-07"),
        conference(3, "multilateral_meeting", "US", 1, "2024"),
    )

    def check() -> None:
        assert [reading(number, "2024", *events).amount for number in ("P3a", "P3b", "P4a")] == [2, 5, 1]

    other = {**MeetingKind.__members__, "REGIONAL_CONFERENCE": MeetingKind.MULTILATERAL_MEETING}
    holds_only_by((state, "MeetingKind"), SimpleNamespace(**other), check)
    assert by(readings("P3b", "2024", *events, by=("country",))) == {("CO",): 4, ("SV",): 1}


def test_delegates_are_attendances_and_not_persons() -> None:
    events = conference(1, "regional_conference", "CO", 4), conference(2, "regional_conference", "SV", 4, "2024-07")
    found = reading("P3b", "2024", *events)
    assert (found.amount, found.unit) == (8, "attendances")


def test_a_month_that_the_period_cuts_is_listed_beside() -> None:
    found = reading("P3a", "2024-04-10..2024-12", conference(1, "regional_conference", "CO", 4))
    assert (found.amount, found.cut) == (0, 1)


def test_two_meetings_of_one_month_are_two_if_their_ids_differ() -> None:
    both = (
        meeting(1, "drafting_review", law="counter_trafficking", organisers=["council"]),
        meeting(2, "consultation", law="counter_trafficking", organisers=["council"]),
        meeting(3, "summit", organisers=["council"]),
        meeting(4, "forum", "2024-12", organisers=["council", "iom"]),
        meeting(5, "consultation", law="labour", organisers=["labour"]),
    )
    assert reading("P6b", "2024-08", *both).amount == 3

    def check() -> None:
        assert by(readings("P6a", "2024", *both, by=("kind",))) == {
            ("drafting_review",): 1,
            ("consultation",): 1,
            ("summit",): 1,
            ("forum",): 1,
        }

    holds_only_by((state, "_COUNCIL"), "labour", check)


def test_the_exchange_printed_under_two_headings_is_one_and_what_is_of_another_year_is_not_in_it() -> None:
    exchange = {"meeting": activity(1), "kind": "technical_visit", "organisers": ["labour"], "orgs": ["labour"]}
    june = "coordination.meeting_held", exchange, at("2024-06-25", "2024-06-27")
    events = (
        ("labour", june),
        ("council", june),
        ("labour", meeting(2, "technical_visit", "2024-09-02", orgs=["labour"])),
        ("labour", meeting(3, "annual_meeting", "2024-10-18", orgs=["labour"])),
        ("labour", meeting(4, "annual_meeting", "2023-10-20", orgs=["labour"])),
        ("labour", meeting(5, "advocacy", "2024-10-18", orgs=["labour"])),
        ("council", meeting(6, "technical_visit", "2024-10-18", orgs=["council"])),
    )

    def check() -> None:
        assert told("P7a", "2024", *events).amount == 3

    wider = Grouping(frozenset({MeetingKind.TECHNICAL_VISIT, MeetingKind.ANNUAL_MEETING, MeetingKind.ADVOCACY}))
    holds_only_by((state, "MEETINGS_ABROAD"), wider, check)


def test_advocacy_printed_twice_is_one_fact_with_five_counterparts() -> None:
    five = {"orgs": ["council", "immigration", "labour"], "groups": ["tourism_sector", "medical_sector"]}
    once = meeting(1, "advocacy", "2024", organisers=["cdf"], **five)
    fewer = meeting(1, "advocacy", "2024", organisers=["cdf"], orgs=["council", "odpp"])
    summit = meeting(2, "summit", "2024", organisers=["council"], orgs=["bpd"])

    def check() -> None:
        assert told("P9", "2024", ("cdf", once), ("cdf", once), ("council", fewer), ("council", summit)).amount == 5

    holds_only_by((state, "owners_statement"), lambda _, said: said, check)


def test_advocacy_is_of_civil_society_and_with_others_than_itself() -> None:
    """A meeting that Labour held counted, and so did the Coalition, which was at its own meeting."""
    ours = meeting(1, "advocacy", organisers=["cso_coalition", "unicef"], orgs=["cso_coalition", "unicef", "labour"])
    theirs = meeting(2, "advocacy", organisers=["labour"], orgs=["btb"], groups=["tourism_sector"])
    nobodys = meeting(3, "advocacy", orgs=["immigration"])
    assert told("P9", "2024", ("cdf", ours), ("labour", theirs), ("council", nobodys)).amount == 2
