"""Changes that alter nothing anybody can see: `tests/mutants/equivalent/*.toml`, one file for each domain folder.

`docs/contributing.md` shows an entry.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.mutants.change import Mutant

FOLDER: Final = Path(__file__).parent / "equivalent"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One entry of a file; `nth` is None where it means each equal change of the line."""

    path: str
    function: str
    line: str
    change: str
    because: str
    nth: int | None = None

    def is_of(self, mutant: Mutant) -> bool:
        """Whether it explains a change."""
        named = (self.path, self.function, self.line, self.change)
        found = (mutant.path.as_posix(), mutant.function, mutant.text, mutant.what)
        return named == found and self.nth in {None, mutant.nth}


def equivalents() -> list[Equivalent]:
    """Read every entry; KeyError where a field is missing."""
    return [
        Equivalent(each["in"], each["function"], each["line"], each["change"], each["because"], each.get("nth"))
        for file in sorted(FOLDER.glob("*.toml"))
        for each in tomllib.loads(file.read_text("utf-8")).get("mutant", [])
    ]
