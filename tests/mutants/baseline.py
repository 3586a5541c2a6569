"""Which tests run which line, and how long each takes: measured once, kept by the text of the code and of the tests."""

import hashlib
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import coverage

from tests.mutants.change import Mutant
from tests.mutants.run import Session, forked

KEPT: Final = Path("build/mutants")


@dataclass(slots=True)
class Baseline:
    """Seconds of the processor by test, and tests by file and line."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests_of: defaultdict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))

    def tests(self, mutant: Mutant, seconds: float) -> list[str]:
        """Give the tests that run a changed line, the fastest first, as many as take so long together.

        A line in the midst of an expression may stand for none: then the tests of its function are given.
        """
        path = mutant.path.as_posix()
        found = self.tests_of.get((path, mutant.line), set())
        if not found:
            lines = {each for (file, each) in self.tests_of if file == path}
            before = max((each for each in lines if each <= mutant.line), default=0)
            found = self.tests_of.get((path, before), set())
        chosen: list[str] = []
        taken = 0.0
        for test in sorted(found, key=lambda each: self.seconds.get(each, 0.0)):
            taken += self.seconds.get(test, 0.0)
            if chosen and taken > seconds:
                break
            chosen.append(test)
        return chosen

    def usual(self, tests: Sequence[str]) -> float:
        """Give the time that tests usually take together."""
        return sum(self.seconds.get(each, 0.0) for each in tests)


def measured(session: Session, folder: Path) -> Baseline:
    """Run each file of tests once without a change, where it or the code is new.

    A test that fails without a change is left out: few examples are too few for a search of its own.
    """
    known = Baseline()
    by_file: dict[str, list[str]] = {}
    for name in session.names:
        by_file.setdefault(name.partition("::")[0], []).append(name)
    code = b"".join(each.read_bytes() for each in sorted(folder.rglob("*.py")))
    for file, names in by_file.items():
        text = Path(file).read_bytes()
        kept = KEPT / f"{hashlib.sha256(b'|'.join((file.encode(), code, text))).hexdigest()}.json"
        if not kept.exists():
            _measure(session, folder, names, kept)
        for name, (seconds, lines) in json.loads(kept.read_text("utf-8")).items():
            known.seconds[name] = seconds
            for path, numbers in lines.items():
                for line in numbers:
                    known.tests_of[path, line].add(name)
    return known


def _measure(session: Session, folder: Path, names: list[str], kept: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        data_file, noted_in = Path(scratch) / "coverage", Path(scratch) / "seconds.json"

        def measure() -> bool:
            tracer = coverage.Coverage(data_file=str(data_file), include=[f"{folder.resolve()}/*"], config_file=False)
            tracer.set_option("run:disable_warnings", ["no-data-collected"])  # some tests run none of the code
            tracer.start()
            seconds = {}
            for name in names:
                tracer.switch_context(name)
                began = time.process_time()
                if session.passes([name]):
                    seconds[name] = time.process_time() - began
            tracer.stop()
            tracer.save()
            noted_in.write_text(json.dumps(seconds), "utf-8")
            return True

        if forked(measure, seconds=None) != 0:
            sys.stdout.write(f"left out, for it does not run in a forked process: {names[0].partition('::')[0]}\n")
            noted_in.write_text("{}", "utf-8")
        data = coverage.CoverageData(basename=str(data_file))
        data.read()
        seconds: dict[str, float] = json.loads(noted_in.read_text("utf-8"))
        lines: dict[str, dict[str, list[int]]] = {name: {} for name in seconds}
        for file in data.measured_files():
            path = Path(file).relative_to(Path.cwd()).as_posix()
            for line, contexts in data.contexts_by_lineno(file).items():
                for name in contexts:
                    if name in lines:
                        lines[name].setdefault(path, []).append(line)
    KEPT.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(".new")
    new.write_text(json.dumps({name: (seconds[name], lines[name]) for name in lines}), "utf-8")
    new.replace(kept)
