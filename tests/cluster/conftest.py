"""One deployment for all tests here. They run in the order of their files, and each leaves it whole."""

import os
import sys
from collections.abc import Iterator

import pytest

from tests.cluster.deployment import Deployment
from tests.cluster.engine import Engine, say, timed
from tests.cluster.publishing import Offices

RUNNING = "ATIPS_CLUSTER_RUNNING"


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    """Build the images, start everything, and leave nothing behind.

    With ATIPS_CLUSTER_RUNNING set, the deployment of an earlier run that was kept is used, and stays.
    """
    engine = Engine.ready()
    made = Deployment(engine)
    if RUNNING in os.environ:
        yield made
        return
    engine.build()
    try:
        with timed("start, from nothing to every process ready"):
            made.up()
        yield made
    finally:
        made.remove()
        say(f"left behind: {made.left() or 'nothing'}")


@pytest.fixture(scope="session")
def offices(deployment: Deployment) -> Iterator[Offices]:
    """The agencies, with what each was acknowledged during the whole run."""
    made = Offices.of(deployment)
    yield made
    made.close()


def pytest_runtest_logstart(nodeid: str) -> None:
    """Say what is tried: a run takes many minutes."""
    sys.__stdout__.write(f"{nodeid.rpartition('::')[2]}\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]
