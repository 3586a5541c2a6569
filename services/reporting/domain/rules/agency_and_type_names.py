"""Names of agencies and event types in English and Spanish, for the texts of findings. Unknown codes stay codes."""

from typing import NamedTuple

from schemas.agencies import agency_on
from schemas.catalogue import CATALOGUE
from schemas.times import Period


class NameInBoth(NamedTuple):
    """A name in English and Spanish."""

    en: str
    es: str


def agency_name(code: str, period: Period | str) -> NameInBoth:
    """Return the names of an agency on the last day of a period, or its code in both languages if that is unknown."""
    found = agency_on(code, (Period.parse(period) if isinstance(period, str) else period).last)
    return NameInBoth(code, code) if found is None else NameInBoth(found.name_en, found.name_es)


def type_name(event_type: str) -> NameInBoth:
    """Return the names of an event type, such as `bz.atips.arrest.made.v1`; if unknown, the type in both languages."""
    found = CATALOGUE.get(event_type)
    return NameInBoth(event_type, event_type) if found is None else NameInBoth(found.en, found.es)
