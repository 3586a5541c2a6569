"""Copies beside each other: who runs, who is gone, and a copy whose tables went on without it."""

import asyncio
from unittest.mock import patch

import asyncpg
import pytest

from schemas.contract_version_by_size import size
from services.referral.settings import Settings
from services.runtime import running_copies, schema_compatibility
from services.runtime.running_copies import Presence
from services.runtime.schema_compatibility import SchemaDiffers
from tests.support.run_in_background import running
from tests.unit.runtime.conftest import Alter

SETTINGS = Settings.model_construct(silent_session_seconds=5.0)


def a_copy(pool: asyncpg.Pool, figures: str = "", contract: int | None = None) -> Presence:
    return Presence(pool, "referral", SETTINGS, figures=figures, contract=contract)


async def test_copies_see_each_other_until_one_ends(pool: asyncpg.Pool) -> None:
    old, new = a_copy(pool, "old"), a_copy(pool, "new", size() + 1)
    await old.renew()
    async with running(old.run):
        await new.renew()
        await old.renew()
        assert new.is_version_counted("old")
        assert old.is_version_counted("new")
        assert old.has_newer_contract_copy()
        assert not new.has_newer_contract_copy()
    await new.renew()
    assert not new.is_version_counted("old")
    assert new.is_version_counted("new")


async def test_the_row_of_a_killed_copy_counts_until_another_has_looked_for_long_enough(
    pool: asyncpg.Pool, alter: Alter
) -> None:
    """After a change of databases every row is old, and its copy may be there all the same."""
    killed, left = a_copy(pool, "old", size() + 1), a_copy(pool, "new")
    await killed.renew()
    await alter("UPDATE running_copy SET seen_at = seen_at - interval '6 seconds'")
    with patch.object(running_copies, "monotonic", side_effect=[100.0, 104.0, 106.0, 120.0]):
        await left.renew()
        assert left.is_version_counted("old")
        assert not left.has_newer_contract_copy()
        await left.renew()
        assert left.is_version_counted("old")
        await left.renew()
        assert not left.is_version_counted("old")
        await left.renew()  # it could not look for long itself
        assert left.is_version_counted("old")


async def test_a_copy_ends_when_its_tables_need_a_newer_one(pool: asyncpg.Pool, alter: Alter) -> None:
    own = schema_compatibility.newest_known_step("referral")
    copy = a_copy(pool)
    await copy.begin(asyncio.Event())
    await alter(f"INSERT INTO schema_step VALUES ('9998', '{own}')")
    await copy.renew()
    await alter("INSERT INTO schema_step VALUES ('9999', '9998')")
    with pytest.raises(SchemaDiffers, match="only code of step 9998"):
        async with running(copy.run) as task:
            await task
    with pytest.raises(SchemaDiffers):
        await a_copy(pool).begin(asyncio.Event())


async def test_a_copy_does_not_start_where_no_migration_ran(pool: asyncpg.Pool, alter: Alter) -> None:
    await alter("DROP TABLE schema_step")
    with pytest.raises(SchemaDiffers, match="run the migrations first"):
        await a_copy(pool).begin(asyncio.Event())
