"""mypy, under the project's own settings, refuses an untyped or careless sample of each kind that we rely on."""

import re
import shutil
from pathlib import Path

import pytest

from tests.check.project import ROOT, tool

SAMPLES = {
    "untyped": ("no-untyped-def", "def fold(state, event):\n    return state\n"),
    "override": (
        "explicit-override",
        "class P:\n    def f(self) -> int: ...\n\n\nclass S(P):\n    def f(self) -> int:\n        return 1\n",
    ),
    "exhaustive": (
        "exhaustive-match",
        "def say(flag: bool) -> None:\n    match flag:\n        case True:\n            pass\n",
    ),
    "ignored": ("ignore-without-code", 'NUMBER: int = "one"  # type: ignore\n'),
    "unawaited": (
        "unused-awaitable",
        "import asyncio\n\n\nasync def run(work: asyncio.Future[int]) -> None:\n    work\n",
    ),
    "undefined": (
        "possibly-undefined",
        "def pick(flag: bool) -> int:\n    if flag:\n        found = 1\n    return found\n",
    ),
    "truthy": ("truthy-bool", "class Fact: ...\n\n\ndef told(fact: Fact) -> bool:\n    return not fact\n"),
    "model": (
        "call-arg",
        "from pydantic import BaseModel\n\n\nclass Data(BaseModel):\n    person: str\n\n\nDATA = Data(persn='x')\n",
    ),
    "anything": ("type-arg", "def keep(rows: list) -> None: ...\n"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """One run over all samples, laid out as a project with our settings: the error codes of each."""
    root = tmp_path_factory.mktemp("types")
    for room in ("schemas", "services", "infra", "tests", "docs"):
        (root / room).mkdir()
        (root / room / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", root)
    for name, (_, source) in SAMPLES.items():
        (root / "tests" / f"{name}.py").write_text(source, encoding="utf-8")
    return _codes(tool("mypy", cwd=root).stdout)


def _codes(output: str) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for path, code in re.findall(r"^(\S+?):\d+: error: .* \[([a-z-]+)\]$", output, re.MULTILINE):
        codes.setdefault(Path(path).stem, set()).add(code)
    return codes


@pytest.mark.parametrize("name", SAMPLES)
def test_a_bad_sample_is_refused_also_among_the_tests(name: str, told: dict[str, set[str]]) -> None:
    assert SAMPLES[name][0] in told.get(name, set())
