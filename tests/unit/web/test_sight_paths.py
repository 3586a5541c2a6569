"""Every role × every purpose × every kind of record, by every path: what the documents' sentences say is given."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import asyncpg
import pytest

from schemas.codebook.governance import ViewPurpose
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.sight import Matter
from schemas.sight.sight_table import AgencyRole, role_of
from schemas.times import BELIZE
from services.case_tracker.queries import records_seen
from services.runtime import postgres
from services.web.domain.account_rules import Account
from tests.support.database import Server
from tests.unit.case_tracker.case_of_every_matter import OTHER_VICTIM, accepted, ended, log, referred
from tests.unit.case_tracker.sample import CASE, START, SUSPECT, VICTIM, Log, an_id
from tests.unit.case_tracker.test_handlers import a_decider
from tests.unit.schemas import sight_oracle as oracle
from tests.unit.schemas.sight_oracle import Paper, Word
from tests.unit.web.officer_app import NOW, Office, opened_office
from tests.unit.web.officers_database import CARE, COUNCIL, LABOUR, PARTNER, POLICE, PROSECUTION, pool_of
from tests.unit.web.test_case_data import program

MATTERS: Final = {
    "person.profile_recorded": "file",
    "victim.identified": "file",
    "arrest.made": "justice",
    "charge.filed": "justice",
    "victim_suspect.linked": "justice",
    "investigation.opened": "intelligence",
    "plan.approved": "protection",
    "consent.recorded": "protection",
    "consent.withdrawn": "protection",
    "service.provided": "health",
    "shelter.placement_started": "placement",
    "referral.sent": "health",
    "referral.accepted": "health",
    "referral.handed_back": "health",
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
    "labour": LABOUR,
}
LISTS: Final = ("/v1/findings?period=2000..2040", "/v1/agency-findings", "/v1/referrals", "/inbox", "/agency-findings")


@dataclass
class Story:
    """A case as its log has it, and the words of it on which sight depends."""

    log: Log
    words: list[Word] = field(default_factory=list)

    def of_age(self, group: str) -> Self:
        said = {"role": "victim", "age_group": group, "person": VICTIM, "case": CASE}
        self.log.add("dhs", "person.profile_recorded", said)
        return self._heard(Word("age", "dhs", VICTIM, what=group))

    def consents(self, *recipients: str, purposes: tuple[str, ...] = ("protection_services",)) -> Self:
        said: dict[str, Any] = {"person": VICTIM, "case": CASE, "basis": "given", "given_by": "person"}
        said |= {"recipients": list(recipients), "purposes": list(purposes)}
        self.log.add("bpd", "consent.recorded", said)
        return self._heard(Word("yes", "bpd", VICTIM, recipients, purposes, "given", given_by="person"))

    def refuses(self, *recipients: str) -> Self:
        said = {"person": VICTIM, "case": CASE, "basis": "refused", "recipients": list(recipients)}
        self.log.add("bpd", "consent.recorded", said)
        return self._heard(Word("no", "bpd", VICTIM, recipients))

    def takes_back(self, *recipients: str) -> Self:
        said = {"person": VICTIM, "case": CASE, "recipients": list(recipients)}
        self.log.add("bpd", "consent.withdrawn", said)
        return self._heard(Word("back", "bpd", VICTIM, recipients))

    def refers(self, to: str) -> Self:
        referred(self.log, to)
        return self._heard(Word("sent", "dhs", VICTIM, (to,), what="r1"))

    def accepts(self, agency: str) -> Self:
        accepted(self.log, agency)
        return self._heard(Word("accepted", agency, VICTIM, what="r1"))

    def hands_back(self, agency: str) -> Self:
        ended(self.log, (agency, "handed_back"))
        return self._heard(Word("ended", agency, VICTIM, what="r1"))

    def keeps_out(self, agency: str, *authors: str, day: datetime = START) -> Self:
        self.log.now = max(self.log.now, day)
        for by in authors:
            said = {"case": CASE, "kept_from": agency, "reason": "conflict_of_interest"}
            self.log.add(by, "case.access_restricted", said)
            self._heard(Word("restricted", by, to=(agency,), day=day.date()))
        return self

    def _heard(self, word: Word) -> Self:
        self.words.append(word)
        return self


def begun() -> Story:
    """A case with every matter, another victim, and a suspect who was charged."""
    found = log()
    found.identified(person=OTHER_VICTIM)
    found.arrested(arrest=an_id(Kind.ARREST, "of a victim"), person=VICTIM)
    found.charged()
    found.linked()
    return Story(found)


YESTERDAY: Final = NOW - timedelta(days=1)
STORIES: Final[Mapping[str, Callable[[], Story]]] = {
    "nothing agreed": begun,
    "referred": lambda: begun().refers("hti"),
    "accepted": lambda: begun().refers("hti").accepts("hti").keeps_out("customs", "bpd"),
    "handed back": lambda: begun().refers("hti").accepts("hti").hands_back("hti"),
    "a child who agreed": lambda: begun().of_age("child_9_17").consents("hti", "dhs"),
    "an adult who agreed": lambda: begun().of_age("adult_24_26").consents("hti", "dhs"),
    "an adult who did not": lambda: begun().of_age("adult_24_26"),
    "taken back": lambda: begun().of_age("adult_24_26").consents("hti", "dhs").takes_back("hti"),
    "taken back after a yes": lambda: (
        begun().of_age("adult_24_26").consents("hti").refers("hti").accepts("hti").takes_back("hti")
    ),
    "refused after a yes": lambda: begun().of_age("adult_24_26").refers("hti").accepts("hti").refuses("hti"),
    "given again": lambda: begun().of_age("adult_24_26").refuses("hti").consents("hti"),
    "referred to Labour": lambda: begun().refers("labour").accepts("labour"),
    "one word of long ago": lambda: begun().refers("hti").accepts("hti").keeps_out("hti", "bpd"),
    "one word of yesterday": lambda: begun().refers("hti").accepts("hti").keeps_out("hti", "bpd", day=YESTERDAY),
    "two words": lambda: begun().refers("hti").accepts("hti").keeps_out("hti", "bpd", "odpp"),
    "police kept out": lambda: begun().keeps_out("bpd", "dhs", "odpp"),
    "one word on Human Services": lambda: begun().keeps_out("dhs", "bpd", day=YESTERDAY),
    "two on Human Services": lambda: begun().keeps_out("dhs", "bpd", "odpp"),
    "two on the Council": lambda: begun().keeps_out("council", "bpd", "odpp"),
}


def name_of(event: Event) -> str:
    return event.type.removeprefix("bz.atips.").rpartition(".")[0]


def expected(story: Story, agency: str, event: Event) -> set[str]:
    """Give the purposes for which an agency sees an event, by the documents' sentences."""
    name = name_of(event)
    data: Any = event.data
    about = getattr(data, "person", None) or getattr(data, "victim", None) or ""
    beside = tuple(each for each in (getattr(data, "suspect", None),) if each)
    referral = "r1" if getattr(data, "referral", None) else ""
    kept_from = getattr(data, "kept_from", "")
    paper = Paper(event.agency, MATTERS[name], about, beside, referral, name.startswith("referral."), kept_from)
    return oracle.purposes(story.words, agency, paper, SUSPECT, NOW.date())


