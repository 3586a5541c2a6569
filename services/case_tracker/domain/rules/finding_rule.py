"""The form of a rule within a case, and of a contradiction that it finds in the spine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact


@dataclass(frozen=True, slots=True)
class CaseContradiction:
    """Facts that cannot all be right, and the persons concerned.

    `due`: time from which this holds, where it follows from silence; else None.
    """

    facts: tuple[Fact, ...]
    persons: tuple[str, ...]
    due: datetime | None = None
    anew: tuple[Fact, ...] = ()
    """Facts that make it dangerous anew: a ruling from before these were known does not count."""


@dataclass(frozen=True, slots=True)
class CaseRule:
    """One row of the table. `judge` yields only what is certain: nothing if times may overlap or events be missing.

    `en` and `es` say in a sentence what is wrong, for people.
    """

    code: FindingCode
    severity: FindingSeverity
    judge: Callable[[Spine], Iterable[CaseContradiction]]
    en: str
    es: str
    tells: tuple[str, ...] = ()
    """Agencies that are told at once, unless they are kept from the case."""


def said_in(fact: Fact, field: str) -> str:
    """Give a field of a fact as text. The fact's type must have the field."""
    return str(getattr(fact.content.data, field))
