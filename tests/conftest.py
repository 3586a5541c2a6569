"""What every test shares: how hypothesis searches, and that its data never depend on the machine's speed."""

import os
from shutil import which

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    deadline=None,  # two cores shared with a broker: time per example says nothing
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,  # a gate must not fail by luck; people search anew
)
settings.load_profile("default")

pytest_plugins = [
    "tests.support.cluster",
    "tests.support.collected",
    "tests.support.database",
    "tests.support.logged",
    "tests.support.mock_broker",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs Prometheus where it is not installed, visibly."""
    if which("promtool") is None:
        without = [item for item in items if item.get_closest_marker("promtool")]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]
