"""The holder of a linked victim is told of a suspect's release, bail, hearings and verdicts, in any order."""

from datetime import timedelta

import asyncpg
import pytest

from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.referral.domain.decide import decide
from services.referral.domain.decision import Notice, Subject, messages_of_notice
from tests.unit.referral.sample import (
    CASE,
    GUARDIAN,
    OTHER,
    PERSON,
    REFERRAL,
    SUSPECT,
    Log,
    an_id,
    as_written,
    happens,
    made,
    policy,
)
from tests.unit.referral.test_handlers import a_decider, handle, pool, records
from tests.unit.referral.test_restrictions import keeps_out

__all__ = ["pool"]

OTHER_CASE, THIRD_CASE = (an_id(Kind.CASE, name) for name in ("another", "third"))
TIE = {"case": CASE, "victim": PERSON, "suspect": SUSPECT}
NAMES = (
    "arrest.released", "bail.granted", "bail.varied", "bail.breached", "bail.revoked", "court.hearing_scheduled",
    "court.adjourned", "charge.withdrawn", "verdict.returned", "sentence.imposed", "appeal.decided",
)  # fmt: skip


def noticed(log: Log) -> list[Notice]:
    return decide(SUSPECT, (), log.entries, policy()).notices


@pytest.mark.parametrize("name", NAMES)
def test_each_of_these_is_told_of_the_linked_victim(name: str) -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    ref = happens(log, name)
    (found,) = noticed(log)
    assert (found.event, found.type, found.victims) == (ref, f"bz.atips.{name}.v1", (PERSON,))


def test_the_policy_tells_of_nothing_else_and_of_nobody_untied() -> None:
    told = {name for rule in policy().notify for name in rule.on}
    assert told == set(NAMES)
    log = Log()
    happens(log, "bail.granted")
    assert noticed(log) == []


def test_a_victim_who_is_tied_later_is_one_to_whom_it_mattered() -> None:
    log = Log()
    ref = happens(log, "bail.granted")
    at = log.now
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    (found,) = noticed(log)
    assert (found.event, found.at, found.victims) == (ref, at, (PERSON,))
    log.add("bpd", "victim_suspect.unlinked", TIE, subject=CASE)
    happens(log, "bail.revoked")
    assert len(noticed(log)) == 1


def released(log: Log, who: str, **said: object) -> Event:
    """Police release somebody; it may stand under another suspect alone."""
    data = {"person": who, "case": CASE, "arrest": an_id(Kind.ARREST, "one"), **said}
    return made("bpd", "arrest.released", data, log.now)


def test_what_a_correction_puts_right_is_told_once_and_what_else_it_changes_is_not() -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    of_another = released(log, OTHER)
    right = log.corrects(of_another, {"person": SUSPECT})
    (found,) = noticed(log)
    assert (found.event, found.at, found.victims, found.also) == (right.ref, log.now, (PERSON,), ("dhs",))
    log.corrects(of_another, {"person": SUSPECT, "reason": "without_charge"})
    log.add("bpd", "victim_suspect.linked", {**TIE, "relationship": "employer"}, subject=CASE)
    assert noticed(log) == [found]


def test_a_victim_whom_a_correction_adds_is_told_of_and_those_named_before_are_not() -> None:
    log = Log()
    first = log.add("bpd", "arrest.released", released(log, SUSPECT, victims=[PERSON]).data.model_dump(mode="json"))
    log.corrects(first, {"victims": [PERSON, OTHER]})
    assert [each.victims for each in noticed(log)] == [(PERSON,), (OTHER,)]


def test_what_was_another_thing_by_mistake_is_told_of_as_what_it_is() -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    happens(log, "bail.granted")
    granted = log.entries[-1].event
    said = {"reason": "entry_error", "type": "bz.atips.bail.revoked.v1"}
    data = {name: granted.data.model_dump(mode="json")[name] for name in ("person", "case", "bail", "court")}
    log.add(granted.agency, "event.corrected", {**said, "data": data}, subject=SUSPECT, supersedes=granted.ref)
    assert [each.type.split(".")[3] for each in noticed(log)] == ["granted", "revoked"]


def test_what_was_taken_back_before_it_came_is_not_told() -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    event = released(log, SUSPECT)
    log.retracts(event)
    log.entries.append(Entered(9, log.now, event))
    assert noticed(log) == []


@pytest.mark.parametrize("merged_first", [True, False])
def test_whoever_holds_a_victim_by_another_id_hears_too_and_whom_the_policy_names_hears_once(
    merged_first: bool,
) -> None:
    log = Log()
    log.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    if merged_first:
        log.merges(PERSON, OTHER)
    happens(log, "bail.granted")
    log.merges(OTHER, PERSON)
    carers = {PERSON: frozenset({"hti"}), OTHER: frozenset({"iom"})}
    found = noticed(log)
    told = [
        each
        for notice in found
        for victim in notice.victims
        for each in messages_of_notice(notice, victim, carers[victim])
    ]
    assert sorted(each.agency for each in told) == ["dhs", "hti", "iom"]
    assert {each.person for each in told if each.agency == "iom"} == {OTHER}
    log.merges(SUSPECT, GUARDIAN)
    assert noticed(log) == found


