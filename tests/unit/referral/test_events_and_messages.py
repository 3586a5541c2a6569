"""Events of referral: intake accepts them, they are equal whenever made again, and their ids follow from them."""

import json
from uuid import UUID

import pytest

from schemas.catalogue import may_publish
from schemas.codec import decode_strict
from schemas.service_decisions import event_id
from services.referral.domain.decision import ReferralDecision, SightChanged, escalation_of, messages_of_lateness
from services.referral.domain.events_and_messages import Versions, agency_message_record, person_decision_event
from services.referral.domain.pending_action import WaitKind
from tests.unit.referral.sample import PERSON, REFERRAL, START, Log, policy

VERSIONS = Versions("0123456789abcdef", policy().version)


def decisions() -> list[ReferralDecision]:
    """One of each kind."""
    log = Log()
    log.sends()
    late = next(each for each in log.outcome().waiting if each.reason is not None)
    log.moves("dhs", "accepted")
    log.moves("hti", "accepted")
    found = escalation_of(late)
    assert found is not None
    return [*log.outcome().decisions, found]


@pytest.mark.parametrize("position", range(3))
def test_a_decision_is_an_event_that_intake_lets_in(position: int) -> None:
    decision = decisions()[position]
    sent = person_decision_event(decision, VERSIONS)
    event = decode_strict(sent.value).event
    assert may_publish(event)
    assert event.id == str(sent.id)
    assert event.type == sent.type
    data = json.loads(sent.value)["data"]
    assert data["policy_version"] == policy().version
    assert data["answered_n"] == decision.ground.answered_n
    assert not isinstance(decision, SightChanged)
    assert data["told"] == list(decision.told)


def test_a_finding_is_an_event_that_intake_lets_in_and_names_the_move() -> None:
    log = Log()
    log.sends()
    started = log.moves("dhs", "started")
    log.moves("dhs", "accepted")
    sent = [person_decision_event(each, VERSIONS) for each in log.outcome().findings]
    opened, closed = (decode_strict(each.value).event for each in sent)
    assert [each.type for each in (opened, closed)] == ["bz.atips.finding.opened.v1", "bz.atips.finding.closed.v1"]
    assert may_publish(opened)
    assert may_publish(closed)
    said = opened.data.model_dump()
    assert (said["finding"], said["records"]) == (closed.data.model_dump()["finding"], (started.ref,))
    assert PERSON in opened.concerns()
    assert opened.concerns() == closed.concerns()


def test_the_same_decision_is_the_same_bytes_and_another_has_another_id() -> None:
    first, again = decisions(), decisions()
    assert [person_decision_event(each, VERSIONS) for each in first] == [
        person_decision_event(each, VERSIONS) for each in again
    ]
    assert len({person_decision_event(each, VERSIONS).id for each in first}) == 3


def test_ids_are_version_7_and_begin_with_the_time() -> None:
    found = event_id(START, "a", "b")
    assert found.version == 7
    assert found.variant == "specified in RFC 4122"
    assert UUID(int=found.int).int >> 80 == int(START.timestamp() * 1000)
    assert event_id(START, "ab") != event_id(START, "a", "b")


def test_what_an_agency_is_told_expires_and_has_an_id_of_its_own() -> None:
    log = Log()
    log.sends(urgency="emergency")
    told = log.outcome().told
    messages = [agency_message_record(each) for each in told]
    assert {each.to for each in messages} == {"dhs", "hti"}
    assert len({each.id for each in messages}) == len(messages)
    data = json.loads(messages[0].value)["data"]
    assert data["due_at"] == "2024-03-01T19:01:00.000Z"
    assert data["expires_at"] == "2024-03-31T18:01:00.000Z"
    late = next(each for each in log.outcome().waiting if each.reason is not None)
    assert [each.agency for each in messages_of_lateness(late)] == ["bpd", "dhs", "council"]
    assert {each.referral for each in messages_of_lateness(late)} == {REFERRAL}
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    (late,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ACKNOWLEDGEMENT]
    assert {each.referral for each in messages_of_lateness(late)} == {None}  # it is about an event
