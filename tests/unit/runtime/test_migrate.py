"""Migrations on a database that others run: several servers, one of which takes writes, and what a standby lacks."""

from pathlib import Path
from unittest.mock import patch

import asyncpg
import pytest
from alembic.script.revision import RevisionError

from services.runtime import migrate as migrations
from services.runtime.migrate import SERVICES, CopiesRun, migrate, revision_chain
from services.runtime.schema_compatibility import SchemaDiffers, newest_known_step
from tests.support.database import Server

_NUMBERED_AND_UNLOGGED = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relpersistence = 'u'"


def test_a_file_with_nothing_to_execute_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web" / "sql").mkdir(parents=True)
    (tmp_path / "web" / "sql" / "0001_forgotten.py").write_text('revision, down_revision = "0001", None\n')
    monkeypatch.setattr(migrations, "_ROOT", tmp_path)
    with pytest.raises(RevisionError, match=r"0001_forgotten\.py has neither STATEMENTS nor a function `upgrade`"):
        revision_chain("web")


async def test_of_several_servers_the_one_that_takes_writes_is_migrated(server: Server) -> None:
    async with server.copy() as name:
        user, place = server.of_admin(name).split("@")
        reached = await migrate(f"{user}@127.0.0.1:1,{place}?target_session_attrs=read-write")
        assert reached == {service: revision_chain(service).get_current_head() for service in SERVICES}


async def test_nothing_that_replication_leaves_out_draws_numbers(server: Server) -> None:
    """On a standby that has become the primary such a sequence may be unreadable."""
    async with server.copy() as name:
        connection = await asyncpg.connect(server.of_admin(name))
        assert await connection.fetch(_NUMBERED_AND_UNLOGGED) == []
        await connection.execute("CREATE UNLOGGED TABLE drawn (n bigint GENERATED ALWAYS AS IDENTITY)")
        assert len(await connection.fetch(_NUMBERED_AND_UNLOGGED)) == 1
        await connection.close()


async def test_tables_of_a_newer_version_stay_where_this_code_works_with_them(server: Server) -> None:
    """An older version that is started again after an upgrade finds them, and leaves them as they are."""
    async with server.copy() as name:
        dsn = server.of_admin(name)
        await server.alter(name, "web", "UPDATE alembic_version SET version_num = '9999'")
        await server.alter(name, "web", f"INSERT INTO schema_step VALUES ('9999', '{newest_known_step('web')}')")
        assert await migrate(dsn, ("web",)) == {"web": "9999"}
        await server.alter(name, "web", "UPDATE schema_step SET works_with = '9999' WHERE revision = '9999'")
        with pytest.raises(SchemaDiffers, match="only code of step 9999"):
            await migrate(dsn, ("web",))


async def test_a_step_waits_for_copies_that_would_not_work_with_it(server: Server) -> None:
    async with server.copy() as name:
        dsn = server.of_admin(name)
        await server.alter(name, "web", "UPDATE alembic_version SET version_num = '0013'")
        await server.alter(name, "web", "INSERT INTO running_copy VALUES (gen_random_uuid(), '0013', '', 1, now())")
        with patch.object(migrations, "_GONE_SECONDS", 1.0):
            await server.alter(name, "web", "UPDATE running_copy SET seen_at = clock_timestamp() + interval '1 hour'")
            with pytest.raises(CopiesRun, match=r"1 copies of web run .* nothing of it was changed"):
                await migrate(dsn, ("web",))
            for made in (  # by the step, and by those after it
                "FUNCTION may_look",
                "FUNCTION dangers_stood",
                "FUNCTION note_exact",
                "FUNCTION waits_by_agency",
                "FUNCTION open_danger_counts",
            ):
                await server.alter(name, "web", f"DROP {made}")
            await server.alter(name, "web", "ALTER TABLE session DROP COLUMN provider_session")
            await server.alter(name, "web", "ALTER TABLE token DROP COLUMN exact")
            await server.alter(name, "web", "UPDATE running_copy SET seen_at = clock_timestamp()")
            await migrate(dsn, ("web",))
