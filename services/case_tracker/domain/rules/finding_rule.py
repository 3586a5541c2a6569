"""A rule within a case, and a contradiction that it finds in the spine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact


@dataclass(frozen=True, slots=True)
class CaseContradiction:
    """Facts that cannot all be right, and the persons concerned.

    `due`: time from which the contradiction is valid, if it follows from the absence of an event; otherwise None.
    """

    facts: tuple[Fact, ...]
    persons: tuple[str, ...]
    due: datetime | None = None
    anew: tuple[Fact, ...] = ()
    """Facts that renew the danger: a ruling from before these were known does not count."""


@dataclass(frozen=True, slots=True)
class CaseRule:
    """Row of the table of rules. `judge` yields only certain contradictions: none if times overlap or events may lack.

    `en` and `es`: a sentence for people that states what is wrong.
    """

    code: FindingCode
    severity: FindingSeverity
    judge: Callable[[Spine], Iterable[CaseContradiction]]
    en: str
    es: str
    tells: tuple[str, ...] = ()
    """Agencies that are informed at once, unless the case keeps them out."""


def text_of_field(fact: Fact, field: str) -> str:
    """Return a field of a fact as text. The fact's type must have the field."""
    return str(getattr(fact.content.data, field))
