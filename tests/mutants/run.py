"""Tests run against changes: collected once; each change has a process of its own, which ends with the first failure.

A change replaces the code of the function that it is in, as it is already read. What is made at import, as a table, is
left out: no test runs it.
"""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.change import Mutant, changed

QUIET: Final = ("-q", "-x", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist")
_ENDS: Final = 20.0
"""A change may make tests run for ever: after so long beside thrice what they usually take it is caught."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How long each test takes, and which tests run which line of which file."""

    seconds: Mapping[str, float]
    tests_of: Mapping[tuple[str, int], frozenset[str]]

    def tests(self, mutant: Mutant) -> list[str]:
        """Give the tests that run a changed line, the fastest first; none for a line that is read at import alone."""
        found = self.tests_of.get((str(mutant.path.resolve()), mutant.line), frozenset())
        return sorted(found, key=lambda test: self.seconds.get(test, 0.0))


class Session:
    """Collected tests, run as often as is asked; a plugin of pytest's, in the place of its loop."""

    def __init__(self, attack: Callable[["Session"], None]) -> None:
        self._attack = attack
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand the tests over, once they are collected."""
        self._items = {item.nodeid: item for item in session.items}
        self._attack(self)
        return True

    def baseline(self, folder: Path, kept_in: Path) -> Baseline:
        """Run all tests once, without a change; RuntimeError where one fails."""
        data_file, noted_in = kept_in / "coverage", kept_in / "seconds.json"

        def measure() -> bool:
            measured = coverage.Coverage(data_file=str(data_file), include=[f"{folder.resolve()}/*"], config_file=False)
            measured.start()
            seconds = {}
            for name in self._items:
                measured.switch_context(name)
                began = time.monotonic()
                if not self._passes([name]):
                    return False
                seconds[name] = time.monotonic() - began
            measured.stop()
            measured.save()
            noted_in.write_text(json.dumps(seconds))
            return True

        if not _forked(measure, seconds=None):
            message = "the tests fail without any change"
            raise RuntimeError(message)
        data = coverage.CoverageData(basename=str(data_file))
        data.read()
        tests_of = {
            (file, line): frozenset(found)
            for file in data.measured_files()
            for line, found in data.contexts_by_lineno(file).items()
        }
        return Baseline(json.loads(noted_in.read_text()), tests_of)

    def survives(self, mutant: Mutant, tests: Sequence[str], known: Mapping[str, float]) -> bool:
        """Whether all of these tests pass with a change in a function; LookupError where no function has it."""
        usual = sum(known.get(test, 0.0) for test in tests)
        if not _forked(lambda: _replace(mutant), seconds=_ENDS):
            raise LookupError(str(mutant))
        return _forked(lambda: _replace(mutant) and self._passes(tests), seconds=_ENDS + 3 * usual)

    def _passes(self, tests: Sequence[str]) -> bool:
        items = [self._items[name] for name in tests if name in self._items]
        for item, following in zip(items, [*items[1:], None], strict=True):
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                return False
        return True


def _replace(mutant: Mutant) -> bool:
    """Put the changed code in the place of the functions that have it; False where none has."""
    source = mutant.path.read_text("utf-8")
    path = str(mutant.path.resolve())
    new = {code.co_qualname: code for code in _codes(compile(changed(mutant, source), path, "exec"))}
    old = {code.co_qualname: code for code in _codes(compile(source, path, "exec"))}
    differing = {name for name, code in new.items() if name in old and code.co_code != old[name].co_code}
    differing |= {name for name, code in new.items() if name in old and _values(code) != _values(old[name])}
    replaced = 0
    for function in _functions(sys.modules[mutant.module]):
        name = function.__code__.co_qualname
        if name in new and function.__code__.co_firstlineno == old[name].co_firstlineno:
            function.__code__ = new[name]
            replaced += any(each == name or each.startswith(f"{name}.") for each in differing)
    return replaced > 0


def _values(code: CodeType) -> list[object]:
    return [each for each in code.co_consts if not isinstance(each, CodeType)]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _functions(module: object) -> Iterator[FunctionType]:
    """Give the functions of a module and of its classes, whatever wraps them."""
    ahead: list[Any] = [*vars(module).values()]
    for each in [*ahead]:
        if isinstance(each, type):
            ahead += vars(each).values()
    for each in ahead:
        for function in (each, *(getattr(each, name, None) for name in ("__wrapped__", "__func__", "fget", "func"))):
            if isinstance(function, FunctionType) and function.__module__ == getattr(module, "__name__", None):
                yield function


def _forked(work: Callable[[], bool], *, seconds: float | None) -> bool:
    """Give what some work in a process of its own says; False where it raises, or does not end in time."""
    pid = os.fork()
    if pid == 0:
        said = False
        with contextlib.suppress(BaseException):
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            said = work()
        os._exit(0 if said else 1)
    until = None if seconds is None else time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        if until is not None and time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return False
        time.sleep(0.01)
