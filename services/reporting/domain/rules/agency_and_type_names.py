"""Names of agencies and event types in English and Spanish, for the texts of findings. Unknown codes stay codes."""

from typing import NamedTuple

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE


class NameInBoth(NamedTuple):
    """A name in English and Spanish."""

    en: str
    es: str


def agency_name(code: str) -> NameInBoth:
    """Return the names of an agency, or its code in both languages if the code is unknown."""
    found = AGENCIES.get(code)
    return NameInBoth(code, code) if found is None else NameInBoth(found.name_en, found.name_es)


def type_name(event_type: str) -> NameInBoth:
    """Return the names of an event type, such as `bz.atips.arrest.made.v1`; if unknown, the type in both languages."""
    found = CATALOGUE.get(event_type)
    return NameInBoth(event_type, event_type) if found is None else NameInBoth(found.en, found.es)
