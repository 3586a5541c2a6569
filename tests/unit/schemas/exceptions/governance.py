"""A period is closed by one that publishes, and no type is both counted and nothing."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from tests.unit.schemas.derived import Document
from tests.unit.schemas.payloads import Adjust


def _closing(draw: st.DrawFn, said: Document) -> Document:
    counts = said.get("counts") or {}
    zero = [each for each in said.get("zero_types") or () if not counts.get(each)]
    return said | {"agency": draw(st.sampled_from(PUBLISHING)), "zero_types": zero}


ADJUST: Final[Mapping[str, Adjust]] = {"bz.atips.period.closed.v1": _closing}
