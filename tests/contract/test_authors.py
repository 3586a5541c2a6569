"""The judge lets an author say exactly what the published statement allows: every agency, type and value."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from schemas.agencies import AGENCIES, AUTHORS, PARTNERS, agency_of
from schemas.catalogue import CATALOGUE, permitted_at, value_forbidden_to_author
from schemas.codec import decode, decode_strict
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.ids import Kind
from schemas.pydantic_errors import data_class_of
from schemas.type_table import FACTS
from schemas.type_table.event_type import CASEWORKERS
from tests.contract.conftest import SCHEMAS
from tests.contract.test_asyncapi import DEPLOYMENT, DOCUMENT

Node = dict[str, Any]


@cache
def published(type_string: str) -> Node:
    """Read a published schema."""
    found: Node = json.loads((SCHEMAS / "published" / f"{type_string}.schema.json").read_bytes())
    return found


def spoken(type_string: str) -> Event:
    return decode((SCHEMAS / "examples" / f"{type_string}.json").read_bytes())


def codes(schema: Node, node: Node) -> list[str]:
    """The codes that one field may hold; none where it holds several, or no codes."""
    if "anyOf" in node:
        (node,) = [each for each in node["anyOf"] if each != {"type": "null"}]
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return list(node.get("enum", ()))


def variants(type_string: str, schema: Node) -> Iterator[tuple[str, str, Event]]:
    """The example once for each code of each field, by the field's pointer and the code."""
    event = spoken(type_string)
    said = schema["$defs"][data_class_of(CATALOGUE[type_string].model).__name__]["properties"]
    for field, node in said.items():
        for code in codes(schema, node):
            data = event.data.model_copy(update={field: code})
            yield f"/data/{field}", code, event.model_copy(update={"data": data})


def by(agency: str, event: Event, **envelope: object) -> Event:
    return event.model_copy(update={"source": f"{agency}/x", **envelope})


@pytest.mark.parametrize("type_string", FACTS)
def test_the_statement_is_what_is_judged(type_string: str) -> None:
    schema = published(type_string)
    stated = schema["x-authors"]
    seen = 0
    own = own_name(type_string)
    for pointer, code, event in variants(type_string, schema):
        if pointer == own:
            continue  # judged as the event is read
        for agency in AUTHORS:
            refused = value_forbidden_to_author(by(agency, event, onbehalfof=None))
            if agency not in stated:
                assert refused is not None
                assert refused.pointer == "/type"
                continue
            permitted = stated[agency].get(pointer)
            allowed = permitted is None or code in permitted
            at_this_field = refused is not None and refused.pointer == pointer
            assert at_this_field is not allowed, (agency, pointer, code)
            if refused is not None and at_this_field:
                assert list(refused.permitted) == permitted == list(permitted_at(agency, type_string, pointer))
            seen += 1
    limited = {pointer for limits in stated.values() for pointer in limits} - {own}
    assert seen or not limited


def own_name(type_string: str) -> str | None:
    """The place at which an author names itself, if the type has one."""
    own = FACTS[type_string].own_name
    return None if own is None else f"/data/{own.field}"


@pytest.mark.parametrize("type_string", [each for each in FACTS if own_name(each)])
def test_the_names_that_an_author_may_give_for_itself_are_what_is_judged(type_string: str) -> None:
    pointer = own_name(type_string)
    assert pointer is not None
    field = pointer.removeprefix("/data/")
    document = json.loads((SCHEMAS / "examples" / f"{type_string}.json").read_bytes())
    document.pop("subject") if FACTS[type_string].primary is Kind.ACTIVITY else None
    for agency, limits in published(type_string)["x-authors"].items():
        permitted = limits.get(pointer)
        for other in AGENCIES:
            said = document | {"source": f"{agency}/x", "data": document["data"] | {field: other}}
            refused = at_which(said)
            assert (refused is None) is (permitted is None or other in permitted), (agency, other, refused)
            if refused is not None:
                assert refused == pointer
                assert list(permitted_at(agency, type_string, pointer)) == permitted
                assert at_which(said | {"onbehalfof": other}) is None or agency_of(other) != other


def at_which(document: Node) -> str | None:
    """The place at which an event is refused, None where it is read."""
    try:
        decode_strict(json.dumps(document).encode())
    except BadMessage as refused:
        return refused.pointer
    return None


