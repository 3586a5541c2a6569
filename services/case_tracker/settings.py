"""Settings of case_tracker, beside those of every service."""

from pydantic import Field

from services.runtime.settings import DecidingSettings


class Settings(DecidingSettings):
    """The settings of case_tracker, beside those of every service."""

    patience_seconds: float = Field(default=30, ge=0)
    """Delay in seconds before a finding from silence is published. After an outage agencies can report first."""
