"""What the guards need of the machine."""

from shutil import which

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs promtool where it is not installed, visibly."""
    if which("promtool") is None:
        without = [item for item in items if item.get_closest_marker("promtool")]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]
