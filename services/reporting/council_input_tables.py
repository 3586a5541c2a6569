"""The Council's tables for reporting: expected reports, the strategy's plan, and the disclosure policy.

Each function reads the given file, or the file of this package if none is given. It raises `Halt` for a wrong table;
the message names the wrong line.
"""

from pathlib import Path
from typing import Final

from services.reporting.domain.disclosure import policy
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.read import expected_reports as expected
from services.reporting.domain.read import strategy_plan as planned
from services.reporting.domain.read.expected_reports import ExpectationRow
from services.reporting.domain.read.strategy_plan import StrategyPlan
from services.runtime.council_table_file import council_table

_PACKAGE: Final = "services.reporting"


def expectations(file: Path | None = None) -> tuple[ExpectationRow, ...]:
    """Read the table of the reports that agencies are expected to publish. Raises `Halt` for a wrong table."""
    return council_table(expected.parsed, _PACKAGE, "expectations.yaml", file)


def plan(file: Path | None = None) -> StrategyPlan:
    """Read the table of the strategy's objectives and indicators. Raises `Halt` for a wrong table."""
    return council_table(planned.parsed, _PACKAGE, "plan.yaml", file)


def disclosure_policy(file: Path | None = None) -> DisclosurePolicy:
    """Read the policy on which amounts each edition of a release shows. Raises `Halt` for a wrong one."""
    return council_table(policy.parsed, _PACKAGE, "disclosure.yaml", file)
