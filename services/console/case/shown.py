"""The page of a case, for programs and for people; times in Belize, records by their references."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import ViewPurpose
from schemas.times import BELIZE, Interval
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.domain.spine import Fact, Spine
from services.case_tracker.domain.summary import Summary, summary
from services.case_tracker.queries import CaseFinding
from services.console.options import Language

ANOTHERS: Final = "a record of another agency"

UNSAID_EN: Final = "A record that you see does not go together with a record of another agency. Ask the Council."
UNSAID_ES: Final = "Un registro que usted ve no concuerda con uno de otra institución. Consulte al Consejo."

_UNSAID: Final = frozenset({"case"})
"""Fields that every line of a case would repeat. They are left out."""


@dataclass(frozen=True, slots=True)
class Page:
    """A case as an agency sees it at a time, by the facts that the database gives it; `hidden` more are not for it."""

    spine: Spine
    hidden: int
    findings: tuple[CaseFinding, ...]
    agency: str
    purpose: ViewPurpose
    now: datetime


def plain(page: Page, lang: Language) -> dict[str, Any]:
    """Give it as programs read it."""
    found = summary(page.spine, page.now)
    return {
        "case": page.spine.case,
        "agency": page.agency,
        "purpose": page.purpose.value,
        "as_of": page.now.isoformat(),
        "parties": [
            {"person": each.person, "role": each.role, "from": when(each.since), "to": when(each.until) or None}
            for each in found.parties
        ],
        "ties": [{"victim": victim, "suspect": suspect} for victim, suspect in found.ties],
        "charges": [
            {
                "charge": each.charge,
                "person": each.person,
                "offence": None if each.offence is None else each.offence.value,
                "statute": None if each.law is None else each.law.statute,
                "iccs": None if each.law is None else each.law.iccs,
                "counts": each.counts_n,
                "stage": each.stage,
                "at": when(each.at),
                "verdicts": list(each.outcomes),
                "custodial_months": each.custodial_months,
                "fine_cents": each.fine_cents,
            }
            for each in found.charges
        ],
        "hearings": [
            {
                "hearing": each.hearing,
                "person": each.person,
                "court": each.court,
                "last": each.what,
                "at": when(each.at),
                "next_on": each.next_on,
                "missed": each.missed,
            }
            for each in found.hearings
        ],
        "kept": [
            {"kind": each.kind, "id": each.id, "person": each.person, "last": each.last, "at": when(each.at)}
            for each in found.kept
        ],
        "services": [{"person": person, "service_type": kind} for person, kind in found.services],
        "findings": [
            {
                "finding": each.finding,
                "code": None if each.code is None else each.code.value,
                "severity": each.severity.value,
                "state": each.state,
                "records": list(_records(each)),
                "text": _text(each, lang),
            }
            for each in page.findings
        ],
        "timeline": [
            {
                "at": when(each.at),
                "type": each.content.type,
                "agency": each.actor,
                "record": each.ref,
                "register_number": each.content.sourcerecord,
                "says": said(each),
            }
            for each in page.spine.facts
        ],
        "hidden": page.hidden,
    }


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
        records = "\n".join(_records(one))
        findings.add_row(one.state, one.severity.value, _text(one, lang), records, style=style)
    if page.findings:
        console.print(findings)
    console.print(timeline(page, lang))
    if page.hidden:
        console.print(f"{page.hidden} more: each {ANOTHERS}", markup=False)


def timeline(page: Page, lang: Language) -> Table:
    """Give the facts that may be seen, in the order of what happened."""
    made_of = _table("Timeline", "when", "what", "by", "register", "says")
    for each in page.spine.facts:
        kind = CATALOGUE[each.content.type]
        label = kind.en if lang is Language.EN else kind.es
        words = ", ".join(f"{name} {_word(value)}" for name, value in said(each).items())
        made_of.add_row(when(each.at), label, each.actor, escape(each.content.sourcerecord or "–"), escape(words))
    return made_of


def when(at: Interval | None) -> str:
    """Give a time as exactly as it is known, in Belize."""
    if at is None:
        return ""
    if at.start == at.end:
        return f"{at.start.astimezone(BELIZE):%Y-%m-%d %H:%M}"
    return str(at.first_day) if at.first_day == at.last_day else f"{at.first_day}..{at.last_day}"


def said(fact: Fact) -> dict[str, Any]:
    """Give what a fact says beside the case: ids, codes, days, numbers."""
    content = fact.content.data.model_dump(mode="json", exclude_none=True, exclude={*_UNSAID})
    return {name: value for name, value in content.items() if value not in ([], ())}


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


def _records(each: CaseFinding) -> Iterator[str]:
    for ref in each.records:
        yield ref or ANOTHERS


def _text(each: CaseFinding, lang: Language) -> str:
    """Give what a rule says; where a record is another's, no more than that: the rule tells what the other said."""
    if each.code is None:
        return UNSAID_EN if lang is Language.EN else UNSAID_ES
    rule = BY_CODE[each.code]
    return rule.en if lang is Language.EN else rule.es
