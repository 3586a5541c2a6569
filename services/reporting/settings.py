"""What an operator may set for reporting, beside what every service has."""

from pathlib import Path

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """reporting's settings."""

    remembered_entities: int = 50_000
    """How many entities stay in memory (about 4 kB each); one that is not is folded again from the ledger."""
    expectations_file: Path | None = None
    """Who is expected to report what (`expectations.yaml`), in place of ours; refused at start where it is wrong."""
