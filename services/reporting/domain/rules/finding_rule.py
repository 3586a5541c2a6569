"""Classes of rules between figures and of their findings, without personal data, and functions that rules share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.figures.records.figure_claims_in_documents import EACH as EACH_CLAIM
from services.reporting.domain.figures.records.figure_claims_in_documents import WHOLE
from services.reporting.domain.read.claims_beside_figures import ClaimBeside, ClaimStanding, claims_in
from services.reporting.domain.read.reading import Reading


class FigureRead(NamedTuple):
    """A figure, by its number, in one of its breakdowns."""

    number: str
    by: tuple[str, ...] = ()


Readings: TypeAlias = Mapping[FigureRead, Sequence[Reading]]
"""Readings of each figure, all of one snapshot: of the asked period and of other periods that a rule needs."""


class FindingState(StrEnum):
    """Whether somebody still has to act on a finding (OPEN) or the contradiction is settled (CLOSED)."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FigureContradiction:
    """A contradiction that a rule found. `records`: references of records, or numbers of figures, that disagree.

    `said`: values for the rule's texts, by the names of the placeholders in `ContradictionRule.en` and `es`.
    `settled`: the contradiction was resolved by a decision. `figures` and `period`: as in `Finding`.
    """

    records: tuple[str, ...]
    said: Mapping[str, object] = field(default_factory=dict)
    settled: bool = False
    figures: tuple[str, ...] = ()
    period: str = ""


@dataclass(frozen=True, slots=True)
class ContradictionRule:
    """A rule about figures or records. `judge` yields contradictions from the readings of the figures in `reads`.

    `en` and `es`: texts of its findings, with placeholders for `FigureContradiction.said`.
    """

    code: FindingCode
    severity: FindingSeverity
    en: str
    es: str
    reads: tuple[FigureRead, ...]
    judge: Callable[[Readings], Iterable[FigureContradiction]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of a rule, with its texts. `place`: the figure, or row of it, in the texts, as M1:audience=police.

    `figures`: places of the figures that do not agree; M1:audience is M1 with all rows by audience. `period`: theirs;
    empty if it is the asked period.
    """

    code: FindingCode
    severity: FindingSeverity
    state: FindingState
    records: tuple[str, ...]
    en: str
    es: str
    place: str = ""
    figures: tuple[str, ...] = ()
    period: str = ""


CLAIMS: Final = FigureRead("G1", EACH_CLAIM)
PLACE: Final = "figure"
"""Key of `FigureContradiction.said` whose value becomes `Finding.place`."""


def findings_of(rule: ContradictionRule, readings: Readings) -> list[Finding]:
    """Evaluate one rule and return its findings, with their texts in both languages."""
    return [
        Finding(
            rule.code,
            rule.severity,
            FindingState.CLOSED if found.settled else FindingState.OPEN,
            found.records,
            rule.en.format_map(found.said),
            rule.es.format_map(found.said),
            str(found.said.get(PLACE, "")),
            found.figures,
            found.period,
        )
        for found in rule.judge(readings)
    ]


def amount(readings: Readings, number: str, **dimensions: str) -> int:
    """Return the amount of a figure, for one combination of dimensions if given. 0 if there is no such reading."""
    asked = readings[FigureRead(number, tuple(dimensions))]
    return sum(each.amount for each in asked if each.dimensions == dimensions)


def claims(readings: Readings) -> list[ClaimBeside]:
    """Return the claims in the readings of the figure G1."""
    return claims_in(readings[CLAIMS])


def are_claims_settled(readings: Readings, number: str, of: str = WHOLE) -> bool:
    """Whether claims of a figure for the asked period are settled and none of them is contested."""
    whole = {str(each.period) for each in readings[CLAIMS]}
    of_it = [
        each.standing for each in claims(readings) if (each.number, each.of) == (number, of) and each.period in whole
    ]
    return ClaimStanding.SETTLED in of_it and ClaimStanding.CONTESTED not in of_it


def place(number: str, of: str = WHOLE) -> str:
    """Return the name of a figure or of a row of it in a finding: M3, or M1:audience=police."""
    return number if of == WHOLE else f"{number}:{of}"
