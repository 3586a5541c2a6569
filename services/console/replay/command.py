"""`atips replay`: figures recomputed from the topics, to compare with the live ones, replace them or rebuild them."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.local import connection_settings, deployment_on_existing_servers, environment_variables
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder_lock import AlreadyRunningError
from infra.local.environment_variables import SettingsError
from schemas.service_decisions import RejudgedEntity
from schemas.times import BELIZE
from services.console import cluster_start, local_cluster
from services.console.options import DEFAULT, AsJson, DataDir, in_folder
from services.console.output import emit, err, fail, fail_wrong_usage, out
from services.console.replay import decision_comparison
from services.console.replay.intake_restore import restore_intake
from services.console.replay.log_export import export
from services.console.replay.show import StageBars, plain, show, well
from services.console.run import NEEDED
from services.console.service_settings import environment_of
from services.console.up import stages
from services.reporting.replay import outcome_for_metrics
from services.reporting.replay.report import Mode, ReplayReport
from services.reporting.replay.run import Replay, ReplayRequest
from services.reporting.replay.swap import NotEmpty
from services.reporting.settings import Settings
from services.runtime.errors import Retryable, ServiceError
from services.runtime.settings import PREFIX

_POLICY: Final = "ATIPS_POLICY_FILE"


def replay(
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help="Say what differs, and change nothing. This is the default.")
    ] = False,
    swap: Annotated[
        bool,
        typer.Option(
            "--swap",
            help="Replace the live cells by the replay's. With --until, replace those of the edition of that time.",
        ),
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Fill an empty database from the topics.")] = False,
    give_up_lost: Annotated[
        bool,
        typer.Option("--give-up-lost", help="With --rebuild: go on without numbers lost after the relay's last word."),
    ] = False,
    until: Annotated[
        str, typer.Option(metavar="T", help="Only what was accepted by then: a day (its end in Belize) or an instant.")
    ] = "",
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="Number of processes that share the partitions. Without it, one for each core."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start a new replay instead of continuing an interrupted one.")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="Compare nothing: write the log into this new .jsonl or .parquet file."
        ),
    ] = None,
    decisions: Annotated[
        bool, typer.Option(help="When comparing, make what services decided again as well; not with --until.")
    ] = True,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Replay the log beside live. Exits with 1 when anything differs, or what was asked for was not done.

    Compared are the figures, every copy, and what services decided, made again from the log. After a lost database
    --rebuild fills intake and reporting, while no service runs: it starts broker and database where they do not.
    """
    if to is not None:
        _export(data_dir, to, alone=not (compare or swap or rebuild or until), as_json=as_json)
        return
    mode = chosen(compare=compare, swap=swap, rebuild=rebuild)
    _must_go_together(mode, until=until, give_up_lost=give_up_lost)
    plan = ReplayRequest(mode, processes or os.cpu_count() or 1, milliseconds(until) if until else None, fresh)
    try:
        if mode is Mode.REBUILD:
            report, again = _rebuilt(plan, data_dir, give_up_lost=give_up_lost, decisions=decisions)
        else:
            report, again = asyncio.run(_done(plan, _environment(data_dir), decisions=decisions))
    except Retryable as error:
        fail(f"The replay ended: {error}, from Kafka or PostgreSQL. The same command goes on where it was.")
    except ServiceError as error:
        fail(f"The replay ended: {error}")
    except AlreadyRunningError as error:
        fail(f"{error}. Run the command again when that has ended, or when the cluster has started.")
    except (ClusterError, SettingsError) as error:
        fail(str(error))
    if as_json:
        said = plain(report)
        emit(
            said
            | {
                "equal": said["equal"] and decision_comparison.all_agree(again),
                "decisions": decision_comparison.plain(again),
            }
        )
    else:
        show(report)
        decision_comparison.show(out(), again)
    if not well(report) or not decision_comparison.all_agree(again):
        raise typer.Exit(1)


def _export(data_dir: Path, to: Path, *, alone: bool, as_json: bool) -> None:
    if not alone:
        fail_wrong_usage("--to writes the log as it is: leave the other options out.")
    export(local_cluster.running_cluster(data_dir).data_dir, to, as_json=as_json)


def _must_go_together(mode: Mode, *, until: str, give_up_lost: bool) -> None:
    """Exit with 2 for options that contradict the mode."""
    if until and mode is Mode.REBUILD:
        fail_wrong_usage("--until goes with --compare and --swap: what is rebuilt is never cut off.")
    if give_up_lost and mode is not Mode.REBUILD:
        fail_wrong_usage("--give-up-lost goes with --rebuild only: nothing else may do without a number.")


