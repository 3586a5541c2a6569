"""`atips release`: with what a release is made, and when nothing is released."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.testing import CliRunner

from infra.local.cluster import Cluster
from infra.local.folder import Folder
from services.console import local_cluster
from services.console.__main__ import app
from services.console.release import command, publishing
from services.console.release.preparing import policy_in_force, release_means
from services.presentation.printed import PRINTED, YEAR
from services.presentation.printed.release_zero import release_zero
from services.reporting.council_tables import disclosure_policy
from services.reporting.domain.disclosure.cells import ReleaseCell, ToldAmount
from services.reporting.release.making import held_outside
from tests.unit.reporting.disclosure.register import YAML

LAST_EVENING: Final = datetime(2027, 12, 1, 5, 59, tzinfo=UTC)
"""The last minute of the day in Belize until which the policy holds."""
NEXT_MORNING: Final = datetime(2027, 12, 1, 6, tzinfo=UTC)


def test_the_printed_report_is_the_first_release_that_everybody_holds() -> None:
    assert held_outside(release_means(disclosure_policy()), []) == [release_zero()]


def test_every_printed_number_is_told_by_release_0() -> None:
    zero, year = release_zero(), int(YEAR)
    for row in PRINTED:
        cell = ReleaseCell(row.number, year, year, tuple(sorted(row.dimensions.items())))
        assert zero.told.get(cell) == (None if row.value is None else ToldAmount(row.value, row.value))


def test_a_policy_whose_review_is_overdue_releases_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(YAML, encoding="utf-8")
    monkeypatch.setattr(local_cluster, "now", lambda _: LAST_EVENING)
    assert policy_in_force(Folder(tmp_path), file).owner == "council"
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    with pytest.raises(typer.Exit):
        policy_in_force(Folder(tmp_path), file)


def test_what_tells_too_much_is_withdrawn_also_when_the_review_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, by = tmp_path / "own.yaml", tmp_path / "own.token"
    file.write_text(YAML, encoding="utf-8")
    by.write_text("Authorization: Bearer secret\n", encoding="utf-8")
    taken: list[tuple[str, int]] = []

    async def step(_: Folder, token: str, __: object, number: int, *___: object) -> None:
        taken.append((token, number))

    for name in ("withdrawn", "approved", "sent"):
        monkeypatch.setattr(publishing, name, step)
    monkeypatch.setattr(command, "_told", lambda *_, **__: None)
    monkeypatch.setattr(local_cluster, "running", lambda _: Cluster.at(tmp_path))
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    more = ["1", "--token-file", str(by), "--policy", str(file), "--data-dir", str(tmp_path)]
    for name in ("approve", "publish"):
        assert CliRunner().invoke(app, ["release", name, *more]).exit_code == 1
    assert taken == []
    done = CliRunner().invoke(app, ["release", "withdraw", *more, "--reason", "discloses_too_much"])
    assert (done.exit_code, taken) == (0, [("secret", 1)]), done.output
