"""A dry run gives intake's verdicts for a file, and knows of nothing that was accepted before."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.console.verdict_text import text
from services.sheet.lines import FileLine
from services.sheet.rehearsal import rehearse
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
