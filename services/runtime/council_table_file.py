"""Tables that the Council writes: the file shipped beside a service's code, or a file that a deployment names."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from schemas.times import BELIZE
from schemas.yaml_table import WrongTable
from services.runtime import metrics
from services.runtime.errors import Halt

CouncilTable = TypeVar("CouncilTable")

REVIEW_WITHIN: Final = timedelta(days=366)
"""Longest time to the review date of a policy: the Council looks at each policy once a year."""


def read_council_table(
    parsed: Callable[[str], CouncilTable], package: str, shipped: str, file: Path | None
) -> CouncilTable:
    """Read a table of the Council from a file and parse it.

    `file`: the file to read; None means the file `shipped` in `package`. `parsed`: turns the text into the result.
    Raises `Halt` if the file cannot be read as UTF-8 text, or if `parsed` raises `WrongTable`. The message has the
    name of the file, and the wrong line if `parsed` names one.
    """
    source = files(package) / shipped if file is None else file
    try:
        return parsed(source.read_text(encoding="utf-8"))
    except (WrongTable, OSError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, WrongTable) else "cannot be read as text"
        msg = f"{source.name}: {why}"
        raise Halt(msg) from None


def check_review_date(policy: str, review: date, file: Path | None, now: datetime) -> None:
    """Report the review date of a policy in a metric, and raise `Halt` if the date lies too far ahead.

    `policy`: a name such as `referrals`. `review`: the last day before the policy is overdue, in Belize. `file`: the
    file of a deployment. The shipped file (None) is not refused: an alert reports its date (PolicyReviewDistant).
    """
    end = datetime(review.year, review.month, review.day, tzinfo=BELIZE) + timedelta(days=1)
    metrics.POLICY_REVIEW.labels(policy).set(end.timestamp())
    if file is not None and end.astimezone(UTC) - timedelta(days=1) > now + REVIEW_WITHIN:
        msg = (
            f"{file.name}: the review date {review} lies more than {REVIEW_WITHIN.days} days ahead. "
            "Set an earlier date, on which somebody reads the policy again."
        )
        raise Halt(msg)
