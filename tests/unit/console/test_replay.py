"""Output of `atips replay`: the shape that programs rely on, the verdict, and every finding by name for people."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import typer
from typer.testing import CliRunner

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from schemas.ids import Kind, from_bits
from schemas.service_decisions import DecisionFault as WrongDecision
from schemas.service_decisions import Differing, RejudgedEntity
from services.console import cluster_start
from services.console.__main__ import app
from services.console.output import out
from services.console.replay import command, decision_comparison, show
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.replay import outcome_for_metrics
from services.reporting.replay.report import (
    Audit,
    CellDifference,
    CopyFault,
    Fault,
    Mode,
    PlacedCopy,
    ReplayReport,
    StageProgress,
    Withheld,
)
from services.reporting.replay.swap import NotEmpty
from services.runtime.errors import Halt, Retryable, ServiceError

EQUAL = ReplayReport(
    run=4,
    mode=Mode.COMPARE,
    events=12,
    copies=20,
    entities=9,
    seconds=2.0,
    digest="aa",
    live_digest="aa",
    version="v",
    live_version="v",
    different=(),
    withheld=(),
    faults=(),
    audited_to=12,
    said=12,
    unsettled=0,
    unread=0,
)
KEY = CellKey("O9", date.min, date(2024, 3, 5), again=False, dims=(("district", "cayo"),))
CELL = CellDifference((0, 1), KEY, live=8, replayed=7)
ROW = Fault(Audit.LEDGER, CopyFault.MISSING, 5, 1, UUID(int=3), 0, 9)
COPY = Fault(Audit.ROUTING, CopyFault.SURPLUS, 6, 2, UUID(int=4))
PARKED = Withheld(0, UUID(int=5), None, "fold_failed")
DIFFERENT = replace(EQUAL, live_digest="bb", different=(CELL,), faults=(ROW, COPY), withheld=(PARKED,))


def test_programs_get_the_shape_that_they_rely_on() -> None:
    plain = show.plain(DIFFERENT)
    assert list(plain)[:6] == ["events", "seconds", "digest", "live_digest", "equal", "different"]
    assert (plain["events"], plain["digest"], plain["live_digest"], plain["equal"]) == (12, "aa", "bb", False)
    assert plain["different"] == [
        {
            "figure": "O9",
            "dimensions": {"district": "cayo"},
            "from": "-infinity",
            "to": "2024-03-05",
            "again": False,
            "live": 8,
            "replayed": 7,
        }
    ]
    assert plain["ledger"] == [
        {"wrong": "missing", "n": 5, "entity": from_bits(Kind.CASE, UUID(int=3)), "partition": 0, "offset": 9}
    ]
    assert plain["routing"] == [
        {"wrong": "surplus", "n": 6, "entity": from_bits(Kind.ACTIVITY, UUID(int=4)), "partition": None, "offset": None}
    ]
    assert plain["withheld"] == [
        {"entity": from_bits(Kind.PERSON, UUID(int=5)), "live": None, "replayed": "fold_failed"}
    ]
    assert show.plain(EQUAL)["equal"] is True


@pytest.mark.parametrize(
    ("report", "well"),
    [
        (EQUAL, True),
        (replace(EQUAL, live_digest="bb"), False),
        (replace(EQUAL, different=(CELL,)), False),
        (replace(EQUAL, withheld=(PARKED,)), False),
        (replace(EQUAL, said=11), False),
        (replace(EQUAL, faults=(COPY,)), False),
        (replace(DIFFERENT, faults=(), mode=Mode.SWAP, done=True), True),
        (replace(DIFFERENT, faults=(COPY,), mode=Mode.SWAP, done=True), False),
        (replace(DIFFERENT, mode=Mode.SWAP), False),
        (replace(EQUAL, said=11, mode=Mode.SWAP, done=True), False),
    ],
)
def test_the_exit_code_is_zero_when_nothing_is_left_to_explain(report: ReplayReport, well: bool) -> None:
    assert show.well(report) is well


def test_people_are_told_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    last = PlacedCopy(99, 1, UUID(int=3), 2, 17)
    show.show(replace(DIFFERENT, unsettled=2, unread=31, unsaid=3, unsaid_last=last, live_version="w", resumed=True))
    told = capsys.readouterr().out
    for word in (
        "O9",
        "district cayo",
        "missing",
        "event 5 under",
        "surplus",
        "fold_failed",
        "2 copies not judged",
        "31 copies on the log are beyond where live stood",
        "3 copies not judged: the relay has not said",
        "the last is event 99 under",
        "partition 2, offset 17",
        "replay 4 was gone on with",
    ):
        assert word in told
    assert "another version" in told
    assert "as known at" not in told
    assert "\ndifferent\n" in told
    show.show(EQUAL)
    told = capsys.readouterr().out
    assert "12 events in 20 copies under 9 entities" in told
    assert "beyond" not in told
    show.show(replace(EQUAL, said=11))
    assert "complete to event 12, and the relay has said no more than 11" in capsys.readouterr().out
    assert (show.plain(DIFFERENT)["unread"], show.plain(replace(EQUAL, unread=31))["unread"]) == (0, 31)
    assert told.rstrip().endswith("equal")


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (DIFFERENT, "docs/backup.md, 'Database and log differ'"),
        (replace(EQUAL, said=11), "delete nothing"),
        (replace(DIFFERENT, faults=()), "atips replay --swap. docs/runbooks.md, Drift"),
        (replace(DIFFERENT, faults=(), known_at=7), None),
        (replace(DIFFERENT, mode=Mode.SWAP), None),
        (EQUAL, None),
    ],
)
def test_differences_are_told_with_what_to_do(
    capsys: pytest.CaptureFixture[str], report: ReplayReport, told: str | None
) -> None:
    show.show(report)
    printed = " ".join(capsys.readouterr().out.split())
    assert ("Publish no release" in printed) is (told is not None)
    assert told is None or told in printed


@pytest.mark.parametrize(("kept", "told"), [(True, "edition that is kept"), (False, "no edition is kept")])
def test_of_the_past_it_says_what_stands_for_live(capsys: pytest.CaptureFixture[str], kept: bool, told: str) -> None:
    past = replace(EQUAL, known_at=7, of_edition=kept)
    show.show(past)
    printed = capsys.readouterr().out
    assert "as known at event 7" in printed
    assert told in printed
    assert (show.plain(past)["known_at"], show.plain(past)["of_edition"]) == (7, kept)


@pytest.mark.parametrize(
    ("faults", "done", "verdict"),
    [
        ((), True, "swapped"),
        ((), False, "not swapped: no edition of that time is kept; its figures are made when they are asked for"),
        ((COPY,), True, "swapped; what is named above is not as intake wrote it, and may be counted"),
        (
            DIFFERENT.faults,
            False,
            "the ledger is not what the topics say; an empty database is filled from them by --rebuild",
        ),
    ],
)
def test_a_swap_says_whether_it_was_done(
    capsys: pytest.CaptureFixture[str], faults: tuple[Fault, ...], done: bool, verdict: str
) -> None:
    show.show(replace(DIFFERENT, faults=faults, mode=Mode.SWAP, done=done))
    assert capsys.readouterr().out.rstrip().endswith(verdict)


def test_a_rebuild_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show.show(replace(EQUAL, mode=Mode.REBUILD, done=True))
    assert capsys.readouterr().out.rstrip().endswith("rebuilt, equal")


def test_a_list_that_is_too_long_for_a_terminal_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show.show(replace(DIFFERENT, different=(CELL,) * (show.SHOWN + 3)))
    assert "and 3 more; --json names all" in capsys.readouterr().out


DECISION = "019374fc-5e00-7000-8000-000000000001"
MISSING = Differing("per-1", "bz.atips.referral.assigned.v1", DECISION, WrongDecision.MISSING)
DECIDED = {"referral": RejudgedEntity(3, 2, (MISSING,))}
DANGER = Differing(
    "cas-1", "bz.atips.finding.opened.v1", DECISION, WrongDecision.MISSING, "suspect_released_near_victim"
)
UPGRADED = {"case_tracker": RejudgedEntity(3, by_another_code=(DANGER,))}


async def kept(_settings: object, _report: ReplayReport, _decisions: int) -> None:
    """Keep no outcome: there is no database."""


@pytest.mark.parametrize(("found", "code"), [({"referral": RejudgedEntity(3)}, 0), (DECIDED, 1)])
def test_a_decision_that_differs_is_named_and_leaves_with_1(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, RejudgedEntity], code: int
) -> None:
    class Run:
        def __init__(self, *_: object) -> None: ...

        async def run(self) -> ReplayReport:
            return EQUAL

    async def again(*_: object) -> dict[str, RejudgedEntity]:
        return found

    monkeypatch.setattr(command, "Replay", Run)
    monkeypatch.setattr(command, "settings_of", lambda _: None)
    monkeypatch.setattr(outcome_for_metrics, "store_outcome", kept)
    monkeypatch.setattr(command, "_environment", lambda _: {})
    monkeypatch.setattr(decision_comparison, "judge_decisions", again)
    said = CliRunner().invoke(app, ["replay", "--compare", "--json"])
    assert said.exit_code == code
    answer = json.loads(said.output)
    assert answer["equal"] is (code == 0)
    assert answer["decisions"]["referral"]["judged"] == 3
    assert [each["event"] for each in answer["decisions"]["referral"]["different"]] == [DECISION][:code]
    told = CliRunner().invoke(app, ["replay", "--compare"])
    assert told.exit_code == code
    assert ("missing" in told.output) is (code == 1)
    assert ("docs/upgrade.md, 'Decisions of the earlier version'" in " ".join(told.output.split())) is (code == 1)
    assert CliRunner().invoke(app, ["replay", "--compare", "--until", "2024-12-31"]).exit_code == 0  # not judged
    assert CliRunner().invoke(app, ["replay", "--compare", "--no-decisions"]).exit_code == 0


def test_decisions_of_another_version_are_named_with_what_to_do_and_are_no_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert decision_comparison.all_agree(UPGRADED)
    [named] = decision_comparison.plain(UPGRADED)["case_tracker"]["by_another_code"]
    assert (named["event"], named["rule"], named["decided_at"]) == (
        DECISION,
        DANGER.rule,
        "2024-11-28T22:55:16.480000+00:00",
    )
    decision_comparison.show(out(), UPGRADED)
    told = capsys.readouterr().out
    assert "case_tracker: another version of the code decided otherwise: 1" in told
    assert "made again from the log: equal but for 1 by another version of the code" in told
    assert "docs/upgrade.md, 'Decisions of the earlier version'" in " ".join(told.split())


def test_the_policy_is_for_who_judges_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other processes are reporting's, which refuses a setting that it does not know."""
    given: list[set[str]] = []

    class Run:
        def __init__(self, *asked: Any) -> None:  # noqa: ANN401 - settings, environment, plan and progress
            given.append({*asked[1]})

        async def run(self) -> ReplayReport:
            return EQUAL

    async def again(*asked: Any) -> dict[str, RejudgedEntity]:  # noqa: ANN401 - settings, environment, and how
        given.append({*asked[1]})
        return {}

    monkeypatch.setattr(command, "Replay", Run)
    monkeypatch.setattr(command, "settings_of", lambda _: None)
    monkeypatch.setattr(outcome_for_metrics, "store_outcome", kept)
    monkeypatch.setattr(command, "_environment", lambda _: {"ATIPS_POLICY_FILE": "ours.yaml", "PATH": "/bin"})
    monkeypatch.setattr(decision_comparison, "judge_decisions", again)
    assert CliRunner().invoke(app, ["replay"]).exit_code == 0
    assert given == [{"PATH"}, {"ATIPS_POLICY_FILE", "PATH"}]


