"""Names of event types as people type them: the message about one that does not exist, and the list of all."""

from difflib import get_close_matches
from typing import Final

from schemas.type_table import FACTS
from services.sheet.column import short

_SHARED: Final = "bz.atips."
"""The beginning of every type's name."""
_MOST: Final = 3
_ALIKE: Final = 0.8, 0.6
"""How much of two spellings must be alike, from 0 to 1: first, and if no name is so much alike."""


def no_such_type(typed: str) -> str:
    """Return the message about a name that no type has: up to three that may be meant, and where the list stands."""
    return f"No event type has the name {typed}. {_meant(typed)}List all: atips template"


def lines(agency: str = "") -> list[str]:
    """Return a line for each type that sheets state: its short name, English and Spanish.

    `agency`: only what it may publish.
    """
    return [f"{short(name)}: {each.en} / {each.es}" for name, each in FACTS.items() if agency in {"", *each.authors}]


def _meant(typed: str) -> str:
    """Ask whether a type was meant whose name begins like the typed one, or is spelled like it; empty for none."""
    said, names = typed.strip().casefold().removeprefix(_SHARED), [short(each) for each in FACTS]
    begun = [each for each in names if each.startswith(f"{said}.")]
    spelled = (get_close_matches(said, names, n=_MOST, cutoff=alike) for alike in _ALIKE)
    near = (begun or next(filter(None, spelled), []))[:_MOST]
    return f"Did you mean {' or '.join(near)}? " if near else ""
