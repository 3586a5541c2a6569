"""Names of agencies and event types in both languages, as findings say them. A code without a name stays a code."""

from typing import NamedTuple

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE


class NameInBoth(NamedTuple):
    """A name in English and Spanish."""

    en: str
    es: str


def agency_name(code: str) -> NameInBoth:
    """Give an agency's name."""
    found = AGENCIES.get(code)
    return NameInBoth(code, code) if found is None else NameInBoth(found.name_en, found.name_es)


def type_name(event_type: str) -> NameInBoth:
    """Give the name of an event type, such as `bz.atips.arrest.made.v1`."""
    found = CATALOGUE.get(event_type)
    return NameInBoth(event_type, event_type) if found is None else NameInBoth(found.en, found.es)
