"""Quarantined originals come back byte for byte, and only under the right key, from the right place, untouched."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.submission import Inbound, InboundPlace
from services.intake.quarantine_encryption import Seal
from services.intake.settings import Settings
from tests.unit.intake.samples import CANARY, inbound

KEY = bytes(range(32))
octets = st.one_of(st.none(), st.binary(max_size=50))


@given(octets, octets, st.lists(st.tuples(st.text(max_size=9) | st.text("a\x01\x7f", max_size=9), octets)))
def test_an_original_comes_back(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    record = Inbound("bpd", InboundPlace("topic", 0, 7, 1), key, value, tuple(headers))
    for each in (record, replace(record, place=None)):
        original = Seal(KEY).open(Seal(KEY).close(each, 4), each.place, 4)
        assert (original.key, original.value, original.headers) == (key, value, tuple(headers))


def test_nothing_of_it_shows() -> None:
    record = replace(inbound(CANARY.encode(), headers=((CANARY, CANARY.encode()),)), key=CANARY.encode())
    first, second = Seal(KEY).close(record, 1), Seal(KEY).close(record, 2)
    assert CANARY.encode() not in first.sealed
    assert first.nonce != second.nonce
    assert first.fingerprint == second.fingerprint != Seal(bytes(32)).close(record, 1).fingerprint
    assert first.fingerprint != Seal(KEY).close(replace(record, value=b"other"), 1).fingerprint
    assert CANARY not in repr(Seal(KEY).open(first, record.place, 1))
    assert KEY.hex()[:8] not in first.key_id
    assert first.key_id != Seal(bytes(32)).key_id


@pytest.mark.parametrize("what", ["sealed", "nonce", "key", "offset", "topic", "door"])
def test_tampering_is_noticed(what: str) -> None:
    record = inbound(b"value", offset=7)
    sealed = Seal(KEY).close(record, 3)
    place, seal = record.place, Seal(KEY)
    assert place is not None
    match what:
        case "sealed":
            sealed = replace(sealed, sealed=sealed.sealed[:-1] + bytes([sealed.sealed[-1] ^ 1]))
        case "nonce":
            sealed = replace(sealed, nonce=bytes(12))
        case "key":
            seal = Seal(bytes(32))
        case "offset":
            place = replace(place, offset=8)
        case "topic":
            place = replace(place, topic="elsewhere")
        case _:
            place = None
    with pytest.raises(InvalidTag):
        seal.open(sealed, place, 3)


def test_what_came_over_http_is_bound_to_its_number() -> None:
    record = replace(inbound(b"value"), place=None)
    sealed = Seal(KEY).close(record, 3)
    with pytest.raises(InvalidTag):
        Seal(KEY).open(sealed, None, 4)


@pytest.mark.parametrize("text", ["", "00" * 31, "00" * 33, "zz" * 32])
def test_a_key_of_another_form_is_refused_without_showing_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "quarantine.key"
    settings = Settings.model_construct(quarantine_key_file=path)
    path.write_text("00" * 32 + "\n")
    assert settings.quarantine_key() == bytes(32)
    path.write_text(text)
    with pytest.raises(ValueError, match="64 hexadecimal digits") as caught:
        settings.quarantine_key()
    assert caught.value.__context__ is None
