"""Steps that a service's tables have taken, and the oldest code that works with each.

A migration is a step, and has the number of its file. A step that only adds may set `works_with`: the oldest step whose
code still works after it. Without that setting, only code that knows the step works.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from services.runtime.errors import Halt

READ: Final = "SELECT revision, works_with FROM schema_step"
"""SQL that reads each step of the tables, and the oldest step whose code works with it."""

_FILE: Final = re.compile(r"(\d{4})_.+\.py")


class SchemaDiffers(Halt):
    """Raised if the tables are not in a state with which this version of the code works."""


@cache
def newest_known_step(service: str) -> str:
    """Return the newest step that this version of the code knows of a service, such as `0018`."""
    names = (each.name for each in files(f"services.{service}.sql").iterdir())
    return max(found[1] for name in names if (found := _FILE.fullmatch(name)))


def check_schema_compatibility(service: str, known: str, steps: Mapping[str, str]) -> None:
    """Raise `SchemaDiffers` if code with `known` as its newest step does not work with the tables of `service`.

    `steps`: each step of the tables, with the oldest step whose code works with it.
    """
    if known not in steps:
        reached = max(steps, default="none")
        msg = (
            f"the tables of {service} are at step {reached}, and this version needs step {known}:"
            " run the migrations first (atips provision, or atips up)"
        )
        raise SchemaDiffers(msg)
    needed = max(oldest for step, oldest in steps.items() if step >= known)
    if needed > known:
        msg = (
            f"the tables of {service} are at step {max(steps)}, with which only code of step {needed} or later works."
            f" This version has step {known}, and is too old. Nothing was changed. Start the newer version, or restore"
            " the backup from before the upgrade: docs/upgrade.md, 'When it does not go on'"
        )
        raise SchemaDiffers(msg)
