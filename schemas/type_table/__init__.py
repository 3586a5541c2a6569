"""Table of the event types that state facts: by type string, its class, its authors and its place in the order.

A new type is a new line in the module of its area. Corrections and retractions, which are about other events, are added
in `schemas.catalogue`, whose table other modules read.
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
    """Return the rows of all areas in one table. Raises `ValueError` if two areas have a row for one type."""
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
