"""API keys: hashes alone are kept, a revoked key opens nothing, and intake itself can make none."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.api_keys import Holder, hash_of_key, holder_of_label, key_from_entropy
from services.intake.domain.systems import MAIN
from services.intake.store.api_keys import Keys
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import CANARY, NOW


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_known_by_its_hash_and_by_nothing_else(entropy: bytes) -> None:
    key = key_from_entropy(entropy)
    kept = hash_of_key(key)
    assert kept is not None
    assert len(kept) == 32
    assert key.encode() not in kept
    assert hash_of_key(key_from_entropy(bytes(31) + b"\x01")) != kept or entropy == bytes(31) + b"\x01"


@pytest.mark.parametrize("text", ["", "atips_", CANARY, "atips_" + 42 * "a", "atips_" + 44 * "a", "ATIPS_" + 43 * "a"])
def test_what_cannot_be_a_key_is_not_looked_up(text: str) -> None:
    assert hash_of_key(text) is None


def test_a_key_of_too_few_bits_is_not_made() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        key_from_entropy(bytes(16))


async def test_keys_are_found_until_they_are_revoked(database: Database) -> None:
    first, second, other = (bytes([number]) * 32 for number in (1, 2, 3))
    async with database.owner() as owner:
        keys = Keys(owner)
        assert await keys.add("bpd", first, label="first", at=NOW)
        assert not await keys.add("dhs", first, label="again", at=NOW)
        assert await keys.add("bpd", second, label="second", at=NOW + timedelta(days=1))
        assert await keys.add("dhs", other, label="other", at=NOW)
        assert await keys.revoke(first, at=NOW + timedelta(days=2))
        assert not await keys.revoke(first, at=NOW + timedelta(days=3))
        assert not await keys.add("bpd", first, label="back again", at=NOW)
        assert [(key.label, key.revoked_at is None) for key in await keys.list("bpd")] == [
            ("first", False),
            ("second", True),
        ]
        assert [key.agency for key in await keys.list()] == ["bpd", "bpd", "dhs"]
    async with borrow_connection(database.pool) as connection:
        found = [await Keys(connection).find(key) for key in (first, second, other, bytes(32))]
    assert found == [None, "bpd", "dhs", None]


async def test_a_key_that_ends_later_is_found_until_then(database: Database) -> None:
    now, soon = datetime.now(UTC), datetime.now(UTC) + timedelta(hours=1)
    async with database.owner() as owner:
        keys = Keys(owner)
        await keys.add("bpd", bytes(32), label="first", at=NOW)
        assert await keys.revoke(bytes(32), at=soon)
        assert not await keys.revoke(bytes(32), at=soon + timedelta(hours=1))
        [key] = await keys.list()
        assert (key.open_at(now), key.open_at(soon)) == (True, False)
        assert await keys.find(bytes(32)) == "bpd"
        assert await keys.revoke(bytes(32), at=now - timedelta(seconds=1))
        assert await keys.find(bytes(32)) is None


async def test_a_key_that_is_revoked_for_before_it_was_made_opened_nothing(database: Database) -> None:
    """Two machines' clocks need not agree."""
    async with database.owner() as owner:
        keys = Keys(owner)
        await keys.add("bpd", bytes(32), label="first", at=NOW)
        assert await keys.revoke(bytes(32), at=NOW - timedelta(seconds=1))
        [key] = await keys.list()
        assert (key.open_at(NOW), await keys.find(bytes(32))) == (False, None)


async def test_intake_can_neither_make_nor_take_a_key(database: Database) -> None:
    async with borrow_connection(database.pool) as connection:
        keys = Keys(connection)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await keys.add("bpd", bytes(32), label="", at=NOW)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await keys.revoke(bytes(32), at=NOW)


@pytest.mark.parametrize(
    ("label", "system"),
    [("bpd", MAIN), ("bpd.2", MAIN), ("bpd.jail.2", "jail"), ("dhs.jail.2", MAIN), ("bpd.jail.2.3", MAIN)],
)
def test_a_label_of_three_parts_names_a_system_of_its_agency(label: str, system: str) -> None:
    assert holder_of_label("bpd", label) == Holder("bpd", system)
