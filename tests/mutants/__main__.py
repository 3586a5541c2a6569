"""Change the domain's code a little, many times, and list the changes that no test notices: `make mutants`.

It ends with 1 where fewer than 95 of 100 changes are caught, equivalent ones left out (`tests/mutants/equivalent`).
`docs/contributing.md` has examples.
"""

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from typing_extensions import override

from tests.mutants.baseline import Baseline, measured
from tests.mutants.change import Mutant, lines_that_run, mutants
from tests.mutants.equivalent import equivalents
from tests.mutants.run import QUIET, Ending, Session

TESTS: Final = {
    "services/referral/domain": ("tests/unit/referral",),
    "services/case_tracker/domain": ("tests/unit/case_tracker",),
    "services/intake/domain": ("tests/unit/intake",),
    "services/charts/domain": ("tests/unit/charts",),
    "services/report/domain": ("tests/unit/report",),
    "services/reporting/domain/disclosure": ("tests/unit/reporting/disclosure",),
    "services/reporting/domain": ("tests/unit/reporting", "tests/unit/history"),
    "services/reporting/release": ("tests/unit/reporting",),
    "services/reporting/values": ("tests/unit/reporting",),
    "services/web/domain": ("tests/unit/web",),
    "schemas/sight": ("tests/unit/schemas", "tests/unit/referral", "tests/unit/case_tracker"),
    "schemas/danger": ("tests/unit/referral", "tests/unit/case_tracker"),
}
"""By folder the tests that hold it; of these the ones that need no database. A folder stands before one around it."""
NEEDS: Final = {
    "services/report/domain": ("breakdowns", "document", "of_release"),
    "schemas/sight": ("sight", "consent", "seen", "restricted"),
    "schemas/danger": ("danger", "oracle", "liberty", "rules"),
    "services/reporting/release": ("public_edition", "attacks", "release", "policy", "medians", "constraint"),
    "services/reporting/values": ("protection", "values", "attacks", "rates", "late_facts", "received"),
    "services/web/domain": ("account", "app", "back_channel", "cohorts", "elements", "findings", "texts", "provider"),
}
"""Of a folder whose tests stand among others, words of which a file of tests that matters holds one in its name."""
CAUGHT: Final = 0.95
"""Changes that must be caught of those that alter something: a survivor in twenty is explained, not hunted."""


@dataclass(slots=True)
class Count:
    """Changes that were tried in one folder."""

    where: Path
    ends: Counter[Ending] = field(default_factory=Counter)
    equivalent: int = 0
    of: int = 0

    @property
    def caught(self) -> int:
        """Changes that made a test fail, or never end."""
        return self.ends[Ending.FAILED] + self.ends[Ending.TIMED_OUT]

    @property
    def is_enough(self) -> bool:
        """Whether enough are caught of those that alter something. None tried is not enough."""
        return 0 < self.caught >= CAUGHT * (self.caught + self.ends[Ending.SURVIVED])

    @override
    def __str__(self) -> str:
        """Give one line: the folder, and how many changes had which end."""
        rate = 100 * self.caught / max(self.caught + self.ends[Ending.SURVIVED], 1)
        ends = ", ".join(f"{end.name.lower().replace('_', ' ')} {self.ends[end]}" for end in Ending)
        return f"{self.where}: {ends}, equivalent {self.equivalent}, of {self.of} changes: {rate:.1f} %"


def main() -> int:
    """Attack the folders in turn; 1 where too few changes were caught."""
    parser = argparse.ArgumentParser(prog="make mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("where", nargs="*", default=list(TESTS), help="domain folders, or modules in one")
    parser.add_argument("--seconds", type=float, default=600.0, help="for changes, after all tests ran once")
    parser.add_argument("--sample", type=int, default=200, help="changes of each folder at most")
    parser.add_argument("--seed", type=int, default=0, help="which sample")
    parser.add_argument("--each", type=float, default=15.0, help="seconds of tests for each change at most")
    parser.add_argument("--tests", nargs="+", help="files of tests, in the place of all that need no database")
    parser.add_argument("--all", action="store_true", help="every change, however long it takes")
    asked = parser.parse_args()
    counts = [_attacked(Path(where), asked) for where in asked.where]
    _say("\n".join(map(str, counts)))
    return 0 if all(count.is_enough for count in counts) else 1


def _attacked(where: Path, asked: argparse.Namespace) -> Count:
    """Attack one folder or module."""
    folder = next(Path(name) for name in TESTS if where.is_relative_to(name))
    count = Count(where)

    def attack(session: Session) -> None:
        known = measured(session, folder)
        files = sorted(where.rglob("*.py")) if where.is_dir() else [where]
        changes = [mutant for file in files for mutant in _that_run(file)]
        random.Random(asked.seed).shuffle(changes)
        count.of = len(changes)
        until = time.monotonic() + asked.seconds / len(asked.where)
        for mutant in changes if asked.all else changes[: asked.sample]:
            if not asked.all and time.monotonic() > until:
                break
            _try(mutant, session, known, asked.each, count)

    files = asked.tests or _files(str(folder))
    if int(pytest.main([*QUIET, "--capture=no", *files], plugins=[Session(attack)])) not in {0, 5}:
        sys.exit(2)
    _say(str(count))
    return count


def _try(mutant: Mutant, session: Session, known: Baseline, each: float, count: Count) -> None:
    if any(entry.is_of(mutant) for entry in equivalents()):
        count.equivalent += 1
        return
    tests = known.tests(mutant, each)
    ending = session.ending(mutant, tests, known.usual(tests)) if tests else Ending.SURVIVED
    count.ends[ending] += 1
    if ending in {Ending.SURVIVED, Ending.TIMED_OUT, Ending.UNSTABLE}:
        end = f"{ending.name.lower().replace('_', ' '):<9} "
        _say(f"{end}{mutant}{'' if tests else ', which no test runs'}\n{' ' * len(end)}{mutant.text}")


def _that_run(file: Path) -> list[Mutant]:
    lines = lines_that_run(file)
    return [mutant for mutant in mutants(file) if mutant.line in lines]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _files(folder: str) -> list[str]:
    """Give the files of tests that hold a folder; a search against a whole server is none of them."""
    words = NEEDS.get(folder, ("",))
    return [
        str(file)
        for each in TESTS[folder]
        for file in sorted(Path(each).rglob("test_*.py"))
        if any(word in file.name for word in words) and file.name != "test_fuzz.py"
    ]


if __name__ == "__main__":
    raise SystemExit(main())
