"""A plugin: each test has a name of its own. `make test` hands them out by it, and of several runs one."""

from collections import Counter

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse to run any, where one would be left out in silence."""
    several = sorted(name for name, number in Counter(each.nodeid for each in items).items() if number > 1)
    if several:
        msg = f"several tests have one name: {', '.join(several)}"
        raise pytest.UsageError(msg)
