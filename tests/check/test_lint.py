"""Formatter and linter refuse what the house rules forbid, each shown on a bad sample at the path where it matters."""

import pytest

from tests.check.project import tool

DOMAIN = "services/intake/domain.py"
NOW = "from datetime import UTC, datetime\n\nSEEN = datetime.now(tz=UTC)\n"
ENVIRON = 'import os\n\nHOME = os.environ["HOME"]\n'
PRINT = 'print("a name")\n'

LONG = (
    "def long() -> int:\n    total = 0\n"
    + "".join(f"    total += {number}\n" for number in range(41))
    + "    return total\n"
)
MANY = "def many(a: int, b: int, c: int, d: int, e: int, f: int) -> int:\n    return a + b + c + d + e + f\n"
TANGLED = (
    "def tangled(a: int) -> int:\n"
    + "".join(f"    if a == {number}:\n        a += 1\n" for number in range(11))
    + "    return a\n"
)
SWALLOWED = "try:\n    import json\nexcept Exception:\n    json = None\n"


def findings(path: str, source: str) -> set[str]:
    done = tool("ruff", "check", "--output-format", "concise", "--stdin-filename", path, "-", stdin=source)
    lines = [line.split(": ") for line in done.stdout.splitlines() if line.startswith(path)]
    return {line[1] for line in lines}


@pytest.mark.parametrize(
    ("path", "source", "rule"),
    [
        (DOMAIN, NOW, "banned-api"),
        ("schemas/times.py", "import time\n\nSEEN = time.time()\n", "banned-api"),
        (DOMAIN, "import uuid\n\nMINTED = uuid.uuid4()\n", "banned-api"),
        ("schemas/ids.py", "import random\n\nDRAWN = random.random()\n", "banned-api"),
        ("services/intake/handlers.py", ENVIRON, "banned-api"),
        ("services/intake/store.py", 'import os\n\nHOME = os.getenv("HOME")\n', "banned-api"),
        ("services/reporting/stream.py", PRINT, "print"),
        ("services/console/status.py", PRINT, "print"),
        ("infra/local/cluster.py", PRINT, "print"),
        (DOMAIN, "from . import codec\n", "relative-imports"),
        (DOMAIN, LONG, "too-many-statements"),
        (DOMAIN, MANY, "too-many-positional-arguments"),
        (DOMAIN, TANGLED, "complex-structure"),
        (DOMAIN, "def untold(a: int) -> int:\n    return a\n", "undocumented-public-function"),
        ("services/intake/stream.py", SWALLOWED, "blind-except"),
        ("services/intake/stream.py", "assert True\n", "assert"),
        ("tests/unit/intake/test_domain.py", PRINT, "print"),
    ],
)
def test_a_bad_sample_is_refused(path: str, source: str, rule: str) -> None:
    assert rule in findings(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("services/runtime/clock.py", NOW),
        ("services/intake/__main__.py", ENVIRON),
        ("services/intake/settings.py", ENVIRON),
        ("infra/local/cluster.py", ENVIRON),
        ("tests/unit/intake/test_domain.py", NOW),
    ],
)
def test_the_outside_is_let_in_where_it_belongs(path: str, source: str) -> None:
    assert "banned-api" not in findings(path, source)


def test_an_unformatted_file_is_refused_and_not_rewritten() -> None:
    bad = "TABLE = {'a':1,\n 'b':2}\n"
    refused = tool("ruff", "format", "--check", "--stdin-filename", DOMAIN, "-", stdin=bad)
    assert refused.returncode == 1
    good = 'TABLE = {"a": 1, "b": 2}\n'
    assert tool("ruff", "format", "--check", "--stdin-filename", DOMAIN, "-", stdin=good).returncode == 0
