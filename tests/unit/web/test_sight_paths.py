"""Every role × every purpose × every kind of record, by every path: what the documents' sentences say is given."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from schemas.codebook.governance import ViewPurpose
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.sight import Matter
from schemas.sight.table import AgencyRole, role_of
from services.case_tracker.queries import records_seen
from services.web.domain.account import Account
from tests.support.database import Server
from tests.unit.case_tracker.sample import CASE, SUSPECT, VICTIM, Log, an_id
from tests.unit.case_tracker.sighted import OTHER_VICTIM, accepted, log, referred
from tests.unit.schemas import sight_oracle as oracle
from tests.unit.schemas.sight_oracle import Paper, Word
from tests.unit.web.office import NOW, Office, opened_office
from tests.unit.web.sighted import CARE, COUNCIL, PARTNER, POLICE, PROSECUTION, TOURISM
from tests.unit.web.test_case_data import program

MATTERS: Final = {
    "victim.identified": "file",
    "arrest.made": "justice",
    "charge.filed": "justice",
    "victim_suspect.linked": "justice",
    "investigation.opened": "intelligence",
    "plan.approved": "protection",
    "service.provided": "health",
    "shelter.placement_started": "placement",
    "referral.sent": "health",
    "referral.accepted": "health",
    "case.access_restricted": "restriction",
    "training.session_delivered": "work",
}
"""The matter of each record below; those of a referral are for counselling, the service is medical."""
ACCOUNTS: Final = {
    "council": COUNCIL,
    "dhs": CARE,
    "bpd": POLICE,
    "odpp": PROSECUTION,
    "hti": PARTNER,
    "labour": TOURISM,  # as Labour, the tourism board sees its own referrals alone
}
STORY: Final = (
    Word("sent", "dhs", VICTIM, ("hti",), what="r1"),
    Word("accepted", "hti", VICTIM, what="r1"),
    Word("restricted", "bpd", to=("customs",), day=datetime(2024, 3, 1, tzinfo=UTC).date()),
)
LISTS: Final = ("/v1/findings?period=2000..2040", "/v1/agency-findings", "/v1/referrals", "/inbox", "/agency-findings")


def story() -> Log:
    found = accepted(referred(log()))
    found.identified(person=OTHER_VICTIM)
    found.arrested(arrest=an_id(Kind.ARREST, "of a victim"), person=VICTIM)
    found.charged()
    found.linked()
    said = {"case": CASE, "kept_from": "customs", "reason": "conflict_of_interest"}
    found.add("bpd", "case.access_restricted", said)
    return found


@pytest.fixture
async def office(server: Server, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened_office(server, tmp_path, story().entries) as found:
        yield found


def name_of(event: Event) -> str:
    return event.type.removeprefix("bz.atips.").rpartition(".")[0]


def expected(agency: str, event: Event) -> set[str]:
    """Give the purposes for which an agency sees an event, by the documents' sentences."""
    name = name_of(event)
    data: Any = event.data
    about = getattr(data, "person", None) or getattr(data, "victim", None) or ""
    beside = tuple(each for each in (getattr(data, "suspect", None),) if each)
    referral = "r1" if getattr(data, "referral", None) else ""
    paper = Paper(event.agency, MATTERS[name], about, beside, referral, name.startswith("referral."))
    return oracle.purposes(STORY, agency, paper, SUSPECT, NOW.date())


async def shown(client: Any, path: str, events: list[Event]) -> set[str]:  # noqa: ANN401
    text = (await client.get(path)).text
    return {each.id for each in events if each.id in text}


async def test_each_role_gets_by_every_path_what_the_sentences_say(office: Office) -> None:
    events = [each.event for each in story().entries]
    assert {name_of(each) for each in events} | {"training.session_delivered"} == MATTERS.keys()
    assert set(MATTERS.values()) == {each.value for each in Matter}
    assert {role_of(agency) for agency in ACCOUNTS} == set(AgencyRole)
    seen_by_somebody: set[str] = set()
    for agency, account in ACCOUNTS.items():
        wanted = {each.id: expected(agency, each) for each in events}
        every = {an_id for an_id, purposes in wanted.items() if purposes}
        seen_by_somebody |= every
        async with program(office, account) as client:
            for purpose in ViewPurpose:
                for_it = {an_id for an_id, purposes in wanted.items() if purpose.value in purposes}
                found = await shown(client, f"/v1/cases/{CASE}?purpose={purpose.value}", events)
                assert found == for_it, (agency, purpose)
                assert await by_login(office, account, purpose, events) == for_it, (agency, purpose)
            for path in LISTS:
                assert await shown(client, path, events) <= every, (agency, path)
    assert seen_by_somebody == {each.id for each in events}


async def by_login(office: Office, account: Account, purpose: ViewPurpose, events: list[Event]) -> set[str]:
    """Give the records that `atips why` gets for the agency's login."""
    login = await asyncpg.connect(
        office.seen.server.dsn(f"agency_{account.agency}", office.seen.name),
        server_settings={"search_path": "case_tracker"},
    )
    try:
        found = await records_seen(login, [each.ref for each in events], purpose.value)
    finally:
        await login.close()
    return {each.id for each in events if found.get(each.ref) is not None}
