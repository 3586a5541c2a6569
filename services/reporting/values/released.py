"""Values that a public release in force tells exactly, so that a value that moved since can be marked as revised."""

from collections.abc import Mapping
from typing import Final

from schemas.times import Period
from services.reporting.release.artefact import ShownForm, load
from services.reporting.values.row import ValueKey
from services.runtime.postgres import Connection

_IN_FORCE: Final = """
SELECT artefact FROM release AS r JOIN release_step AS p ON p.release = r.number AND p.step = 'published'
WHERE edition = 'public' AND NOT EXISTS (
    SELECT FROM release_step AS w WHERE w.release = r.number AND w.step = 'withdrawn'
)
ORDER BY number
"""
_STEPS: Final = "SELECT count(*) FROM release_step"


async def steps(connection: Connection) -> int:
    """Count the steps of all releases: a number that rises whenever one is published or withdrawn."""
    found: int = await connection.fetchval(_STEPS)
    return found


async def released(connection: Connection, names: Mapping[Period, str]) -> Mapping[ValueKey, float]:
    """Give the exact values of the newest release in force of each; `names` are periods as tables name them."""
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
