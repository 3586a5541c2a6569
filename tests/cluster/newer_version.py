"""The next version of the code: a copy of this tree with one step, one fold and one code more.

The version before it is this tree itself. A commit of before would lack what an upgrade rests on. A tree with things
taken away would be no version that anybody ran.
"""

import shutil
from pathlib import Path
from typing import Final

from services.runtime import schema_compatibility
from tests.support.pipeline import ROOT

CODE: Final = "code_of_the_next_version"
"""Code that only the next version knows: a purpose of exploitation."""

_STEP: Final = '''"""A step that only adds: this version works on with it."""

revision = "{revision}"
down_revision = "{before}"
works_with = "{before}"
STATEMENTS = ("ALTER TABLE source ADD COLUMN note text",)
'''


def made(folder: Path) -> Path:
    """Make the tree in a folder; gives its root."""
    for name in ("services", "schemas", "infra"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    before = schema_compatibility.newest_known_step("reporting")
    revision = f"{int(before) + 1:04}"
    step = folder / "services/reporting/sql" / f"{revision}_of_the_next_version.py"
    step.write_text(_STEP.format(revision=revision, before=before), encoding="utf-8")
    # One inspection counts as two: figures of both versions differ, and none is taken for the other.
    _changed(
        folder / "services/reporting/domain/figures/prevention/inspection.py",
        "counted if data.count is not None else 1",
        "counted if data.count is not None else 2",
    )
    _changed(
        folder / "schemas/codebook/identification.py",
        '    FORCED_LABOUR = "forced_labour"',
        f'    NEXT = "{CODE}", "Next", "Siguiente"\n    FORCED_LABOUR = "forced_labour"',
    )
    return folder


def _changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, path
    path.write_text(text.replace(old, new), encoding="utf-8")
