"""The form of a rule within a case: its finding in the spine, and the time from which it holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.spine import Spine


@dataclass(frozen=True, slots=True)
class CaseContradiction:
    """Records that cannot all be right, and whom they are about; `due` is when silence makes it so."""

    facts: tuple[Fact, ...]
    persons: tuple[str, ...]
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRule:
    """One row of the table; `judge` claims nothing where times may overlap or a word is missing."""

    code: FindingCode
    severity: FindingSeverity
    judge: Callable[[Spine], Iterable[CaseContradiction]]
    en: str
    es: str
    tells: tuple[str, ...] = ()
    """Agencies that are told at once, unless the case is kept from them."""


def said_in(fact: Fact, field: str) -> str:
    """Give a field of a fact as text. The fact's type must have the field."""
    return str(getattr(fact.content.data, field))
