"""Settings of referral, beside those of every service."""

from datetime import datetime
from pathlib import Path

from services.referral.domain.policy import Policy, parsed
from services.runtime.council_table_file import council_table
from services.runtime.errors import Halt
from services.runtime.settings import DecidingSettings


class Settings(DecidingSettings):
    """referral's settings. Without a policy file of the Council's own, the `policy.yaml` beside this module is used."""

    policy_file: Path | None = None

    def policy(self, now: datetime) -> Policy:
        """Read the policy, once, at the start. Raises `Halt` with the line in which it is wrong.

        A `consent_since` after `now` is a `Halt` too: until then every referral would go without consent.
        """
        found = policy_of(self.policy_file)
        if found.consent_since > now:
            msg = "consent_since lies in the future: until then every referral would go without consent"
            raise Halt(msg)
        return found


def policy_of(path: Path | None = None) -> Policy:
    """Read a policy file, or the shipped one where `path` is None. Raises `Halt` with the line in which it is wrong."""
    return council_table(parsed, "services.referral", "policy.yaml", path)
