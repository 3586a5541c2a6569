"""A merge names two different entities."""

from collections.abc import Mapping
from typing import Final

from hypothesis import assume
from hypothesis import strategies as st

from tests.unit.schemas.payloads import Adjust
from tests.unit.schemas.strategies_from_models import Document


def _two(draw: st.DrawFn, said: Document) -> Document:
    one = next(said[each] for each in ("person", "case", "activity") if each in said)
    assume(one != said["same_as"])
    return said


ADJUST: Final[Mapping[str, Adjust]] = {
    "bz.atips.person.merged.v1": _two,
    "bz.atips.case.merged.v1": _two,
    "bz.atips.activity.merged.v1": _two,
}
