"""An agency of the table that is added while intake runs: its topic is read without a restart."""

from pathlib import Path

from confluent_kafka.admin import AdminClient

from infra.kafka.topics import make_topics
from infra.local.cluster import Cluster
from schemas.topics import Deployment
from tests.support.pipeline import Pipeline, wait_for
from tests.support.promises import broken, settled
from tests.support.random_events import History


async def test_its_events_are_accepted_and_nobody_s_are_twice(
    cluster: Cluster, admin: AdminClient, tmp_path: Path
) -> None:
    pipeline = await Pipeline.make(cluster, admin, tmp_path, agencies=("bpd", "labour"))
    try:
        intake = pipeline.start("intake")
        pipeline.start("reporting")
        events = list(History(41).events(60))
        pipeline.publish(each for each in events[:40] if each[0] in pipeline.deployment.agencies)
        await settled(pipeline)
        enlarged = Deployment(pipeline.deployment.name, pipeline.deployment.partitions, ("bpd", "labour", "dhs"))
        make_topics(admin, enlarged.specs())
        pipeline.deployment = enlarged
        pipeline.publish(each for each in events if each[0] in enlarged.agencies)
        wait_for(lambda: {receipt["status"] for receipt in pipeline.receipts("dhs")} == {"accepted"}, "dhs is heard")
        await settled(pipeline)
        assert await broken(pipeline) == []
        assert intake.running
    finally:
        pipeline.close()
