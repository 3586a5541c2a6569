"""A sender that gives its records wrong offsets: intake leaves its topic aside, and reads everybody else's on."""

import json
import urllib.request

import pytest

from infra.local import connection_settings
from infra.local.ports import choose
from schemas.ids import Kind
from tests.support.pipeline import Pipeline, wait_for
from tests.support.random_events import History, encode
from tests.support.raw_batch import append, batch

history = History(91)
LOOK = {"stands_seconds": "1"}


def arrest() -> bytes:
    return encode(history.arrest(history.mint(Kind.PERSON)))


pytestmark = pytest.mark.pipeline(agencies=("bpd", "dhs"), watched=False)


def said(port: int, path: str) -> str:
    """Give what a service says on its own port."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        text: str = answer.read().decode()
    return text


@pytest.mark.parametrize(
    "offsets",
    [[0, 7, 8], [0, 0, 0], [2, 1, 0], [-3, -2, -1], [0, 1, 1 << 30], [1 << 30, (1 << 30) + 1, (1 << 30) + 2]],
    ids=["a gap", "twice", "backwards", "from before", "the last from behind the end", "all from behind the end"],
)
async def test_a_topic_with_wrong_offsets_is_left_aside_and_the_others_are_read(
    pipeline: Pipeline, offsets: list[int]
) -> None:
    topic, port = pipeline.deployment.inbound("bpd"), choose(["admin"], {})["admin"]
    intake = pipeline.start("intake", admin_port=str(port), **LOOK)
    pipeline.publish([("bpd", arrest()), ("dhs", encode(history.profile()))])
    wait_for(lambda: pipeline.receipts("bpd") and pipeline.receipts("dhs"), "both are judged")

    settings = connection_settings.admin(pipeline.cluster.data_dir)
    assert await append(settings, topic, batch([arrest() for _ in offsets], offsets)) == [0], "the broker takes it"
    pipeline.publish([("bpd", arrest())])
    for number in (2, 3):
        pipeline.publish([("dhs", encode(history.profile()))])
        wait_for(lambda number=number: len(pipeline.receipts("dhs")) == number, "the other agency is read on")  # type: ignore[misc]
    wait_for(lambda: "wrong offsets: left aside" in intake.text(), "it is told")
    assert intake.running
    stands = f'atips_standing_seconds{{topic="{topic}"}} '
    wait_for(lambda: float(said(port, "/metrics").partition(stands)[2].partition("\n")[0] or 0) > 1, "it is measured")
    assert json.loads(said(port, "/readyz"))["ready"], "nobody else's requests are turned away"

    assert intake.stop() == 0
    again = pipeline.start("intake")
    pipeline.publish([("dhs", encode(history.profile()))])
    wait_for(lambda: len(pipeline.receipts("dhs")) == 4, "after a start too")
    assert again.stop() == 0
