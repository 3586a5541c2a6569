"""Releases as terminal text and as JSON."""

from collections.abc import Iterable
from typing import Any

from rich.table import Table

from services.console.output import out
from services.presentation.bilingual_text import pluralize
from services.reporting.release.artefact import ReleaseChange, ShownAmount
from services.reporting.release.registry import KeptRelease


def plain(kept: KeptRelease) -> dict[str, Any]:
    """Return a stored release as a dict for JSON. `rows` is the number of its amounts, not the amounts."""
    head = kept.artefact.head
    return {
        **head.model_dump(mode="json", exclude={"changes", "format"}),
        "sha256": kept.sha256,
        "unchanged": kept.unchanged,
        "state": kept.state.value,
        "rows": len(kept.artefact.rows),
        "changes": [each.model_dump(mode="json") for each in head.changes],
        "steps": [
            {
                "step": each.step.value,
                "account": each.account,
                "at": each.at.isoformat(),
                "reason": each.reason,
                "n": each.n,
            }
            for each in kept.steps
        ],
    }


def listed(releases: Iterable[KeptRelease]) -> None:
    """Print a line for each release."""
    table = Table("release", "edition", "period", "known at", "state", "revises", "sha-256", "bytes")
    for each in releases:
        head = each.artefact.head
        table.add_row(
            *(str(each.number), head.edition.value, head.period, str(head.known_at), each.state.value),
            "" if head.previous is None else str(head.previous.release),
            each.sha256[:16],
            "as frozen" if each.unchanged else "CHANGED",
        )
    out().print(table)


def show_release(kept: KeptRelease) -> None:
    """Print a release: head, steps, and changes since the previous release."""
    head, console = kept.artefact.head, out()
    amounts = pluralize(len(kept.artefact.rows), "amount")
    console.print(
        f"Release {kept.number}: {head.edition.value} edition of {head.period}, {amounts}, "
        f"as known at event {head.known_at}. State: {kept.state.value}.",
        markup=False,
    )
    console.print(f"SHA-256 {kept.sha256}", markup=False)
    console.print(f"Policy {head.policy}, code {head.code[:16]}", markup=False)
    if head.previous is not None and head.reason is not None:
        console.print(f"It revises release {head.previous.release}: {head.reason.value}", markup=False)
    for change in head.changes:
        console.print(_told(change), markup=False)
    for each in kept.steps:
        more = "".join((f", {each.reason}" if each.reason else "", f", as event {each.n}" if each.n else ""))
        console.print(
            f"{each.step.value} by {each.account}, {each.at.isoformat(timespec='minutes')}{more}", markup=False
        )


def _told(change: ReleaseChange) -> str:
    of = "".join(f", {name} {value}" for name, value in change.dimensions.items())
    through = f" (events {', '.join(map(str, change.events))})" if change.events else ""
    return f"  {change.figure}{of}, {change.period}: {amount(change.before)} → {amount(change.after)}{through}"


def amount(shown: ShownAmount | None) -> str:
    """Return an amount as text: a number, a band such as 0-4, the name of its form, or "not there"."""
    if shown is None:
        return "not there"
    if shown.value is not None:
        return str(shown.value)
    return shown.form.value if shown.low is None else f"{shown.low}-{shown.high}"
