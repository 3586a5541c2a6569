"""Whatever comes in, its quarantine record is one that the topic takes: the relay stops for good at one that is not."""

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.topics import LARGEST, MIB
from services.intake.domain import relay_records
from services.intake.domain.outbox_rows import RefusedRow
from services.intake.domain.relay_records import RelayRecord, records_of_refused
from services.intake.domain.submission import Inbound, InboundHeaders, InboundPlace
from services.intake.quarantine_encryption import Seal
from tests.unit.intake.samples import DEPLOYMENT, NOW_MS, event_id

PLACE = InboundPlace(DEPLOYMENT.inbound("love_foundation"), 0, 2**62, NOW_MS)
TAKES = {spec.name: int(spec.config["max.message.bytes"]) for spec in DEPLOYMENT.specs()}
# More of a record than Kafka writes around its parts.
FRAME = 256
OFTEN = settings(max_examples=40)

octets = st.binary(min_size=1, max_size=3)
names = st.text(min_size=1, max_size=3) | st.text('a"\\\x01\x7f\u2028é', min_size=1, max_size=3)


def repeated(octets: bytes, size: int) -> bytes:
    return (octets * (size // len(octets) + 1))[:size]


def record_of(value: bytes, headers: InboundHeaders) -> RelayRecord:
    """The quarantine's record of what came in at the furthest place, with the longest of all that stands beside."""
    sealed = Seal(bytes(32)).close(Inbound("love_foundation", PLACE, value[:9], value, headers), 2**62)
    row = RefusedRow(
        n=2**62,
        entry=2**62,
        accepted_at=NOW_MS,
        agency="love_foundation",
        reason="source_not_of_this_door",
        pointer="/data/" + "x" * 500,
        key=("love_foundation/" + "x" * 40, event_id(1)),
        type="bz.atips." + "x" * 100,
        must_arrive=True,
        sealed=sealed,
        place=PLACE,
        attempts=2**31,
        kept_in=2**62,
        size=len(sealed.sealed),
    )
    return records_of_refused(row, DEPLOYMENT)[0]


def size_of(record: RelayRecord) -> int:
    headers = sum(len(name) + len(value) + 16 for name, value in record.headers)
    return FRAME + headers + len(record.key or b"") + len(record.value)


@OFTEN
@given(octets, st.integers(0, 8 * MIB), names, st.integers(0, 3 * MIB), st.integers(0, 4))
@example(b"x", 3_000_000, "a", 1, 0)
@example(b"x", 1, "\x01", 700_000, 1)
def test_no_record_is_larger_than_its_topic_takes(value: bytes, size: int, name: str, length: int, count: int) -> None:
    headers = tuple((name * (length // len(name)), repeated(value, length)) for _ in range(count))
    record = record_of(repeated(value, size), headers)
    assert size_of(record) <= TAKES[record.topic] == LARGEST


def test_the_law_sees_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_records, "MOST_SEALED", LARGEST)
    assert size_of(record_of(bytes(3_000_000), ())) > LARGEST


@OFTEN
@given(octets, names, st.floats(0, 1), st.floats(0, 1), st.integers(1, 64))
@example(b"x", "\x01", 0.7, 0.0, 1)
@example(b"x", '"', 1.0, 0.0, 1)
def test_what_an_inbound_topic_takes_goes_with_its_bytes(
    value: bytes, name: str, of_names: float, of_values: float, count: int
) -> None:
    room = TAKES[PLACE.topic] - count * FRAME
    text = name * int(room * of_names / count / len(name.encode()))
    rest = room - count * len(text.encode())
    held = int(rest * of_values / count)
    record = record_of(repeated(value, rest - count * held), ((text, repeated(value, held)),) * count)
    assert "sealed" in orjson.loads(record.value)