@pytest.mark.parametrize("type_string", FACTS)
def test_a_limited_field_must_be_given(type_string: str) -> None:
    event = spoken(type_string)
    for agency, limits in published(type_string)["x-authors"].items():
        for pointer in limits.keys() - {own_name(type_string)}:
            silent = event.data.model_copy(update={pointer.rpartition("/")[2]: None})
            refused = value_forbidden_to_author(by(agency, event, data=silent, onbehalfof=None))
            assert refused is not None
            assert refused.pointer == pointer


@pytest.mark.parametrize("type_string", FACTS)
def test_whom_an_author_may_speak_for_is_stated(type_string: str) -> None:
    schema, event = published(type_string), spoken(type_string)
    for agency in schema["x-authors"]:
        for other in AGENCIES:
            refused = value_forbidden_to_author(by(agency, event, onbehalfof=other))
            itself = other in permitted_at(agency, type_string, "/onbehalfof")
            at_this_field = refused is not None and refused.pointer == "/onbehalfof"
            assert at_this_field is (schema["x-for-itself"] and not itself)


def test_people_read_who_may_say_what_in_both_languages() -> None:
    text = published("bz.atips.verdict.returned.v1")["x-authors-text"]
    assert text["en"] == (
        "Office of the Director of Public Prosecutions: any value."
        " Belize Police Department: `court` is always `magistrates`."
    )
    assert "Departamento de Policía de Belice: `court` es siempre `magistrates`." in text["es"]
    assert all(published(each)["x-authors-text"]["es"] for each in CATALOGUE)


def test_asyncapi_states_the_same_by_message_and_by_the_channel_of_each_agency() -> None:
    for type_string in CATALOGUE:
        message = DOCUMENT["components"]["messages"][type_string]
        stated = {name: member for name, member in published(type_string).items() if name.startswith("x-authors")}
        assert {name: message[name] for name in stated} == stated
    inbound = [each for each in DOCUMENT["channels"].values() if "x-limits" in each]
    assert {each["x-producers"][0] for each in inbound} == set(DEPLOYMENT.publishers)
    for channel in inbound:
        (agency,), limits = channel["x-producers"], channel["x-limits"]
        stated = {each: published(each)["x-authors"].get(agency) for each in CATALOGUE}
        assert limits == {each: found for each, found in stated.items() if found}
    assert DOCUMENT["channels"]["inbound.hti"]["x-limits"] == {
        "bz.atips.victim.identified.v1": {"/data/status": ["potential"]},
        "bz.atips.victim.status_changed.v1": {"/data/status": ["potential"]},
        "bz.atips.person.profile_recorded.v1": {"/data/role": ["victim"]},
        "bz.atips.period.closed.v1": {"/data/agency": ["hti"]},
        **{
            f"bz.atips.referral.{move}.v1": {"/data/from_agency": ["hti"]}
            for move in ("sent", "cancelled", "entered_in_error")
        },
    }


def test_whoever_may_accept_a_referral_may_say_what_it_did() -> None:
    may_accept = CATALOGUE["bz.atips.referral.accepted.v1"].authors
    assert may_accept == CASEWORKERS
    assert {"mohw", "immigration", "mofa", "yes", "nopcan"} < may_accept
    for name in ("service.provided", "service.declined", "referral.completed"):
        assert CATALOGUE[f"bz.atips.{name}.v1"].authors == may_accept


def test_placements_screenings_and_verdicts_have_the_authors_that_the_council_named() -> None:
    for name in ("shelter.placement_started", "shelter.placement_ended"):
        assert CATALOGUE[f"bz.atips.{name}.v1"].authors == {"dhs", "yes", "nopcan", *PARTNERS}
    assert "customs" in CATALOGUE["bz.atips.screening.completed.v1"].authors
    assert published("bz.atips.verdict.returned.v1")["x-authors"] == {
        "bpd": {"/data/court": ["magistrates"]},
        "odpp": {},
    }


@pytest.mark.parametrize("agency", sorted(AUTHORS))
def test_the_list_for_a_correction_is_the_same_whatever_type_it_states(agency: str) -> None:
    limits = [published(each)["x-authors"].get(agency, {}) for each in FACTS]
    for pointer in {pointer for found in limits for pointer in found}:
        (permitted,) = {tuple(found[pointer]) for found in limits if pointer in found}
        assert permitted_at(agency, None, f"/data{pointer}") == permitted
