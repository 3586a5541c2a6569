"""The reading of the log: the contract's own objects, without its rules; what has no form is refused as at the door."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, TypeAdapter
from pydantic_core import SchemaValidator, ValidationError

import schemas.fast_event_parsing
from schemas.catalogue import CATALOGUE, order_key
from schemas.codec import decode, decode_strict, encode
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason
from schemas.fast_event_parsing import FUNCTIONS, UnknownFunction, fast_validator
from schemas.fields import Wire
from schemas.ids import PersonId
from tests.support.generator import DENSE, History
from tests.unit.schemas.event_strategies import submissions
from tests.unit.schemas.samples import ARREST, EVENT_ID, OTHER_PERSON, PERSON, event, refused, victim, written

EXAMPLES = sorted((Path(schemas.fast_event_parsing.__file__).parent / "examples").glob("*.json"))
ONE_OF_EACH: Any = tuple.__class_getitem__(tuple(each.model for each in CATALOGUE.values()))
OF_BYTES = {
    *(Reason.NOT_UTF8, Reason.BYTE_ORDER_MARK, Reason.DUPLICATE_KEY, Reason.TOO_DEEP, Reason.NUMBER_NOT_ALLOWED),
    *(Reason.NOT_JSON, Reason.NOT_AN_OBJECT, Reason.TOO_LARGE),
}
"""Faults that the door finds before it asks the contract."""


_READINGS: dict[type[Event], SchemaValidator] = {}


def agrees(raw: bytes) -> None:
    """Both readings make one object of the bytes, and the log's does so by itself."""
    judged = decode_strict(raw).event
    model = type(judged)
    if model not in _READINGS:
        _READINGS[model] = fast_validator(TypeAdapter(model))
    for read in (_READINGS[model].validate_json(raw), decode(raw)):
        same(read, judged)
        if isinstance(judged, EventCorrectedV1):
            assert isinstance(read, EventCorrectedV1)
            same(read.replacement(), judged.replacement())


def same(read: Event, judged: Event) -> None:
    assert type(read) is type(judged)
    assert (read, repr(read), vars(read)) == (judged, repr(judged), vars(judged))
    assert list(vars(read)) == list(vars(judged))
    assert read.model_dump(exclude_unset=True) == judged.model_dump(exclude_unset=True)
    assert (read.concerns(), read.joins(), read.ref) == (judged.concerns(), judged.joins(), judged.ref)
    assert (order_key(read), encode(read)) == (order_key(judged), encode(judged))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_read_as_the_contract_reads_it(example: Path) -> None:
    agrees(example.read_bytes())


@pytest.mark.parametrize("seed", range(4))
def test_so_is_a_whole_history(seed: int) -> None:
    for _, raw in History(seed, DENSE).submissions(400):
        agrees(raw)


@pytest.mark.parametrize("type_string", CATALOGUE)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_so_is_any_event_that_the_door_lets_in(type_string: str, data: st.DataObject) -> None:
    agrees(data.draw(submissions(type_string)))


@pytest.mark.parametrize(
    "document",
    [
        *(
            victim(time=at, recordedtime=at)
            for at in (
                *("2024-05-20T14:10:00Z", "2024-05-20T14:10:00.1234567-06:00", "2024-05-20T14:10:00+05:45"),
                *("1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"),
            )
        ),
        victim(occurredprecision=None, data={"exploitation": None, "means": None}),
        victim(data={"exploitation": [], "means": [], "case": None}),
    ],
)
def test_times_and_nulls_are_read_as_the_contract_reads_them(document: dict[str, Any]) -> None:
    agrees(written(document))


WRONG_ID = PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1")
"""As a name never looks, with a wrong check character."""


def correction(said: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    stated = {"person": PERSON, "arrest": ARREST, **said.pop("data", {})}
    data = {"reason": "other", "type": "bz.atips.arrest.made.v1", "data": stated} | said
    return event("event.corrected", data, PERSON, **{"supersedes": f"bpd/register/{EVENT_ID}", **changes})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (victim(subject=OTHER_PERSON), Reason.SUBJECT_MISMATCH),
        (victim(subject=WRONG_ID, data={"person": WRONG_ID}), Reason.BAD_ID),
        (victim(source="nobody/famcare"), Reason.UNKNOWN_AGENCY),
        (victim(data={"exploitation": ["unknown", "unknown"]}), Reason.REPEATED_ITEM),
        (correction({"data": {"person": WRONG_ID}}), Reason.BAD_ID),
        (
            event("person.merged", {"person": PERSON, "same_as": PERSON, "reason": "statement"}, PERSON),
            Reason.REPEATED_ITEM,
        ),
    ],
)
def test_the_log_is_read_without_the_rules(document: dict[str, Any], reason: Reason) -> None:
    raw = written(document)
    found, _ = refused(raw)
    assert found is reason
    read = decode(raw)
    assert (read.type, read.concerns()) == (document["type"], tuple(dict.fromkeys(read.concerns())))
    assert order_key(read)[-1] == EVENT_ID


