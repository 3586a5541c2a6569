"""A sender's move is published by the sender, so the sender is one that publishes."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from tests.unit.schemas.payloads import Adjust
from tests.unit.schemas.strategies_from_models import Document


def _by_the_sender(draw: st.DrawFn, said: Document) -> Document:
    return said | {"from_agency": draw(st.sampled_from(PUBLISHING))}


ADJUST: Final[Mapping[str, Adjust]] = {
    "bz.atips.referral.sent.v1": _by_the_sender,
    "bz.atips.referral.cancelled.v1": _by_the_sender,
    "bz.atips.referral.entered_in_error.v1": _by_the_sender,
}
