"""One deployment for all tests here. They run in the order of their files, and each leaves it whole."""

import sys
from collections.abc import Iterator

import pytest

from tests.cluster.container_engine import Engine
from tests.cluster.deployment import Deployment, started
from tests.cluster.publishing import Offices


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    """A deployment of the project's own compose file (see `started`)."""
    made = Deployment(Engine.ready())
    with started(made):
        yield made


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
