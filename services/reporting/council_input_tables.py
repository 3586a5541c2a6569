"""The Council's tables for reporting: expected reports, the strategy's plan, and the disclosure policy."""

from pathlib import Path
from typing import Final

from services.reporting.domain.disclosure import policy
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.read import expected_reports as expected
from services.reporting.domain.read import strategy_plan as planned
from services.reporting.domain.read.expected_reports import ExpectationRow
from services.reporting.domain.read.strategy_plan import StrategyPlan
from services.runtime.council_table_file import read_council_table

_PACKAGE: Final = "services.reporting"


def expectations(file: Path | None = None) -> tuple[ExpectationRow, ...]:
    """Read the table of expected reports from `file`; None means the shipped `expectations.yaml`.

    Raises `Halt` if the table is wrong, or if the file cannot be read as UTF-8 text.
    """
    return read_council_table(expected.parse_expected_reports, _PACKAGE, "expectations.yaml", file)


def plan(file: Path | None = None) -> StrategyPlan:
    """Read the objectives and indicators of the strategy from `file`; None means the shipped `plan.yaml`.

    Raises `Halt` if the table is wrong, or if the file cannot be read as UTF-8 text.
    """
    return read_council_table(planned.parse_strategy_plan, _PACKAGE, "plan.yaml", file)


def disclosure_policy(file: Path | None = None) -> DisclosurePolicy:
    """Read the disclosure policy of releases from `file`; None means the shipped `disclosure.yaml`.

    Raises `Halt` if the policy is wrong, or if the file cannot be read as UTF-8 text.
    """
    return read_council_table(policy.parse_disclosure_policy, _PACKAGE, "disclosure.yaml", file)
