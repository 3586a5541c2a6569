"""Records of a danger are shown to the agencies that `schemas.sight` names, and no office sees them by itself."""

from datetime import timedelta
from typing import Final

from schemas.ids import Kind
from services.referral.domain.danger_sight import DangerSight
from tests.unit.referral.sample import CASE, OTHER, PERSON, SUSPECT, Log, an_id
from tests.unit.referral.test_restrictions import keeps_out

OFFICES: Final = {"council", "dhs", "bpd", "odpp"}
_TIE: Final = {"victim": PERSON, "suspect": OTHER, "case": CASE}


def by_guardian(log: Log, *recipients: str) -> tuple[str, str]:
    """A guardian who is a suspect consents to health care; gives the records of the danger."""
    tie = log.add("bpd", "victim_suspect.linked", _TIE, subject=CASE)
    given = log.consents(
        *recipients,
        agency="hti",
        basis="guardian",
        given_by="guardian",
        guardian=OTHER,
        purposes=["health_care"],
    )
    return tie.ref, given.ref


def seen(log: Log, *records: str, after: timedelta = timedelta(0)) -> DangerSight:
    decide = log.outcome().sight
    assert decide is not None
    return decide(records, log.now + after)


def by_record(log: Log, *records: str) -> list[set[str]]:
    return [set(each) for each in seen(log, *records).now]


def test_a_consent_to_health_care_is_not_shown_to_police_and_prosecution() -> None:
    """The database showed it to every office that sees the file of every case."""
    log = Log()
    tie, consent = by_record(log, *by_guardian(log, "mohw"))
    assert tie == OFFICES
    assert consent == {"council", "dhs", "hti"}  # dhs: of a child, by its duty; hti: its own word


def test_of_an_adult_health_is_shown_with_consent_alone() -> None:
    log = Log()
    log.adult()
    _, consent = by_record(log, *by_guardian(log, "mohw"))
    assert consent == {"council", "hti"}
    log.consents("dhs", "iom", "bpd", agency="mohw", purposes=["health_care"])
    _, consent = by_record(log, *by_guardian(log, "mohw"))
    assert consent == {"council", "hti", "dhs", "iom"}
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": ["iom"]})
    _, consent = by_record(log, *by_guardian(log, "mohw"))
    assert consent == {"council", "hti", "dhs"}


def test_a_partner_that_holds_the_person_sees_the_arrest_and_no_other_partner_does() -> None:
    log = Log()
    word = log.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    act = log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "a")})
    assert by_record(log, word.ref, act.ref) == [OFFICES, OFFICES]
    log.sends("dhs", "hti")
    log.moves("hti", "accepted")
    assert by_record(log, word.ref, act.ref) == [OFFICES | {"hti"}] * 2
    log.moves("hti", "handed_back", reason="no_capacity")
    assert by_record(log, word.ref, act.ref) == [OFFICES, OFFICES]


def test_a_suspect_s_record_is_shown_to_who_holds_the_victim_whom_it_names() -> None:
    log = Log()
    act = log.add(
        "bpd",
        "bail.granted",
        {"person": SUSPECT, "case": CASE, "bail": an_id(Kind.BAIL, "b"), "court": "magistrates", "victims": [PERSON]},
    )
    log.sends("dhs", "hti")
    assert by_record(log, act.ref) == [OFFICES]
    log.moves("hti", "accepted")
    assert by_record(log, act.ref) == [OFFICES | {"hti"}]


def test_whoever_a_case_keeps_out_sees_no_record_until_that_ends() -> None:
    log = Log()
    act = log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "a")})
    ends = log.now + timedelta(days=3)
    keeps_out(log, "bpd", "odpp", until=ends)
    found = seen(log, act.ref)
    assert (set(found.now[0]), found.again_at) == ({"council", "dhs"}, ends)
    assert found.then == found.now  # nobody sees more before it is decided again
    assert set(seen(log, act.ref, after=timedelta(days=3)).now[0]) == OFFICES


def test_a_consent_that_expires_is_in_no_later_answer() -> None:
    log = Log()
    log.adult()
    log.consents("dhs", agency="mohw", purposes=["health_care"], expires_on="2024-03-10")
    found = seen(log, *by_guardian(log, "mohw"))
    assert set(found.now[1]) == {"council", "dhs", "hti"}
    assert set(found.then[1]) == {"council", "hti"}
    assert found.again_at is not None
    assert found.again_at.isoformat() == "2024-03-11T06:00:00+00:00"


def test_the_matter_of_a_record_is_that_of_the_consent_or_referral_that_it_names() -> None:
    log = Log()
    log.adult()
    health, legal = (log.consents("mohw", agency="hti", purposes=[each]) for each in ("health_care", "legal_help"))
    taken = [
        log.add("hti", "consent.withdrawn", {"person": PERSON, "consent": each.ref}).ref for each in (health, legal)
    ]
    assert by_record(log, *taken) == [{"council", "hti"}, OFFICES | {"hti"}]
    moves = []
    for name, service in (("medical", "medical"), ("legal", "legal_information")):
        referral = an_id(Kind.REFERRAL, name)
        log.sends("hti", "mohw", referral=referral, service_types=[service])
        moves.append(log.moves("mohw", "rejected", referral=referral, reason="no_capacity").ref)
    assert ["bpd" in each for each in by_record(log, *moves)] == [False, True]


def test_what_was_taken_back_is_seen_as_it_was_said_and_an_unknown_record_by_its_author() -> None:
    log = Log()
    _, given = by_guardian(log, "mohw")
    log.retracts(log.entries[-1].event)
    unknown = "odpp/desk/01930000-0000-7000-8000-000000000001"
    assert by_record(log, given, unknown) == [{"council", "dhs", "hti"}, {"odpp"}]
