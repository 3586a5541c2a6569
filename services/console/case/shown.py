"""The page of a case, for people at a terminal."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from schemas.catalogue import CATALOGUE
from schemas.times import BELIZE
from services.case_tracker.domain.summary import Summary, summary
from services.console.options import Language
from services.presentation.case import ANOTHERS, Page, finding_text, records, said, when


def show(console: Console, page: Page, lang: Language) -> None:
    """Print it."""
    console.print(
        f"{page.spine.case} on {page.now.astimezone(BELIZE):%Y-%m-%d %H:%M}, for {page.agency}: {page.purpose.value}",
        markup=False,
    )
    for each in _tables(summary(page.spine, page.now)):
        if each.row_count:
            console.print(each)
    findings = _table("What does not go together", "state", "severity", "finding", "records")
    for one in page.findings:
        style = "bold red" if one.severity.value == "critical" and one.state == "open" else None
        named = "\n".join(records(one))
        findings.add_row(one.state, one.severity.value, finding_text(one.code, lang), named, style=style)
    if page.findings:
        console.print(findings)
    console.print(timeline(page, lang))
    if page.hidden:
        console.print(f"{page.hidden} more: each {ANOTHERS.en}", markup=False)


def timeline(page: Page, lang: Language) -> Table:
    """Give the facts that may be seen, in the order of what happened."""
    made_of = _table("Timeline", "when", "what", "by", "register", "says")
    for each in page.spine.facts:
        kind = CATALOGUE[each.content.type]
        label = kind.en if lang is Language.EN else kind.es
        words = ", ".join(f"{name} {_word(value)}" for name, value in said(each).items())
        made_of.add_row(when(each.at), label, each.actor, escape(each.content.sourcerecord or "–"), escape(words))
    return made_of


def _word(value: Any) -> str:  # noqa: ANN401 - JSON
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _tables(found: Summary) -> Iterator[Table]:
    parties = _table("Parties", "person", "role", "from", "to")
    for party in found.parties:
        parties.add_row(party.person, party.role, when(party.since), when(party.until) if party.over else "")
    yield parties
    ties = _table("Tied", "victim", "suspect")
    for victim, suspect in found.ties:
        ties.add_row(victim, suspect)
    yield ties
    charges = _table("Charges", "charge", "person", "offence", "statute", "ICCS", "counts", "stage", "when", "verdict")
    for charge in found.charges:
        law = charge.law
        charges.add_row(
            *(charge.charge, charge.person, str(charge.offence or "–")),
            *((law.statute or "–", law.iccs or "–") if law else ("–", "–")),
            *(str(charge.counts_n or "–"), charge.stage, when(charge.at), ", ".join(charge.outcomes)),
        )
    yield charges
    hearings = _table("Hearings", "person", "court", "last", "when", "next")
    for hearing in found.hearings:
        missed = f"{hearing.next_on}  MISSED" if hearing.missed else hearing.next_on or ""
        cells = (hearing.person, hearing.court, hearing.what, when(hearing.at), missed)
        hearings.add_row(*cells, style="bold red" if hearing.missed else None)
    yield hearings
    kept = _table("Bail, placements, restitution", "kind", "person", "last", "when")
    for each in found.kept:
        kept.add_row(each.kind, each.person, each.last, when(each.at))
    yield kept
    services = _table("Services", "person", "service")
    for person, kind in found.services:
        services.add_row(person, kind)
    yield services


def _table(title: str, *columns: str) -> Table:
    folded = (Column(each, overflow="fold") for each in columns)  # an id that is cut is none
    return Table(*folded, title=title, title_justify="left")
