"""Values of a published public release, as rows for an export: only these may be handed on outside the committees."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from infra.local.data_folder import Folder
from services.console.as_of_and_known_at import open_ledger_pool
from services.console.output import fail, fail_wrong_usage
from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseRow, ShownForm
from services.reporting.release.registry import KeptRelease, ReleaseRegistry, ReleaseStep
from services.runtime.postgres import borrow_connection

Rows = list[dict[str, Any]]

_STATUS: Final = {ShownForm.EXACT: "shown", ShownForm.UNKNOWN: "not_available"}
_CONFIDENTIAL: Final = "[c]"
_NOT_AVAILABLE: Final = "[x]"


def in_force(folder: Folder, number: int) -> KeptRelease:
    """Return a published public release. Exits with 2 for an unknown number, with 1 if changed or not published."""
    kept = next((each for each in asyncio.run(_all(folder)) if each.number == number), None)
    if kept is None:
        fail_wrong_usage(f"There is no release {number}. List them: atips release show")
    if not kept.unchanged:
        fail(f"The bytes of release {number} are not those that were frozen.")
    if kept.artefact.head.edition is not ReleaseEdition.PUBLIC or kept.state is not ReleaseStep.PUBLISHED:
        fail(
            f"Release {number} is {kept.state.value}, of the {kept.artefact.head.edition.value} edition: "
            "only a published public release may be handed on."
        )
    return kept


async def _all(folder: Folder) -> list[KeptRelease]:
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        return await ReleaseRegistry(connection).all()


def released_rows(artefact: Artefact, year: int) -> Rows:
    """Return a year's rows of a release with the columns of the view `figure_value`: wholes, and one-way breakdowns."""
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
