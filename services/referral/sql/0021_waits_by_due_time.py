"""Add an index on waiting.due_at. The sweep tells what is due although `late_at` lies more than a day ahead.

`late_at` depends on the time at which an event was accepted, and that was wrong if the machine's clock was ahead.
"""

from typing import Final

revision: Final = "0021"
down_revision: Final = "0020"
works_with: Final = "0012"

STATEMENTS: Final[tuple[str, ...]] = ("CREATE INDEX waiting_due ON waiting (due_at) WHERE told_at IS NULL",)
