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


async def test_a_missing_fence_is_caught(pipeline: Pipeline) -> None:
    pipeline.start("reporting")
    await overtaken(pipeline, "intake", bug="missing_fence")

    async def found() -> bool:
        return "I4: a position of intake went back or skipped" in await broken(pipeline)

    assert await awaited(found, "the position that went back is found")