@pytest.mark.parametrize("carer_first", [True, False])
async def test_the_holder_hears_of_it_whichever_was_decided_about_first(pool: asyncpg.Pool, carer_first: bool) -> None:
    """Two partitions are read in any order: the suspect's may be ahead of the victim's."""
    suspects, victims = Log(), Log()
    suspects.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    happens(suspects, "bail.granted")
    victims.sends(to="hti")
    victims.moves("hti", "accepted")
    batches = [(suspects, SUSPECT), (victims, PERSON)]
    for number, (log, person) in enumerate(reversed(batches) if carer_first else batches):
        await handle(a_decider(pool), pool, records(log.entries, person, begin=number * 10))
    said = "SELECT topic, value FROM outbox WHERE type = 'bz.atips.delivery.notice.v1' ORDER BY topic"
    topics = [row["topic"].split(".")[2] for row in await pool.fetch(said)]
    assert topics == ["dhs", "hti"]
    # Whoever takes the victim on weeks later has to know too; nobody hears of it twice.
    victims.moves("hti", "handed_back", reason="no_capacity", after=timedelta(days=3))
    victims.sends(to="iom", referral=an_id(Kind.REFERRAL, "two"))
    await handle(a_decider(pool), pool, records(victims.entries[2:], begin=20))
    assert [row["topic"].split(".")[2] for row in await pool.fetch(said)] == ["dhs", "hti", "iom"]


@pytest.mark.parametrize(
    ("of_bail", "kept_by", "told"),
    [(CASE, CASE, {"iom"}), (None, CASE, {"iom"}), (CASE, OTHER_CASE, {"iom", "hti", "dhs"})],
)
async def test_who_is_kept_out_after_a_notice_does_not_get_it_as_a_later_carer(
    pool: asyncpg.Pool, of_bail: str | None, kept_by: str, told: set[str]
) -> None:
    """Found by attack: a carer by another case was told of bail in a case that had kept it out since the bail."""
    suspects, victims = Log(), Log()
    suspects.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    happens(suspects, "bail.granted", case=of_bail)
    keeps_out(victims, "hti", "dhs", lasting=True, case=kept_by)
    for agency in ("hti", "iom"):
        sent = an_id(Kind.REFERRAL, agency)
        victims.sends(to=agency, referral=sent, case=THIRD_CASE)
        victims.moves(agency, "accepted", referral=sent)
    await handle(a_decider(pool), pool, records(victims.entries, PERSON))
    await handle(a_decider(pool), pool, records(suspects.entries, SUSPECT, begin=20))
    said = "SELECT topic FROM outbox WHERE type = 'bz.atips.delivery.notice.v1'"
    assert {row["topic"].split(".")[2] for row in await pool.fetch(said)} == told


ALL_TOLD = {("to_answer", "dhs"), ("on_call", "bpd"), ("danger", "odpp"), ("danger", "dhs")}


@pytest.mark.parametrize(("kept_by", "told"), [(CASE, {("danger", "odpp")}), (OTHER_CASE, ALL_TOLD)])
async def test_whom_a_case_keeps_out_is_not_told_of_a_person_who_is_named_in_it_for_the_first_time(
    pool: asyncpg.Pool, kept_by: str, told: set[tuple[str, str]]
) -> None:
    """Found by attack: the restriction reached the person's log after the referral, which was told at once."""
    others, victims = Log(), Log()
    keeps_out(others, "bpd", "dhs", lasting=True, case=kept_by, person=OTHER)
    victims.sends("hti", "dhs", urgency="emergency")
    victims.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    victims.add("bpd", "arrest.made", {"person": PERSON, "case": CASE, "arrest": an_id(Kind.ARREST, "a")})
    await handle(a_decider(pool), pool, records(others.entries, OTHER))
    await handle(a_decider(pool), pool, records(victims.entries, PERSON, begin=20))
    rows = await pool.fetch("SELECT type, topic FROM outbox WHERE topic ~ 'delivery'")
    assert {(row["type"].split(".")[3], row["topic"].split(".")[2]) for row in rows} == told


async def test_by_another_id_the_holder_hears_and_human_services_once(pool: asyncpg.Pool) -> None:
    suspects, victims = Log(), Log()
    suspects.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    suspects.merges(PERSON, OTHER)
    happens(suspects, "bail.granted")
    sent = {"person": OTHER, "referral": REFERRAL, "from_agency": "bpd", "to_agency": "hti"}
    victims.add("bpd", "referral.sent", sent)
    victims.entries.append(suspects.entries[1])
    await handle(a_decider(pool), pool, records(suspects.entries, SUSPECT, begin=10))
    await handle(a_decider(pool), pool, records(victims.entries, OTHER, begin=20))
    said = "SELECT topic FROM outbox WHERE type = 'bz.atips.delivery.notice.v1' ORDER BY topic"
    assert [row["topic"].split(".")[2] for row in await pool.fetch(said)] == ["dhs", "hti"]


