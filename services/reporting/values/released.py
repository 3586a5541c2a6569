"""Amounts that public releases show: for marks of revised values, for the joint audit, and for late facts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from schemas.times import Period
from services.reporting.domain.disclosure.release_cells import ReleaseStatements
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.release.artefact import ReleaseRow, ShownForm, load
from services.reporting.release.public_edition import statements_of_release
from services.reporting.values.late_fact_protection import ToldBefore, ToldHistory
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


async def count_release_steps(connection: Connection) -> int:
    """Return the number of steps `sent`, `published` and `withdrawn` of all releases.

    If it changes, the values that readers see may change.
    """
    found: int = await connection.fetchval(_STEPS)
    return found


async def read_released_values(connection: Connection, names: Mapping[Period, str]) -> Mapping[ValueKey, float]:
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


async def read_released_statements(connection: Connection) -> Sequence[ReleaseStatements]:
    """Return the amounts that each sent public release shows anew, the oldest release first; withdrawn ones too."""
    return [_told(bytes(row["artefact"])) for row in await connection.fetch(_OUTSIDE)]


@lru_cache(maxsize=64)
def _told(document: bytes) -> ReleaseStatements:
    return statements_of_release(load(document))


async def totals_told_outside(connection: Connection) -> ToldHistory:
    """Return the exact numbers of single years that sent public releases show, the oldest release first.

    Withdrawn releases are included. A number by an earlier definition of its figure is left out.
    """
    found: dict[ValueKey, list[ToldBefore]] = defaultdict(list)
    for row in await connection.fetch(_OUTSIDE):
        for key, told in _totals(bytes(row["artefact"])):
            found[key].append(told)
    return found


@lru_cache(maxsize=64)
def _totals(document: bytes) -> Sequence[tuple[ValueKey, ToldBefore]]:
    return [
        (ValueKey(each.figure, each.period), ToldBefore(each.value, known_at=each.known_at))
        for each in load(document).rows
        if each.value is not None and not each.dimensions and _of_now(each)
    ]


def _of_now(row: ReleaseRow) -> bool:
    """Whether a row counts by the present definition of its figure."""
    return row.figure in FIGURES and FIGURES[row.figure].version == row.version
