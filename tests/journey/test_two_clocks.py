"""Changes afterwards, as typed: figures as known then, the events behind one, the differences, and the rebuild."""

import json

import pytest

from tests.journey.conftest import User
from tests.support.generator import reference
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

history = History(77)


def test_a_retraction_moves_the_figure_and_not_the_past(user: User) -> None:
    arrest = history.arrest(history.persons[1], victims=(history.persons[2],))
    arrest |= {"time": "2022-05-06T10:00:00-06:00", "occurredprecision": "instant", "sourcerecord": "2022/017"}
    (before,) = user.publish("bpd", encode(arrest))
    wait_for(lambda: user.figure("O9", "2022") == 1, "the arrest counts")

    retraction = history.event(
        "event.retracted", "bpd", arrest["subject"], {"reason": "did_not_happen"}, supersedes=reference(arrest)
    )
    (after,) = user.publish("bpd", encode(retraction))
    wait_for(lambda: user.figure("O9", "2022") == 0, "the retraction counts")

    known = json.loads(
        user.atips("figures", "--number", "O9", "--period", "2022", "--known-at", str(before["n"]), "--json")
    )
    assert known["figures"][0]["amount"] == 1

    why = json.loads(user.atips("why", "O9", "--period", "2022", "--known-at", str(before["n"]), "--json"))
    assert [(event["n"], event["agency"]) for event in why["events"]] == [(before["n"], "bpd")]
    assert "2022/017" in json.dumps(why["events"])

    moments = ("--known-at", str(before["n"]), "--known-at", str(after["n"]))
    moved = json.loads(user.atips("diff", "--period", "2022", "--number", "O9", *moments, "--json", code=1))
    (difference,) = [each for each in moved["different"] if each["dimensions"] == {}]
    assert (difference["before"], difference["after"]) == (1, 0)
    assert [event["n"] for event in difference["events"]] == [after["n"]]


def test_everything_read_again_from_the_topics_is_equal(user: User) -> None:
    answer = json.loads(user.atips("replay", "--compare", "--json"))
    assert answer["equal"]
    assert answer["digest"] == answer["live_digest"]
    assert answer["different"] == []
    assert answer["decisions"]["referral"]["different"] == []
