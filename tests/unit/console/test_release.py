"""`atips release`: with what a release is made, and when nothing is released."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn

import pytest
import typer
from typer.testing import CliRunner

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.console import local_cluster, report
from services.console.__main__ import app
from services.console.export import database_rows, standard
from services.console.release import command, preparing, publishing
from services.console.release.disclosure_in_force import policy_in_force
from services.console.release.preparing import release_means
from services.presentation.report_2024_numbers import PRINTED, YEAR
from services.presentation.report_2024_numbers.report_as_release_zero import release_zero
from services.report.domain.audience import ReportAudience
from services.report.domain.report_input import ReportSource
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.disclosure.outlets import Outlet, is_outlet_closed
from services.reporting.domain.disclosure.release_cells import ReleaseCell, ToldAmount
from services.reporting.release.making import releases_held_outside
from tests.unit.report.report_sources import every
from tests.unit.reporting.disclosure.invented_register import YAML

LAST_EVENING: Final = datetime(2027, 12, 1, 5, 59, tzinfo=UTC)
"""The last minute of the day in Belize until which the policy holds."""
NEXT_MORNING: Final = datetime(2027, 12, 1, 6, tzinfo=UTC)


def test_the_printed_report_is_the_first_release_that_everybody_holds() -> None:
    assert releases_held_outside(release_means(disclosure_policy()), []) == [release_zero()]


def test_every_printed_number_is_told_by_release_0() -> None:
    zero, year = release_zero(), int(YEAR)
    for row in PRINTED:
        cell = ReleaseCell(row.number, year, year, tuple(sorted(row.dimensions.items())))
        assert zero.told.get(cell) == (None if row.value is None else ToldAmount(row.value, row.value))


def on_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say that a cluster runs in a folder; give the options that lead a step there, with a policy and a token."""
    file, by = folder / "own.yaml", folder / "own.token"
    file.write_text(YAML, encoding="utf-8")
    by.write_text("Authorization: Bearer secret\n", encoding="utf-8")
    monkeypatch.setattr(local_cluster, "running_cluster", lambda *_, **__: Cluster.at(folder))
    return ["--token-file", str(by), "--policy", str(file), "--data-dir", str(folder)]


def test_a_policy_whose_review_is_overdue_releases_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(YAML, encoding="utf-8")
    monkeypatch.setattr(local_cluster, "now", lambda _: LAST_EVENING)
    assert policy_in_force(Folder(tmp_path), file, Outlet.RELEASE_STEP).owner == "council"
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    with pytest.raises(typer.Exit):
        policy_in_force(Folder(tmp_path), file, Outlet.RELEASE_STEP)


def test_what_tells_too_much_is_withdrawn_also_when_the_review_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = on_folder(tmp_path, monkeypatch)
    taken: list[tuple[str, int]] = []

    async def step(_: Folder, token: str, __: object, number: int, *___: object) -> None:
        taken.append((token, number))

    monkeypatch.setattr(publishing, "withdraw_release", step)
    monkeypatch.setattr(command, "_told", lambda *_, **__: None)
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    done = CliRunner().invoke(app, ["release", "withdraw", "1", *more, "--reason", "discloses_too_much"])
    assert (done.exit_code, taken) == (0, [("secret", 1)]), done.output


GIVING_OUT: Final = (
    ("release", "prepare", "--edition", "public", "--period", "2026"),
    ("release", "approve", "1"),
    ("release", "publish", "1"),
    ("report", "2026", "--release", "1"),
    ("export", "figures", "--period", "2025"),
    *(("export", "standard", each.value, "--year", "2026") for each in standard.Standard),
    ("export", "standard", "glotip", "--year", "2026", "--release", "1"),
    ("export", "standard", "glotip", "--year", "2026", "--officer", "ana", "--reason", "table for the Institute"),
)
"""Commands that give something out, or lead to it."""
REACHED: Final = 3


