"""Names and sizes of files, and what tests may not do: each rule is a function from a path and its text to findings."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.check.project import ROOT, sources

VAGUE = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
LIMIT, LIMIT_OF_TESTS = 400, 500
DRAWN = {"__init__.py", "errors.py"}  # a service's card, a tree of errors, the rules of a package
WAITING = ("time.sleep", "asyncio.sleep")
LONGEST_PAUSE = 0.1  # between two looks at a condition; more is a sleep instead of one

Rule = Callable[[Path, str], Iterator[str]]


def vague_name(path: Path, _: str) -> Iterator[str]:
    yield from (f"{path}: {part} says nothing" for part in path.with_suffix("").parts if part in VAGUE)


def too_long(path: Path, text: str) -> Iterator[str]:
    lines = text.count("\n")
    if lines > (LIMIT_OF_TESTS if path.parts[0] == "tests" else LIMIT):
        yield f"{path}: {lines} lines; a package of the same name reads better"


def long_module_docstring(path: Path, text: str) -> Iterator[str]:
    docstring = ast.get_docstring(ast.parse(text))
    if path.name in DRAWN:
        return
    if docstring and docstring.count("\n") >= 5:
        yield f"{path}: a module's docstring says why and what it promises, in five lines"


def skipped_or_sleeping_test(path: Path, text: str) -> Iterator[str]:
    if path.parts[0] != "tests":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("pytest."):
            if node.attr in {"skip", "skipif", "xfail", "importorskip"}:
                yield f"{path}:{node.lineno}: a test runs or is removed"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in WAITING:
            pause = node.args[0]
            if not (isinstance(pause, ast.Constant) and float(pause.value) <= LONGEST_PAUSE):  # type: ignore[arg-type]
                yield f"{path}:{node.lineno}: wait for a condition with a deadline"


RULES: tuple[Rule, ...] = (vague_name, too_long, long_module_docstring, skipped_or_sleeping_test)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_source_keeps(rule: Rule) -> None:
    found = [finding for path in sources() for finding in rule(path, (ROOT / path).read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (vague_name, "services/intake/utils.py", ""),
        (vague_name, "services/common/ids.py", ""),
        (too_long, "services/intake/store.py", "A = 1\n" * 401),
        (too_long, "tests/wire/test_intake.py", "A = 1\n" * 501),
        (long_module_docstring, "schemas/ids.py", '"""Ids.' + 5 * "\nmore" + '"""\n'),
        (skipped_or_sleeping_test, "tests/wire/test_a.py", "import pytest\n\n@pytest.mark.skip\ndef test(): ...\n"),
        (skipped_or_sleeping_test, "tests/wire/test_a.py", "import pytest\n\npytest.skip('later')\n"),
        (skipped_or_sleeping_test, "tests/wire/test_a.py", "import time\n\ntime.sleep(2)\n"),
        (skipped_or_sleeping_test, "tests/wire/test_a.py", "async def f(n):\n    await asyncio.sleep(n)\n"),
    ],
)
def test_a_bad_sample_is_found(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Path(path), text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/intake/store.py", "A = 1\n" * 400),
        ("tests/wire/test_a.py", "import time\n\ntime.sleep(0.02)\n"),
    ],
)
def test_a_good_sample_is_not(path: str, text: str) -> None:
    assert [finding for rule in RULES for finding in rule(Path(path), text)] == []
