"""Change the domain's code a little, many times, and list the changes that no test notices.

make mutants                                              # every domain folder, a sample within ten minutes
make mutants ARGS="--seconds 600 services/referral/domain"
make mutants ARGS="--all services/referral/domain/work.py"
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import pytest

from tests.mutants.change import Mutant, lines_that_run, mutants
from tests.mutants.run import QUIET, Session

TESTS: Final = {
    "services/referral/domain": ("tests/unit/referral",),
    "services/case_tracker/domain": ("tests/unit/case_tracker",),
    "services/intake/domain": ("tests/unit/intake",),
    "services/reporting/domain": ("tests/unit/reporting",),
}
"""By domain folder the tests that hold it; of these the ones that need no database."""


def main() -> int:
    """Attack the folders in turn; 1 where a change survived."""
    parser = argparse.ArgumentParser(prog="make mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("where", nargs="*", default=list(TESTS), help="domain folders, or modules in one")
    parser.add_argument("--seconds", type=float, default=600.0, help="for changes, after all tests ran once")
    parser.add_argument("--seed", type=int, default=0, help="which sample")
    parser.add_argument("--tests", nargs="+", help="files of tests, in the place of all that need no database")
    parser.add_argument("--all", action="store_true", help="every change, however long it takes")
    asked = parser.parse_args()
    each = None if asked.all else asked.seconds / len(asked.where)
    left = [survivor for where in asked.where for survivor in _attacked(Path(where), each, asked.seed, asked.tests)]
    return 1 if left else 0


def _attacked(where: Path, seconds: float | None, seed: int, tests: list[str] | None) -> list[Mutant]:
    """Attack one folder or module; gives the survivors."""
    folder = next(Path(name) for name in TESTS if where.is_relative_to(name))
    files = tests or _without_database(TESTS[str(folder)])
    survivors: list[Mutant] = []

    def attack(session: Session) -> None:
        with tempfile.TemporaryDirectory() as kept_in:
            known = session.baseline(folder, Path(kept_in))
        began = time.monotonic()
        changes = [
            mutant for file in (sorted(where.rglob("*.py")) if where.is_dir() else [where]) for mutant in mutants(file)
        ]
        random.Random(seed).shuffle(changes)
        tried = 0
        for mutant in changes:
            if seconds is not None and time.monotonic() - began > seconds:
                break
            if mutant.line not in lines_that_run(mutant.path):
                continue
            those = known.tests(mutant)
            try:
                survives = not those or session.survives(mutant, those, known.seconds)
            except LookupError:
                continue
            tried += 1
            if survives:
                survivors.append(mutant)
                _say(f"survived  {mutant}{'' if those else ', which no test runs'}")
        rate = 100 * (tried - len(survivors)) / max(tried, 1)
        _say(f"{where}: caught {tried - len(survivors)} of {tried} tried, {rate:.1f} %, of {len(changes)} changes")

    if int(pytest.main([*QUIET, "--capture=no", *files], plugins=[Session(attack)])) not in {0, 5}:
        sys.exit(2)
    return survivors


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _without_database(folders: tuple[str, ...]) -> list[str]:
    """Give the files of tests that ask for no database and no broker: they run again for each change."""
    files = (file for folder in folders for file in sorted(Path(folder).rglob("test_*.py")))
    return [str(file) for file in files if "pool" not in (text := file.read_text("utf-8")) and "cluster" not in text]


if __name__ == "__main__":
    raise SystemExit(main())
