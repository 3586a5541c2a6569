"""Systems of an agency are separate, and no name passes for a code, a number or a reference in any field."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import orjson
import pytest

from schemas.agencies import SERVICES
from schemas.errors import Reason
from services.intake.domain.judge import judge
from services.intake.domain.submission import AcceptedSubmission, Inbound, RefusedSubmission
from services.intake.domain.systems import SYSTEMS, Systems
from services.intake.systems_file import SystemsFile
from tests.unit.intake.histories_of_changes import retracted
from tests.unit.intake.samples import victim

EXAMPLES: Final = sorted((Path(__file__).parents[3] / "schemas" / "examples").glob("*.json"))
NAMES: Final = (
    "María López",
    "Jean-Pierre O'Neil",
    "maria-lopez",
    "maria",
    "MARIA",
    "Maria Lopez 7",
    "MARIA-7",
    "ANA-1",
    "bpd/maria-lopez",
    "bpd/maria-lopez/01920000-0000-7000-8000-000000000001",
    "Ñandú Peña",
)
LATER: Final = datetime(2030, 1, 1, tzinfo=UTC)
"""After all that the examples say."""

EVENT_ID: Final = "01920000-0000-7000-8000-000000000001"


def judged(
    event: dict[str, Any], systems: Systems = SYSTEMS, system: str | None = None
) -> AcceptedSubmission | RefusedSubmission:
    agency = event["source"].partition("/")[0] if isinstance(event.get("source"), str) else "bpd"
    return judge(Inbound(agency, None, None, orjson.dumps(event), (), system), LATER, systems)


def why(event: dict[str, Any], systems: Systems = SYSTEMS, system: str | None = None) -> tuple[Reason, str] | None:
    found = judged(event, systems, system)
    return (found.reason, found.pointer) if isinstance(found, RefusedSubmission) else None


def places(document: Any, *at: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """Return the places of texts in a document."""
    if isinstance(document, str):
        yield at
    elif isinstance(document, dict):
        for name, value in document.items():
            yield from places(value, *at, name)
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from places(value, *at, number)


def with_text(document: dict[str, Any], at: tuple[Any, ...], text: str) -> dict[str, Any]:
    changed: Any = json.loads(json.dumps(document))
    inner = changed
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = text
    found: dict[str, Any] = changed
    return found


def takes_no_name(event: dict[str, Any], at: tuple[Any, ...]) -> None:
    for name in NAMES:
        assert why(with_text(event, at, name)) is not None, (event["type"], at, name)


@pytest.mark.parametrize("file", EXAMPLES, ids=[each.stem for each in EXAMPLES])
def test_no_name_is_taken_in_any_text_of_any_type(file: Path) -> None:
    event = json.loads(file.read_bytes())
    for at in places({"subject": event["subject"], "type": event["type"], "data": event["data"]}):
        takes_no_name(event, at)


def test_no_name_is_taken_in_any_text_of_an_envelope() -> None:
    """All types have one envelope, of which the subject alone follows the type."""
    event = victim(1)
    optional = (
        *("sourcerecord", "keyid", "signature", "traceparent", "correlationid", "causationid", "consentref"),
        *("dataschema", "datacontenttype", "onbehalfof", "copublishers", "classification", "codebook", "subject"),
    )
    for at in places({**dict.fromkeys(optional, "x"), **event}):
        takes_no_name(event, at)


def test_each_example_of_the_contract_is_taken_but_those_that_intake_publishes() -> None:
    for file in EXAMPLES:
        event = json.loads(file.read_bytes())
        if event["source"].partition("/")[0] not in SERVICES:
            assert why(event) is None, file.stem


@pytest.mark.parametrize("number", ["2024/113", "TIP-2024.7", "B17", "007", "DH-123456", "2024/A003"])
def test_register_numbers_of_the_usual_forms_are_taken(number: str) -> None:
    assert why(victim(sourcerecord=number)) is None


@pytest.mark.parametrize("number", ["MARIA-7", "maria-7", "2024/MARIA", "7-7-LOPEZ", "1" * 25, "B17-ANNA", "7/JOSE/7"])
def test_what_may_be_a_name_is_no_register_number(number: str) -> None:
    assert why(victim(sourcerecord=number)) == (Reason.WRONG_FORM, "/sourcerecord")


def test_a_system_may_have_numbers_of_a_form_of_its_own() -> None:
    systems = Systems(MappingProxyType({**SYSTEMS.enrolled, "bpd/cases": re.compile("K[0-9]{4}")}))
    assert why(victim(sourcerecord="K2024", source="bpd/cases"), systems) is None
    assert why(victim(sourcerecord="2024/1", source="bpd/cases"), systems) == (Reason.WRONG_FORM, "/sourcerecord")


def test_a_source_that_is_not_enrolled_is_refused_with_its_place() -> None:
    assert why(victim(source="bpd/maria-lopez")) == (Reason.SOURCE_NOT_ENROLLED, "/source")
    for name in ("consentref", "causationid"):
        refused = why(victim() | {name: f"dhs/maria-lopez/{EVENT_ID}"})
        assert refused == (Reason.SOURCE_NOT_ENROLLED, f"/{name}")
        escaped = orjson.dumps(victim() | {name: f"dhs/maria-lopez/{EVENT_ID}"}).replace(b"dhs/", b"dhs\\u002f")
        found = judge(Inbound("bpd", None, None, escaped, ()), LATER)
        assert isinstance(found, RefusedSubmission)
        assert found.pointer == f"/{name}"


@pytest.mark.parametrize(
    ("field", "value"),
    [("signature", "A" * 86 + "=="), ("keyid", "0" * 16), ("seq", 7), ("classification", "restricted")],
)
def test_what_nobody_here_enforces_is_refused_and_never_ignored(field: str, value: object) -> None:
    assert why(victim() | {field: value}) == (Reason.NOT_ENFORCED, f"/{field}")


JAIL: Final = replace(
    SYSTEMS,
    enrolled=MappingProxyType({**SYSTEMS.enrolled, "bpd/jail": SYSTEMS.enrolled["bpd/register"]}),
    own_keys=frozenset({"bpd/jail"}),
)


@pytest.mark.parametrize(
    ("source", "system", "taken"),
    [
        ("bpd/jail", "jail", True),
        ("bpd/register", "jail", False),
        ("bpd/jail", "main", False),
        ("bpd/register", "main", True),
        ("bpd/jail", None, True),
    ],
)
def test_a_key_speaks_for_its_own_system(source: str, system: str | None, *, taken: bool) -> None:
    """Over Kafka the topic tells the system. Where nobody knows it (None), the source is taken as it is."""
    expected = None if taken else (Reason.SOURCE_NOT_OF_THIS_DOOR, "/source")
    assert why(victim(source=source), JAIL, system) == expected


def test_a_system_changes_its_own_alone_unless_the_council_lists_otherwise() -> None:
    said = victim(source="bpd/register")
    own = retracted(2, said)
    other = own | {"source": "bpd/jail"}
    assert why(own, JAIL) is None
    assert why(other, JAIL) == (Reason.NOT_AN_AUTHOR, "/supersedes")
    assert why(other, replace(JAIL, changes=frozenset({("bpd/jail", "bpd/register")}))) is None


def test_what_a_system_reads_is_its_own_and_what_is_listed() -> None:
    assert JAIL.readable_by("bpd", "jail") == {"bpd/jail"}
    assert "bpd/jail" not in JAIL.readable_by("bpd", "main")
    assert "bpd/register" in JAIL.readable_by("bpd", "main")
    assert not [each for each in JAIL.readable_by("bpd", "main") if not each.startswith("bpd/")]
    listed = replace(JAIL, changes=frozenset({("bpd/jail", "bpd/register")}))
    assert listed.readable_by("bpd", "jail") == {"bpd/jail", "bpd/register"}


def test_the_file_of_a_deployment_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "systems.json"
    systems = SystemsFile(file)
    assert systems() == SYSTEMS
    file.write_text('{"own_keys": ["bpd/jail"], "numbers": {"dhs/clinic": "K[0-9]+"}}')
    assert systems().own_keys == {"bpd/jail"}
    assert systems().enrolled["dhs/clinic"].pattern == "K[0-9]+"
    file.write_text('{"own_keys": ["maria lopez"]}')
    assert systems().own_keys == {"bpd/jail"}
    with pytest.raises(ValueError, match="mistakes"):
        SystemsFile(file)
