"""Mappings of standards, read from the files of `tables`: which of our figures answers which cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

NAMES: Final = ("glotip", "sdg", "tip", "iccs")
"""Standards whose cells are figures."""


@dataclass(frozen=True, slots=True)
class CellMapping:
    """A cell of a standard. `why` says why none of our figures answers it; then `figure` is empty.

    `code` holds one code, or several with spaces between them: their values are added up.
    `times` turns the figure's unit into the standard's, as 100000 a share of the population. `note` says in which way
    the figure differs from what the standard asks for.
    """

    table: str
    cell: str
    asked: str
    figure: str = ""
    dimension: str = ""
    code: str = ""
    times: float = 1
    why: str = ""
    note: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Give the codes whose values are added up; one empty code is the whole."""
        return tuple(self.code.split(" "))


@dataclass(frozen=True, slots=True)
class StandardMapping:
    """A standard's cells, with where its form was read."""

    name: str
    title: str
    source: str
    version: str
    read_on: str
    limits: tuple[str, ...]
    cells: tuple[CellMapping, ...]


class WrongMapping(ValueError):
    """A mapping file has a cell with neither a figure nor a reason, or with both."""


@lru_cache
def mapping(name: str) -> StandardMapping:
    """Read a standard's mapping. Raises `WrongMapping`."""
    said = yaml.safe_load((files(__package__) / "tables" / f"{name}.yaml").read_text(encoding="utf-8"))
    cells = tuple(_cells(said["tables"]))
    for each in cells:
        if bool(each.figure) == bool(each.why):
            message = f"{name}, {each.table}, {each.cell}: name a figure or say why there is none"
            raise WrongMapping(message)
    return StandardMapping(
        name=name,
        title=said["title"],
        source=said["source"],
        version=str(said["version"]),
        read_on=str(said["read_on"]),
        limits=tuple(said.get("limits", ())),
        cells=cells,
    )


def _cells(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[CellMapping]:
    for table, said in tables.items():
        for row in said["cells"]:
            named = {key: value for key, value in row.items() if key != "cells"}
            for cell in row.get("cells", (row.get("cell"),)):
                yield CellMapping(table=table, asked=said["asked"], **{**named, "cell": cell})
