"""The fault tests are worth something: each of these planted bugs makes them find a broken promise."""

import signal

from tests.faults.test_copies import overtaken
from tests.faults.test_crashes import submissions
from tests.support.pipeline import Pipeline, awaited
from tests.support.promises import broken, settled


async def test_a_position_committed_before_the_rows_is_caught(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    armed = pipeline.start("reporting", bug="commit_before_write", failpoint="reporting.appended=kill")
    pipeline.publish(submissions(1))
    assert armed.ended() == -signal.SIGKILL
    pipeline.start("reporting")
    await settled(pipeline)
    assert any(sentence.startswith("I1") for sentence in await broken(pipeline))


async def test_a_cache_kept_after_a_rollback_is_caught(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    armed = pipeline.start("reporting", bug="warm_cache", failpoint="reporting.counted=retry")
    pipeline.publish(submissions(2))
    await settled(pipeline)
    assert '"name": "reporting.counted"' in armed.text()
    assert any(sentence.startswith("I1") for sentence in await broken(pipeline))


# The fence is the condition of the function by which positions move; this one has none.
UNFENCED = """
CREATE OR REPLACE FUNCTION intake.advance_positions(
    topic_ids uuid[], parts integer[], expected bigint[], epochs bigint[], next_offsets bigint[]
) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, intake, pg_temp AS $$
    WITH moved AS (
        UPDATE position AS p SET next_offset = step.next_offset
        FROM unnest(topic_ids, parts, next_offsets) AS step (topic_id, part, next_offset)
        WHERE p.topic_id = step.topic_id AND p.part = step.part RETURNING 1
    )
    SELECT count(*) FROM moved
$$
"""


async def test_a_missing_fence_is_caught(pipeline: Pipeline) -> None:
    connection = await pipeline.connect()
    await connection.execute(UNFENCED)
    await connection.close()
    pipeline.start("reporting")
    await overtaken(pipeline, "intake")

    async def found() -> bool:
        return "I4: a position of intake went back or skipped" in await broken(pipeline)

    assert await awaited(found, "the position that went back is found")
