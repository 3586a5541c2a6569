"""An older database of intake beside a newer log: it gets what the log has beyond it, or says why it cannot."""

import json
from pathlib import Path

import pytest

from tests.support.generator import DENSE, History
from tests.support.pipeline import AGENCIES, Pipeline
from tests.support.promises import broken, settled
from tests.wire.test_restore import SAME, restore, tables

BAD = [("bpd", b"no event"), ("dhs", b'{"specversion": "1.0"}')]


async def copied(newer: Pipeline, folder: Path) -> Pipeline:
    """Give the same deployment with a copy of its database, as a backup brings it back."""
    return await newer.with_database(folder, f"{newer.deployment.name}_older", newer.deployment.name)


async def test_an_older_database_catches_up_with_the_log_or_is_refused_where_the_log_is_another(
    pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = [(each.agency, each.raw) for each in History(41, DENSE).submissions(240) if each.agency in AGENCIES]
    first, later = told[:-60], told[-60:]
    pipeline.start("intake")
    pipeline.start("reporting")
    pipeline.publish([*first, *BAD])
    await settled(pipeline)
    assert [running.stop() for running in pipeline.services] == [0, 0]
    older = await copied(pipeline, tmp_path_factory.mktemp("older"))
    before = (await tables(older))["line"][0]["last_n"]
    pipeline.services.clear()
    pipeline.start("intake")
    pipeline.start("reporting")
    pipeline.publish([*later, ("odpp", b"{")])
    await settled(pipeline)
    assert [running.stop() for running in pipeline.services] == [0, 0]
    wanted = await tables(pipeline)
    assert before < wanted["line"][0]["last_n"]

    refused = older.start("intake")
    assert refused.ended() == 1  # without it: numbers would be given twice
    assert "this database is older than the log" in refused.text()
    done = restore(older, "--catch-up")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["last_n"] == wanted["line"][0]["last_n"]
    found = await tables(older)
    for name in SAME:
        assert found[name] == wanted[name], name

    older.services.clear()
    older.submitted = list(pipeline.submitted)
    older.start("intake")
    older.start("reporting")
    older.publish([*first[:20], *later[:20], *BAD])
    await settled(older)
    assert await broken(older) == []
    assert [running.stop() for running in older.services] == [0, 0]

    connection = await older.connect()
    await connection.execute("UPDATE intake.inbox SET payload = payload || ' ' WHERE n = 3")
    await connection.close()
    other = restore(older, "--catch-up")
    reason = json.loads(other.stderr.splitlines()[-1])["reason"]
    assert (other.returncode, reason) == (1, "intake cannot be restored: given to more than one submission: n 3")