def test_what_is_not_empty_is_compared_and_not_rebuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []

    class Run:
        def __init__(self, *asked: Any) -> None:  # noqa: ANN401 - settings, environment, plan and progress
            self.mode = asked[2].mode
            modes.append(self.mode)

        async def run(self) -> ReplayReport:
            if self.mode is Mode.REBUILD:
                raise NotEmpty
            return EQUAL

    restored: list[bool] = []
    monkeypatch.setattr(command, "Replay", Run)
    monkeypatch.setattr(command, "settings_of", lambda _: None)
    monkeypatch.setattr(outcome_for_metrics, "store_outcome", kept)
    monkeypatch.setattr(command, "_environment", lambda _: {})
    monkeypatch.setattr(command, "restore_intake", lambda _, give_up_lost: restored.append(give_up_lost))
    done = CliRunner().invoke(app, ["replay", "--rebuild", "--give-up-lost", "--no-decisions"])
    assert (done.exit_code, modes, restored) == (0, [Mode.REBUILD, Mode.COMPARE], [True])
    assert "reporting is not empty" in done.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Retryable("_TIMED_OUT"), "_TIMED_OUT, from Kafka or PostgreSQL. The same command goes on where it was."),
        (Halt("the line is empty"), "the line is empty"),
    ],
)
def test_what_is_away_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, error: ServiceError, told: str) -> None:
    async def ended(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(command, "_done", ended)
    monkeypatch.setattr(command, "_environment", lambda _: {})
    done = CliRunner().invoke(app, ["replay"])
    assert (done.exit_code, done.stderr) == (1, f"The replay ended: {told}\n")


@pytest.mark.parametrize(
    ("state", "runs", "started"), [({"stage": "ready"}, False, 1), ({}, False, 0), ({"a": 1}, True, 0)]
)
def test_broker_and_database_are_started_alone_where_a_cluster_was_and_does_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: dict[str, object], runs: bool, started: int
) -> None:
    asked = []

    @contextmanager
    def start(*where: object, **how: object) -> Iterator[None]:
        asked.append((where, how))
        yield

    monkeypatch.setattr(Cluster, "start", start)
    monkeypatch.setattr(Cluster, "running", property(lambda _: runs))
    monkeypatch.setattr(Folder, "read_state", lambda _: state)
    with cluster_start.servers(tmp_path, print):
        assert len(asked) == started
    for where, how in asked:
        assert where == (tmp_path,)
        assert "services" not in how, "none may run before what it knows is there again"


