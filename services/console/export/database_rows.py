"""Database rows for exports, each read in the database role that may see them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.local.data_folder import Folder
from schemas.times import Period
from services.console.database import connected
from services.console.output import fail, fail_wrong_usage

_VALUES: Final = """
SELECT * FROM {view}
WHERE first_day >= $1 AND last_day <= $2
    AND ($3::text[] = '{{}}' OR figure = ANY ($3) OR rtrim(figure, 'abcdefghijklm') = ANY ($3))
    AND ($4::text[] = '{{}}' OR dimension = ANY ($4) OR dimension = '')
ORDER BY figure, dimension, code, first_day, last_day DESC
"""
_DEFINITIONS: Final = "SELECT * FROM figure_definition ORDER BY figure"
_ENTRIES: Final = """
SELECT n, min(accepted_at) AS accepted_at, source, event_id::text AS event_id, count(*) AS copies, max(bytes) AS bytes,
    max(sha256) AS sha256
FROM ledger_entry GROUP BY n, source, event_id ORDER BY n, source, event_id
"""


@dataclass(frozen=True, slots=True)
class FigureReader:
    """The reader of exported figures: the committees' role, or a named M&E officer with a reason, for exact figures."""

    officer: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Exit with 2 when only one of officer and reason is given: requests for exact figures are noted with both."""
        if bool(self.officer) != bool(self.reason):
            fail_wrong_usage(
                "--officer NAME and --reason TEXT go together: a question about exact figures is noted with both."
            )

    @property
    def exact(self) -> bool:
        """Whether exact figures are read."""
        return bool(self.officer)


Rows = list[dict[str, Any]]


async def values(
    folder: Folder, reader: FigureReader, period: Period, numbers: Sequence[str], by: Sequence[str]
) -> tuple[Rows, Rows]:
    """Return (values, definitions): the values of all periods within `period`, and the definitions of all figures.

    No `numbers`: all figures. No `by`: all breakdowns. A request for exact figures is noted with the officer's reason.
    Exits with 1 if the officer has no login. Raises `Retryable` if the database does not answer.
    """
    role = f"me_officer_{reader.officer}" if reader.exact else "me_read"
    if not folder.dsn_file(role).exists():
        fail(f"{reader.officer} may not log in to the database. Open the login: atips users sql {reader.officer}")
    async with connected(folder, role, "reporting") as connection:
        defined = [dict(row) for row in await connection.fetch(_DEFINITIONS)]
        view = "figure_value"
        if reader.exact:
            view = "figure_exact"
            asked = sorted(numbers) or [row["figure"] for row in defined]
            await connection.fetchval("SELECT ask_exact($1, $2)", " ".join(asked), reader.reason)
        query = _VALUES.format(view=view)
        found = await connection.fetch(query, period.first, period.last, list(numbers), list(by))
    return [dict(row) for row in found], defined


async def ledger_events(folder: Folder) -> Rows:
    """Return one row for each event of the ledger, read in the role `auditor`.

    Raises `Retryable` if the database does not answer.
    """
    async with connected(folder, "auditor", "reporting") as auditor:
        return [dict(row) for row in await auditor.fetch(_ENTRIES)]


def run(
    folder: Folder, reader: FigureReader, period: Period, numbers: Sequence[str], by: Sequence[str]
) -> tuple[Rows, Rows]:
    """Run `values` for a command that is not async: return (values, definitions), exit and raise as `values` does."""
    return asyncio.run(values(folder, reader, period, numbers, by))
