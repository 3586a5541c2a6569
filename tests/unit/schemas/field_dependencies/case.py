"""Cases that are linked are two."""

from collections.abc import Mapping
from typing import Final

from hypothesis import assume
from hypothesis import strategies as st

from tests.unit.schemas.payloads import Adjust
from tests.unit.schemas.strategies_from_models import Document


def _two(draw: st.DrawFn, said: Document) -> Document:
    assume(said["case"] != said["linked_case"])
    return said


ADJUST: Final[Mapping[str, Adjust]] = {"bz.atips.case.linked.v1": _two}
