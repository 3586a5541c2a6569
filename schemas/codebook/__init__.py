"""Code lists of all coded fields, each code with its English and Spanish label; `maps` has codes of other standards.

Lists are imported from the module of their area. `unknown` (asked, not known), `not_asked` and an absent field differ.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Final

from schemas.codebook import (
    case,
    consent,
    coordination,
    correction,
    courts,
    governance,
    identification,
    justice,
    prevention,
    protection,
    referral,
    shared,
    trafficking,
)
from schemas.codebook.code import Code

_AREAS: Final = (
    *(identification, trafficking, case, consent, referral, protection, justice, courts, prevention),
    *(coordination, governance, shared, correction),
)


def lists_of(*areas: ModuleType) -> Mapping[str, type[Code]]:
    """Return the lists that modules define, by their names in snake case. Raises `ValueError` if two have one name."""
    found: dict[str, type[Code]] = {}
    for codes in (codes for area in areas for codes in _defined(area)):
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", codes.__name__).lower()
        if name in found:
            message = f"two code lists are called {name}"
            raise ValueError(message)
        found[name] = codes
    return MappingProxyType(found)


def _defined(area: ModuleType) -> Iterator[type[Code]]:
    for each in vars(area).values():
        if isinstance(each, type) and issubclass(each, Code) and each.__module__ == area.__name__:
            yield each


LISTS: Final = lists_of(*_AREAS)
"""All code lists by name, such as `victim_status`."""
