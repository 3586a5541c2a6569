"""What every test shares: how hypothesis searches, and that its data never depend on the machine's speed."""

import os

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
