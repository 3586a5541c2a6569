"""Tests run against changes: collected once; each change has a process of its own, which ends with the first failure.

A change replaces the code of the function that it is in, as it is already read. What is made at import, as a table, is
left out: no test runs it. Times are of the processor. A change counts as caught only where the tests pass without it.
"""

import ast
import contextlib
import gc
import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial
from mmap import mmap
from types import CodeType, FunctionType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, is_hypothesis_test, settings

from tests.mutants.change import Mutant, changed

_NO_REWRITE: Final = "ignore::pytest.PytestAssertRewriteWarning"  # hypothesis is read before pytest here
QUIET: Final = ("-q", "-x", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", _NO_REWRITE)
_COSTLY: Final = frozenset({"tests.support.cluster", "tests.support.database", "tests.support.mock_broker"})
"""Modules of the fixtures that start something."""
_ENDS: Final = 20
"""A change may make tests run for ever: after so many seconds beside thrice what they usually take it is caught."""
_IDLE: Final = 120
"""A change may make tests wait for ever: after so many seconds without use of the processor it is caught."""
_TOO_LONG: Final = 3
"""Exit code of a process that waited for so long."""
_EXAMPLES: Final = 25
"""Examples of each law at each change, always the same and not shrunk: a law has to be seen to fail, not understood."""


class Ending(Enum):
    """The end of one change."""

    SURVIVED = auto()
    FAILED = auto()
    """A test fails with the change and passes without it."""
    TIMED_OUT = auto()
    """The tests do not end with the change. Without it they end in half the time that they had."""
    UNSTABLE = auto()
    """No test catches it but such as fail without it too, on a busy machine or in this order: nothing is known."""
    NOT_RUN = auto()
    """No function has the change: it is read at import alone."""


class Session:
    """Collected tests, run as often as is asked; a plugin of pytest's, in the place of its loop."""

    def __init__(self, attack: Callable[["Session"], None]) -> None:
        self._attack = attack
        self._items: dict[str, pytest.Item] = {}
        self._tried = mmap(-1, 2)
        """Place of the test that runs in the other process."""
        self._unchanged: dict[tuple[str, ...], bool] = {}
        self._functions_of: dict[str, list[FunctionType]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand the tests over, once they are collected."""
        self._items = {item.nodeid: item for item in session.items if _is_cheap(item)}
        for item in self._items.values():
            _shorten(item)
        self._attack(self)
        return True

    @property
    def names(self) -> list[str]:
        """The tests, in their order."""
        return list(self._items)

    def ending(self, mutant: Mutant, tests: Sequence[str], usual: float) -> Ending:
        """Run tests with a change in a function, and again without it where one of them fails."""
        changes = _changes(mutant, self._functions(mutant.module))
        if not changes:
            return Ending.NOT_RUN
        left, unstable = list(tests), False
        while left:
            limit = _ENDS + 3 * usual
            code = forked(partial(self._pass_with, changes, left), seconds=limit)
            if code == 0:
                return Ending.UNSTABLE if unstable else Ending.SURVIVED
            tried = int.from_bytes(self._tried[:], "little")
            if self._pass_unchanged(tuple(left[: tried + 1]), limit / 2):
                return Ending.FAILED if code == 1 else Ending.TIMED_OUT
            left, unstable = left[:tried] + left[tried + 1 :], True
        return Ending.UNSTABLE

    def _pass_with(self, changes: Sequence[tuple[FunctionType, CodeType]], tests: Sequence[str]) -> bool:
        for function, code in changes:
            function.__code__ = code
        return self.passes(tests)

    def _pass_unchanged(self, tests: tuple[str, ...], seconds: float) -> bool:
        """Whether tests pass without a change, in so much time: a busy machine or their order may make them fail."""
        if tests not in self._unchanged:
            self._unchanged[tests] = forked(lambda: self.passes(tests), seconds=seconds) == 0
        return self._unchanged[tests]

    def _functions(self, module: str) -> list[FunctionType]:
        """Give the functions of a module and of its classes, whatever wraps them, and those that others keep."""
        if module not in self._functions_of:
            gc.unfreeze()  # frozen objects are not listed, and the tests are frozen once they are collected
            every = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
            gc.freeze()
            self._functions_of[module] = [each for each in every if each.__module__ == module]
        return self._functions_of[module]

    def passes(self, tests: Sequence[str]) -> bool:
        """Whether each of these tests passes; the first that fails ends it."""
        items = [self._items[name] for name in tests]
        for at, item in enumerate(items):
            self._tried[:] = at.to_bytes(2, "little")
            following = items[at + 1] if at + 1 < len(items) else None
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                return False
        return True


def _is_cheap(item: pytest.Item) -> bool:
    """Whether a test needs no database and no broker: it runs again for each change."""
    known: Any = getattr(item, "_fixtureinfo", None)
    every = () if known is None else known.name2fixturedefs.values()
    return not any(each.func.__module__ in _COSTLY for several in every for each in several)


def _shorten(item: pytest.Item) -> None:
    """Let a law try few examples, the same ones each time."""
    function: Any = getattr(item, "function", None)
    if is_hypothesis_test(function):
        asked: settings = function._hypothesis_internal_use_settings  # read at each run
        function._hypothesis_internal_use_settings = settings(
            asked,
            max_examples=min(asked.max_examples, _EXAMPLES),
            phases=[Phase.explicit, Phase.generate],
            derandomize=True,
            database=None,
        )


def _changes(mutant: Mutant, functions: Sequence[FunctionType]) -> list[tuple[FunctionType, CodeType]]:
    """Give the functions that have a change, with their new code."""
    source = mutant.path.read_text("utf-8")
    path = str(mutant.path.resolve())
    new = _codes(compile(changed(mutant, source), path, "exec"))
    old = _codes(compile(ast.parse(source), path, "exec"))
    found = []
    for function in functions:
        key = function.__code__.co_qualname, function.__code__.co_firstlineno
        if key in new and new[key] != old[key] and new[key].co_freevars == old[key].co_freevars:
            found.append((function, new[key]))
    return found


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """Give the code of each function by qualified name and first line: two of one function may share a name."""
    found: dict[tuple[str, int], CodeType] = {}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found |= {(each.co_qualname, each.co_firstlineno): each} | _codes(each)
    return found


def forked(work: Callable[[], bool], *, seconds: float | None) -> int:
    """Give 0 where work in a process of its own says True, and 1 where it says False or raises.

    Another number where it takes more time of the processor, or waits for too long without any.
    """
    pid = os.fork()
    if pid == 0:
        said = False
        with contextlib.suppress(BaseException):
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            if seconds is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
                _end_when_idle()
            said = work()
        os._exit(0 if said else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _end_when_idle() -> None:
    """End this process once it has waited for too long."""
    before = time.process_time()

    def look(*_: object) -> None:
        nonlocal before
        now = time.process_time()
        if now - before < 1 / 10:
            os._exit(_TOO_LONG)
        before = now

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _IDLE, _IDLE)