def test_there_is_one_mode() -> None:
    assert command.chosen(compare=False, swap=False, rebuild=False) is Mode.COMPARE
    assert command.chosen(compare=False, swap=True, rebuild=False) is Mode.SWAP


def test_a_rebuild_is_never_cut_off() -> None:
    said = CliRunner().invoke(app, ["replay", "--rebuild", "--until", "2024-12-31"])
    assert (said.exit_code, "never cut off" in said.output) == (2, True)
    assert command.chosen(compare=False, swap=False, rebuild=True) is Mode.REBUILD
    with pytest.raises(typer.Exit) as left:
        command.chosen(compare=True, swap=True, rebuild=False)
    assert left.value.exit_code == 2


def test_a_day_ends_in_belize() -> None:
    assert command.milliseconds("2025-03-31") == command.milliseconds("2025-04-01T00:00:00-06:00") - 1
    assert command.milliseconds("1970-01-01T00:00:01+00:00") == 1000


@pytest.mark.parametrize("text", ["yesterday", "2025-03-31T12:00:00", "2025-13-01"])
def test_any_other_time_is_wrong_use(text: str) -> None:
    with pytest.raises(typer.Exit) as left:
        command.milliseconds(text)
    assert left.value.exit_code == 2


def test_settings_come_from_the_folder_and_not_from_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATIPS_KAFKA_BOOTSTRAP", "elsewhere:1")
    found = command.settings_of(
        {
            "ATIPS_DEPLOYMENT": "t1",
            "ATIPS_PARTITIONS": "2",
            "ATIPS_KAFKA_BOOTSTRAP": "here:2",
            "ATIPS_KAFKA_CA": "ca.crt",
            "ATIPS_POSTGRES_DSN_FILE": "reporting.dsn",
            "PATH": "/bin",
        }
    )
    assert (found.deployment_name, found.partitions, found.kafka_bootstrap) == ("t1", 2, "here:2")


def test_every_stage_has_a_bar() -> None:
    with show.StageBars() as bars:
        for done in (0, 50, 100):
            for stage in ("read", "fold", "audit", "judge"):
                bars.tell(StageProgress(stage, done, 100))
        assert {task.description: task.completed for task in bars._progress.tasks} == {
            "reading": 100,
            "folding": 100,
            "auditing": 100,
            "judging": 100,
        }
        assert all(float(task.fields["rate"]) > 0 for task in bars._progress.tasks), "a stage that ran has a rate"


def test_what_was_told_at_once_has_the_rate_since_the_beginning() -> None:
    with show.StageBars() as bars:
        bars.tell(StageProgress("read", 100, 100))
        (task,) = bars._progress.tasks
        assert task.speed is None
        assert float(task.fields["rate"]) > 0
