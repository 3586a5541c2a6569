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
    """Seconds between two checks whether the figures have changed, so that the tables for readers of SQL are renewed.

    A check is one query. The work that follows a change takes a tenth of one core at most, whatever this setting is."""
    expectations_file: Path | None = None
    """File to use in place of the shipped `expectations.yaml`. A wrong file ends the process at the start."""

    disclosure_file: Path | None = None
    """File to use in place of the shipped `disclosure.yaml`, for releases too. A wrong file ends the process at the
    start."""

    @property
    def remembered_bytes(self) -> int:
        """`remembered_mb` in bytes."""
        return self.remembered_mb * 1_000_000


def environment() -> dict[str, str]:
    """Return a copy of this process's environment for a child process, which needs the same settings."""
    return dict(os.environ)
