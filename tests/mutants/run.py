"""Tests run against changes: collected once; each change has a process of its own, which ends with the first failure.

A change replaces the code of the function that it is in, as it is already read. What is made at import, as a table, is
left out: no test runs it. Times are of the processor, so that a busy machine catches no more and no fewer changes.
"""

import contextlib
import gc
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
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
_EXAMPLES: Final = 25
"""Examples of each law at each change, always the same and not shrunk: a law has to be seen to fail, not understood."""


class Session:
    """Collected tests, run as often as is asked; a plugin of pytest's, in the place of its loop."""

    def __init__(self, attack: Callable[["Session"], None]) -> None:
        self._attack = attack
        self._items: dict[str, pytest.Item] = {}

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

    def survives(self, mutant: Mutant, tests: Sequence[str], usual: float) -> bool:
        """Whether all of these tests pass with a change in a function; LookupError where no function has it."""
        if not forked(lambda: _replace(mutant), seconds=_ENDS):
            raise LookupError(str(mutant))
        return forked(lambda: _replace(mutant) and self.passes(tests), seconds=_ENDS + 3 * usual)

    def passes(self, tests: Sequence[str]) -> bool:
        """Whether each of these tests passes; the first that fails ends it."""
        items = [self._items[name] for name in tests if name in self._items]
        for item, following in zip(items, [*items[1:], None], strict=True):
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


def _functions(module: object) -> list[FunctionType]:
    """Give the functions of a module and of its classes, whatever wraps them, and those that others keep."""
    name = getattr(module, "__name__", None)
    return [each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__module__ == name]


def forked(work: Callable[[], bool], *, seconds: float | None) -> bool:
    """Give what some work in a process of its own says; False where it raises, or takes more time of the processor."""
    pid = os.fork()
    if pid == 0:
        said = False
        with contextlib.suppress(BaseException):
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            if seconds is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
            said = work()
        os._exit(0 if said else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
