"""The statement of who may publish a type and what each author may say, made from the rows of the catalogue.

The published schemas, AsyncAPI and the API of the contract show it; `schemas.catalogue.author_refusal` judges by the
same rows.
"""

from collections.abc import Mapping
from typing import Any, Final

from schemas.agencies import AGENCIES, SERVICES
from schemas.catalogue import CATALOGUE, EventType
from schemas.facts import FACTS

_DATA: Final = "/data"
_CHANGES: Final = (
    "An agency changes its own events, and only into what it may say. The Council changes others' by a ruling.",
    "Cada institución cambia sus propios eventos, y solo por lo que puede decir. El Consejo cambia otros por dictamen.",
)
_FOR_ITSELF: Final = (
    "An author speaks for itself, its units and bodies that publish nothing (`onbehalfof`).",
    "Cada autor habla por sí mismo, por sus unidades y por organismos que no publican nada (`onbehalfof`).",
)


def limits_of(kind: EventType, agency: str) -> dict[str, list[str]]:
    """List the values that an author of a type may give, by JSON Pointer; no other field is limited."""
    limits = (each for each in kind.limits if agency in each.authors)
    return {f"{_DATA}/{each.field}": [str(value) for value in each.values] for each in limits}


def statement_of(type_string: str) -> dict[str, Any]:
    """State the authors of a type as extensions of its published schema.

    `x-authors` has a member for each agency that may publish the type: `{"hti": {"/data/status": ["potential"]}}`. An
    agency without limits has an empty object. A limited field must be given. `x-authors-text` says it for people.
    """
    kind = CATALOGUE[type_string]
    return {
        "x-authors": {agency: limits_of(kind, agency) for agency in sorted(kind.authors)},
        "x-for-itself": kind.for_itself,
        "x-authors-text": {"en": _text(type_string, 0), "es": _text(type_string, 1)},
    }


def _text(type_string: str, language: int) -> str:
    kind = CATALOGUE[type_string]
    free = sorted(agency for agency in kind.authors if not limits_of(kind, agency))
    said = [f"{', '.join(_name(agency, language) for agency in free)}: {_ANY[language]}."] if free else []
    for limit in kind.limits:
        names = ", ".join(_name(agency, language) for agency in sorted(limit.authors & kind.authors))
        said.append(f"{names}: `{limit.field}` {_ONLY[language]} {', '.join(f'`{each}`' for each in limit.values)}.")
    said += [_FOR_ITSELF[language]] * kind.for_itself + [_CHANGES[language]] * (type_string not in FACTS)
    return " ".join(said)


_ANY: Final = ("any value", "cualquier valor")
_ONLY: Final = ("is always", "es siempre")
_SERVICE: Final[Mapping[int, str]] = {0: "the service {}", 1: "el servicio {}"}


def _name(agency: str, language: int) -> str:
    if agency in SERVICES:
        return _SERVICE[language].format(agency)
    row = AGENCIES[agency]
    return row.name_es if language else row.name_en
