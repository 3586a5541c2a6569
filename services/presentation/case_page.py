"""A case with its findings, as a command and the web pages show it to an agency. Times are those of Belize."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from schemas.codebook.governance import FindingCode, ViewPurpose
from schemas.sight import Matter
from schemas.times import BELIZE, Interval, Period
from services.case_tracker.domain.case_facts import Spine, spine_of
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules import BY_CODE
from services.case_tracker.domain.summary import summary
from services.case_tracker.queries import CaseFinding, CaseLook
from services.presentation.bilingual_text import Words

ANOTHERS: Final = Words("a record of another agency", "un registro de otra institución")
UNSAID: Final = Words(
    "A record that you see does not go together with a record of another agency. Ask the Council.",
    "Un registro que usted ve no concuerda con uno de otra institución. Consulte al Consejo.",
)

AREAS: Final[Mapping[Matter, Words]] = MappingProxyType(
    {
        Matter.FILE: Words("The case", "El caso"),
        Matter.JUSTICE: Words("Justice", "Justicia"),
        Matter.INTELLIGENCE: Words("Investigation", "Investigación"),
        Matter.PROTECTION: Words("Protection", "Protección"),
        Matter.HEALTH: Words("Health", "Salud"),
        Matter.PLACEMENT: Words("Shelter", "Albergue"),
        Matter.RESTRICTION: Words("Access to the case", "Acceso al caso"),
        Matter.WORK: Words("Work of offices", "Trabajo de las oficinas"),
    }
)
"""Names of the areas of work, by the matter of a case's events."""

_UNSAID: Final = frozenset({"case"})
"""Fields of events that are left out, because every line of a case would repeat them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A case as an agency sees it at the time `now`. `hidden`: number of further facts that it may not see."""

    spine: Spine
    hidden: int
    findings: tuple[CaseFinding, ...]
    agency: str
    purpose: ViewPurpose
    now: datetime
    later: int = 0
    """Number of visible facts that were accepted or corrected after `now`."""


def page_of(looked: CaseLook, agency: str, purpose: ViewPurpose, now: datetime) -> Page | None:
    """Make the page of a case at the time `now`; None if the agency sees no fact of the case by then."""
    if not looked.facts:
        return None
    seen = spine_of(looked.alive, looked.facts, looked.merges)
    return Page(seen, looked.hidden, looked.findings, agency, purpose, now, looked.later)


def plain(page: Page, lang: str) -> dict[str, Any]:
    """Convert the page of a case to a dict for JSON. `lang`: language of the findings' texts."""
    found = summary(page.spine, page.now)
    return {
        "case": page.spine.case,
        "agency": page.agency,
        "purpose": page.purpose.value,
        "as_of": page.now.isoformat(),
        "parties": [
            {
                "person": each.person,
                "role": each.role,
                "from": time_text(each.since),
                "to": time_text(each.until) or None,
            }
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
                "at": time_text(each.at),
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
                "at": time_text(each.at),
                "next_on": each.next_on,
                "missed": each.missed,
            }
            for each in found.hearings
        ],
        "kept": [
            {"kind": each.kind, "id": each.id, "person": each.person, "last": each.last, "at": time_text(each.at)}
            for each in found.kept
        ],
        "services": [{"person": person, "service_type": kind} for person, kind in found.services],
        "findings": [
            {
                "finding": each.finding,
                "code": None if each.code is None else each.code.value,
                "severity": each.severity.value,
                "state": each.state,
                "records": list(records(each)),
                "text": finding_text(each.code, lang),
            }
            for each in page.findings
        ],
        "timeline": [
            {
                "at": time_text(each.at),
                "type": each.content.type,
                "agency": each.actor,
                "record": each.ref,
                "register_number": each.content.sourcerecord,
                "says": fact_data(each),
            }
            for each in page.spine.facts
        ],
        "hidden": page.hidden,
        "later": page.later,
    }


def time_text(at: Interval | None) -> str:
    """Format a time in Belize: "2024-03-05 08:30", or only its day or days if no exact time is known; "" for None."""
    if at is None:
        return ""
    if at.start == at.end:
        return f"{at.start.astimezone(BELIZE):%Y-%m-%d %H:%M}"
    return str(at.first_day) if at.first_day == at.last_day else f"{at.first_day}..{at.last_day}"


def fact_data(fact: Fact) -> dict[str, Any]:
    """Return the data of a fact's event as a dict for JSON, without the case's id, None and empty lists."""
    content = fact.content.data.model_dump(mode="json", exclude_none=True, exclude={*_UNSAID})
    return {name: value for name, value in content.items() if value not in ([], ())}


def records(each: CaseFinding, lang: str = "en") -> Iterator[str]:
    """Yield the references of a finding's records; a text instead of each record that the agency may not see."""
    for ref in each.records:
        yield ref or ANOTHERS.of(lang)


def finding_text(code: FindingCode | str | None, lang: str) -> str:
    """Return the text of a finding's rule. For None it is a general text: the rule would disclose a hidden record."""
    if code is None:
        return UNSAID.of(lang)
    rule = BY_CODE[FindingCode(code)]
    return rule.es if lang == "es" else rule.en


def is_of(happened_from: datetime | None, happened_to: datetime | None, period: Period) -> bool:
    """Whether a finding, whose last record happened in this span, belongs to a period. An undated one always does."""
    if happened_from is None or happened_to is None:
        return True
    happened = Interval(happened_from, happened_to)
    return happened.first_day <= period.last and happened.last_day >= period.first


def agencies_told(code: FindingCode | str | None) -> tuple[str, ...] | None:
    """Return the agencies that get a message when a finding of this code opens; None if the code is not known."""
    return None if code is None else BY_CODE[FindingCode(code)].tells
