"""pytest under the project's settings: a warning, an unknown mark, a wrong xfail and a hang each fail their test."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.check.project import ROOT, tool

HANG = "import pytest\nimport threading\n\n\n@pytest.mark.timeout(0.2)\ndef test():\n    threading.Event().wait()\n"
BAD = {
    "warning": ("import warnings\n\n\ndef test():\n    warnings.warn('old', DeprecationWarning)\n", "Warning: old"),
    "unknown_mark": ("import pytest\n\n\n@pytest.mark.slwo\ndef test(): ...\n", "'slwo' not found in `markers`"),
    "wrong_xfail": ("import pytest\n\n\n@pytest.mark.xfail\ndef test(): ...\n", r"\[XPASS\(strict\)\]"),
    "hang": (HANG, "Timeout"),
    "lost_coroutine": (
        "import gc\n\n\nasync def work(): ...\n\n\ndef test():\n    work()\n    gc.collect()\n",
        "never awaited",
    ),
}
GOOD = "async def test(): ...\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One run over all samples: what is said against each; nothing against one that passed."""
    root = tmp_path_factory.mktemp("samples")
    shutil.copy(ROOT / "pyproject.toml", root)
    for name, source in {"good": GOOD, **{name: source for name, (source, _) in BAD.items()}}.items():
        (root / f"test_{name}.py").write_text(source, encoding="utf-8")
    run = ("-p", "no:cacheprovider", "--continue-on-collection-errors", "--junitxml", "report.xml", ".")
    assert tool("pytest", *run, cwd=root).returncode == 1
    cases = ET.parse(root / "report.xml").iter("testcase")  # noqa: S314 - written by the line above
    return {
        name.removeprefix("test_"): "".join(f"{each.get('message')}\n{each.text}" for each in case)
        for case in cases
        for name in [case.get("classname") or case.get("name") or ""]
    }


@pytest.mark.parametrize("name", BAD)
def test_a_bad_sample_fails(told: dict[str, str], name: str) -> None:
    assert re.search(BAD[name][1], told[name])


def test_a_good_sample_passes(told: dict[str, str]) -> None:
    assert told["good"] == ""


@pytest.mark.parametrize(("times", "code"), [(1, 0), (2, 4)])
def test_of_several_tests_of_one_name_none_is_run(tmp_path: Path, times: int, code: int) -> None:
    """Else all but one are left out in silence, as seven of eight operations of the door once were."""
    (tmp_path / "test_good.py").write_text(GOOD, encoding="utf-8")
    plugin = f"def pytest_collection_modifyitems(items): items[:] = items * {times}\n"
    (tmp_path / "conftest.py").write_text(plugin, encoding="utf-8")
    settings = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "no:cacheprovider")
    done = tool("pytest", *settings, "-p", "tests.support.unique_names_of_tests", "test_good.py", cwd=tmp_path)
    assert done.returncode == code, done.stdout
    assert ("several tests have one name: test_good.py::test" in done.stdout) is (times > 1)
