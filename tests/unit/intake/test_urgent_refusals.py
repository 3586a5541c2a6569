"""Which refusals leave somebody waiting: what says that it is urgent, in whatever form, and what may have said it."""

import gzip
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.judge import judge
from services.intake.domain.submission import InboundHeaders, RefusedSubmission
from tests.unit.intake.histories_of_changes import corrected
from tests.unit.intake.samples import NOW, binary, inbound, training, victim

# Each with a field that nobody knows, so that it is refused where it can be read.
URGENT: list[dict[str, Any]] = [
    victim(1, data={"note": "x"}),
    victim(2, type="bz.atips.referral.sent.v9"),
    victim(3, type="bz.atips.consent.recorded.v1"),
    corrected(4, victim(1), victim(5, data={"note": "x"})),
]
OTHER = training(6, data={"note": "x"})
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")


def text_of(event: dict[str, Any]) -> str:
    return orjson.dumps(event).decode()


def escaped(text: str) -> str:
    return text.replace("bz.atips", "bz\\u002eatips").replace('"type"', '"t\\u0079pe"')


def must_arrive(value: bytes | None, headers: InboundHeaders = ()) -> bool:
    judged = judge(inbound(value, headers=headers), NOW)
    assert isinstance(judged, RefusedSubmission)
    return judged.must_arrive


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("event", URGENT)
def test_an_urgent_type_is_seen_in_every_encoding(event: dict[str, Any], encoding: str) -> None:
    assert must_arrive(text_of(event).encode(encoding))
    assert must_arrive(escaped(text_of(event)).encode(encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_names_only_what_nobody_waits_for_alarms_nobody(encoding: str) -> None:
    for text in (text_of(OTHER), escaped(text_of(OTHER)), text_of(OTHER)[:-1]):
        assert not must_arrive(text.encode(encoding))


@given(st.sampled_from(URGENT), st.sampled_from(ENCODINGS), st.booleans(), st.data())
def test_an_urgent_event_cut_anywhere_must_arrive(
    event: dict[str, Any], encoding: str, escapes: bool, data: st.DataObject
) -> None:
    whole = (escaped(text_of(event)) if escapes else text_of(event)).encode(encoding)
    length = data.draw(st.integers(len("{".encode(encoding)), len(whole)))
    assert must_arrive(whole[:length])


@pytest.mark.parametrize(
    "value",
    [
        repr(URGENT[0]).encode(),
        orjson.dumps(text_of(URGENT[0])),
        b"type=bz.atips.referral.sent.v1&id=1",
        gzip.compress(orjson.dumps(OTHER)),
        text_of(OTHER).encode("cp500"),
        text_of(corrected(4, victim(1), victim(5))).encode()[:-100],
        b"{",
        b"\xff\xfe",
        b"x" * 300_000,
    ],
    ids=["of Python", "JSON in JSON", "a form", "packed", "EBCDIC", "of a correction", "cut", "two bytes", "too large"],
)
def test_in_doubt_it_must(value: bytes) -> None:
    assert must_arrive(value)


@pytest.mark.parametrize("value", [None, b"", b" \n", b"\0\0", b"[]", b"7", b'{"a":"referral"}', b'{"type":"b"}'])
def test_nothing_and_what_can_be_read_leave_no_doubt(value: bytes | None) -> None:
    assert not must_arrive(value)


def test_in_binary_mode_a_header_says_the_type() -> None:
    for event, urgent in ((URGENT[0], True), (OTHER, False)):
        headers, _ = binary(event)
        assert must_arrive(b"{", headers) is urgent
        assert must_arrive(None, headers) is urgent
        of_another_world = tuple((name, value and value.decode().encode("utf-16")) for name, value in headers)
        assert must_arrive(b"{", of_another_world) is urgent
