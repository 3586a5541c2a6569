"""The client's packages are those of its extra and their own needs. So an office's installation is enough."""

import re
import subprocess
import sys
from importlib.metadata import requires

from tests.check.project import ROOT, pyproject

_LOADED = """
import sys, importlib, pkgutil, schemas
import services.client
for module in pkgutil.walk_packages(schemas.__path__, "schemas."):
    importlib.import_module(module.name)
from importlib.metadata import packages_distributions
known = packages_distributions()
print(*{each.lower().replace("_", "-") for name in sys.modules for each in known.get(name.partition(".")[0], ())})
"""
_BESIDE = {"atips", "setuptools", "editables"}  # the project itself, and what an editable installation loads


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")  # type: ignore[index]


def closure(names: set[str]) -> set[str]:
    """Give the packages with all that they need."""
    found: set[str] = set()
    while names:
        each = names.pop()
        found.add(each)
        needed = [requirement for requirement in requires(each) or () if "extra ==" not in requirement]
        names |= {name_of(requirement) for requirement in needed if _here(requirement)} - found
    return found


def _here(requirement: str) -> bool:
    """Whether it is needed on this machine, roughly: markers are for other systems and older Pythons."""
    return ";" not in requirement


def loaded() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.split()) - _BESIDE


def test_the_client_loads_nothing_beyond_its_extra() -> None:
    project = pyproject()["project"]
    asked = {name_of(each) for each in [*project["dependencies"], *project["optional-dependencies"]["client"]]}
    found = loaded()
    assert found - closure(set(asked)) == set()
    assert {"pydantic", "confluent-kafka", "httpx2"} <= found


def test_what_the_services_need_is_not_part_of_it() -> None:
    project = pyproject()["project"]
    asked = {name_of(each) for each in [*project["dependencies"], *project["optional-dependencies"]["client"]]}
    assert closure(set(asked)).isdisjoint({"asyncpg", "fastapi", "structlog", "faust-streaming", "typer"})
