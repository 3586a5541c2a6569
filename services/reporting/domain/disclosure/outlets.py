"""Ways by which figures are given out, and whether each may be used after the policy's review date.

Every command that gives figures out must ask `is_outlet_closed`.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from services.reporting.domain.disclosure.policy import DisclosurePolicy


class Outlet(StrEnum):
    """Ways by which figures are given out, and the withdrawal of figures that were given out."""

    RELEASE_STEP = "release_step"
    """Preparation, approval or publication of a release."""
    WITHDRAWAL = "withdrawal"
    """Withdrawal of a release."""
    STANDARD_TABLE = "standard_table"
    """Table of an international standard, whatever the source of its answers."""
    FIGURE_FILE = "figure_file"
    """File of figures, small numbers as bands."""
    EXACT_FILE = "exact_file"
    """File of exact figures for a named officer; the request is logged."""
    PUBLIC_REPORT = "public_report"
    """Annual report for everybody, made from a published public release."""
    INSIDE_REPORT = "inside_report"
    """Annual report whose first page says that it stays with the Council, or may not be used."""


_AFTER_REVIEW: Final = frozenset({Outlet.WITHDRAWAL, Outlet.EXACT_FILE, Outlet.INSIDE_REPORT})
"""Outlets that may be used after the review date, because they give nothing to anybody outside the committees."""


def is_outlet_closed(policy: DisclosurePolicy, outlet: Outlet, day: date) -> bool:
    """Whether an outlet may not be used on a day, because the policy's review is overdue."""
    return policy.overdue(day) and outlet not in _AFTER_REVIEW
