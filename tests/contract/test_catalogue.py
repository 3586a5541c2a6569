"""The catalogue, its classes, examples and golden files are one list: no orphan, no gap."""

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Annotated, get_args

import pytest

import schemas
from schemas.agencies import AUTHORS, SERVICES
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.codebook.code import Code
from schemas.codebook.identification import Means, Sex
from schemas.codec import decode
from schemas.envelope import Event
from schemas.fields import CODES, Wire
from schemas.ids import ENTITY_KINDS, kind_of
from schemas.type_table import FACTS
from tests.contract.conftest import SCHEMAS

GRAMMAR = re.compile(r"bz\.atips\.([a-z]+(?:_[a-z]+)*)\.([a-z]+(?:_[a-z]+)*)\.v([1-9][0-9]*)")


def class_name(type_string: str) -> str:
    """The one name that a type's class can have."""
    match = GRAMMAR.fullmatch(type_string)
    assert match is not None, f"{type_string} is not bz.atips.<subject>.<what_happened>.v<n>"
    return "".join(word.capitalize() for part in match.groups()[:2] for word in part.split("_")) + f"V{match[3]}"


def classes() -> dict[str, type[Event]]:
    """Every event class that a module of `schemas` defines, by its name."""
    found: list[type[Event]] = []
    for each in pkgutil.walk_packages(schemas.__path__, "schemas."):
        module = import_module(each.name)
        members = (member for _, member in inspect.getmembers(module, inspect.isclass))
        found += [member for member in members if issubclass(member, Event) and member.__module__ == each.name]
    names = [each.__name__ for each in found if each is not Event]
    assert len(names) == len(set(names))
    return {each.__name__: each for each in found if each is not Event}


CLASSES = classes()


def codes_in(annotation: object) -> set[type[Code]]:
    """The code lists that a field's annotation holds, in tuples, unions and models within it."""
    if isinstance(annotation, type) and issubclass(annotation, Code):
        return {annotation}
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        inner = [field.annotation for field in annotation.model_fields.values()]
    else:
        inner = list(get_args(annotation))
    return set[type[Code]]().union(*(codes_in(each) for each in inner))


def example(type_string: str) -> Event:
    return decode((SCHEMAS / "examples" / f"{type_string}.json").read_bytes())


def gaps(listed: set[str], *others: set[str]) -> set[str]:
    """Return entries that are in one list and not in all of them."""
    return listed.union(*others) - listed.intersection(*others)


def files(folder: Path, suffix: str) -> set[str]:
    return {path.name.removesuffix(suffix) for path in folder.iterdir() if path.suffix == ".json"}


def test_classes_examples_golden_files_and_catalogue_are_one_list() -> None:
    assert (
        gaps(
            set(CATALOGUE),
            {each.model_fields["type"].annotation.__args__[0] for each in CLASSES.values()},  # type: ignore[union-attr]
            files(SCHEMAS / "examples", ".json"),
            files(SCHEMAS / "published", ".schema.json"),
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
    assert CLASSES[model.__name__] is model
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
    assert kind.authors <= AUTHORS
    assert kind.authors
    assert kind.authors.isdisjoint(SERVICES) or kind.authors <= set(SERVICES)
    assert kind.primary in (ENTITY_KINDS if type_string in FACTS else {None})
    assert kind.stage > 0
    assert kind.en[0].isupper()
    assert kind.es[0].isupper()
    assert kind.en != kind.es
    assert kind.model.__doc__ == f"{type_string}."


@pytest.mark.parametrize("type_string", FACTS)
def test_the_first_entity_of_an_example_is_of_the_primary_kind(type_string: str) -> None:
    assert kind_of(example(type_string).concerns()[0]) is FACTS[type_string].primary


def test_every_coded_field_has_a_list_and_every_list_a_field() -> None:
    used = set[type[Code]]().union(*(codes_in(model) for model in CLASSES.values()))
    assert gaps({each.__name__ for each in used}, {each.__name__ for each in LISTS.values()}) == set()


def test_codes_are_found_wherever_a_model_holds_them() -> None:
    class Inner(Wire):
        each: Annotated[tuple[Means, ...] | None, CODES] = None

    class Outer(Wire):
        inner: tuple[Inner, ...]
        by: dict[str, Sex | None]
        text: str

    assert codes_in(Outer) == {Means, Sex}


def test_two_types_have_two_names_in_both_languages() -> None:
    assert (
        len({kind.en for kind in CATALOGUE.values()}) == len({kind.es for kind in CATALOGUE.values()}) == len(CATALOGUE)
    )
