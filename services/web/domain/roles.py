"""Roles of accounts, and the figures that each may see."""

from enum import StrEnum
from typing import Any

from services.reporting.domain.figure import Figure, SeenBy
from services.reporting.domain.figures import FIGURES


class Role(StrEnum):
    """Role of an account: one of the three committees, or an auditor who looks at all figures."""

    OPERATIONS = "operations"
    IEC = "iec"
    M_AND_E = "m_and_e"
    AUDITOR = "auditor"


def sees(role: Role, figure: Figure[Any]) -> bool:
    """Whether a role may see a figure. Each figure's declaration names its committees; an auditor sees all."""
    return role is Role.AUDITOR or SeenBy(role.value) in figure.seen_by


def seen(role: Role) -> list[Figure[Any]]:
    """Give the figures that a role may see, in the order of the report."""
    return [figure for figure in FIGURES.values() if sees(role, figure)]
