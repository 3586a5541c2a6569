"""How a referral stands, whom it is shown to, and what became of each move."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from schemas.codebook.referral import MoveRefusal, ReferralState
from schemas.ids import Kind
from services.referral.domain.decide import decide
from services.referral.domain.decision import Subject
from services.referral.domain.shown_referral_status import MoveEffectKind, ReferralStanding
from tests.support.database import Server
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, Log, an_id, as_written
from tests.unit.referral.test_handlers import a_decider, handle, pool, records
from tests.unit.referral.test_restrictions import keeps_out

__all__ = ["pool"]


def one(log: Log) -> ReferralStanding:
    (found,) = log.outcome().standings
    return found


def test_of_two_that_accept_the_second_is_refused_and_told_the_holder() -> None:
    log = Log()
    log.sends(service_types=["shelter"])
    first, second = log.moves("dhs", "accepted"), log.moves("hti", "accepted")
    found = one(log)
    assert (found.holder, found.state) == ("dhs", ReferralState.ACCEPTED)
    effects = {each.move: (each.by, each.effect) for each in found.moves}
    assert effects[first.ref] == ("dhs", MoveEffectKind.IN_EFFECT)
    assert effects[second.ref] == ("hti", MoveEffectKind.REFUSED)
    assert found.seen_by == ("bpd", "dhs")


def test_only_who_was_told_of_a_referral_gets_a_message_about_its_refused_move() -> None:
    log = Log()
    log.sends(service_types=["shelter"])
    log.moves("dhs", "accepted")
    log.moves("hti", "accepted")
    log.moves("dhs", "cancelled", from_agency="dhs")
    log.moves("labour", "accepted")
    log.moves("labour", "cancelled", from_agency="labour")
    told = {
        (each.agency, each.reason): (each.holder, each.state, each.case)
        for each in log.outcome().told
        if each.subject is Subject.MOVE_REFUSED
    }
    assert told == {
        ("hti", "taken_by_another"): ("dhs", ReferralState.ACCEPTED, CASE),
        ("dhs", "not_the_sender"): ("dhs", ReferralState.ACCEPTED, CASE),
    }
    unrelated = {each.by for each in one(log).moves if each.unrelated}
    assert unrelated == {"labour"}


@pytest.mark.parametrize("agency", ["labour", "hti"])
def test_who_was_not_told_of_a_referral_without_consent_hears_nothing_of_its_move(agency: str) -> None:
    log = Log()
    log.adult()
    sent = log.sends(to="hti")
    moved = log.moves(agency, "accepted")
    outcome = log.outcome()
    assert [each.agency for each in outcome.told if each.subject is Subject.MOVE_REFUSED] == ["bpd"]
    assert {each.move: each.unrelated for each in one(log).moves} == {sent.ref: False, moved.ref: True}


def test_a_move_has_its_type_and_the_time_at_which_it_was_made() -> None:
    log = Log()
    sent = log.sends()
    at = log.now + timedelta(minutes=5)
    accepted = log.moves("dhs", "accepted", at=at, after=timedelta(minutes=30))
    assert [(each.move, each.type, each.at) for each in one(log).moves] == [
        (sent.ref, sent.type, sent.time),
        (accepted.ref, accepted.type, at),
    ]


def test_a_move_that_comes_before_its_predecessor_waits() -> None:
    log = Log()
    log.sends()
    started = log.moves("dhs", "started")
    assert [each.effect for each in one(log).moves if each.move == started.ref] == [MoveEffectKind.WAITS]


def test_a_referral_without_consent_is_refused_and_its_receiver_sees_nothing() -> None:
    log = Log()
    log.adult()
    sent = log.sends(to="hti")
    (found,) = decide(PERSON, (), log.entries, as_written()).standings
    assert found.seen_by == ("bpd",)
    assert [(each.move, each.reason) for each in found.moves] == [(sent.ref, MoveRefusal.CONSENT_MISSING)]


def test_a_receiver_that_rejects_sees_its_move_and_no_more_of_the_referral() -> None:
    log = Log()
    log.sends()
    rejected = log.moves("dhs", "rejected", after=timedelta(minutes=1))
    found = one(log)
    assert found.seen_by == ("bpd",)
    assert {each.move: each.effect for each in found.moves}[rejected.ref] is MoveEffectKind.IN_EFFECT


def kept_out_police() -> Log:
    """Police refer a victim, and are kept out. Human Services takes the victim then."""
    log = Log(policy=as_written())
    log.sends()
    keeps_out(log, "bpd", lasting=True)
    log.moves("dhs", "accepted")
    return log


async def test_whoever_is_kept_out_does_not_hear_from_its_own_move_who_cares_for_the_person(
    pool: asyncpg.Pool, server: Server
) -> None:
    """Found by attack: police that were kept out saw, as the sender, the holder and each new state."""
    log = kept_out_police()
    await handle(a_decider(pool), pool, records(log.entries))
    door = await asyncpg.connect(server.dsn("intake", await pool.fetchval("SELECT current_database()")))
    try:
        ((found),) = await door.fetch("SELECT * FROM referral.standing_for($1, $2)", REFERRAL, "bpd")
        ((holder),) = await door.fetch("SELECT * FROM referral.standing_for($1, $2)", REFERRAL, "dhs")
    finally:
        await door.close()
    assert (found["state"], found["holder"], found["person"]) == (None, None, None)
    assert [each["effect"] for each in json.loads(found["moves"])] == ["waits"]
    assert (holder["state"], holder["holder"]) == ("accepted", "dhs")


def test_a_case_that_is_not_the_referral_s_hides_nothing_of_it() -> None:
    log = Log(policy=as_written())
    log.sends()
    keeps_out(log, "bpd", lasting=True, case=an_id(Kind.CASE, "another"))
    assert not any(each.unrelated for each in one(log).moves)
    assert any(each.unrelated for each in one(kept_out_police()).moves)
    assert {each.by for each in one(kept_out_police()).moves if not each.unrelated} == {"dhs"}


async def test_intake_is_shown_a_referral_only_for_an_agency_that_sees_it(pool: asyncpg.Pool, server: Server) -> None:
    log = Log()
    log.sends(service_types=["shelter"])
    log.moves("dhs", "accepted")
    lost = log.moves("hti", "accepted")
    stranger = log.moves("labour", "accepted")
    guessed = an_id(Kind.REFERRAL, "guessed")
    lost_its_way = log.moves("labour", "accepted", referral=guessed)
    await handle(a_decider(pool), pool, records(log.entries))
    name = await pool.fetchval("SELECT current_database()")
    door = await asyncpg.connect(server.dsn("intake", name))
    try:

        async def shown(agency: str, referral: str = REFERRAL) -> list[asyncpg.Record]:
            return await door.fetch("SELECT * FROM referral.standing_for($1, $2)", referral, agency)

        for party in ("bpd", "dhs"):
            ((found),) = await shown(party)
            assert (found["person"], found["sender"], found["receiver"], found["holder"]) == (
                PERSON,
                "bpd",
                "dhs",
                "dhs",
            )
        ((found),) = await shown("hti")
        assert (found["person"], found["sender"], found["holder"], found["state"]) == (None, None, "dhs", "accepted")
        assert f'"{lost.ref}"' in found["moves"]
        assert "taken_by_another" in found["moves"]
        ((found),) = await shown("labour")
        ((unknown),) = await shown("labour", guessed)
        waits = {"effect": "waits", "reason": None, "type": stranger.type}
        for row, own in ((found, stranger), (unknown, lost_its_way)):
            assert own.time is not None
            assert json.loads(row["moves"]) == [{"move": own.ref, "at": own.time.isoformat(), **waits}]
        told_apart = {"referral", "moves"}
        assert {name: said for name, said in found.items() if name not in told_apart} == {
            name: said for name, said in unknown.items() if name not in told_apart
        }
        assert await shown("customs") == []
        assert await shown("bpd", guessed) == []
        for table in ("standing", "fact", "waits"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await door.fetch(f"SELECT * FROM referral.{table}")
    finally:
        await door.close()


@pytest.mark.parametrize(
    ("age", "consent", "asked", "missing"),
    [
        (None, None, {}, ["age_unknown", "no_consent"]),
        ("adult_24_26", None, {}, ["no_consent"]),
        ("adult_24_26", {}, {"consentref": "bpd/desk/01930000-0000-7000-8000-00000000ffff"}, ["no_consent"]),
        (None, {}, {}, ["age_unknown"]),
        ("adult_24_26", {"recipients": ["dhs"]}, {}, ["recipient"]),
        ("adult_24_26", {"purposes": ["health_care"], "recipients": ["dhs"]}, {}, ["recipient", "purpose"]),
        ("adult_24_26", {"given_by": "guardian", "basis": "guardian"}, {}, ["person"]),
        ("child_9_17", {}, {}, ["guardian"]),
        ("adult_24_26", {"expires_on": "2024-02-01"}, {}, ["expired"]),
    ],
)
def test_the_sender_is_told_what_its_own_records_lack(
    age: str | None, consent: dict[str, Any] | None, asked: dict[str, Any], missing: list[str]
) -> None:
    log = Log(policy=as_written())
    own_records(log, "bpd", age, consent)
    sent = log.sends(to="hti", **asked)
    assert {each.move: list(each.missing) for each in one(log).moves} == {sent.ref: missing}


def test_what_is_missing_says_nothing_of_what_others_recorded() -> None:
    """Another agency recorded age and consent, and took it back: the sender reads its own records alone."""
    found = []
    for others in (False, True):
        log = Log(policy=as_written())
        own_records(log, "bpd", "adult_24_26", {"recipients": ["dhs"]})
        if others:
            own_records(log, "immigration", "child_9_17", {})
            log.add("immigration", "consent.withdrawn", {"person": PERSON})
        log.sends(to="hti")
        found += [list(each.missing) for each in one(log).moves]
    assert found == [["recipient"], ["recipient"]]


def test_where_the_own_records_would_be_enough_the_sender_is_told_to_ask() -> None:
    log = Log(policy=as_written())
    own_records(log, "bpd", "adult_24_26", {})
    log.add("immigration", "consent.withdrawn", {"person": PERSON})
    log.sends(to="hti")
    assert [list(each.missing) for each in one(log).moves] == [["other_records"]]
    log = Log(policy=as_written())
    own_records(log, "bpd", "adult_24_26", {})
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    log.sends(to="hti")
    assert [list(each.missing) for each in one(log).moves] == [["taken_back"]]


def own_records(log: Log, agency: str, age: str | None, consent: dict[str, Any] | None) -> None:
    """Let an agency record an age and a consent of the person to the partner; None: nothing."""
    if age is not None:
        log.add(agency, "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})
    if consent is not None:
        given = {"person": PERSON, "basis": "given", "purposes": ["protection_services"], "recipients": ["hti"]}
        log.add(agency, "consent.recorded", given | {"given_by": "person"} | consent)
