"""Clocks: the machine's, or for invented data one that stands where a file says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.runtime.clock import HistoryClock, NotSynthetic, SystemClock, clock


def test_the_history_stands_where_its_file_says(tmp_path: Path) -> None:
    (tmp_path / "synthetic").touch()
    file = tmp_path / "clock"
    file.write_text("2024-12-31T20:00:00-06:00\n")
    history = clock(file)
    assert history.now() == datetime(2025, 1, 1, 2, tzinfo=UTC)
    file.write_text("2025-03-31T00:00:00+00:00")
    assert history.now() == datetime(2025, 3, 31, tzinfo=UTC)
    file.write_text("\n")
    assert abs(history.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_folder_of_true_data_has_only_the_system_s_clock(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("2024-12-31T20:00:00-06:00")
    with pytest.raises(NotSynthetic):
        HistoryClock(tmp_path / "clock")


def test_without_a_file_it_is_the_machine_s() -> None:
    assert isinstance(clock(None), SystemClock)
    assert abs(clock(None).now() - datetime.now(UTC)) < timedelta(seconds=5)
