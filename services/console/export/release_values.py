"""Values of a public release, as rows that an export reads: what leaves the committees comes from nowhere else."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from infra.local.folder import Folder
from services.console.as_of_and_known_at import ledger
from services.console.say import fail, wrong
from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseRow, ShownForm
from services.reporting.release.registry import KeptRelease, ReleaseRegistry, ReleaseStep
from services.runtime.postgres import acquired

Rows = list[dict[str, Any]]

_STATUS: Final = {ShownForm.EXACT: "shown", ShownForm.UNKNOWN: "not_available"}
_CONFIDENTIAL: Final = "[c]"
_NOT_AVAILABLE: Final = "[x]"


def in_force(folder: Folder, number: int) -> KeptRelease:
    """Give a public release that is published. Leaves with 1 where it is not, or not as it was frozen."""
    kept = next((each for each in asyncio.run(_all(folder)) if each.number == number), None)
    if kept is None:
        wrong(f"There is no release {number}. List them: atips release show")
    if not kept.unchanged:
        fail(f"The bytes of release {number} are not those that were frozen.")
    if kept.artefact.head.edition is not ReleaseEdition.PUBLIC or kept.state is not ReleaseStep.PUBLISHED:
        fail(
            f"Release {number} is {kept.state.value}, of the {kept.artefact.head.edition.value} edition: "
            "only a published public release may be handed on."
        )
    return kept


async def _all(folder: Folder) -> list[KeptRelease]:
    async with ledger(folder.root) as pool, acquired(pool) as connection:
        return await ReleaseRegistry(connection).all()


def released_rows(artefact: Artefact, year: int) -> Rows:
    """Give the amounts of a year in a release, as `figure_value` would name them: wholes and one-way rows."""
    return [_row(each) for each in artefact.rows if each.period == str(year) and len(each.dimensions) <= 1]


def _row(row: ReleaseRow) -> dict[str, Any]:
    dimension, code = next(iter(row.dimensions.items()), ("", ""))
    marks = " ".join(_marks(row))
    return {
        "figure": row.figure,
        "period": row.period,
        "dimension": dimension,
        "code": code,
        "value": None if row.value is None else float(row.value),
        "shown": _shown(row),
        "status": _STATUS.get(row.form, "confidential"),
        "marks": marks,
        "unit": row.unit,
        "definition": row.version,
        "known_at": row.known_at,
    }


def _marks(row: ReleaseRow) -> Iterator[str]:
    if row.form in {ShownForm.BAND, ShownForm.WITHHELD}:
        yield _CONFIDENTIAL
    if row.form is ShownForm.UNKNOWN:
        yield _NOT_AVAILABLE


def _shown(row: ReleaseRow) -> str:
    if row.value is not None:
        return str(row.value)
    if row.low is not None:
        return f"{row.low}-{row.high}"
    return _NOT_AVAILABLE if row.form is ShownForm.UNKNOWN else _CONFIDENTIAL
