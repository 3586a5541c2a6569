"""The pace of a client: it waits as it is told, spreads, and rests after it came too often."""

import pytest

from services.client.pace import FIRST_REST_SECONDS, LONGEST_REST_SECONDS, LONGEST_SECONDS, SPREAD_SECONDS, ClientPace


def test_a_new_client_waits_for_nothing() -> None:
    assert ClientPace(lambda: 0.0).wait(5.0) == 0.0


@pytest.mark.parametrize(("chance", "first", "second"), [(0.0, 0.25, 0.5), (1.0, 0.5, 1.0)])
def test_a_wait_doubles_and_is_spread(chance: float, first: float, second: float) -> None:
    pace = ClientPace(lambda: chance)
    pace.put_off(10.0, None, too_often=False)
    assert pace.wait(10.0) == first
    pace.put_off(20.0, None, too_often=False)
    assert (pace.wait(20.0), pace.wait(20.0 + second)) == (second, 0.0)


@pytest.mark.parametrize("times", [50, 20_000], ids=["an hour", "ten days"])
def test_a_wait_has_an_end_however_long_an_office_is_cut_off(times: int) -> None:
    pace = ClientPace(lambda: 1.0)
    for _ in range(times):
        pace.put_off(0.0, None, too_often=True)
    assert pace.wait(0.0) == LONGEST_SECONDS


@pytest.mark.parametrize(("chance", "wait"), [(0.0, 7.0), (1.0, 7.0 + SPREAD_SECONDS)])
def test_what_the_door_says_is_the_least_and_clients_that_are_told_the_same_are_spread(
    chance: float, wait: float
) -> None:
    pace = ClientPace(lambda: chance)
    pace.put_off(0.0, 7.0, too_often=True)
    assert pace.wait(0.0) == wait


def test_after_too_often_it_rests_between_two_calls_and_ever_less() -> None:
    pace, rests = ClientPace(lambda: 0.5), []
    pace.put_off(0.0, 1.0, too_often=True)
    pace.put_off(0.0, 1.0, too_often=True)
    for _ in range(20):
        pace.answered(0.0)
        rests.append(pace.wait(0.0))
    assert rests[0] == pytest.approx(2 * FIRST_REST_SECONDS * 0.7)
    assert rests == sorted(rests, reverse=True)
    assert rests[-1] == 0.0


def test_a_rest_has_an_end_and_a_door_that_was_away_asks_for_none() -> None:
    pace = ClientPace(lambda: 0.5)
    for _ in range(50):
        pace.put_off(0.0, None, too_often=True)
    pace.answered(0.0)
    assert pace.wait(0.0) <= LONGEST_REST_SECONDS
    away = ClientPace(lambda: 0.5)
    away.put_off(0.0, None, too_often=False)
    away.answered(0.0)
    assert away.wait(0.0) == 0.0
