"""A dry run gives intake's verdicts for a file, and knows of nothing that was accepted before."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.console.publish.file_lines_and_verdicts import SystemEvents
from services.console.verdict_text import text
from services.sheet.dry_run_judgement import rehearse
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[3] / "schemas/examples"


@pytest.fixture
def event() -> dict[str, Any]:
    """A good event of its agency."""
    found: dict[str, Any] = json.loads((EXAMPLES / "bz.atips.person.profile_recorded.v1.json").read_text("utf-8"))
    return found


def rehearsed(agency: str, *values: bytes | dict[str, Any]) -> list[Verdict]:
    encoded = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
    return list(rehearse(agency, [FileLine(number, value) for number, value in enumerate(encoded, 1)], NOW))


def test_the_same_line_again_is_a_duplicate_and_nothing_has_a_number(event: dict[str, Any]) -> None:
    agency = event["source"].split("/")[0]
    first, again = rehearsed(agency, event, event)
    assert (first.status, first.id, first.n) == (VerdictStatus.ACCEPTED, event["id"], None)
    assert (again.status, again.id) == (VerdictStatus.DUPLICATE, event["id"])


def test_a_refusal_names_the_field_and_the_rule(event: dict[str, Any]) -> None:
    agency = event["source"].split("/")[0]
    event["data"]["sex"] = "a value"
    [verdict] = rehearsed(agency, event)
    assert verdict.plain() == {
        "line": 1,
        "id": event["id"],
        "status": "refused",
        "n": None,
        "reason": "unknown_code",
        "pointer": "/data/sex",
    }
    assert "a value" not in text(verdict).plain


def test_any_bytes_get_a_verdict(event: dict[str, Any]) -> None:
    agency = event["source"].split("/")[0]
    verdicts = rehearsed(agency, b"not json", b"\xff", event)
    assert [(verdict.status, verdict.reason) for verdict in verdicts] == [
        (VerdictStatus.REFUSED, "not_json"),
        (VerdictStatus.REFUSED, "not_utf8"),
        (VerdictStatus.ACCEPTED, None),
    ]


def test_another_agency_may_not(event: dict[str, Any]) -> None:
    [verdict] = rehearsed("sib", event)
    assert (verdict.status, verdict.reason) == (VerdictStatus.REFUSED, "source_not_of_this_door")


def test_everything_that_is_wrong_with_an_event_is_told_at_once(event: dict[str, Any]) -> None:
    """Fields, the sender and the time; and how each is mended. Nothing that was sent is repeated."""
    event["data"] |= {"sex": "femalle", "Maria Lopez": 1, "age_group": "femalle"}
    event |= {"id": str(UUID(int=4)), "recordedtime": "2030-01-01T00:00:00Z"}
    batch = SystemEvents([FileLine(1, json.dumps(event).encode())])
    [verdict] = map(batch.rehearsed, rehearse("sib", batch.lines, NOW))
    told = {(verdict.reason, verdict.pointer), *((each.reason, each.pointer) for each in verdict.more)}
    assert told == {
        ("wrong_form", "/id"),
        ("unknown_code", "/data/sex"),
        ("unknown_code", "/data/age_group"),
        ("unknown_field", "/data"),
        ("source_not_of_this_door", "/source"),
        ("time_in_future", "/recordedtime"),
    }
    shown = text(verdict).plain
    assert "unknown_code at /data/sex. Did you mean one of: female? See all: atips codes sex" in shown
    assert "unknown_field at /data. Fields here: " in shown
    assert "An event's id is a UUID version 7" in shown
    assert "Maria" not in shown
    assert len(verdict.plain()["more"]) == 5


def test_a_correction_tells_all_that_is_wrong_with_what_it_states() -> None:
    event = json.loads((EXAMPLES / "bz.atips.event.corrected.v1.json").read_text("utf-8"))
    event["data"]["data"] |= {"nothing": 1, "nought": 2}
    event["data"]["data"].pop("person")
    [verdict] = rehearsed(event["source"].split("/")[0], event)
    assert {(each.reason, each.pointer) for each in verdict.mistakes} == {
        ("missing_field", "/data/data/person"),
        ("unknown_field", "/data/data"),
    }
