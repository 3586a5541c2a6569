"""Clocks: the machine's, or for invented data one that stands where a file says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.runtime.clock import (
    APART,
    Clock,
    ClocksDiffer,
    HistoryClock,
    NotSynthetic,
    SystemClock,
    check_clocks_agree,
    clock,
)


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


@pytest.mark.parametrize(("apart", "said"), [(APART * 2, "ahead of the database's by 600 s"), (-APART * 2, "behind")])
def test_a_machine_s_time_that_is_not_the_database_s_is_not_gone_by(apart: timedelta, said: str) -> None:
    now = datetime(2024, 3, 1, tzinfo=UTC)
    with pytest.raises(ClocksDiffer, match=said):
        check_clocks_agree(SystemClock(), now + apart, now)


def test_a_little_apart_is_the_same_time_and_a_history_lives_on_its_own(tmp_path: Path) -> None:
    now = datetime(2024, 3, 1, tzinfo=UTC)
    for apart in APART, -APART:
        check_clocks_agree(SystemClock(), now + apart, now)
    (tmp_path / "synthetic").touch()
    history: Clock = HistoryClock(tmp_path / "clock")
    check_clocks_agree(history, now + timedelta(days=365), now)
