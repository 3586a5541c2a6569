"""Settings of referral, in addition to those of every service."""

from datetime import datetime
from pathlib import Path

from pydantic import Field

from services.referral.domain.policy import Policy, parse_policy
from services.runtime.council_table_file import check_review_date, read_council_table
from services.runtime.errors import Halt
from services.runtime.settings import DecidingSettings


class Settings(DecidingSettings):
    """Settings of referral. Without `policy_file`, the shipped `policy.yaml` is used."""

    policy_file: Path | None = None

    patience_seconds: float = Field(default=30, ge=0)
    """Seconds for which a deadline must have passed before it is told. After an outage, answers that agencies sent
    meanwhile are judged first: who answered in time would else be said to be late, for good."""

    def policy(self, now: datetime) -> Policy:
        """Return the policy, read from its file. Raises `Halt` with the line that is wrong.

        Also raises `Halt` if `consent_since` is after `now`, as until then every referral would be passed on without
        consent, and if the file's review date lies too far ahead. Reports that date in a metric.
        """
        found = policy_of(self.policy_file)
        if found.consent_since > now:
            msg = "consent_since lies in the future: until then every referral would go without consent"
            raise Halt(msg)
        # A clock of invented history stands in the past, and every review date lies far ahead of it.
        file = None if self.clock_file is not None else self.policy_file
        check_review_date("referrals", found.review_on, file, now)
        return found


def policy_of(path: Path | None = None) -> Policy:
    """Return the policy in a file, or the shipped one if `path` is None. Raises `Halt` with the line that is wrong."""
    return read_council_table(parse_policy, "services.referral", "policy.yaml", path)
