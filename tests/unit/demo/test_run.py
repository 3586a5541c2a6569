"""The command's promises to scripts: 0 only if every printed number agrees, 1 with a reason for whatever else."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import pytest
import typer
from typer.testing import CliRunner

from infra.local import connection_settings
from infra.local.cluster import ClusterError
from schemas.codebook.governance import FindingClosure
from schemas.topics import Deployment
from services.case_tracker.queries import FindingRow
from services.console import cluster_start
from services.console.publish import kafka_publishing
from services.demo import agency_publishing as offices_module
from services.demo import figures_and_findings, page_links_and_check, present_day_referrals, run
from services.demo.agency_publishing import Offices
from services.demo.await_idle import TooLateError
from services.demo.changes_after_report import CHANGES_KNOWN_AT, REPORT_KNOWN_AT, changes_after_report
from services.demo.figures_and_findings import DemoOutcome
from services.demo.invented_year import history
from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine as Compared
from services.presentation.report_2024_numbers.comparison_with_figures import compare_printed_numbers
from services.reporting.domain.rules import FindingState
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus


@dataclass
class Cluster:
    """A cluster as the command sees it, and whether it was let go."""

    data_dir: Path
    stopped: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped = True


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cluster:
    found = Cluster(tmp_path)
    monkeypatch.setattr(cluster_start, "start", lambda *_, **__: found)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(connection_settings, "deployment", lambda _: Deployment())
    monkeypatch.setattr(connection_settings, "client", lambda *_: {})
    monkeypatch.setattr(page_links_and_check, "compare", lambda *_: None)
    monkeypatch.setattr(present_day_referrals, "publish", lambda *_: None)
    return found


@dataclass
class Wire:
    """An agency's connection, which answers each record as it is told."""

    agency: str
    answer: Callable[[FileLine], Verdict]
    lines: list[FileLine] = field(default_factory=list)
    closed: bool = False

    def publish(self, lines: Sequence[FileLine]) -> Iterator[Verdict]:
        self.lines += lines
        return map(self.answer, lines)

    def close(self) -> None:
        self.closed = True


def wired(monkeypatch: pytest.MonkeyPatch, answer: Callable[[FileLine], Verdict]) -> list[Wire]:
    """Have the agencies connect so; gives the connections as they are made."""
    made: list[Wire] = []

    def connect(_config: object, _deployment: object, agency: str, *, timeout: float) -> Wire:
        assert timeout > 0
        made.append(Wire(agency, answer))
        return made[-1]

    monkeypatch.setattr(kafka_publishing, "InboundTopic", connect)
    return made


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> list[Wire]:
    """Every agency's records are accepted."""
    numbers = itertools.count(1)
    return wired(monkeypatch, lambda line: Verdict(line.number, VerdictStatus.ACCEPTED, n=next(numbers)))


def counting(
    monkeypatch: pytest.MonkeyPatch, *, off_by: int = 0, moved_by: int = 0, past_by: int = 0, lived: bool = False
) -> None:
    """Figures that are off by so much, then move as planted and by so much more; the past is off by so much.

    `lived`: they had moved before the entries of the report were published again.
    """
    days = iter([REPORT_KNOWN_AT, CHANGES_KNOWN_AT[:10]])
    settled = [0]

    def count(_: object, day: str) -> DemoOutcome:
        assert day == next(days)
        return DemoOutcome(
            [counted(line, again=lived or day != REPORT_KNOWN_AT) for line in compare_printed_numbers([])],
            settled[-1],
            0,
        )

    def known(_: object, day: str) -> DemoOutcome:
        assert day == REPORT_KNOWN_AT
        lines = [counted(line, again=False) for line in compare_printed_numbers([])]
        return DemoOutcome([replace(line, computed=(line.computed or 0) + past_by) for line in lines], 298, 0)

    def counted(line: Compared, *, again: bool) -> Compared:
        place = line.printed.number, line.printed.dimensions
        moves = [
            move.by for each in changes_after_report() for move in each.moves if (move.number, move.dimensions) == place
        ]
        amount = (line.printed.value or 9) + off_by
        return replace(line, computed=amount + (sum(moves) + moved_by if again else 0))

    monkeypatch.setattr(figures_and_findings, "count", count)
    monkeypatch.setattr(offices_module, "wait_until_idle", lambda _, last_n: settled.append(last_n))
    monkeypatch.setattr(figures_and_findings, "read_figures_known_at", known)


def invoke(*arguments: str) -> Any:  # noqa: ANN401 - the runner's result
    app = typer.Typer()
    app.command()(run.demo)
    return CliRunner().invoke(app, list(arguments))


