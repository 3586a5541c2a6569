"""Settings of referral, beside those of every service."""

from datetime import datetime
from pathlib import Path

from services.referral.domain.policy import Policy, parsed
from services.runtime.council_table import council_table
from services.runtime.errors import Halt
from services.runtime.settings import DecidingSettings


class Settings(DecidingSettings):
    """referral's settings; without a policy file of the Council's own the one beside this module holds."""

    policy_file: Path | None = None

    def policy(self, now: datetime) -> Policy:
        """Read the policy, once, at the start; `Halt` names the line in which it is wrong.

        A gate of consent that begins later than now would let everything go until then, so it is refused too.
        """
        found = policy_of(self.policy_file)
        if found.consent_since > now:
            msg = "consent_since lies in the future: until then every referral would go without consent"
            raise Halt(msg)
        return found


def policy_of(path: Path | None = None) -> Policy:
    """Read a policy file, ours where there is none; `Halt` names the line in which it is wrong."""
    return council_table(parsed, "services.referral", "policy.yaml", path)
