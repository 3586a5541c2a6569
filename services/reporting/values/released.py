"""Amounts that public releases show, used to mark values that have changed since as revised."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from schemas.times import Period
from services.reporting.domain.disclosure.release_cells import ReleaseStatements
from services.reporting.release.artefact import ShownForm, load
from services.reporting.release.public_edition import statements_of_release
from services.reporting.values.stored_value import ValueKey
from services.runtime.postgres import Connection

_IN_FORCE: Final = """
SELECT artefact FROM release AS r JOIN release_step AS p ON p.release = r.number AND p.step = 'published'
WHERE edition = 'public' AND NOT EXISTS (
    SELECT FROM release_step AS w WHERE w.release = r.number AND w.step = 'withdrawn'
)
ORDER BY number
"""
_OUTSIDE: Final = """
SELECT artefact FROM release AS r WHERE edition = 'public' AND EXISTS (
    SELECT FROM release_step AS s WHERE s.release = r.number AND s.step = 'sent'
)
ORDER BY number
"""
_STEPS: Final = "SELECT count(*) FROM release_step WHERE step NOT IN ('prepared', 'approved')"


async def steps(connection: Connection) -> int:
    """Return the number of steps `sent`, `published` and `withdrawn` of all releases.

    If it changes, the values that readers see may change.
    """
    found: int = await connection.fetchval(_STEPS)
    return found


async def released(connection: Connection, names: Mapping[Period, str]) -> Mapping[ValueKey, float]:
    """Return the exact values of public releases in force. If several releases have one key, the newest one counts.

    `names`: the periods whose values are wanted, with their names in `ValueKey`. Rows with more than one dimension are
    left out.
    """
    found: dict[ValueKey, float] = {}
    for row in await connection.fetch(_IN_FORCE):
        for each in load(row["artefact"]).rows:
            name = names.get(Period.parse(each.period))
            if (
                name is not None
                and each.form is ShownForm.EXACT
                and each.value is not None
                and len(each.dimensions) <= 1
            ):
                dimension, code = next(iter(each.dimensions.items()), ("", ""))
                found[ValueKey(each.figure, name, dimension, code)] = float(each.value)
    return found


async def told_outside(connection: Connection) -> Sequence[ReleaseStatements]:
    """Return the amounts that each sent public release shows anew, the oldest release first; withdrawn ones too."""
    return [_told(bytes(row["artefact"])) for row in await connection.fetch(_OUTSIDE)]


@lru_cache(maxsize=64)
def _told(document: bytes) -> ReleaseStatements:
    return statements_of_release(load(document))
