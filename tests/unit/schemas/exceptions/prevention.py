"""Inspections say what they count, if they are a batch."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.codebook.shared import CountBasis
from tests.unit.schemas.derived import Document
from tests.unit.schemas.payloads import Adjust, counted, without


def _batch(draw: st.DrawFn, said: Document) -> Document:
    if said.get("count") is None:
        return without(said, "count_basis")
    return counted(draw, said, CountBasis.INSPECTIONS, CountBasis.ESTIMATE)


ADJUST: Final[Mapping[str, Adjust]] = {"bz.atips.labour.inspection_completed.v1": _batch}
