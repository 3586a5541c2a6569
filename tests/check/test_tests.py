"""pytest under the project's settings: a warning, an unknown mark, a wrong xfail and a hang each fail the run."""

import shutil
from pathlib import Path

import pytest

from tests.check.project import ROOT, tool

WARNS = "import warnings\n\n\ndef test():\n    warnings.warn('deprecated', DeprecationWarning)\n"
UNKNOWN = "import pytest\n\n\n@pytest.mark.slwo\ndef test(): ...\n"
PASSES = "import pytest\n\n\n@pytest.mark.xfail\ndef test(): ...\n"
HANGS = "import pytest\nimport threading\n\n\n@pytest.mark.timeout(0.2)\ndef test():\n    threading.Event().wait()\n"
LOST = "async def work(): ...\n\n\ndef test():\n    work()\n    import gc\n    gc.collect()\n"
GOOD = "async def test(): ...\n"


def run(tmp_path: Path, source: str) -> tuple[int, str]:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "test_sample.py").write_text(source, encoding="utf-8")
    done = tool("pytest", "-p", "no:cacheprovider", "test_sample.py", cwd=tmp_path)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (WARNS, "DeprecationWarning: deprecated"),
        (UNKNOWN, "'slwo' not found in `markers`"),
        (PASSES, "[XPASS(strict)]"),
        (HANGS, "Timeout"),
        (LOST, "was never awaited"),
    ],
    ids=["warning", "unknown mark", "wrong xfail", "hang", "lost coroutine"],
)
def test_a_bad_sample_fails(tmp_path: Path, source: str, told: str) -> None:
    code, output = run(tmp_path, source)
    assert code != 0
    assert told in output


def test_a_good_sample_passes(tmp_path: Path) -> None:
    code, output = run(tmp_path, GOOD)
    assert code == 0, output
