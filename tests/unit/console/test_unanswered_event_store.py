"""Events of a command without a shown answer are sent again unchanged. A damaged store of them stops no command."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.console.unanswered_event_store import store_or_find_event

NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)


def event(number: int, at: datetime = NOW) -> dict[str, str]:
    return {"id": f"id-{number}", "time": at.isoformat(), "recordedtime": at.isoformat(), "type": "a.type"}


def test_the_same_command_within_a_day_sends_the_same_event(tmp_path: Path) -> None:
    assert store_or_find_event(tmp_path, event(1), NOW).event["id"] == "id-1"
    later = NOW + timedelta(hours=23)
    found = store_or_find_event(tmp_path, event(2, later), later)
    assert found.event["id"] == "id-1"
    found.forget()
    assert store_or_find_event(tmp_path, event(3, later), later).event["id"] == "id-3"


@pytest.mark.parametrize("content", [b"", b"\0" * 64, b"[]", b"{}", b'{"time": 7}', b'{"time": "noon"}', b"\xff"])
def test_a_damaged_file_keeps_no_command_from_being_sent(tmp_path: Path, content: bytes) -> None:
    damaged = store_or_find_event(tmp_path, event(1), NOW).path
    damaged.write_bytes(content)
    (tmp_path / "other.json").write_bytes(content)
    assert store_or_find_event(tmp_path, event(2), NOW).event["id"] == "id-2"
    assert list(tmp_path.glob("*.json")) == [damaged]
