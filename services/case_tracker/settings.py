"""What an operator may set for case_tracker, beside what every service has."""

from pydantic import Field

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """case_tracker's settings."""

    session_seconds: float = Field(default=10.0, gt=0)
    """Another worker takes over from one that said nothing for so long; heartbeats have a thread of their own."""
    patience_seconds: float = Field(default=30, ge=0)
    """What silence makes so is said only after so long: after an outage all who were cut off tell at once."""
