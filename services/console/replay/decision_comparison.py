"""Comparison of the published decisions with decisions that the services' domain code makes again from the log."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from schemas.service_decisions import DecisionFault, Differing, RejudgedEntity
from services.console.replay import redeciding
from services.presentation.bilingual_text import pluralize
from services.reporting.replay import processes, run_results, run_state
from services.reporting.replay.report import StageProgress
from services.reporting.settings import Settings

SHOWN: Final = 20


async def judge_decisions(
    settings: Settings, environment: Mapping[str, str], run: int, shares: int, progress: Callable[[StageProgress], None]
) -> Mapping[str, RejudgedEntity]:
    """Make the decisions of each deciding service again from the rows of the replay `run`, and compare them.

    Returns the result by service name. `shares`: number of processes. `environment`: reporting's variables, for the
    processes.
    """
    async with run_results.connected(settings.postgres_dsn()) as connection:
        parts = await run_state.read_partition_progress(connection)
    total, done = sum(part.stop for _, part in redeciding.shares(parts)), 0
    differing: dict[str, list[Differing]] = {name: [] for name in redeciding.KINDS}
    judged, by_another_policy = Counter[str](), Counter[str]()

    def heard(said: Mapping[str, Any]) -> None:
        nonlocal done
        if "more" in said:
            done += said["more"]
            progress(StageProgress("judge", done, total))
        elif "different" in said:
            one = said["different"]
            found = Differing(one["entity"], one["type"], one["event"], DecisionFault(one["wrong"]))
            differing[said["service"]].append(found)
        else:
            judged[said["service"]] += said["judged"]
            by_another_policy[said["service"]] += said["by_another_policy"]

    await processes.run_in_processes("services.console.replay", [str(run)], environment, shares, heard)
    return {
        name: RejudgedEntity(judged[name], by_another_policy[name], tuple(each)) for name, each in differing.items()
    }


def all_agree(found: Mapping[str, RejudgedEntity]) -> bool:
    """Whether no decision differs from the one made again from the log."""
    return not any(each.differing for each in found.values())


def plain(found: Mapping[str, RejudgedEntity]) -> dict[str, Any]:
    """Return the comparison for JSON: a dict of judged, by_another_policy and different for each service."""
    return {
        service: {
            "judged": each.decisions,
            "by_another_policy": each.by_another_policy,
            "different": [
                {"entity": one.entity, "type": one.type, "event": one.event, "wrong": one.wrong.value}
                for one in each.differing
            ],
        }
        for service, each in found.items()
    }


def show(console: Console, found: Mapping[str, RejudgedEntity]) -> None:
    """Print the first `SHOWN` differences of each service, and its number of decisions."""
    for service, each in found.items():
        if each.differing:
            title = f"decisions of {service} against the log: {len(each.differing)}"
            table = Table("what", "type", "event", "about", title=title, title_justify="left")
            for one in each.differing[:SHOWN]:
                table.add_row(one.wrong.value, one.type, one.event, one.entity)
            console.print(table)
        more = f", {each.by_another_policy} by another policy not judged" if each.by_another_policy else ""
        verdict, style = ("different", "red") if each.differing else ("equal", "green")
        told = f"{service}: {pluralize(each.decisions, 'decision')} made again from the log{more}: {verdict}"
        console.print(told, style=style, markup=False)
