from tests.support.pipeline import Pipeline
from tests.support.events import History
from tests.support.promises import settled, broken
async def test_smoke(pipeline: Pipeline) -> None:
    pipeline.start("intake"); pipeline.start("reporting")
    history = list(History(1).events(300))
    pipeline.publish(history)
    pipeline.publish(history[:50])
    pipeline.publish([("bpd", b"{"), ("dhs", history[0][1][:-1])])
    try:
        await settled(pipeline, 20)
    finally:
        for s in pipeline.services: print(s.name, s.running, s.text()[-3000:])
    assert not await broken(pipeline)