def test_once_leaves_with_0_when_all_agree(
    cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting(monkeypatch)
    result = invoke("--once", "--all")
    assert result.exit_code == 0, result.output
    assert "✗" not in result.stdout
    assert cluster.stopped


def test_without_more_it_fits_a_screen(cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    counting(monkeypatch)
    monkeypatch.setenv("COLUMNS", "80")
    lines = invoke("--once").stdout.splitlines()
    assert any(line.startswith("All ") for line in lines)
    assert len(lines) < 40
    assert max(len(line) for line in lines if line.startswith(("╭", "│"))) <= 80  # sentences wrap by themselves


def test_json_has_what_programs_rely_on(cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    counting(monkeypatch)
    found = json.loads(invoke("--once", "--json").stdout)
    of_an_act = {"complete_to", "withheld", "submissions", "rates", "findings"}
    assert found.keys() == {"figures", "afterwards", "seconds", *of_an_act}
    assert found["complete_to"] == len(history())
    assert found["submissions"] == {"accepted": len(history()), "duplicate": 0, "refused": 0}
    assert found["seconds"].keys() == {"start", "publish", "count", "publish changes", "known at", "pages"}
    assert all(
        row.keys() == {"number", "name", "unit", "period", "dimensions", "printed", "words", "computed", "agrees"}
        for row in found["figures"]
    )
    later = found["afterwards"]
    assert later.keys() == {"moved", *of_an_act}
    assert later["submissions"]["accepted"] == len(changes_after_report())
    by = Counter[str]()
    for move in (move for each in changes_after_report() for move in each.moves if not move.dimensions):
        by[move.number] += move.by
    whole = {row["number"] for row in later["moved"] if not row["dimensions"]}
    assert whole == {number for number, amount in by.items() if amount}
    assert len(whole) < len(by)  # what two changes do to one number may take itself back
    assert all(
        row.keys() == {"number", "dimensions", "published", "now", "expected", "agrees", "why"}
        for row in later["moved"]
    )


@pytest.mark.parametrize("known", [1, len(changes_after_report())])
def test_once_again_in_a_folder_that_has_seen_what_came_later_agrees_as_well(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    """It also may have ended in the midst of it."""
    seen = {each.value for each in history()} | {each.entry.value for each in changes_after_report()[:known]}
    answers = {False: VerdictStatus.ACCEPTED, True: VerdictStatus.DUPLICATE}
    wired(monkeypatch, lambda line: Verdict(line.number, answers[line.value in seen], n=1))
    counting(monkeypatch, lived=True)
    result = invoke("--once", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {row["agrees"] for row in found["figures"]} == {True, None}
    assert {row["agrees"] for row in found["afterwards"]["moved"]} == {True}
    assert found["complete_to"] == 298


def test_figures_that_had_moved_before_anything_came_later_do_not_agree(
    cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting(monkeypatch, lived=True)
    assert invoke("--once").exit_code == 1


def test_what_was_found_in_a_case_is_listed_as_it_was_known_then() -> None:
    then, since = (datetime.fromisoformat(f"{day}T12:00:00-06:00") for day in (REPORT_KNOWN_AT, CHANGES_KNOWN_AT[:10]))
    settled = FindingRow(
        *("finding", "case", "charged_without_arrest", "warning", ("bpd/register/1",), ()),
        *(None, None, then, since, FindingClosure.MERGED),
    )
    assert DemoOutcome([], 1, 0, within=(settled,)).listed == []
    assert [each.state for each in DemoOutcome([], 1, 0, within=(settled,), at=then).listed] == [FindingState.OPEN]


@pytest.mark.parametrize("wrong", [{"off_by": 1}, {"moved_by": 1}, {"past_by": 1}])
def test_once_leaves_with_1_when_a_number_differs_or_moves_otherwise(
    cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    counting(monkeypatch, **wrong)
    result = invoke("--once", "--all")
    assert result.exit_code == 1
    assert "✗" in result.stdout
    assert "All " not in result.stdout
    assert cluster.stopped


def test_each_agency_sends_its_own_entries_in_their_order(cluster: Cluster, wires: list[Wire]) -> None:
    with Offices(cluster) as offices:  # type: ignore[arg-type] # its data folder is enough
        verdicts = offices.publish(history(), lambda _: None)
    assert [verdict.line for verdict in verdicts] == list(range(len(history())))
    for each in wires:
        own = [entry.value for entry in history() if entry.agency == each.agency]
        assert [line.value for line in each.lines] == own
    assert sum(len(each.lines) for each in wires) == len(history())


def test_an_agency_connects_once_for_both_acts_and_is_let_go(
    cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting(monkeypatch)
    assert invoke("--once").exit_code == 0
    agencies = [each.agency for each in wires]
    assert sorted(agencies) == sorted(
        {entry.agency for entry in history()} | {e.entry.agency for e in changes_after_report()}
    )
    assert all(each.closed for each in wires)


def test_on_an_interrupt_nobody_waits_for_who_sends(
    cluster: Cluster, wires: list[Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> DemoOutcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(offices_module, "wait_until_idle", interrupted)
    assert invoke("--once").exit_code == run.INTERRUPTED
    assert wires
    assert not any(each.closed for each in wires)


def test_a_submission_without_a_receipt_ends_it(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    wired(monkeypatch, lambda line: Verdict(line.number, VerdictStatus.UNCONFIRMED))
    with pytest.raises(TooLateError), Offices(cluster) as offices:  # type: ignore[arg-type]
        offices.publish(history(), lambda _: None)
    result = invoke("--once")
    assert result.exit_code == 1
    assert "no receipt" in result.stderr
    assert cluster.stopped


def test_an_agency_that_is_not_let_in_ends_it(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> Wire:
        raise NotReachedError

    monkeypatch.setattr(kafka_publishing, "InboundTopic", refused)
    assert invoke("--once").exit_code == 1
    assert cluster.stopped


def test_a_cluster_that_does_not_start_is_told_and_not_shown_as_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> Cluster:
        message = "kafka ended with 1 3 times"
        raise ClusterError(message)

    monkeypatch.setattr(cluster_start, "start", start)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    result = invoke("--once")
    assert result.exit_code == 1
    assert "kafka ended" in result.stderr
    assert "--data-dir" in result.stderr


def test_an_interrupt_while_it_starts_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> Cluster:
        raise KeyboardInterrupt

    monkeypatch.setattr(cluster_start, "start", start)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert invoke("--once").exit_code == run.INTERRUPTED