def a_case_with(*, adult: bool = True) -> Log:
    """Somebody who agreed to be known to two agencies, one of which took them on."""
    log = Log()
    if adult:
        log.adult()
    log.consents("hti", "iom")
    log.sends(to="hti")
    log.moves("hti", "accepted")
    return log


def test_who_lost_consent_hears_of_nothing_more_until_it_is_given_anew() -> None:
    log = a_case_with()
    assert log.outcome().holders == {"hti"}
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert log.outcome().holders == frozenset()
    log.consents("hti")
    assert log.outcome().holders == {"hti"}


def test_who_says_that_it_was_taken_back_loses_it_too() -> None:
    log = a_case_with()
    log.add("hti", "consent.withdrawn", {"person": PERSON})
    assert log.outcome().holders == frozenset()


async def test_without_consent_only_whom_the_policy_names_hears_of_bail_and_nobody_of_a_hearing(
    pool: asyncpg.Pool,
) -> None:
    suspects, victims = Log(), a_case_with()
    victims.add("bpd", "consent.withdrawn", {"person": PERSON})
    suspects.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    happens(suspects, "bail.granted")
    happens(suspects, "court.hearing_scheduled")
    await handle(a_decider(pool), pool, records(victims.entries, PERSON, begin=10))
    await handle(a_decider(pool), pool, records(suspects.entries, SUSPECT, begin=20))
    said = "SELECT topic FROM outbox WHERE type = 'bz.atips.delivery.notice.v1'"
    assert [row["topic"].split(".")[2] for row in await pool.fetch(said)] == ["dhs"]


async def test_who_begins_to_care_later_hears_nothing_of_a_case_that_keeps_it_out(pool: asyncpg.Pool) -> None:
    suspects, victims = Log(), Log()
    suspects.add("bpd", "victim_suspect.linked", TIE, subject=CASE)
    keeps_out(suspects, "hti", lasting=True, person=SUSPECT)
    happens(suspects, "bail.granted")
    other = {"case": an_id(Kind.CASE, "another")}
    for agency, referral in (("hti", REFERRAL), ("iom", an_id(Kind.REFERRAL, "two"))):
        victims.sends(to=agency, referral=referral, **other)
        victims.moves(agency, "accepted", referral=referral)
    await handle(a_decider(pool), pool, records(suspects.entries, SUSPECT, begin=10))
    await handle(a_decider(pool), pool, records(victims.entries, PERSON, begin=20))
    said = "SELECT topic FROM outbox WHERE type = 'bz.atips.delivery.notice.v1' ORDER BY topic"
    assert [row["topic"].split(".")[2] for row in await pool.fetch(said)] == ["dhs", "iom"]


def test_consent_taken_back_from_one_leaves_the_others() -> None:
    log = a_case_with()
    log.sends(to="iom", referral=an_id(Kind.REFERRAL, "two"))
    log.moves("iom", "accepted", referral=an_id(Kind.REFERRAL, "two"))
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
    assert log.outcome().holders == {"iom"}


def test_who_cared_before_does_not_hear_in_place_of_who_lost_consent() -> None:
    log = a_case_with()
    log.moves("hti", "started")
    log.moves("hti", "completed")
    log.sends(to="iom", referral=an_id(Kind.REFERRAL, "two"))
    log.moves("iom", "accepted", referral=an_id(Kind.REFERRAL, "two"))
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": ["iom"]})
    assert log.outcome().holders == frozenset()


def test_what_is_done_for_a_child_does_not_rest_on_consent() -> None:
    log = a_case_with(adult=False)
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert log.outcome().holders == {"hti"}


@pytest.mark.parametrize(("agency", "hears"), [("dhs", True), ("hti", False), ("mohw", False)])
def test_of_a_child_whose_consent_was_taken_back_only_whom_the_duty_names_hears_more(
    agency: str, *, hears: bool
) -> None:
    """Health is named for emergencies alone, and a partner not at all."""
    log = Log(policy=as_written())
    log.consents(agency, "iom", basis="guardian", given_by="guardian", guardian=OTHER)
    log.sends(to=agency, service_types=["medical"])
    log.moves(agency, "accepted")
    assert log.outcome().holders == {agency}
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert log.outcome().holders == ({agency} if hears else set())


@pytest.mark.parametrize(("by", "hears"), [("dhs", ["bpd"]), ("hti", ["bpd", "dhs"])])
def test_for_whom_another_cancels_hears_of_it(by: str, hears: list[str]) -> None:
    log = Log()
    log.adult()
    log.consents("dhs", "bpd")
    log.sends("dhs", "bpd", urgency="emergency")
    said = {"person": PERSON, "referral": REFERRAL, "from_agency": "dhs"}
    log.add(by, "referral.cancelled", said, onbehalfof=None if by == "dhs" else "dhs")
    assert [each.agency for each in log.outcome().told if each.subject is Subject.MOVED] == hears
