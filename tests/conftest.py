"""Settings of every test: how hypothesis searches, which files one worker runs together, their order, golden files."""

import gc
import os
import random
from collections.abc import Generator
from shutil import which
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

settings.register_profile(
    "default",
    deadline=None,  # two cores shared with a broker: time per example says nothing
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,  # a gate must not fail by luck; people search anew
)
settings.load_profile("default")

pytest_plugins = [
    "tests.support.cluster",
    "tests.support.pipeline",
    "tests.support.unique_names_of_tests",
    "tests.support.database",
    "tests.support.service_log",
    "tests.support.mock_broker",
]


JOURNEY: Final = "tests/journey/"
ALONE: Final = "tests/journey/test_demo.py"
"""Starts a cluster of its own."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling":
    """Give each file to one worker, and all journeys to the same one: they share a user's cluster."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - where tests run without it, it is not there

    class Scheduling(LoadFileScheduling):  # type: ignore[misc] # shipped without types
        def _split_scope(self, nodeid: str) -> str:
            together = nodeid.startswith(JOURNEY) and not nodeid.startswith(ALONE)
            return JOURNEY if together else super()._split_scope(nodeid)

    return Scheduling(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files from the code")
    parser.addoption("--order", type=int, metavar="SEED", help="shuffle files, and the tests in each file")


@pytest.fixture
def updates_golden(request: pytest.FixtureRequest) -> bool:
    """Whether the run writes the golden files before it compares them."""
    return bool(request.config.getoption("--update-golden"))


PROGRAMS: Final = {"kcat": "kcat", "curl": "curl", "chromium": "chromium", "promtool": "promtool", "r": "Rscript"}
"""Programs of the system that some tests need, by the marker of these tests."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests whose program is not installed, and say so. Shuffle the others if an order is asked for."""
    absent = [marker for marker, program in PROGRAMS.items() if which(program) is None]
    without = [item for item in items if any(item.get_closest_marker(marker) for marker in absent)]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]
    if (seed := config.getoption("--order")) is not None:
        shuffle = random.Random(seed)
        places = {path: shuffle.random() for path in dict.fromkeys(item.path for item in items)}
        shuffle.shuffle(items)
        items.sort(key=lambda item: places[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for cycles once the tests are collected: during it, that takes a quarter of the time and finds none.

    Modules and tests stay to the end, so that later looks leave them out.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
