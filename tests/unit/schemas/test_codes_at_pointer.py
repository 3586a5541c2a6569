"""The list of a wrong code, by its place in an event, and the codes nearest to it."""

import json

import pytest

from schemas.codes_at_pointer import list_at, nearest, value_at

CONSENT = "bz.atips.consent.recorded.v1"


@pytest.mark.parametrize(
    ("kind", "pointer", "name"),
    [
        (CONSENT, "/data/basis", "consent_basis"),
        (CONSENT, "/data/purposes/1", "consent_purpose"),
        ("bz.atips.victim.identified.v1", "/data/status", "victim_status"),
        (CONSENT, "/data/person", None),
        (CONSENT, "/data/nothing", None),
        (CONSENT, "", None),
        ("bz.atips.no.such.v1", "/data/basis", None),
        (None, "/data/basis", None),
    ],
)
def test_a_place_has_the_list_of_its_field(kind: str | None, pointer: str, name: str | None) -> None:
    assert list_at(kind, pointer) == name


def test_the_nearest_codes_are_those_that_look_most_like_what_was_typed() -> None:
    assert nearest("consent_basis", "Given with limit")[0] == "given_with_limits"
    assert nearest("victim_status", "confirmd") == ("confirmed",)
    assert nearest("offence", "labour trafficking") == ("tip_labour",)
    assert nearest("offence", "Sex trafficking") == ("tip_sex",)
    assert nearest("offence", "trabajo forzozo") == ("tip_labour",)
    assert nearest("offence", "trafficking") == ()  # several offences are equally near
    for far in ("quite another thing", "x" * 100, 7, None, ["given"]):
        assert nearest("consent_basis", far) == ()


def test_a_value_is_found_by_its_pointer_or_not_at_all() -> None:
    event = json.dumps({"data": {"purposes": ["a", "b"]}}).encode()
    assert value_at(event, "/data/purposes/1") == "b"
    for wrong in ("/data/purposes/9", "/data/purposes/x", "/data/none", "/data/purposes/1/2"):
        assert value_at(event, wrong) is None
    assert value_at(b"no json", "/data") is None
