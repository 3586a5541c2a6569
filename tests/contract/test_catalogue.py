"""The catalogue, its classes, examples and golden files are one list: no orphan, no gap."""

import inspect
import re
from pathlib import Path

import pytest

import schemas
from schemas import correction, governance, identification, justice, merging, prevention
from schemas.agencies import PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from schemas.facts import FACTS
from schemas.ids import ENTITY_KINDS, Kind
from tests.contract.conftest import ROOT, SCHEMAS

GRAMMAR = re.compile(r"bz\.atips\.([a-z]+(?:_[a-z]+)*)\.([a-z]+(?:_[a-z]+)*)\.v([1-9][0-9]*)")
ROOMS = (identification, justice, prevention, governance, merging, correction)
SO_FAR = {
    *("victim.identified", "suspect.identified", "person.profile_recorded", "screening.completed"),
    *("investigation.opened", "arrest.made", "charge.filed", "verdict.returned"),
    *("training.session_delivered", "labour.inspection_completed", "period.closed"),
    *("event.corrected", "event.retracted", "person.merged", "case.merged", "activity.merged"),
}


def class_name(type_string: str) -> str:
    """The one name that a type's class can have."""
    match = GRAMMAR.fullmatch(type_string)
    assert match is not None, f"{type_string} is not bz.atips.<subject>.<what_happened>.v<n>"
    return "".join(word.capitalize() for part in match.groups()[:2] for word in part.split("_")) + f"V{match[3]}"


def classes() -> dict[str, type[Event]]:
    found = [each for room in ROOMS for _, each in inspect.getmembers(room, inspect.isclass)]
    return {each.__name__: each for each in found if issubclass(each, Event) and each is not Event}


def gaps(listed: set[str], *others: set[str]) -> set[str]:
    """What is in one list and not in all of them."""
    return listed.union(*others) - listed.intersection(*others)


def files(folder: Path, suffix: str) -> set[str]:
    return {path.name.removesuffix(suffix) for path in folder.iterdir() if path.suffix == ".json"}


def test_classes_examples_golden_files_and_catalogue_are_one_list() -> None:
    assert (
        gaps(
            set(CATALOGUE),
            {each.model_fields["type"].annotation.__args__[0] for each in classes().values()},  # type: ignore[union-attr]
            files(SCHEMAS / "examples", ".json"),
            files(SCHEMAS / "published", ".schema.json"),
            {f"bz.atips.{name}.v1" for name in SO_FAR},
        )
        == set()
    )


def test_a_gap_or_an_orphan_is_seen(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "notes.txt"):
        (tmp_path / name).touch()
    assert gaps({"a", "b", "c"}, files(tmp_path, ".json")) == {"c"}
    assert gaps({"a"}, files(tmp_path, ".json"), {"a"}) == {"b"}


@pytest.mark.parametrize("type_string", CATALOGUE)
def test_a_class_is_called_like_its_type(type_string: str) -> None:
    model = CATALOGUE[type_string].model
    assert model.__name__ == class_name(type_string)
    assert classes()[model.__name__] is model
    said = model.model_fields["data"].annotation
    assert said is not None
    assert f"{said.__name__}V1" == model.__name__


@pytest.mark.parametrize("bad", ["bz.atips.victim.v1", "bz.atips.Victim.identified.v1", "bz.atips.a.b.v0", "a.b.v1"])
def test_the_grammar_refuses(bad: str) -> None:
    with pytest.raises(AssertionError):
        class_name(bad)


@pytest.mark.parametrize("type_string", CATALOGUE)
def test_a_type_has_all_that_it_needs(type_string: str) -> None:
    kind = CATALOGUE[type_string]
    assert kind.authors <= set(PUBLISHING)
    assert kind.authors
    assert kind.primary in (ENTITY_KINDS if type_string in FACTS else {None})
    assert kind.stage > 0
    assert kind.en[0].isupper()
    assert kind.es[0].isupper()
    assert kind.en != kind.es
    assert kind.model.__doc__ == f"{type_string}."


def test_a_type_has_the_primary_entity_that_the_catalogue_says() -> None:
    primary = {name.removeprefix("bz.atips.").removesuffix(".v1"): kind.primary for name, kind in CATALOGUE.items()}
    cases = {"investigation.opened", "case.merged"}
    activities = {
        *("screening.completed", "training.session_delivered", "labour.inspection_completed", "period.closed"),
        "activity.merged",
    }
    targets = {"event.corrected", "event.retracted"}
    for name, kind in primary.items():
        if name in targets:
            assert kind is None
        else:
            assert kind is (Kind.CASE if name in cases else Kind.ACTIVITY if name in activities else Kind.PERSON)


def test_the_five_steps_name_files_that_are_there() -> None:
    steps = re.findall(r"^\d\. ", schemas.__doc__ or "", flags=re.MULTILINE)
    assert len(steps) == 5
    named = set(re.findall(r"\b(?:schemas|services|tests)/[\w/<>.]+", schemas.__doc__ or ""))
    assert len(named) >= 8
    for name in named:
        path = name.rstrip(".").replace("<type>", "bz.atips.arrest.made.v1")
        assert (ROOT / path).exists(), path
