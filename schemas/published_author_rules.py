"""Statements for readers of the contract: which agencies may publish a type, and which values each may give.

They are made from the catalogue's rows, and shown by the published schemas, AsyncAPI and the API of the contract.
`schemas.catalogue.value_forbidden_to_author` judges by the same rows.
"""

from collections.abc import Mapping
from typing import Any, Final

from schemas.agencies import AGENCIES, SERVICES
from schemas.catalogue import CATALOGUE, EventType, names_of
from schemas.type_table import FACTS

_DATA: Final = "/data"
_CHANGES: Final = (
    "An agency changes its own events, and only into what it may say. The Council changes others' by a ruling.",
    "Cada institución cambia sus propios eventos, y solo por lo que puede decir. El Consejo cambia otros por dictamen.",
)
_OWN: Final = (
    "`{}` is the author, or the agency that it speaks for (`onbehalfof`).",
    "`{}` es el autor, o la institución en cuyo nombre habla (`onbehalfof`).",
)
_OWN_UNIT: Final = (
    "`{}` is the author, a unit of it, or a unit of the agency that it speaks for (`onbehalfof`).",
    "`{}` es el autor, una de sus unidades, o una unidad de la institución en cuyo nombre habla (`onbehalfof`).",
)
_FOR_ITSELF: Final = (
    "An author speaks for itself, its units and bodies that publish nothing (`onbehalfof`).",
    "Cada autor habla por sí mismo, por sus unidades y por organismos que no publican nada (`onbehalfof`).",
)


def limits_of(kind: EventType, agency: str) -> dict[str, list[str]]:
    """Return the values that an author of a type may give, by JSON Pointer; only limited fields are in it."""
    limits = (each for each in kind.limits if agency in each.authors)
    return {f"{_DATA}/{each.field}": [str(value) for value in each.values] for each in limits}


def permitted_values_of(kind: EventType, agency: str) -> dict[str, list[str]]:
    """Return `limits_of`, and the names that an author may give in the field for its own name.

    In an event on behalf of another agency that field names the other agency.
    """
    own = kind.own_name
    names = {} if own is None or agency in own.free else {f"{_DATA}/{own.field}": list(names_of(own, agency))}
    return limits_of(kind, agency) | names


def statement_of(type_string: str) -> dict[str, Any]:
    """Return the authors of a type as extensions of its published schema.

    `x-authors` has a member for each agency that may publish the type: `{"hti": {"/data/status": ["potential"]}}`. An
    agency without limits has an empty object. A limited field must be given. `x-authors-text` is the text for people.
    """
    kind = CATALOGUE[type_string]
    return {
        "x-authors": {agency: permitted_values_of(kind, agency) for agency in sorted(kind.authors)},
        "x-for-itself": kind.for_itself,
        "x-authors-text": {"en": _text(type_string, 0), "es": _text(type_string, 1)},
    }


def _text(type_string: str, language: int) -> str:
    kind = CATALOGUE[type_string]
    limited = {agency for limit in kind.limits for agency in limit.authors}
    free = sorted(kind.authors - limited)
    said = [f"{', '.join(_name(agency, language) for agency in free)}: {_ANY[language]}."] if free else []
    for limit in kind.limits:
        names = ", ".join(_name(agency, language) for agency in sorted(limit.authors & kind.authors))
        said.append(f"{names}: `{limit.field}` {_ONLY[language]} {', '.join(f'`{each}`' for each in limit.values)}.")
    if kind.own_name is not None:
        said.append((_OWN_UNIT if kind.own_name.units else _OWN)[language].format(kind.own_name.field))
        free_to_name = ", ".join(_name(agency, language) for agency in sorted(kind.own_name.free))
        said += [f"{free_to_name}: {_ANY[language]}."] if free_to_name else []
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
