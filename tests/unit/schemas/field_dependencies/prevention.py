"""Inspections say what they count, if they are a batch; of awareness a number or a word is given, never both."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.codebook.shared import CountBasis
from tests.unit.schemas.payloads import Adjust, counted, without
from tests.unit.schemas.strategies_from_models import Document


def _batch(draw: st.DrawFn, said: Document) -> Document:
    if said.get("count") is None:
        return without(said, "count_basis")
    return counted(draw, said, CountBasis.INSPECTIONS, CountBasis.ESTIMATE)


def _number_or_word(draw: st.DrawFn, said: Document) -> Document:
    counted_things = [name.removesuffix("_text") for name in said if name.endswith("_text")]
    return without(said, *(f"{each}_{draw(st.sampled_from(['n', 'text']))}" for each in counted_things))


ADJUST: Final[Mapping[str, Adjust]] = {
    "bz.atips.labour.inspection_completed.v1": _batch,
    "bz.atips.awareness.activity_held.v1": _number_or_word,
    "bz.atips.output.published.v1": _number_or_word,
}
