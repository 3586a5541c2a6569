"""Comparison of the published decisions with decisions that the services' domain code makes again from the log."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from schemas.service_decisions import (
    CodeSpan,
    DecisionFault,
    Differing,
    RejudgedEntity,
    join_code_spans,
    split_by_code,
)
from schemas.times import BELIZE
from services.console.replay import redeciding
from services.presentation.bilingual_text import pluralize
from services.reporting.replay import processes, run_results, run_state
from services.reporting.replay.report import StageProgress
from services.reporting.settings import Settings

SHOWN: Final = 20

_DIFFER: Final = (
    "Decisions differ: keep everything as it is. If you have just upgraded, docs/upgrade.md, 'Decisions of the earlier"
    " version', says whether the upgrade explains it. Else docs/runbooks.md, Drift"
)
_BY_ANOTHER_CODE: Final = (
    "Decisions of another version of the code stay as they are. After an upgrade that changed a rule, such differences"
    " are to be expected. What to do: docs/upgrade.md, 'Decisions of the earlier version'"
)


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
    spans: dict[str, Mapping[str, CodeSpan]] = {name: {} for name in redeciding.KINDS}

    def heard(said: Mapping[str, Any]) -> None:
        nonlocal done
        if "more" in said:
            done += said["more"]
            progress(StageProgress("judge", done, total))
        elif "different" in said:
            one = said["different"]
            found = Differing(
                one["entity"], one["type"], one["event"], DecisionFault(one["wrong"]), one["rule"], one["code"]
            )
            differing[said["service"]].append(found)
        else:
            judged[said["service"]] += said["judged"]
            by_another_policy[said["service"]] += said["by_another_policy"]
            spans[said["service"]] = join_code_spans(spans[said["service"]], _spans(said["code_spans"]))

    await processes.run_in_processes("services.console.replay", [str(run)], environment, shares, heard)
    return {
        name: split_by_code(
            RejudgedEntity(judged[name], by_another_policy[name], tuple(each), spans[name]),
            redeciding.code_version_of(name),
        )
        for name, each in differing.items()
    }


def _spans(said: Mapping[str, Sequence[str]]) -> dict[str, CodeSpan]:
    return {code: (datetime.fromisoformat(first), datetime.fromisoformat(last)) for code, (first, last) in said.items()}


def all_agree(found: Mapping[str, RejudgedEntity]) -> bool:
    """Whether no decision differs from the one made again, but for those of another version of the code."""
    return not any(each.differing for each in found.values())


def plain(found: Mapping[str, RejudgedEntity]) -> dict[str, Any]:
    """Return the comparison for JSON: by service a dict of judged, by_another_policy, different, by_another_code."""
    return {
        service: {
            "judged": each.decisions,
            "by_another_policy": each.by_another_policy,
            "different": [_plain(one) for one in each.differing],
            "by_another_code": [_plain(one) for one in each.by_another_code],
        }
        for service, each in found.items()
    }


def _plain(one: Differing) -> dict[str, Any]:
    return {
        "entity": one.entity,
        "type": one.type,
        "event": one.event,
        "wrong": one.wrong.value,
        "rule": one.rule,
        "decided_at": one.decided_at.isoformat(),
    }


def show(console: Console, found: Mapping[str, RejudgedEntity]) -> None:
    """Print the first `SHOWN` differences of each service, its number of decisions, and what to do."""
    for service, each in found.items():
        _show_differing(console, f"decisions of {service} against the log", each.differing)
        _show_differing(console, f"{service}: another version of the code decided otherwise", each.by_another_code)
        more = f", {each.by_another_policy} by another policy not judged" if each.by_another_policy else ""
        others = f" but for {len(each.by_another_code)} by another version of the code" if each.by_another_code else ""
        verdict, style = ("different", "red") if each.differing else (f"equal{others}", "green")
        told = f"{service}: {pluralize(each.decisions, 'decision')} made again from the log{more}: {verdict}"
        console.print(told, style=style, markup=False)
    if any(each.differing for each in found.values()):
        console.print(_DIFFER, markup=False)
    if any(each.by_another_code for each in found.values()):
        console.print(_BY_ANOTHER_CODE, markup=False)


def _show_differing(console: Console, title: str, differing: Sequence[Differing]) -> None:
    if not differing:
        return
    table = Table("what", "decided", "type", "rule", "event", "about", title=f"{title}: {len(differing)}")
    table.title_justify = "left"
    for one in differing[:SHOWN]:
        at = one.decided_at.astimezone(BELIZE).isoformat(sep=" ", timespec="minutes")
        table.add_row(one.wrong.value, at, one.type, one.rule or "", one.event, one.entity)
    console.print(table)
    if len(differing) > SHOWN:
        console.print(f"and {len(differing) - SHOWN} more; --json names all", markup=False)
