"""The database's log says who was refused and what became of the server, and nothing of what is in the rows."""

import asyncpg
import pytest

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.provision import dsn_for

VALUE = '{"type": "person.identified", "subject": "per-of-no-person-at-all"}'


async def test_a_wrong_cast_leaves_nothing_of_the_value_and_a_refused_log_in_its_name(cluster: Cluster) -> None:
    folder = Folder(cluster.data_dir)
    dsn = folder.dsn_file("me_read").read_text(encoding="utf-8").strip()
    connection = await asyncpg.connect(dsn)
    try:
        with pytest.raises(asyncpg.InvalidTextRepresentationError, match="of-no-person"):  # who asks is told
            await connection.fetch("SELECT $1::text::integer", VALUE)
    finally:
        await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn_for(dsn, "me_read", "not-it", dsn.rpartition("/")[2]))

    log = (folder.log / "postgres.log").read_text(encoding="utf-8")
    assert "of-no-person" not in log
    assert 'me_read FATAL:  password authentication failed for user "me_read"' in log
    assert "ready to accept connections" in log
