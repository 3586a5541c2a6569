"""A sender is told when an agency accepts or starts its referral after the referral has ended."""

import orjson
import pytest

from services.presentation.messages_to_agencies import deliveries
from services.referral.domain.decision import AgencyMessage, Subject
from services.referral.domain.events_and_messages import agency_message_record
from tests.unit.referral.sample import PERSON, REFERRAL, Log, as_written
from tests.unit.referral.test_restrictions import keeps_out


def told(log: Log) -> list[AgencyMessage]:
    return [each for each in log.outcome().told if each.subject is Subject.MOVED_AFTER_END]


def ended(end: str) -> Log:
    """A referral of the police to Human Services that has ended."""
    log = Log()
    log.sends()
    if end in {"cancelled", "entered_in_error"}:
        log.moves("bpd", end, from_agency="bpd")
        return log
    if end != "rejected":
        log.moves("dhs", "accepted")
    log.moves("dhs", end)
    return log


@pytest.mark.parametrize("end", ["cancelled", "entered_in_error", "rejected", "completed", "failed", "handed_back"])
@pytest.mark.parametrize("move", ["accepted", "started"])
def test_the_sender_is_told_of_each_end_and_each_move(end: str, move: str) -> None:
    log = ended(end)
    if move == "accepted" and end in {"completed", "failed", "handed_back"}:
        made = log.moves("hti", move)  # the holder has said that before
    else:
        made = log.moves("dhs", move)
    (message,) = told(log)
    assert (message.agency, message.by, message.event) == ("bpd", made.agency, made.ref)
    assert [each.agency for each in log.outcome().told if each.subject is Subject.MOVE_REFUSED] == [made.agency]


def test_the_message_says_who_acted_on_it_and_that_it_had_ended() -> None:
    log = ended("cancelled")
    log.moves("dhs", "accepted")
    (message,) = told(log)
    record = agency_message_record(message)
    data = orjson.loads(record.value)["data"]
    assert data.items() >= {"to": "bpd", "by": "dhs", "person": PERSON, "referral": REFERRAL}.items()
    [shown] = deliveries([(0, record.value)])
    assert shown.sentence().startswith(f"dhs accepted or started referral {REFERRAL}, which is not open: ")
    assert shown.sentence("es").startswith(f"dhs aceptó o inició la remisión {REFERRAL}, que no está abierta: ")


def test_a_referral_that_never_went_out_and_is_accepted_all_the_same_is_told() -> None:
    """The sender was told of the refusal, and somebody acts without consent: neither may stay unknown to the other."""
    log = Log(policy=as_written())
    log.adult()
    log.sends(to="hti")
    assert told(log) == []
    log.moves("hti", "accepted")
    assert [(each.agency, each.by) for each in told(log)] == [("bpd", "hti")]


def test_a_stranger_who_knows_the_id_alone_makes_no_message() -> None:
    log = ended("cancelled")
    log.moves("labour", "accepted")
    assert told(log) == []
    closed = Log(policy=as_written())
    closed.adult()
    closed.sends(to="hti")
    closed.moves("labour", "accepted")
    assert told(closed) == []


@pytest.mark.parametrize("move", ["received", "completed"])
def test_other_moves_make_no_message(move: str) -> None:
    log = ended("cancelled")
    log.moves("dhs", move)
    assert told(log) == []


def test_an_open_referral_makes_no_message() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    log.moves("hti", "accepted")
    log.moves("dhs", "started")
    assert told(log) == []


def test_a_sender_whom_the_case_keeps_out_is_not_told() -> None:
    log = ended("cancelled")
    keeps_out(log, "bpd", lasting=True)
    log.moves("dhs", "accepted")
    assert told(log) == []


def test_a_log_that_is_decided_again_gives_the_same_messages() -> None:
    log = ended("rejected")
    log.moves("dhs", "started")
    first, again = (log.outcome().told for _ in range(2))
    assert [agency_message_record(each) for each in first] == [agency_message_record(each) for each in again]
