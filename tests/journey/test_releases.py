"""A release as two people make it: one prepares, another approves. A late event changes no byte of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journey.conftest import User
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

YEAR = "2014"
history = History(78)


def token(user: User, name: str, agency: str) -> Path:
    """Add an account of the M&E committee and keep its token in a file."""
    user.atips("users", "add", name, "--role", "m_and_e", "--agency", agency)
    file = user.data_dir / f"{name}.token"
    file.write_text(json.loads(user.atips("users", "token", name, "--days", "1", "--json"))["token"], encoding="utf-8")
    return file


def arrest(user: User, day: str, of: int) -> int:
    """Publish an arrest that happened on a day, and wait until releases are made with it; gives its number."""
    event = history.arrest(history.persons[of], victims=(history.persons[3],))
    event |= {"time": f"{day}T10:00:00-06:00", "occurredprecision": "instant"}
    (verdict,) = user.publish("bpd", encode(event))
    n = int(verdict["n"])
    # The figure moves as soon as its own partition is counted; a release is of the number up to which all are.
    wait_for(lambda: json.loads(user.atips("figures", "--json"))["complete_to"] >= n, "everything up to it counts")
    return n


def steps(user: User) -> Callable[..., dict[str, Any]]:
    """Give the command by which an account takes a step."""

    def step(name: str, *more: str, by: Path, code: int = 0) -> dict[str, Any]:
        printed = user.atips("release", name, *more, "--token-file", str(by), "--json", code=code)
        found: dict[str, Any] = json.loads(printed) if printed else {}
        return found

    return step


def test_two_people_release_a_year_and_a_late_arrest_revises_it(user: User) -> None:
    rita, sol, step = token(user, "rita", "council"), token(user, "sol", "sib"), steps(user)
    arrest(user, f"{YEAR}-05-06", 1)
    wait_for(lambda: user.figure("O9", YEAR) == 1, "the arrest counts")
    first = step("prepare", "--edition", "council", "--period", YEAR, by=rita)["release"]
    step("approve", str(first), by=rita, code=1)
    step("publish", str(first), by=sol, code=1)
    assert step("approve", str(first), by=sol)["state"] == "approved"
    published = step("publish", str(first), by=sol)
    assert published["state"] == "published"
    n = next(each["n"] for each in published["steps"] if each["step"] == "published")
    wait_for(
        lambda: json.loads(user.atips("figures", "--number", "G2c", "--json"))["complete_to"] >= n, "it is counted"
    )
    why = json.loads(user.atips("why", "G2c", "--json"))["events"]
    assert ("bz.atips.report.published.v1", n) in {(each["type"], each["n"]) for each in why}
    assert step("publish", str(first), by=sol)["steps"] == published["steps"]  # again: nothing more
    (file,) = (user.data_dir / "releases").glob(f"release-{first}-*.json")
    before = file.read_bytes()

    late = arrest(user, f"{YEAR}-11-20", 2)
    wait_for(lambda: user.figure("O9", YEAR) == 2, "the late arrest counts")
    again = json.loads(user.atips("release", "show", str(first), "--to", str(user.data_dir / "again"), "--json"))
    assert again["releases"][0]["unchanged"]
    assert (user.data_dir / "again").read_bytes() == before == file.read_bytes()
    step("prepare", "--edition", "council", "--period", YEAR, by=rita, code=1)  # it is a revision
    revision = step(
        *("prepare", "--edition", "council", "--period", YEAR, "--revises", str(first), "--reason", "late_facts"),
        by=sol,
    )
    assert revision["previous"] == {"release": first, "sha256": published["sha256"]}
    (moved,) = [each for each in revision["changes"] if each["figure"] == "O9" and not each["dimensions"]]
    assert (moved["before"]["value"], moved["after"]["value"], moved["events"]) == (1, 2, [late])
    step("withdraw", str(revision["release"]), "--reason", "not_approved", by=rita)
    step("approve", str(revision["release"]), by=rita, code=1)


def test_what_leaves_the_committees_tells_what_a_public_release_tells_and_no_more(user: User, tmp_path: Path) -> None:
    year = "2013"
    tea, uma, step = token(user, "tea", "council"), token(user, "uma", "sib"), steps(user)
    arrest(user, f"{year}-05-06", 1)
    wait_for(lambda: user.figure("O9", year) == 1, "the arrest counts")
    made = step("prepare", "--edition", "public", "--period", year, by=tea)["release"]
    number = str(made)
    table, report = ("export", "standard", "glotip", "--year", year, "--release", number), ("report", year, "--release")
    user.atips(*table, "--to", str(tmp_path / "early.csv"), code=1)
    step("approve", number, by=uma)
    step("publish", number, by=uma)

    released = json.loads((user.data_dir / "releases" / f"release-{number}-public-{year}.json").read_bytes())
    told = {
        (row["figure"], row["period"], *(f"{name}={code}" for name, code in row["dimensions"].items())): row
        for row in released["rows"]
    }
    assert told["O9", year]["value"] == 1
    assert (told["O32a", year]["form"], told["O32a", year]["high"]) == ("band", 9)
    small = [row for row in released["rows"] if row["figure"] in {"O32a", "O22a"} and "value" in row]
    assert small == []

    user.atips(*table, "--format", "json", "--to", str(tmp_path / "glotip.json"))
    cells = json.loads((tmp_path / "glotip.json").read_bytes())
    answered = [cell for cell in cells if cell["value"] is not None]
    assert answered
    for cell in answered:
        row = [f"{cell['dimension']}={cell['code']}"] if cell["dimension"] else []
        if (cell["figure"], year, *row) in told:
            assert told[cell["figure"], year, *row]["value"] == cell["value"]
        else:  # every row of an exact breakdown that is not 0 is there
            rows = [
                each["value"]
                for key, each in told.items()
                if each["dimensions"].keys() == {cell["dimension"]} and key[:2] == (cell["figure"], year)
            ]
            assert (cell["value"], sum(rows)) == (0, told[cell["figure"], year]["value"])
    user.atips("export", "standard", "sdmx", "--year", year, "--release", number, "--to", str(tmp_path / "sdmx.csv"))

    stated = json.loads(user.atips(*report, number, "--format", "json"))
    assert stated["audience"].startswith("For everybody")
    assert "years" in {section["name"] for section in stated["sections"]}
    blocks = [block for section in stated["sections"] for block in section["blocks"]]
    values = [each for block in blocks for each in block.get("values", ())]
    assert {"O9", "O32a"} <= {each["number"] for each in values}
    for each in values:
        row = [f"{name}={code}" for name, code in each["dimensions"].items()]
        assert told[each["number"], each["period"], *row].get("value") == each["amount"]

    step("withdraw", number, "--reason", "discloses_too_much", by=tea)
    user.atips(*table, "--to", str(tmp_path / "late.csv"), code=1)
    assert "was withdrawn" in json.loads(user.atips(*report, number, "--format", "json"))["audience"]
    step("prepare", "--edition", "public", "--period", year, by=tea, code=1)  # it is out: a next one revises it
