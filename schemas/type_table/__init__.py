"""The literal table of event types: for each type string its class, its authors and its place in the order.

Adding such a type is adding a line to the module of its area. What is said about other events, corrections and
retractions, stands beside it in `schemas.catalogue`, which is what everybody reads.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.type_table import (
    case,
    consent,
    coordination,
    governance,
    identification,
    justice,
    prevention,
    protection,
    referral,
)
from schemas.type_table.event_type import EventType


def joined(*areas: Mapping[str, EventType]) -> Mapping[str, EventType]:
    """The rows of all areas; ValueError where two have a row for one type."""
    found: dict[str, EventType] = {}
    for area in areas:
        if repeated := found.keys() & area.keys():
            message = f"two areas have a row for {sorted(repeated)}"
            raise ValueError(message)
        found |= area
    return MappingProxyType(found)


FACTS: Final = joined(
    identification.TYPES,
    case.TYPES,
    consent.TYPES,
    referral.TYPES,
    protection.TYPES,
    justice.TYPES,
    prevention.TYPES,
    coordination.TYPES,
    governance.TYPES,
)
