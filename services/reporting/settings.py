"""What an operator may set for reporting, beside what every service has."""

from pathlib import Path

from pydantic import Field

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """reporting's settings."""

    batch_records: int = Field(default=20_000, ge=1)
    """What a batch says of one entity is counted once: half as many cost a worker that is behind a tenth more."""
    remembered_entities: int = 50_000
    """How many entities stay in memory, about 19 KB each with four events; others are folded again from the ledger."""
    expectations_file: Path | None = None
    """Who is expected to report what (`expectations.yaml`), in place of ours; refused at start where it is wrong."""
