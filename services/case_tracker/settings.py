"""Settings of case_tracker, in addition to those of every service."""

from pydantic import Field

from services.runtime.settings import DecidingSettings


class Settings(DecidingSettings):
    """Settings of case_tracker, in addition to those of every service."""

    patience_seconds: float = Field(default=30, ge=0)
    """Seconds between the due time of a finding and its publication. After an outage agencies can report first."""
