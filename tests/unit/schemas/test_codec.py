"""The codec: which bytes are refused and why, what an error may say, and when two submissions are one event."""

import json
import sys
import traceback
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from schemas.byte_rules import MAX_INTEGER, canonical, parse
from schemas.codec import MAX_BYTES, decode, decode_strict, digest
from schemas.errors import BadMessage, Reason
from schemas.size_limits import EVENT
from tests.unit.schemas.event_strategies import Document, documents, submissions
from tests.unit.schemas.samples import CANARY, refused, victim, written

GOOD = written(victim())
ASCII_KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
WHOLE = st.integers(-MAX_INTEGER, MAX_INTEGER)
WITHOUT_FRACTIONS = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII_KEYS, inner, max_size=4),
)


def spoilt(old: bytes, new: bytes) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new)


def nested(depth: int) -> bytes:
    """An event with a member that makes it so many levels deep."""
    return GOOD[:-1] + b', "deep": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


BAD_BYTES: list[tuple[bytes, Reason]] = [
    (b"", Reason.NOT_JSON),
    (b"{", Reason.NOT_JSON),
    (GOOD + b"x", Reason.NOT_JSON),
    (GOOD + GOOD, Reason.NOT_JSON),
    (b'{"seq": 1,}', Reason.NOT_JSON),
    (spoilt(b'"1.0"', b"'1.0'"), Reason.NOT_JSON),
    (spoilt(b'"1.0"', b'"1.0\n"'), Reason.NOT_JSON),
    (spoilt(b'"1.0"', b'"\\ud800"'), Reason.NOT_JSON),
    (b"null", Reason.NOT_AN_OBJECT),
    (b"[]", Reason.NOT_AN_OBJECT),
    (b'"x"', Reason.NOT_AN_OBJECT),
    (b"7", Reason.NOT_AN_OBJECT),
    (spoilt(b"suspected", b"\xff"), Reason.NOT_UTF8),
    (spoilt(b"suspected", b"\xed\xa0\x80"), Reason.NOT_UTF8),
    (GOOD.decode().encode("utf-16"), Reason.NOT_UTF8),
    (b"\xef\xbb\xbf" + GOOD, Reason.BYTE_ORDER_MARK),
    (spoilt(b'{"spec', b'{"specversion": "1.0", "spec'), Reason.DUPLICATE_KEY),
    (spoilt(b'"status"', b'"status": "confirmed", "status"'), Reason.DUPLICATE_KEY),
    (spoilt(b'"status"', b'"stat\\u0075s": "confirmed", "status"'), Reason.DUPLICATE_KEY),
    (spoilt(b'"status"', b'"": 1, "": 1, "status"'), Reason.DUPLICATE_KEY),
    (spoilt(b'"status"', b'"x": [{"a": {"b": 1, "b": 2}}], "status"'), Reason.DUPLICATE_KEY),
    # as many quotes are lost with the key as the escapes bring back
    (spoilt(b'"status"', b'"x": 1, "x": 1, "y": "\\u0022\\u0022", "status"'), Reason.DUPLICATE_KEY),
    (nested(EVENT.depth + 1), Reason.TOO_DEEP),
    (nested(300), Reason.TOO_DEEP),
    (nested(900), Reason.TOO_DEEP),
    (nested(900).replace(b'"deep"', b'"d\\u0065ep"'), Reason.TOO_DEEP),
    (nested(50_000), Reason.TOO_DEEP),
    (nested(EVENT.depth), Reason.UNKNOWN_FIELD),
    (spoilt(b'"suspected"', b"NaN"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"-Infinity"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"1.5"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"1e2"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"9007199254740992"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"-9007199254740992"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"9" * 5000), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"1e999"), Reason.NUMBER_NOT_ALLOWED),
    (spoilt(b'"suspected"', b"9007199254740991"), Reason.UNKNOWN_CODE),
    (b" " * (MAX_BYTES - len(GOOD) + 1) + GOOD, Reason.TOO_LARGE),
]


@pytest.mark.parametrize(
    ("raw", "reason"), BAD_BYTES, ids=[f"{reason}-{number}" for number, (_, reason) in enumerate(BAD_BYTES)]
)
def test_bytes_are_refused_with_their_reason(raw: bytes, reason: Reason) -> None:
    assert refused(raw)[0] is reason


@pytest.mark.parametrize(
    ("document", "places"),
    [
        (victim(seq=2.0), ["/seq"]),
        (victim(data={"status": 1.5, "exploitation": ["other", 2**60]}), ["/data/status", "/data/exploitation/1"]),
        (victim(data={CANARY: {"person": 0.5}}), ["/data"]),
        (victim(**{CANARY: [1e9]}), [""]),
    ],
)
def test_a_number_that_no_field_may_have_is_told_with_its_place(document: Document, places: list[str]) -> None:
    """Spreadsheets and JavaScript write 40.0; the refusal named no field."""
    with pytest.raises(BadMessage) as caught:
        decode_strict(json.dumps(document | {"id": "7"}).encode())
    told = caught.value.mistakes
    assert [each.pointer for each in told if each.reason is Reason.NUMBER_NOT_ALLOWED] == places
    assert (caught.value.reason, caught.value.pointer) == (Reason.NUMBER_NOT_ALLOWED, places[0])
    assert (Reason.WRONG_FORM, "/id") in told


