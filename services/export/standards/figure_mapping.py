"""Mappings of standards, read from the folder `tables`: the figure that answers each cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

NAMES: Final = ("glotip", "sdg", "tip", "iccs")
"""Standards whose cells are answered by figures: names of files in `tables`."""


@dataclass(frozen=True, slots=True)
class CellMapping:
    """A cell of a standard and the figure that answers it. Without a `figure`, `why` gives the reason.

    `code` holds one code, or several separated by spaces whose values are added up. `times` converts the figure's unit
    to the standard's, such as 100000 for a share per 100,000 persons. `note` says how the figure differs from the
    standard's question.
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
        """Codes whose values are added up. One empty code stands for the whole."""
        return tuple(self.code.split(" "))


@dataclass(frozen=True, slots=True)
class StandardMapping:
    """A standard's cells, with the source, version and day from which its form was read."""

    name: str
    title: str
    source: str
    version: str
    read_on: str
    limits: tuple[str, ...]
    cells: tuple[CellMapping, ...]


class WrongMapping(ValueError):
    """Raised if a mapping file has a cell with neither a figure nor a reason, or with both."""


@lru_cache
def mapping(name: str) -> StandardMapping:
    """Read the mapping of a standard in `NAMES`. Raises `WrongMapping` if a cell is wrong."""
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
