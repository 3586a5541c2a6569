"""Each checker of this folder finds the error that it is for: an error is planted, and removed again."""

import asyncio

import pytest

from tests.cluster.checkers import replayed
from tests.cluster.delays import Waiting
from tests.cluster.deployment import Deployment
from tests.cluster.planted_errors import PLANTED, Checker, found_before_and_after, found_of_a_lost_event
from tests.cluster.publishing import Offices


@pytest.mark.parametrize(("statement", "checker"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED])
def test_a_planted_error_is_found(deployment: Deployment, statement: str, checker: Checker) -> None:
    before, after = asyncio.run(found_before_and_after(deployment, statement, checker))
    assert before == []
    assert after


def test_a_lost_event_is_found(deployment: Deployment, offices: Offices) -> None:
    assert asyncio.run(found_of_a_lost_event(deployment, offices))


def test_a_figure_that_differs_from_the_replay_is_found(deployment: Deployment) -> None:
    change = "UPDATE reporting.cell SET amount = amount {sign} 2 WHERE version = (SELECT version FROM reporting.served)"
    assert replayed(deployment) == []
    deployment.sql(change.format(sign="*"))
    try:
        assert replayed(deployment)
    finally:
        deployment.sql(change.format(sign="/"))
    assert replayed(deployment) == []


def test_a_delay_is_measured() -> None:
    waiting = Waiting()
    waiting.take(0.0, 5, 5)
    waiting.take(1.0, 6, 5)
    waiting.take(2.0, 7, 5)
    waiting.take(4.0, 7, 6)
    assert waiting.longest == 3.0
    assert waiting.at_end(12.0) == 10.0
