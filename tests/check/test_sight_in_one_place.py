"""`schemas.sight` alone decides who may see what. A second place that decides is refused."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DECIDES: Final = "schemas/sight/"
ASKED: Final = {"matter_of_type", "Matter", "NEVER_SHUT_OUT", "RESTRICTED_FOR", "DETERMINED_FOR"}
"""Names of the table that others may use: the matter of a type, and the meaning of restrictions and determinations."""

TELLS_WHAT_IT_MEANS: Final = {
    "schemas/codebook/consent.py",  # defines the lists
    "services/referral/domain/waits_ended_without_service.py",  # whether one who refuses is waited for: no sight
    "services/referral/domain/agencies_excluded_by_consent.py",  # picks words on consent, and decides none
}
"""Modules that may name bases of consent, with what for."""


def second_places(name: str, source: str) -> Iterator[str]:
    """Give each place of a module that decides on sight by itself."""
    if name.startswith(DECIDES):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module="schemas.sight.sight_table", names=names):
                yield from (f"{name}: reads {each.name} of the table" for each in names if each.name not in ASKED)
            case ast.ImportFrom(module="schemas.agencies", names=names) if _decides(name):
                yield from (f"{name}: tells partners apart" for each in names if each.name == "PARTNERS")
            case ast.ImportFrom(module="schemas.codebook.consent", names=names) if _decides(name):
                bases = {"OPENING", "OVERRIDING", "ConsentBasis"}
                yield from (f"{name}: judges a basis of consent" for each in names if each.name in bases)
            case ast.Attribute(value=ast.Name(id="ViewPurpose"), attr=member) if member.isupper():
                yield f"{name}: decides by the purpose {member}"
            case _:
                pass


_TELLING: Final = ("services/referral/", "services/case_tracker/", "services/console/case/")


def _decides(name: str) -> bool:
    """Whether a module tells anybody of persons; figures count bases and partners, and tell of nobody."""
    return name.startswith(_TELLING) and name not in TELLS_WHAT_IT_MEANS


def modules() -> Iterator[tuple[str, str]]:
    for top in ("schemas", "services"):
        for path in sorted((ROOT / top).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_no_second_place_decides_who_sees_what() -> None:
    assert [found for name, source in modules() for found in second_places(name, source)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "from schemas.sight.sight_table import RIGHTS",
        "from schemas.sight.sight_table import PURPOSES, Matter",
        "from schemas.agencies import PARTNERS",
        "from schemas.codebook.consent import ConsentBasis",
        "def sees(purpose):\n    return purpose is ViewPurpose.AUDIT",
    ],
)
def test_a_planted_second_place_is_found(planted: str) -> None:
    assert list(second_places("services/referral/domain/another.py", planted)) != []


def test_whoever_asks_is_no_second_place() -> None:
    asks = "from schemas.sight import sight_of\nfrom schemas.sight.sight_table import Matter\nViewPurpose(said)"
    assert list(second_places("services/case_tracker/domain/another.py", asks)) == []
