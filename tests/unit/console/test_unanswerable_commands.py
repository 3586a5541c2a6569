"""A command that cannot answer says so in a sentence: a period of the future, a workbook of another kind."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from services.console import local_cluster
from services.console.__main__ import app
from services.console.figure_arguments import parsed


def test_a_period_of_the_future_is_refused_and_one_that_has_begun_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evening_before = datetime(2025, 1, 1, 3, tzinfo=UTC)  # still 2024 in Belize
    monkeypatch.setattr(local_cluster, "now", lambda _: evening_before)
    assert parsed("", tmp_path).first == date(2024, 1, 1)
    assert parsed("2024-12", tmp_path).last == date(2024, 12, 31)
    with pytest.raises(typer.Exit) as left:
        parsed("2025", tmp_path)
    assert left.value.exit_code == 2
    assert "2025 lies in the future, today is 2024-12-31" in capsys.readouterr().err
    assert parsed("2025", tmp_path, planned=True).first == date(2025, 1, 1)


@pytest.mark.parametrize("name", ["book.xls", "Book.XLS", "book.ods"])
def test_a_workbook_that_is_not_read_is_told_by_name(tmp_path: Path, name: str) -> None:
    book = tmp_path / name
    book.write_bytes(b"\xd0\xcf\x11\xe0")
    done = CliRunner().invoke(app, ["publish", str(book), "--agency", "bpd", "--dry-run", "--data-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "workbook, which is not read. Save it as .xlsx or .csv." in done.stderr
