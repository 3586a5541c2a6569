"""Settings of case_tracker, beside those of every service."""

from pydantic import Field

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """case_tracker's settings."""

    session_seconds: float = Field(default=10.0, gt=0)
    """Another worker takes over from one that said nothing for so long; heartbeats have a thread of their own."""
    patience_seconds: float = Field(default=30, ge=0)
    """Delay before a finding from silence is published, so that agencies can report first after an outage."""
