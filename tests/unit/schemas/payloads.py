"""Data of events by type: drawn from the model, and adjusted where validators tie fields together.

Each module of `field_dependencies` has a table ADJUST, type string to function. New ones are found by themselves.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from hypothesis import strategies as st

from schemas.catalogue import CATALOGUE
from schemas.codebook.shared import CountBasis
from schemas.fields import Count
from schemas.pydantic_errors import data_class_of
from tests.unit.schemas.strategies_from_models import Document, payloads_of, values_of

Adjust: TypeAlias = Callable[[st.DrawFn, Document], Document]
"""Makes an acceptable payload of one whose fields are right one by one."""


@cache
def field_dependencies() -> Mapping[str, Adjust]:
    """The adjustments of all areas, no type in two of them. Read late: an adjustment may need `payloads` itself."""
    found: dict[str, Adjust] = {}
    for path in sorted((Path(__file__).parent / "field_dependencies").glob("*.py")):
        area: dict[str, Adjust] = import_module(f"tests.unit.schemas.field_dependencies.{path.stem}").ADJUST
        assert not found.keys() & area.keys(), path.stem
        found |= area
    assert found.keys() <= CATALOGUE.keys()
    return found


@cache
def _derived(type_string: str) -> st.SearchStrategy[Document]:
    return payloads_of(data_class_of(CATALOGUE[type_string].model))


@st.composite
def payloads(draw: st.DrawFn, type_string: str) -> Document:
    said = draw(_derived(type_string))
    adjust = field_dependencies().get(type_string)
    return said if adjust is None else adjust(draw, said)


def without(said: Document, *names: str) -> Document:
    return {name: value for name, value in said.items() if name not in names}


def counted(draw: st.DrawFn, said: Document, *bases: CountBasis) -> Document:
    """The payload with a count of one of the bases."""
    basis = draw(st.sampled_from([each.value for each in bases]))
    return said | {"count": draw(values_of(Count)), "count_basis": basis}