BROKEN = [
    victim(type="bz.atips.victim.identified.v9"),
    victim(type=...),
    victim(type=7),
    victim(subject="Maria"),
    victim(source="dhs"),
    victim(time=...),
    victim(time="yesterday"),
    victim(time="2024-05-20 14:10:00Z"),
    victim(time="2024-05-20T14:10:00"),
    victim(time="2023-02-29T00:00:00Z"),
    victim(time="0001-01-01T00:00:00+14:00"),
    victim(time="9999-12-31T23:59:59-14:00"),
    victim(time=1717445700),
    victim(occurredprecision="year"),
    victim(recordedtime=...),
    victim(recordedtime=None),
    victim(seq="1"),
    victim(seq=-1),
    victim(onbehalfof="Maria Lopez"),
    victim(copublishers="Maria Lopez"),
    victim(sourcerecord="Maria"),
    victim(surprise=1),
    victim(data=...),
    victim(data=[]),
    victim(data={"person": ...}),
    victim(data={"person": "Maria"}),
    victim(data={"person": 7}),
    victim(data={"status": "happy"}),
    victim(data={"surprise": 1}),
    victim(data={"exploitation": "sexual"}),
    victim(data={"exploitation": ["happy"]}),
    correction({"type": "bz.atips.event.corrected.v1"}),
    correction({"data": {"arrest": 7}}),
    correction({"data": {"surprise": 1}}),
    correction({"data": {"person": "Maria"}}),
    correction({}, supersedes=...),
]


@pytest.mark.parametrize("document", BROKEN)
def test_what_is_no_event_in_form_is_refused_as_at_the_door(document: dict[str, Any]) -> None:
    raw = written(document)
    with pytest.raises(BadMessage) as caught:
        decode(raw)
    assert (caught.value.reason, caught.value.pointer) == refused(raw)


@given(submissions(), st.data())
def test_spoilt_bytes_are_read_or_refused_as_at_the_door(raw: bytes, data: st.DataObject) -> None:
    at, length = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 12))
    spoilt = (
        raw[:at] + data.draw(st.binary(max_size=4) | st.sampled_from([b"null", b"7", b'"', b"0"])) + raw[at + length :]
    )
    try:
        read = decode(spoilt)
    except BadMessage as error:
        said = error.reason, error.pointer
    else:
        assert order_key(read)[-1] == read.id
        assert read.concerns()
        return
    found = refused(spoilt)
    assert found == said or found[0] in OF_BYTES


def test_every_line_of_the_table_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FUNCTIONS:
        without = {each: line for each, line in FUNCTIONS.items() if each != name}
        monkeypatch.setattr(schemas.fast_event_parsing, "FUNCTIONS", without)
        with pytest.raises(UnknownFunction, match=name):
            fast_validator(TypeAdapter(ONE_OF_EACH))


def _changed(text: str) -> str:
    return text.lower()


class Unheard(Wire):
    text: Annotated[str, AfterValidator(_changed)]


def test_a_function_that_the_table_lacks_is_no_silent_gap() -> None:
    for contract in (Unheard, tuple[Unheard, ...], dict[str, Unheard | None]):
        with pytest.raises(UnknownFunction, match="_changed"):
            fast_validator(TypeAdapter(contract))


class Named(Wire):
    """Fields named as the parts of a core schema that are passed over."""

    default: PersonId
    function: PersonId
    type: PersonId
    cls: PersonId


def test_no_field_is_passed_over_for_its_name() -> None:
    for name in Named.model_fields:
        said = dict.fromkeys(Named.model_fields, WRONG_ID)
        assert getattr(fast_validator(TypeAdapter(Named)).validate_json(written(said)), name) == WRONG_ID
        with pytest.raises(ValidationError):
            fast_validator(TypeAdapter(Named)).validate_json(written({**said, name: "Maria"}))


def test_what_the_contract_has_built_by_itself_is_not_taken_for_the_reading() -> None:
    said = written(dict.fromkeys(Named.model_fields, WRONG_ID))
    with pytest.raises(ValidationError):
        Named.model_validate_json(said)
    assert fast_validator(TypeAdapter(Named)).validate_json(said)
    assert fast_validator(TypeAdapter(tuple[Named, ...])).validate_json(b"[" + said + b"]")
