"""Each service runs twice: when a copy is lost the other does its work within ten seconds, and nothing is lost."""

import asyncio
from typing import Final

import pytest

from tests.cluster.checkers import broken, settled
from tests.cluster.delays import measured
from tests.cluster.deployment import PAIRS, Deployment
from tests.cluster.publishing import Offices

TAKEOVER_SECONDS: Final = 10.0
BEFORE, AFTER = 20, 250
"""Events published before a copy is lost, and after: twenty come in a second."""


@pytest.mark.parametrize("copies", PAIRS, ids=lambda pair: pair[0])
def test_the_other_copy_takes_over(deployment: Deployment, offices: Offices, copies: tuple[str, str]) -> None:
    """The first copy is lost, then the second: whichever was active, it is lost once."""
    for lost in copies:
        with measured(deployment, offices, f"{lost} is lost") as delays:
            offices.await_more(BEFORE)
            deployment.lose(lost)
            offices.await_more(AFTER)
        deployment.start(lost)
        deployment.await_ready([lost])
        assert delays.worst < TAKEOVER_SECONDS
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []
