"""Settings of reporting, beside those of every service."""

import os
from pathlib import Path

from pydantic import Field

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """reporting's settings."""

    batch_records: int = Field(default=20_000, ge=1)
    """Most records of one transaction. With half as many a row costs a tenth more, because entities recur."""
    remembered_entities: int = 50_000
    """How many entities stay in memory, about 19 KB each with four events; others are folded again from the ledger."""
    expectations_file: Path | None = None
    """Another file than our `expectations.yaml`. A wrong one is refused at the start."""


def environment() -> dict[str, str]:
    """Give the environment that a child process is started with, so that it has the same settings."""
    return dict(os.environ)
