"""Edges of the judgement at the door and of quarantine: the last byte, the last letter, one reference of two."""

from dataclasses import replace
from types import MappingProxyType

import orjson
import pytest

from schemas.byte_rules import MAX_BYTES
from schemas.errors import BadMessage, Reason
from services.intake.domain.acceptance_line import NumberedRefusal
from services.intake.domain.client_rate_limits import SubmittedLoad, Usage
from services.intake.domain.json_batch import elements
from services.intake.domain.judge import judge
from services.intake.domain.quarantine_entries import Entry, EntryState
from services.intake.domain.refusal_attempts import EarlierEntries, QuarantineRoom, RefusalFingerprint, attempts
from services.intake.domain.relay_records import records_of_refused as told_of_refusal
from services.intake.domain.submission import AcceptedSubmission
from services.intake.domain.systems import LONGEST_NUMBER, SYSTEMS
from tests.unit.intake.samples import DEPLOYMENT, NOW, accepted, inbound, refused, victim
from tests.unit.intake.test_client_rate_limits import SHARES
from tests.unit.intake.test_relay_records import REFUSED

OURS, THEIRS = (f"{source}/01920000-0000-7000-8000-000000000001" for source in ("bpd/register", "bpd/nobodys"))
WITHDRAWN = {
    **victim(),
    "type": "bz.atips.consent.withdrawn.v1",
    "data": {"person": victim()["data"]["person"]},
}
CORRECTED = {
    **victim(supersedes=OURS),
    "type": "bz.atips.event.corrected.v1",
    "data": {
        "reason": "entry_error",
        "type": "bz.atips.consent.withdrawn.v1",
        "data": {**WITHDRAWN["data"], "consent": THEIRS},
    },
}
CONTESTED = {
    **victim(source="council/secretariat", subject=None),
    "type": "bz.atips.figure.contested.v1",
    "data": {"number": "M1", "period": "2024", "reason": "claims_differ", "about": [OURS, THEIRS]},
}


@pytest.mark.parametrize(
    ("number", "taken"),
    [("1" * LONGEST_NUMBER, True), ("1" * (LONGEST_NUMBER + 1), False), ("A-A7", True), ("AB-A7", False)],
)
def test_a_register_number_has_so_many_signs_and_no_more_letters_than_digits_and_one(
    number: str, *, taken: bool
) -> None:
    assert isinstance(judge(inbound(victim(sourcerecord=number)), NOW), AcceptedSubmission) is taken


def test_a_reference_to_a_system_that_nobody_enrolled_is_blamed_at_its_own_place() -> None:
    for event, pointer in (
        (WITHDRAWN | {"consentref": OURS, "data": {**WITHDRAWN["data"], "consent": THEIRS}}, "/data/consent"),
        (CORRECTED, "/data/data/consent"),
        (WITHDRAWN | {"consentref": THEIRS, "data": {**WITHDRAWN["data"], "consent": OURS}}, "/consentref"),
    ):
        assert (refused(event).reason, refused(event).pointer) == (Reason.SOURCE_NOT_ENROLLED, pointer)


def test_of_several_references_the_one_to_a_system_that_nobody_enrolled_is_named() -> None:
    judged = refused(CONTESTED, agency="council")
    assert (judged.reason, judged.pointer) == (Reason.SOURCE_NOT_ENROLLED, "/data/about/1")


def test_an_event_may_name_every_system_that_is_enrolled() -> None:
    alone = replace(SYSTEMS, enrolled=MappingProxyType({"bpd/register": SYSTEMS.enrolled["bpd/register"]}))
    event = accepted(WITHDRAWN | {"data": {**WITHDRAWN["data"], "consent": OURS}})
    assert isinstance(judge(event.inbound, NOW, alone), AcceptedSubmission)


@pytest.mark.parametrize(("more", "reason"), [(0, None), (1, Reason.TOO_LARGE)])
def test_headers_may_be_as_large_as_an_event_and_no_larger(more: int, reason: Reason | None) -> None:
    headers = (("x", b"1" * (MAX_BYTES - 1 + more)),)
    judged = judge(inbound(victim(), headers=headers), NOW)
    assert (None if isinstance(judged, AcceptedSubmission) else judged.reason) is reason


@pytest.mark.parametrize("raw", [b"[]x", b"[1]x", b"[1] 2", b"[1],"])
def test_nothing_stands_behind_an_array(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        elements(raw)
    assert elements(b" [1] ") == (b"1",)


@pytest.mark.parametrize("state", EntryState)
@pytest.mark.parametrize("must_arrive", [True, False])
def test_an_entry_is_not_delivered_while_somebody_waits_and_it_is_open(state: EntryState, *, must_arrive: bool) -> None:
    entry = Entry(1, 1, "bpd", "too_large", "", None, "", must_arrive, 1, 0, 0, state, None)
    assert entry.not_delivered is (must_arrive and state is EntryState.OPEN)


def test_an_agencys_systems_are_its_own_and_not_those_whose_name_begins_alike() -> None:
    usage = Usage(SHARES)
    for client in ("bpd", "bpd/register", "dhs", "bpdx", "dhs/famcare"):
        usage.charge(client, SubmittedLoad(records=1), 0.0)
    assert usage.systems("bpd") == ["bpd", "bpd/register"]


def test_a_quarantine_keeps_bytes_until_it_is_full_and_says_from_then_on_that_it_is() -> None:
    refusals = [NumberedRefusal(n, 0, refused(b"%d" % n)) for n in (1, 2, 3)]
    marks = {each.n: RefusalFingerprint(b"%d" % each.n, 40) for each in refusals}
    earlier = EarlierEntries(kept={"bpd": 10})
    found = attempts(refusals, marks, earlier, QuarantineRoom(most=100, reserve=0))
    assert [(each.kept_in, each.found_no_room) for each in found.values()] == [(1, False), (2, False), (None, True)]
    assert earlier.kept == {"bpd": 90}
    again = attempts(
        [NumberedRefusal(4, 0, refusals[0].refused)], {4: marks[1]}, earlier, QuarantineRoom(most=100, reserve=0)
    )
    assert [(each.kept_in, each.attempts, each.found_no_room) for each in again.values()] == [(1, 2, False)]


def test_a_message_is_of_the_millisecond_at_which_it_was_refused() -> None:
    row = replace(REFUSED, accepted_at=1_709_316_000_123)
    *_, message = told_of_refusal(row, DEPLOYMENT)
    assert message.value is not None
    assert orjson.loads(message.value)["time"] == "2024-03-01T18:00:00.123+00:00"
