"""Fixtures of the fault tests: pipelines of their own on the run's cluster."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from infra.local.cluster import Cluster
from tests.support.pipeline import Pipeline

Made = Callable[[], Awaitable[Pipeline]]


@pytest.fixture
async def pipeline(cluster: Cluster, admin: AdminClient, tmp_path: Path) -> AsyncIterator[Pipeline]:
    """A pipeline whose services are not running yet."""
    made = await Pipeline.make(cluster, admin, tmp_path)
    yield made
    made.close()
