"""A strategy ends after it begins, and a unit belongs to an agency."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.agencies import AGENCIES
from tests.unit.schemas.payloads import Adjust
from tests.unit.schemas.strategies_from_models import Document


def _years(_: st.DrawFn, said: Document) -> Document:
    first, last = sorted((said["first_year"], said["last_year"]))
    return said | {"first_year": first, "last_year": last}


def _of_an_agency(draw: st.DrawFn, said: Document) -> Document:
    return said | {"unit": draw(st.sampled_from([code for code, each in AGENCIES.items() if each.parent]))}


ADJUST: Final[Mapping[str, Adjust]] = {
    "bz.atips.strategy.adopted.v1": _years,
    "bz.atips.unit.staffing_reported.v1": _of_an_agency,
}
