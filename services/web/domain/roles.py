"""Roles of accounts, with the parts of the pages that each may open and the figures that each may see."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from services.reporting.domain.declaration.figure import Figure, SeenBy
from services.reporting.domain.figures.all_figures import FIGURES


class Role(StrEnum):
    """Role of an account: member of a committee, auditor, officer, clerk or operator."""

    OPERATIONS = "operations"
    IEC = "iec"
    M_AND_E = "m_and_e"
    AUDITOR = "auditor"
    OFFICER = "officer"
    """Works on cases for an agency, which sits on the operations committee."""
    CLERK = "clerk"
    """Publishes an agency's records."""
    OPERATOR = "operator"
    """Runs the services."""


class Part(StrEnum):
    """A part of the pages, whose routes are open for the same roles. Its value is its menu name and its path."""

    INBOX = "inbox"
    REFERRALS = "referrals"
    CASES = "cases"
    AGENCY_FINDINGS = "agency-findings"
    MATRIX = "referral-counts"
    HOME = "home"
    FIGURES = "figures"
    MEASURES = "measures"
    GRID = "grid"
    FINDINGS = "findings"
    PREVENTION = "prevention"
    REPORT = "report"
    SHEETS = "sheets"
    RECEIPTS = "receipts"
    REFUSALS = "refusals"
    SERVICES = "services"

    @property
    def address(self) -> str:
        """Address of the part's first page."""
        return "/" if self is Part.HOME else f"/{self.value}"


PARTS: Final[Mapping[Role, tuple[Part, ...]]] = MappingProxyType(
    {
        Role.OPERATIONS: (Part.HOME, Part.REPORT, Part.FIGURES, Part.MEASURES, Part.GRID, Part.FINDINGS, Part.MATRIX),
        Role.IEC: (Part.PREVENTION, Part.HOME, Part.FIGURES, Part.GRID),
        Role.M_AND_E: (
            *(Part.HOME, Part.REPORT, Part.FIGURES, Part.MEASURES, Part.PREVENTION, Part.GRID),
            Part.FINDINGS,
        ),
        Role.AUDITOR: (
            *(Part.HOME, Part.REPORT, Part.FIGURES, Part.MEASURES, Part.PREVENTION, Part.GRID, Part.FINDINGS),
            Part.MATRIX,
        ),
        Role.OFFICER: (
            *(Part.INBOX, Part.REFERRALS, Part.CASES, Part.AGENCY_FINDINGS, Part.MATRIX),
            *(Part.HOME, Part.FIGURES, Part.GRID),
        ),
        Role.CLERK: (Part.SHEETS, Part.RECEIPTS, Part.REFUSALS, Part.GRID),
        Role.OPERATOR: (Part.SERVICES, Part.GRID),
    }
)
"""Parts that a role may open, in the order of the menu. The first one opens after signing in."""

_COMMITTEES: Final[Mapping[Role, frozenset[SeenBy]]] = MappingProxyType(
    {
        Role.OPERATIONS: frozenset({SeenBy.OPERATIONS}),
        Role.IEC: frozenset({SeenBy.IEC}),
        Role.M_AND_E: frozenset({SeenBy.M_AND_E}),
        Role.AUDITOR: frozenset(SeenBy),
        Role.OFFICER: frozenset({SeenBy.OPERATIONS}),
        Role.CLERK: frozenset(),
        Role.OPERATOR: frozenset(),
    }
)
"""Committees whose figures a role sees."""


def may_open(role: Role, part: Part) -> bool:
    """Whether a role may open a part of the pages."""
    return part in PARTS[role]


def may_see_figure(role: Role, figure: Figure[Any]) -> bool:
    """Whether a role may see a figure. Each figure's declaration names its committees; an auditor sees all."""
    return role is Role.AUDITOR or not _COMMITTEES[role].isdisjoint(figure.seen_by)


def visible_figures(role: Role) -> list[Figure[Any]]:
    """Return the figures that a role may see, in the order of the report."""
    return [figure for figure in FIGURES.values() if may_see_figure(role, figure)]