def work_of(monkeypatch: pytest.MonkeyPatch, audience: ReportAudience) -> None:
    """Let each command exit with `REACHED` where its work begins. A release's report is for an audience."""

    def reached(*_: object, **__: object) -> NoReturn:
        raise typer.Exit(REACHED)

    async def account(*_: object) -> NoReturn:
        raise typer.Exit(REACHED)

    async def released(*_: object) -> ReportSource:
        return replace(every(1), audience=audience)

    for module in (preparing, publishing):
        monkeypatch.setattr(module, "account_of", account)
    for name in ("records", "in_force"):
        monkeypatch.setattr(standard, name, reached)
    monkeypatch.setattr(database_rows, "run", reached)
    monkeypatch.setattr(report, "_released", released)
    monkeypatch.setattr(report, "document", reached)


@pytest.mark.parametrize("step", GIVING_OUT, ids=" ".join)
def test_nothing_is_given_out_after_the_policy_s_review_date(
    step: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the last day each command goes on to its work, and on the next day none does."""
    more, table = on_folder(tmp_path, monkeypatch), tmp_path / "table.csv"
    if step[0] != "release":  # no account takes it
        more = [*more[2:], "--to" if step[0] == "export" else "--out", str(table)]
    work_of(monkeypatch, ReportAudience.PUBLIC)
    monkeypatch.setattr(local_cluster, "now", lambda _: LAST_EVENING)
    assert CliRunner().invoke(app, [*step, *more]).exit_code == REACHED
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    done = CliRunner().invoke(app, [*step, *more])
    assert done.exit_code == 1, done.output
    assert "was to be reviewed by 2027-11-30" in done.stderr
    assert not table.exists()


@pytest.mark.parametrize("audience", [each for each in ReportAudience if each is not ReportAudience.PUBLIC])
def test_a_report_that_stays_inside_is_made_after_the_review_date(
    audience: ReportAudience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = on_folder(tmp_path, monkeypatch)[2:]
    work_of(monkeypatch, audience)
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    done = CliRunner().invoke(app, ["report", "2026", "--release", "1", *more])
    assert done.exit_code == REACHED, done.output


def test_a_named_officer_has_exact_figures_after_the_review_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = on_folder(tmp_path, monkeypatch)[2:]
    work_of(monkeypatch, ReportAudience.PUBLIC)
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    asked = [
        "export",
        "figures",
        "--period",
        "2025",
        "--officer",
        "ana",
        "--reason",
        "count",
        "--to",
        str(tmp_path / "f"),
    ]
    done = CliRunner().invoke(app, [*asked, *more])
    assert done.exit_code == REACHED, done.output


@pytest.mark.parametrize(
    "command", [("report", "2026", "--release", "1"), ("export", "figures", "--to", "figures.csv")]
)
def test_the_refusal_is_in_the_language_of_the_command(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = on_folder(tmp_path, monkeypatch)[2:]
    work_of(monkeypatch, ReportAudience.PUBLIC)
    monkeypatch.setattr(local_cluster, "now", lambda _: NEXT_MORNING)
    done = CliRunner().invoke(app, [*command, "--lang", "es", *more])
    assert done.exit_code == 1, done.output
    assert "debía revisarse a más tardar el 2027-11-30" in done.stderr


def test_after_the_review_date_all_outlets_are_closed_but_those_that_stay_inside() -> None:
    policy, day = disclosure_policy(), date.max
    inside = {Outlet.WITHDRAWAL, Outlet.EXACT_FILE, Outlet.INSIDE_REPORT}
    assert {each for each in Outlet if not is_outlet_closed(policy, each, day)} == inside
    assert not any(is_outlet_closed(policy, each, policy.review_by) for each in Outlet)


@pytest.mark.parametrize("step", [each for each in GIVING_OUT if each[0] == "release"], ids=" ".join)
def test_a_wrong_policy_is_told_with_its_line(
    step: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = on_folder(tmp_path, monkeypatch)
    (tmp_path / "own.yaml").write_text("owner: nobody\n", encoding="utf-8")
    done = CliRunner().invoke(app, [*step, *more])
    assert done.exit_code == 1, done.output
    assert "own.yaml: line 1" in done.stderr
