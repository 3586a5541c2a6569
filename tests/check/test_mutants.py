"""The attack on the domain by small changes: no change is left out unseen, and none counts as caught by luck."""

import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from typing_extensions import override

from tests.mutants import run
from tests.mutants.__main__ import NEEDS, TESTS, Count
from tests.mutants.change import Mutant, lines_that_run, mutants
from tests.mutants.equivalent import equivalents
from tests.mutants.run import Ending, Session

CODE: Final = """
def least(amounts):
    return min(each for each in amounts if each > 0), sum(each for each in amounts if each < 9)
"""


class OneTest(Session):
    """A session of one test, which is given."""

    def __init__(self, passes: Callable[[], bool]) -> None:
        super().__init__(lambda _: None)
        self._passes = passes

    @override
    def passes(self, tests: Sequence[str]) -> bool:
        return self._passes()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module of one function, which is found as a module of the domain is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    Path("attacked_module.py").write_text(CODE, "utf-8")
    found = importlib.import_module("attacked_module")
    gc.freeze()  # as the tests are, once they are collected
    yield found
    monkeypatch.delitem(sys.modules, "attacked_module")


DECLARING: Final = """
def _row(letter):
    def counted(amount):
        return amount > 1
    return letter == "a", counted

def _other(letter):
    return letter == "b"

def _lazy(letter):
    return lambda amount: amount == letter

def used(letter):
    return _other(letter)

ROWS = [_row("a"), _lazy("b")], _other("a"), used("a")
"""


def attacked() -> list[Mutant]:
    return mutants(Path("attacked_module.py"))


def test_each_equivalent_change_exists_and_has_a_reason() -> None:
    known = {path: mutants(Path(path)) for path in {each.path for each in equivalents()}}
    stale = [each for each in equivalents() if not any(each.is_of(mutant) for mutant in known[each.path])]
    assert stale == []
    assert [each for each in equivalents() if len(each.because.split()) < 4] == []


def test_every_domain_folder_is_attacked() -> None:
    assert {path.as_posix() for path in Path("services").glob("*/domain")} <= TESTS.keys()


def test_the_documentation_names_each_other_folder_that_is_attacked() -> None:
    section = Path("docs/contributing.md").read_text("utf-8").partition("\n## Mutation tests\n")[2].strip()
    named = {each for each in section.partition("\n\n")[0].split("`") if "/" in each}
    assert named == {each for each in TESTS if "domain" not in Path(each).parts}


def test_each_word_for_tests_of_a_folder_names_some() -> None:
    files = {folder: [each.name for on in TESTS[folder] for each in Path(on).rglob("test_*.py")] for folder in NEEDS}
    gone = [(folder, word) for folder in NEEDS for word in NEEDS[folder] if not any(word in x for x in files[folder])]
    assert gone == []


def test_a_module_that_some_test_reads_by_name_has_such_a_test_among_those_of_its_folder() -> None:
    assert _without_own_test(NEEDS) == []
    assert _without_own_test({"services/web/domain": ("account",)}) != []


def _without_own_test(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the modules of each folder that tests import, none of which has one of the words in its file's name."""
    found = []
    for folder, words in needs.items():
        files = [each for on in TESTS[folder] for each in Path(on).rglob("test_*.py")]
        for module in (".".join(each.with_suffix("").parts) for each in Path(folder).rglob("*.py")):
            own = [each.name for each in files if f"from {module} import " in each.read_text("utf-8")]
            if own and not any(word in name for name in own for word in words):
                found.append(module)
    return found


def test_every_change_of_a_function_is_tried(module: ModuleType) -> None:
    session = OneTest(lambda: module.least([0, 2, 8, 9]) == (2, 10))
    endings = [session.ending(each, ["test"], 1.0) for each in attacked()]
    assert {each.what for each in attacked()} >= {"min → max", "Gt → GtE", "Lt → LtE", "9 → 10"}
    assert [str(each) for each, end in zip(attacked(), endings, strict=True) if end is Ending.NOT_RUN] == []
    assert endings.count(Ending.FAILED) >= len(endings) - 1


def test_a_function_that_is_called_at_import_alone_is_not_tried_and_one_that_it_returns_is(tmp_path: Path) -> None:
    declaring = tmp_path / "declaring.py"
    declaring.write_text(DECLARING, "utf-8")
    lines = lines_that_run(declaring)
    assert [each.text for each in mutants(declaring) if each.line in lines] == [
        *(["return amount > 1"] * 2),
        'return letter == "b"',
        "return lambda amount: amount == letter",
    ]


def test_a_change_that_no_test_sees_survives(module: ModuleType) -> None:
    session = OneTest(lambda: module.least([3]) == (3, 3))
    assert session.ending(next(each for each in attacked() if each.what == "9 → 10"), ["test"], 1.0) is Ending.SURVIVED


@pytest.mark.usefixtures("module")
def test_tests_that_fail_without_a_change_catch_nothing() -> None:
    assert OneTest(lambda: False).ending(attacked()[0], ["test"], 1.0) is Ending.UNSTABLE


def test_tests_that_wait_for_ever_are_caught_by_time_where_they_end_without_the_change(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_IDLE", 1 / 5)
    change = next(each for each in attacked() if each.what == "min → max")

    pipe, _ = os.pipe()

    def waits() -> bool:
        return module.least([1, 2]) == (1, 3) or os.read(pipe, 1) == b"never written"

    assert OneTest(waits).ending(change, ["test"], 1.0) is Ending.TIMED_OUT


def test_a_folder_of_which_no_change_was_tried_is_not_well_tested() -> None:
    assert not Count(Path("services/intake/domain")).is_enough