def test_more_levels_than_the_strict_reader_takes_are_too_deep_wherever_python_s_ends() -> None:
    """A version of Python reads a thousand levels, the next one ten thousand."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        assert refused(nested(3_000))[0] is Reason.TOO_DEEP
    finally:
        sys.setrecursionlimit(usual)


def test_bytes_at_the_limit_are_read() -> None:
    assert decode_strict(b" " * (MAX_BYTES - len(GOOD)) + GOOD).event == decode(GOOD)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"\xff", b"{}", nested(300), spoilt(b'"1.0"', b"1.5")],
    ids=lambda raw: repr(raw[-9:]),
)
def test_the_reader_of_the_log_raises_nothing_else_either(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(raw)


@given(submissions(), st.data())
def test_spoilt_bytes_are_an_event_or_a_bad_message(raw: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 12))
    new = data.draw(
        st.one_of(st.binary(max_size=12), st.sampled_from([b'"', b"{", b"}", b"null", b"-0", b"\\", b"1e9"]))
    )
    survives(raw[:at] + new + raw[at + length :])


@given(st.one_of(st.binary(max_size=64), WITHOUT_FRACTIONS.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_are_an_event_or_a_bad_message(raw: bytes) -> None:
    survives(raw)


@given(documents(), st.data())
def test_any_value_in_any_field_is_an_event_or_a_bad_message(document: Document, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([document, document["data"]]))
    name = data.draw(st.sampled_from([*sorted(place), CANARY]))
    place[name] = data.draw(WITHOUT_FRACTIONS | st.floats() | st.integers())
    survives(json.dumps(document).encode())


def survives(raw: bytes) -> None:
    """Both readers read the bytes or raise a BadMessage, and the strict one lets in nothing that the other refuses."""
    try:
        strict = decode_strict(raw)
    except BadMessage:
        try:
            decode(raw)
        except BadMessage:
            return
        return
    assert decode(raw) == strict.event


NAMES = ["id", "source", "subject", "time", "recordedtime", "sourcerecord", "type", "seq", CANARY]


@pytest.mark.parametrize("reader", [decode, decode_strict])
@pytest.mark.parametrize(
    "document",
    [
        *[victim(**{name: CANARY}) for name in NAMES],
        *[victim(data={name: CANARY}) for name in ("person", "case", "status", "exploitation", "means", CANARY)],
        victim(data={"exploitation": [CANARY]}),
        victim(data={"exploitation": [{CANARY: CANARY}]}),
        victim(data={CANARY: {CANARY: CANARY}}),
        victim(data=CANARY),
        victim(**{CANARY: {"a": [CANARY]}}),
        victim() | {"type": "bz.atips.period.closed.v1", "data": {"agency": "dhs", "counts": {CANARY: CANARY}}},
        victim() | {"type": "bz.atips.period.closed.v1", "data": {"agency": CANARY, "zero_types": [CANARY]}},
    ],
    ids=lambda each: None,
)
def test_an_error_repeats_nothing_that_was_sent(reader: Any, document: Document) -> None:  # noqa: ANN401
    with pytest.raises(BadMessage) as caught:
        reader(written(document))
    error = caught.value
    told = [str(error), repr(error), repr(error.args), repr(vars(error)), *traceback.format_exception(error)]
    # A traceback shows lines of source, which name the canary nowhere; its frames' values are not shown.
    assert not any(CANARY in each for each in told)
    assert error.__cause__ is error.__context__ is None
    assert str(error).startswith(error.reason)


def test_an_error_says_the_place_and_the_rule() -> None:
    assert str(BadMessage(Reason.UNKNOWN_CODE, "/data/status")) == "unknown_code at /data/status"
    assert str(BadMessage(Reason.NOT_JSON)) == "not_json"


@given(st.dictionaries(ASCII_KEYS, WITHOUT_FRACTIONS, max_size=6))
def test_the_canonical_form_is_rfc_8785s_for_all_that_is_accepted(document: Document) -> None:
    assert canonical(document) == rfc8785.dumps(document)


@given(documents(), st.data())
def test_an_event_is_known_again_however_it_is_written(document: Document, data: st.DataObject) -> None:
    digests = set()
    for _ in range(3):
        order = data.draw(st.permutations(sorted(document)))
        shuffled = {key: document[key] for key in order}
        shuffled["data"] = dict(reversed(document["data"].items()))
        separators = data.draw(st.sampled_from([(",", ":"), (", ", ": "), (",\n\t", " :")]))
        raw = json.dumps(shuffled, separators=separators).replace("/", data.draw(st.sampled_from(["/", "\\/"])))
        digests.add(decode_strict(raw.encode()).digest)
        digests.add(digest(raw.encode()))
    digests.add(digest(document))
    assert len(digests) == 1


def test_the_digest_of_an_event_is_what_it_always_was() -> None:
    assert decode_strict(GOOD).digest.hex() == "a935d5a3db284cf498ed0cc0d307d4244d4331eeb3b73bb5cdcc2f91b3a5f736"


TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize("way", [{"traceparent": TRACE}, {"datacontenttype": "application/json; charset=utf-8"}])
def test_how_it_came_does_not_make_it_another_event(way: dict[str, str]) -> None:
    assert decode_strict(written(victim(**way))).digest == digest(victim(**way)) == decode_strict(GOOD).digest


@pytest.mark.parametrize("changes", [{"seq": 1}, {"data": {"status": "confirmed"}}, {"onbehalfof": None}])
def test_whatever_else_is_different_does(changes: dict[str, Any]) -> None:
    assert decode_strict(written(victim(**changes))).digest != decode_strict(GOOD).digest


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", nested(300)], ids=lambda raw: repr(raw[-9:]))
def test_what_is_no_object_has_no_digest(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        digest(raw)


@given(submissions())
def test_parsing_loses_nothing(raw: bytes) -> None:
    assert parse(raw) == json.loads(raw)
    assert orjson.loads(canonical(parse(raw))) == json.loads(raw)
