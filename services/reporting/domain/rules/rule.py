"""The form of a rule between figures: the figures that it reads and its findings. Pure, without personal data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.figures.records.claim import EACH as EACH_CLAIM
from services.reporting.domain.figures.records.claim import WHOLE
from services.reporting.domain.read.claims import ClaimBeside, ClaimStanding, claims_in
from services.reporting.domain.read.reading import Reading


class FigureRead(NamedTuple):
    """A figure in one of its breakdowns."""

    number: str
    by: tuple[str, ...] = ()


Readings: TypeAlias = Mapping[FigureRead, Sequence[Reading]]
"""Readings of one snapshot, of the asked period and of other periods that a rule needs."""


class FindingState(StrEnum):
    """Whether a finding still waits for somebody."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FigureContradiction:
    """Records that cannot all be right, by reference, and the values that the rule's text has places for."""

    records: tuple[str, ...]
    said: Mapping[str, object] = field(default_factory=dict)
    settled: bool = False


@dataclass(frozen=True, slots=True)
class ContradictionRule:
    """A rule about two figures or records. `en` and `es` are its texts, with places for what `judge` found."""

    code: FindingCode
    severity: FindingSeverity
    en: str
    es: str
    reads: tuple[FigureRead, ...]
    judge: Callable[[Readings], Iterable[FigureContradiction]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of a rule. `place`: the figure or its row that `en` and `es` name by codes, as M1:audience=police."""

    code: FindingCode
    severity: FindingSeverity
    state: FindingState
    records: tuple[str, ...]
    en: str
    es: str
    place: str = ""


CLAIMS: Final = FigureRead("G1", EACH_CLAIM)
PLACE: Final = "figure"
"""Name of the value of `FigureContradiction.said` that is the place of a finding."""


def findings_of(rule: ContradictionRule, readings: Readings) -> list[Finding]:
    """All that the rule finds, in words."""
    return [
        Finding(
            rule.code,
            rule.severity,
            FindingState.CLOSED if found.settled else FindingState.OPEN,
            found.records,
            rule.en.format_map(found.said),
            rule.es.format_map(found.said),
            str(found.said.get(PLACE, "")),
        )
        for found in rule.judge(readings)
    ]


def amount(readings: Readings, number: str, **dimensions: str) -> int:
    """The amount of a figure, of one combination of dimensions where some are given; nought where there is none."""
    asked = readings[FigureRead(number, tuple(dimensions))]
    return sum(each.amount for each in asked if each.dimensions == dimensions)


def claims(readings: Readings) -> list[ClaimBeside]:
    """The claims of the asked period."""
    return claims_in(readings[CLAIMS])


def settled(readings: Readings, number: str, of: str = WHOLE) -> bool:
    """Whether somebody has settled what is claimed of a figure."""
    whole = {str(each.period) for each in readings[CLAIMS]}
    of_it = [
        each.standing for each in claims(readings) if (each.number, each.of) == (number, of) and each.period in whole
    ]
    return ClaimStanding.SETTLED in of_it and ClaimStanding.CONTESTED not in of_it


def place(number: str, of: str = WHOLE) -> str:
    """A figure as a finding names it: M3, or M1:audience=police."""
    return number if of == WHOLE else f"{number}:{of}"
