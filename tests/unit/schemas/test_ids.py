"""Ids: the same bits both ways, one written form, and what a slip of the pen can and cannot get past."""

from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.iso7064 import mod_37_36

from schemas import ids
from schemas.ids import ALPHABET, ENTITY_KINDS, Kind

ENTROPY = st.binary(min_size=16, max_size=16)
KINDS = st.sampled_from(Kind)

KNOWN = {
    bytes(16): "per-00000000000000000000000000z",
    bytes(range(16)): "per-00041061050r3gg28a1c60t3gf0",
    b"\xff" * 16: "per-7zzzzzzzzzzzzzzzzzzzzzzzzza",
}
"""Written down, because ids live in the log for ever: a change of the algorithm must fail here."""


@pytest.mark.parametrize(("entropy", "text"), KNOWN.items())
def test_an_id_is_written_as_it_always_was(entropy: bytes, text: str) -> None:
    assert ids.mint(Kind.PERSON, entropy) == text


@given(KINDS, ENTROPY)
def test_minting_reading_and_bits_agree(kind: Kind, entropy: bytes) -> None:
    text = ids.mint(kind, entropy)
    assert len(text) == 31
    assert text[4] in "01234567"
    assert ids.kind_of(text) is kind
    assert ids.bits(text) == UUID(bytes=entropy)
    assert ids.from_bits(kind, ids.bits(text)) == text


@given(ENTROPY)
def test_the_check_character_is_iso_7064s(entropy: bytes) -> None:
    text = ids.mint(Kind.CASE, entropy)
    assert mod_37_36.is_valid(text[4:], alphabet=ALPHABET)
    assert mod_37_36.calc_check_digit(text[4:-1], alphabet=ALPHABET) == text[-1]


@given(ENTROPY, st.integers(4, 30), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(entropy: bytes, at: int, wrong: str) -> None:
    text = ids.mint(Kind.PERSON, entropy)
    changed = text[:at] + wrong + text[at + 1 :]
    assert ids.is_id(changed) == (changed == text)


@given(ENTROPY, st.integers(4, 29))
def test_neighbours_that_changed_places_are_noticed_unless_adjacent_in_the_alphabet(entropy: bytes, at: int) -> None:
    text = ids.mint(Kind.PERSON, entropy)
    changed = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if changed != text and ids.is_id(changed):
        assert abs(ALPHABET.index(text[at]) - ALPHABET.index(text[at + 1])) == 1


def test_two_in_a_thousand_transpositions_are_all_that_get_past() -> None:
    pairs = [pair for pair in product(ALPHABET, repeat=2) if pair[0] != pair[1]]
    missed = total = 0
    for before in ALPHABET:
        # every state of the check is reached by one character, and every pair follows it
        for first, second in pairs:
            body, swapped = before + first + second, before + second + first
            missed += ids._checksum(body) == ids._checksum(swapped)
            total += 1
    assert missed / total == pytest.approx(1 / 496)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "per",
        "maria-lopez",
        "per-00000000000000000000000000z ",
        "per-00000000000000000000000000z\n",
        "PER-00000000000000000000000000Z",
        "per-7ZZZZZZZZZZZZZZZZZZZZZZZZZA",
        "per_00000000000000000000000000z",
        "xxx-00000000000000000000000000z",
        "per-8" + "0" * 25 + mod_37_36.calc_check_digit("8" + "0" * 25, alphabet=ALPHABET),
        "per-00000000000000000000000000i",
        "per-000000000000000000000000000z",
        "per-0000000000000000000000000z",
    ],
)
def test_nothing_but_the_canonical_form_is_an_id(text: str) -> None:
    assert not ids.is_id(text)
    for reader in (ids.kind_of, ids.bits):
        with pytest.raises(ValueError, match=r"^not an id$"):
            reader(text)


@given(st.text(max_size=40))
def test_no_text_upsets_the_reader(text: str) -> None:
    assert ids.is_id(text) in {True, False}


@given(ENTROPY, KINDS, st.sets(KINDS, min_size=1))
def test_a_kind_is_asked_for(entropy: bytes, kind: Kind, wanted: set[Kind]) -> None:
    assert ids.is_id(ids.mint(kind, entropy), *wanted) == (kind in wanted)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_sixteen_bytes_make_an_id(size: int) -> None:
    with pytest.raises(ValueError, match="sixteen bytes"):
        ids.mint(Kind.PERSON, bytes(size))


def test_a_derived_id_is_the_same_for_everybody_and_depends_on_every_part() -> None:
    derived = ids.derive(Kind.ACTIVITY, "period.closed", "labour", "2024-03")
    assert derived == "act-72syb87b21m6shdn1c92nmwb0xz"
    assert derived != ids.derive(Kind.ACTIVITY, "period.closed", "labour2024", "-03")


@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        (ids.PersonId, {Kind.PERSON}),
        (ids.CaseId, {Kind.CASE}),
        (ids.ActivityId, {Kind.ACTIVITY}),
        (ids.NeedId, {Kind.NEED}),
        (ids.ArrestId, {Kind.ARREST}),
        (ids.ChargeId, {Kind.CHARGE}),
        (ids.BailId, {Kind.BAIL}),
        (ids.HearingId, {Kind.HEARING}),
        (ids.SentenceId, {Kind.SENTENCE}),
        (ids.RestitutionId, {Kind.RESTITUTION}),
        (ids.PaymentId, {Kind.PAYMENT}),
        (ids.AppealId, {Kind.APPEAL}),
        (ids.ReferralId, {Kind.REFERRAL}),
        (ids.ServiceId, {Kind.SERVICE}),
        (ids.PlacementId, {Kind.PLACEMENT}),
        (ids.EntityId, set(ENTITY_KINDS)),
    ],
)
def test_a_field_takes_ids_of_its_kinds_alone(field: Any, kinds: set[Kind]) -> None:  # noqa: ANN401 - an annotated type
    reader: TypeAdapter[str] = TypeAdapter(field)
    for kind in Kind:
        text = ids.mint(kind, b"0123456789abcdef")
        if kind in kinds:
            assert reader.validate_python(text) == text
        else:
            with pytest.raises(ValidationError, match="not an id of this kind"):
                reader.validate_python(text)
