"""A correction holds the data of any type that can be said by itself."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.type_table import FACTS
from tests.unit.schemas.payloads import Adjust, payloads
from tests.unit.schemas.strategies_from_models import Document


def _replacement(draw: st.DrawFn, said: Document) -> Document:
    stated = draw(st.sampled_from(sorted(FACTS)))
    return said | {"type": stated, "data": draw(payloads(stated))}


ADJUST: Final[Mapping[str, Adjust]] = {"bz.atips.event.corrected.v1": _replacement}
