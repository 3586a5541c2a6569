"""Settings of reporting, in addition to those of every service."""

import os
from pathlib import Path

from pydantic import Field

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """Settings of reporting, in addition to those of every service."""

    batch_records: int = Field(default=20_000, ge=1)
    """Most records of one transaction. With half as many a row costs a tenth more, because entities recur."""
    remembered_mb: int = Field(default=1_000, ge=0)
    """Megabytes of entities that stay in memory: some 30,000 with four events each, or 100,000 with one.

    Others are read from the ledger and folded again. A batch and the process itself come on top, some 200 MB."""
    values_seconds: float = Field(default=1.0, gt=0)
    """Seconds between two looks whether the figures have changed, so that tables for readers in SQL are made anew.

    A look is one query. The work that follows a change takes a tenth of one core at most, whatever this is."""
    expectations_file: Path | None = None
    """Another file than our `expectations.yaml`. A wrong one is refused at the start."""

    disclosure_file: Path | None = None
    """Another file than our `disclosure.yaml`, as releases take it. A wrong one is refused at the start."""

    @property
    def remembered_bytes(self) -> int:
        """`remembered_mb` in bytes."""
        return self.remembered_mb * 1_000_000


def environment() -> dict[str, str]:
    """Copy this process's environment for a child process, which needs the same settings."""
    return dict(os.environ)
