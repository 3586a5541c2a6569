"""Settings of referral, beside those of every service."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from schemas.written import WrongTable
from services.referral.domain.policy import Policy, parsed
from services.runtime.errors import Halt
from services.runtime.settings import DecidingSettings

_OURS: Final = "policy.yaml"


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
    source = files("services.referral") / _OURS if path is None else path
    try:
        return parsed(source.read_text(encoding="utf-8"))
    except (WrongTable, OSError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, WrongTable) else "cannot be read as text"
        msg = f"{source.name}: {why}"
        raise Halt(msg) from None
