"""Sight of a record of which nothing more is known: never more than any state of referrals and consents gives."""

from datetime import UTC, datetime

import pytest

from schemas.agencies import PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind, mint
from schemas.sight import Matter, SeenRecord, SightState, may_ask, purposes_of, sees_by_itself, sight_of
from schemas.sight.sight_table import matter_of_type

PERSON = mint(Kind.PERSON, bytes(16))
NOW = datetime(2024, 3, 1, tzinfo=UTC)
NOT_PLACED = {
    "access.viewed",
    "event.corrected",
    "event.retracted",
    "key.registered",
    "key.revoked",
}
"""Types without a matter: looks at cases and keys are the Council's alone; a change is of what it changes."""


@pytest.mark.parametrize("agency", [each for each in PUBLISHING if each != "council"])
def test_an_agency_sees_its_own_words_and_what_names_nobody_and_nothing_else(agency: str) -> None:
    least = sight_of(agency, SightState(NOW))
    for matter in (*Matter, None):
        for purpose in ViewPurpose:
            for about in (frozenset[str](), frozenset({PERSON})):
                own, others = (SeenRecord(house, matter, about) for house in (agency, "moe"))
                assert sees_by_itself(agency, own, purpose) is may_ask(agency, purpose)
                assert sees_by_itself(agency, others, purpose) is (not about and least.sees(others, purpose))


@pytest.mark.parametrize("agency", PUBLISHING)
def test_it_is_never_more_than_what_the_least_state_gives(agency: str) -> None:
    least = sight_of(agency, SightState(NOW))
    for matter in (*Matter, None):
        for about in (frozenset[str](), frozenset({PERSON})):
            for house in {"bpd", "dhs", agency}:
                record = SeenRecord(house, matter, about)
                for purpose in ViewPurpose:
                    alone = sees_by_itself(agency, record, purpose)
                    assert not alone or purpose in purposes_of(agency)
                    if matter is not None:
                        assert not alone or least.sees(record, purpose)
                    if about and house != agency:
                        assert not alone or agency == "council"


def test_a_matter_that_nobody_placed_is_the_council_s_for_an_audit_alone() -> None:
    record = SeenRecord("bpd", None)
    seen = {(agency, purpose) for agency in PUBLISHING for purpose in ViewPurpose if agency != "bpd"}
    assert {each for each in seen if sees_by_itself(each[0], record, each[1])} == {("council", ViewPurpose.AUDIT)}
    assert not may_ask("nobody", ViewPurpose.AUDIT)


def test_every_type_has_its_matter_or_is_said_to_have_none() -> None:
    names = {each.removeprefix("bz.atips.").rpartition(".")[0] for each in CATALOGUE}
    assert {each for each in names if matter_of_type(each) is None} == NOT_PLACED
