"""An operator's way through what was refused: see it, look at it, try it again, have it repaired, close it."""

import json
import stat
from pathlib import Path
from typing import Any

from schemas.ids import Kind
from tests.journey.conftest import User
from tests.support.events import History, encode

CANARY = "Canary-Maria-3f7a"

history = History(77)


def victim(status: str = "confirmed") -> dict[str, Any]:
    person, case = history.mint(Kind.PERSON), history.mint(Kind.CASE)
    return history.event("victim.identified", "bpd", person, {"person": person, "case": case, "status": status})


def undelivered(user: User) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in user.status(code=None)["quarantine"]["not_delivered"]}


def test_a_refused_victim_is_not_delivered_until_repaired_or_closed_and_its_bytes_are_for_the_operator_alone(
    user: User, tmp_path: Path
) -> None:
    event, other = victim(CANARY), victim(CANARY)
    verdicts = user.publish("bpd", encode(event), encode(other), code=1)
    assert {(each["status"], each["reason"], each["pointer"]) for each in verdicts} == {
        ("refused", "unknown_code", "/data/status")
    }
    missing = undelivered(user)
    number, second = missing[event["id"]]["entry"], missing[other["id"]]["entry"]
    status = user.atips("status", code=None)
    assert f"atips quarantine show {number}" in status
    assert "NOT DELIVERED" in status

    file = tmp_path / "original.json"
    shown = user.atips("quarantine", "show", str(number), "--bytes-to", str(file), "--operator", "ana", "--json")
    found = json.loads(shown)
    assert (found["reason"], found["pointer"], found["attempts"]) == ("unknown_code", "/data/status", 1)
    assert [(act["act"], act["operator"]) for act in found["acts"]] == [("opened", "ana")]
    assert file.read_bytes() == encode(event)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    strange, nowhere = tmp_path / "strange.key", tmp_path / "nowhere.json"
    strange.write_text("ab" * 32)
    more = ("--bytes-to", str(nowhere), "--key-file", str(strange))
    user.atips("quarantine", "show", str(number), *more, code=1)
    assert not nowhere.exists()

    tried = user.atips("quarantine", "redrive", "--id", event["id"], "--json", code=1)
    again = json.loads(tried)
    assert (again["what"], again["why"], again["entry"]) == ("refused", "unknown_code", number)
    event["data"]["status"] = "suspected"
    assert [each["status"] for each in user.publish("bpd", encode(event))] == ["accepted"]
    closed = user.atips("quarantine", "close", other["id"], "--reason", "sent_in_error", "--operator", "ana", "--json")
    assert (json.loads(closed)["entry"], json.loads(closed)["state"]) == (second, "closed")
    assert undelivered(user).keys().isdisjoint({event["id"], other["id"]})

    listed = user.atips("quarantine", "list", "--reason", "unknown_code", "--json")
    entries = {each["entry"]: each for each in json.loads(listed)["entries"]}
    assert (entries[number]["state"], entries[number]["attempts"]) == ("superseded", 2)
    user.atips("quarantine", "close", str(number), "--reason", "no_event", code=1)
    user.atips("quarantine", "redrive", code=2)
    for printed in (status, shown, tried, closed, listed, user.atips("quarantine", "show", str(second))):
        assert CANARY not in printed
    for log in (user.data_dir / "log").iterdir():
        assert CANARY.encode() not in log.read_bytes()
