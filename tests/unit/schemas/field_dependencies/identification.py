"""Screenings count one way: persons by id, or a number of them."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.codebook.shared import CountBasis
from schemas.ids import Kind
from tests.unit.schemas.payloads import Adjust, counted, without
from tests.unit.schemas.strategies_from_models import Document, entity_ids


def _one_way(draw: st.DrawFn, said: Document) -> Document:
    if said.get("persons"):
        return without(said, "count", "count_basis")
    if draw(st.booleans()):
        persons = draw(st.lists(entity_ids(Kind.PERSON), unique=True, min_size=1, max_size=4))
        return without(said, "count_basis") | {"persons": persons, "count": None}
    return counted(draw, said, CountBasis.PERSONS, CountBasis.PARTICIPATIONS, CountBasis.ESTIMATE)


ADJUST: Final[Mapping[str, Adjust]] = {"bz.atips.screening.completed.v1": _one_way}