async def shown(client: Any, path: str, events: list[Event]) -> set[str]:  # noqa: ANN401
    text = (await client.get(path)).text
    return {each.id for each in events if each.id in text}


def test_the_stories_have_every_kind_of_record_and_every_role() -> None:
    names = {name_of(each.event) for made in STORIES.values() for each in made().log.entries}
    assert names | {"training.session_delivered"} == MATTERS.keys()
    assert set(MATTERS.values()) == {each.value for each in Matter}
    assert {role_of(agency) for agency in ACCOUNTS} == set(AgencyRole)


@pytest.mark.parametrize("name", STORIES)
async def test_each_role_gets_by_every_path_what_the_sentences_say(server: Server, tmp_path: Path, name: str) -> None:
    story = STORIES[name]()
    events = [each.event for each in story.log.entries]
    seen_by_somebody: set[str] = set()
    async with opened_office(server, tmp_path, story.log.entries) as office:
        await swept(office, tmp_path)
        for agency, account in ACCOUNTS.items():
            wanted = {each.id: expected(story, agency, each) for each in events}
            every = {an_id for an_id, purposes in wanted.items() if purposes}
            seen_by_somebody |= every
            async with program(office, account) as client, office.client(account) as browser:
                for purpose in ViewPurpose:
                    for_it = {an_id for an_id, purposes in wanted.items() if purpose.value in purposes}
                    found = await shown(client, f"/v1/cases/{CASE}?purpose={purpose.value}", events)
                    assert found == for_it, (agency, purpose)
                    assert await on_the_page(browser, purpose, events) == for_it, (agency, purpose)
                    assert await by_login(office, account, purpose, events) == for_it, (agency, purpose)
                for path in LISTS:
                    assert await shown(client, path, events) <= every, (agency, path)
    assert seen_by_somebody == {each.id for each in events}


async def swept(office: Office, folder: Path) -> None:
    """Decide again what time alone has changed since the story, as the case tracker does by itself."""
    pool = await pool_of(office.seen.server, folder, "case_tracker", office.seen.name)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await a_decider(pool).sweep(connection, NOW, 100)
    await pool.close()


async def on_the_page(client: Any, purpose: ViewPurpose, events: list[Event]) -> set[str]:  # noqa: ANN401
    """Give the records in the timeline of the case's page: no two of a story happened in the same minute."""
    page = (await client.get(f"/cases/{CASE}?purpose={purpose.value}")).text
    timeline = page.partition('id="timeline"')[2].partition("</table>")[0]
    shown_at = set(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", timeline))
    occurred = {event.id: event.occurred for event in events if event.occurred is not None}
    at = {an_id: when.start.astimezone(BELIZE).strftime("%Y-%m-%d %H:%M") for an_id, when in occurred.items()}
    assert len(set(at.values())) == len(at)
    return {an_id for an_id, minute in at.items() if minute in shown_at}


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