def _rebuilt(
    plan: ReplayRequest, data_dir: Path, *, give_up_lost: bool, decisions: bool
) -> tuple[ReplayReport, Mapping[str, RejudgedEntity]]:
    """Fill empty databases of intake and reporting from the topics, and return the result of `_done`.

    If reporting's database is not empty, it is compared with the topics instead. Starts broker and database if they do
    not run, and stops those that it started.
    """
    with ExitStack() as stack:
        with stages("starting broker and database") as progress:
            stack.enter_context(cluster_start.servers(data_dir, progress))
        environment = _environment(data_dir)
        restore_intake(data_dir, give_up_lost=give_up_lost)
        try:
            return asyncio.run(_done(plan, environment, decisions=decisions))
        except NotEmpty:
            err().print("reporting is not empty: left as it is, and compared with the topics", markup=False)
            return asyncio.run(_done(replace(plan, mode=Mode.COMPARE), environment, decisions=decisions))


async def _done(
    plan: ReplayRequest, environment: Mapping[str, str], *, decisions: bool
) -> tuple[ReplayReport, Mapping[str, RejudgedEntity]]:
    """Run the replay and return (its report, results of comparing decisions by service).

    Decisions are compared, and the outcome is stored, only in mode COMPARE without `until`.
    """
    settings = settings_of(environment)
    ours = {name: value for name, value in environment.items() if name != _POLICY}
    with StageBars() as bars:
        report = await Replay(settings, ours, plan, bars.tell).run()
        if plan.mode is not Mode.COMPARE or plan.until is not None:
            return report, {}
        again: Mapping[str, RejudgedEntity] = {}
        if decisions:
            again = await decision_comparison.judge_decisions(
                settings, environment, report.run, plan.processes, bars.tell
            )
    await outcome_for_metrics.store_outcome(settings, report, sum(len(each.differing) for each in again.values()))
    return report, again


def chosen(*, compare: bool, swap: bool, rebuild: bool) -> Mode:
    """Return the chosen mode, COMPARE without any; exits with 2 for more than one."""
    asked = [mode for mode, given in zip(Mode, (compare, swap, rebuild), strict=True) if given]
    if len(asked) > 1:
        fail_wrong_usage("--compare, --swap and --rebuild are three things: one at a time.")
    return asked[0] if asked else Mode.COMPARE


def milliseconds(until: str) -> int:
    """Parse an instant with offset, or a day as its end in Belize, as ms since 1970. Exits with 2 for anything else."""
    try:
        at = datetime.fromisoformat(until)
    except ValueError:
        fail_wrong_usage("--until: a day (2025-03-31) or an instant with its offset (2025-03-31T12:00:00-06:00)")
    if len(until) == len("2025-03-31"):
        at = at.replace(hour=23, minute=59, second=59, microsecond=999_999, tzinfo=BELIZE)
    if at.tzinfo is None:
        fail_wrong_usage("--until: an instant needs its offset, such as 2025-03-31T12:00:00-06:00")
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def _environment(data_dir: Path) -> dict[str, str]:
    """Return reporting's ATIPS_* variables: for the data folder's cluster, else those of the environment.

    Exits with 1 when no cluster runs and the environment lacks a variable.
    """
    inherited = environment_variables.inherited()
    if Cluster.at(data_dir).running or deployment_on_existing_servers.is_provisioned(data_dir):
        policy = {_POLICY: inherited[_POLICY]} if _POLICY in inherited else {}
        return (
            environment_of("reporting") | policy | connection_settings.environment(data_dir, "reporting", "reporting")
        )
    missing = [name for name in NEEDED if name not in inherited]
    if missing:
        fail(
            f"No cluster runs in {data_dir} (start one: atips up {in_folder(data_dir)}),"
            f" and the environment names none: {', '.join(missing)} not set."
        )
    return inherited


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Build the settings from the given variables instead of this process's environment."""
    names = {str(field.validation_alias or name): name for name, field in Settings.model_fields.items()}
    given = {alias: alias if alias.startswith(PREFIX) else f"{PREFIX}{alias.upper()}" for alias in names}
    return Settings.model_validate({alias: environment[name] for alias, name in given.items() if name in environment})


def register(app: typer.Typer) -> None:
    """Add the command `replay` to the app."""
    app.command()(replay)
