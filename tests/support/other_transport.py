"""`python -m tests.support.other_transport`: referral with the same handlers under confluent-kafka's loop."""

import sys
from typing import Any

from services.referral import __main__ as referral
from services.referral.handlers import AUTHOR, Prepared
from services.referral.settings import Settings
from services.referral.stream import topics
from services.runtime import process
from services.runtime.consumer import Stream
from services.runtime.transport import Transport

BATCH = 5_000


def worker(*, config: Any, deployment: Any, pool: Any, decider: Any, clock: Any, **_: Any) -> Stream[Prepared]:  # noqa: ANN401
    """Build what stands in for the Faust worker."""
    transport = Transport(config, deployment.group(AUTHOR))
    return Stream(transport=transport, topics=topics(deployment), pool=pool, handler=decider, clock=clock, batch=BATCH)


if __name__ == "__main__":
    vars(referral)["worker"] = worker
    sys.exit(process.run("referral", Settings.load(), referral.main))
