"""The database gives the pages what the account of a session that goes on may see, and otherwise nothing."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from services.web.accounts import Accounts
from services.web.domain.account_rules import Account, token_hash
from services.web.domain.provider_sign_in_rules import Grant, ProviderIdentity
from services.web.domain.roles import Role
from services.web.officer_rows import ListedCase
from tests.support.database import Server
from tests.unit.case_tracker.sample import CASE, OTHER_CASE
from tests.unit.referral.sample import PERSON, REFERRAL
from tests.unit.web.officers_database import CARE, CLERK, COUNCIL, MEMBER, POLICE, TOURISM, UNIT, Seen, opened

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FUNCTIONS = ("waits_seen()", "referrals_seen(NULL)", "dangers_seen()", "case_tracker.findings_seen()")
LOOK = "SELECT case_tracker.note_look('{case}', NULL, 'protection') AS noted"


@pytest.fixture
async def seen(server: Server, tmp_path: Path) -> AsyncIterator[Seen]:
    async with opened(server, tmp_path, NOW) as found:
        yield found


async def cases(seen: Seen, session: bytes) -> Sequence[ListedCase]:
    page = await seen.officers.cases(session, "protection", 25)
    assert page is not None
    assert page.after is None
    return page.cases


async def test_an_officer_sees_the_rows_of_the_own_agency_alone(seen: Seen) -> None:
    for account in (POLICE, CARE, UNIT, COUNCIL, TOURISM, CLERK, MEMBER):
        sees, session = account in {POLICE, CARE, UNIT, COUNCIL}, seen.session(account)
        assert REFERRAL in [each.about for each in await seen.officers.waits(session, NOW)] or not sees, account
        assert bool(await seen.officers.waits(session, NOW)) is sees, account
        for asked in (None, REFERRAL):
            assert [each.person for each in await seen.officers.referrals(session, asked)] == [PERSON] * sees, account
        assert bool(await seen.officers.findings(session)) is sees, account
        listed = await cases(seen, session)
        assert [each.case_id for each in listed] == [CASE] * sees, account
        looked = await seen.officers.look(session, CASE, "protection", NOW)
        assert (looked is not None) is sees, account
        assert await seen.officers.look(session, OTHER_CASE, "protection", NOW) is None


async def test_a_refused_move_shows_who_was_not_told_of_the_referral_no_more_than_an_unknown_id(seen: Seen) -> None:
    hidden, shown = (None, None, "waits", None), ("accepted", "hti", "refused", "taken_by_another")
    for reason, unrelated, told in (
        ("not_the_receiver", "", hidden),
        ("consent_missing", "", hidden),
        ("consent_missing", ', "unrelated": true', hidden),
        ("taken_by_another", "", shown),
        ("taken_by_another", ', "unrelated": false', shown),
    ):
        refused = f'[{{"move": "btb/desk/1", "by": "btb", "effect": "refused", "reason": "{reason}"{unrelated}}}]'
        await seen.server.alter(
            seen.name, "referral", f"UPDATE standing SET moves = '{refused}', state = 'accepted', holder = 'hti'"
        )
        [found] = await seen.officers.referrals(seen.session(TOURISM), REFERRAL)
        [move] = found.moves
        assert (found.person, found.sender) == (None, None)
        assert (found.state, found.holder, move["effect"], move["reason"]) == told


async def test_a_wait_of_an_agency_that_was_not_told_of_the_referral_names_nothing_of_it(seen: Seen) -> None:
    """It waits as a move of an unknown id does. Its maker sees it, and the referral's parties do not."""
    await seen.server.alter(
        seen.name,
        "referral",
        "INSERT INTO waiting (person, kind, about, agency, since, due_at, late_at, began_at, answered_n, told) "
        f"VALUES ('{PERSON}', 'missing_move', '{REFERRAL}', 'btb', now(), now(), now(), now(), 0, '{{btb}}')",
    )

    async def rows(session: bytes) -> list[tuple[str, tuple[str, ...]]]:
        waits = await seen.officers.waits(session, NOW)
        return [(each.agency, each.service_types) for each in waits if each.kind == "missing_move"]

    assert await rows(seen.session(TOURISM)) == [("btb", ())]
    assert await rows(seen.session(POLICE)) == []


async def test_without_a_session_that_goes_on_nothing_is_seen(seen: Seen) -> None:
    own = seen.session(POLICE)
    for name in FUNCTIONS:
        assert await seen.as_web(own, f"SELECT * FROM {name}"), name
    forged = (
        "",
        "bpd",
        "x' OR true --".replace("'", ""),
        token_hash("guessed").hex(),
        own.hex()[:-2],
        own.hex().upper(),
    )
    for session in forged:
        for name in FUNCTIONS:
            assert await seen.as_web(session, f"SELECT * FROM {name}") == [], (session, name)
        assert (await seen.as_web(session, LOOK.format(case=CASE)))[0]["noted"] is None
        assert await seen.as_web(session, "SELECT case_tracker.note_looks('protection', 0, 9)") == []
        [after] = await seen.as_web(
            session, "SELECT looks FROM case_tracker.note_looks_after('protection', NULL, NULL, NULL, 9)"
        )
        assert after["looks"] == []
    async with seen.pool.acquire() as connection:  # the name of the last transaction is gone
        assert await connection.fetch("SELECT * FROM waits_seen()") == []


ENDS = (
    "DELETE FROM session WHERE account = 'po'",
    "UPDATE account SET disabled_at = now() WHERE name = 'po'",
    "UPDATE account SET role = 'operations' WHERE name = 'po'",
    "UPDATE account SET agency = 'nobody' WHERE name = 'po'",
    "UPDATE session SET opened_at = opened_at - interval '12 hours'",
    "UPDATE session SET used_at = used_at - interval '31 minutes'",
)
AGAIN = (
    "DELETE FROM session; UPDATE account SET (role, agency, disabled_at) = ('officer', 'bpd', NULL) WHERE name = 'po'"
)


async def test_a_session_that_ended_or_a_disabled_account_sees_nothing(seen: Seen) -> None:
    session = seen.session(POLICE)
    for ends in ENDS:
        await seen.server.alter(seen.name, "web", AGAIN)
        await seen.store.open_session(session, "po", NOW)
        assert await seen.officers.waits(session, NOW)
        await seen.server.alter(seen.name, "web", ends)
        assert await seen.officers.waits(session, NOW) == [], ends
        assert await seen.officers.referrals(session, REFERRAL) == [], ends
        assert await seen.officers.findings(session) == [], ends
        assert await cases(seen, session) == [], ends
        assert await seen.officers.look(session, CASE, "protection", NOW) is None, ends


async def test_reading_a_session_without_a_use_does_not_keep_it_alive(seen: Seen) -> None:
    session = seen.session(POLICE)
    await seen.server.alter(seen.name, "web", "UPDATE session SET used_at = used_at - interval '30 minutes'")
    assert await seen.store.peek_session(session, NOW) is not None
    idle = "SELECT used_at < now() - interval '29 minutes' FROM session WHERE hash = $1"
    assert await seen.pool.fetchval(idle, session)
    assert await seen.store.session(session, NOW) is not None
    assert not await seen.pool.fetchval(idle, session)


PERSON_THERE = ProviderIdentity("https://idp.example", "17", "pat", frozenset(), timedelta())
TWIN = ProviderIdentity("https://idp.example", "18", "pat", frozenset(), timedelta())


async def test_a_person_of_the_provider_has_one_account_with_the_role_of_the_last_sign_in(seen: Seen) -> None:
    officer, auditor = Grant(Role.OFFICER, "bpd"), Grant(Role.AUDITOR, "council")
    assert await seen.store.enter(PERSON_THERE, officer) == "pat"
    assert await seen.store.enter(PERSON_THERE, auditor) == "pat"
    assert await seen.store.enter(replace(TWIN, name="po"), officer) != "po"  # a local account stays its own
    found = await seen.store.account("pat")
    assert found is not None
    assert found[0] == Account("pat", Role.AUDITOR, "council")
    await seen.server.alter(seen.name, "web", "UPDATE account SET disabled_at = now() WHERE name = 'pat'")
    assert await seen.store.enter(PERSON_THERE, officer) is None


async def test_a_session_of_the_provider_ends_when_the_provider_is_silent(seen: Seen) -> None:
    assert await seen.store.enter(PERSON_THERE, Grant(Role.OFFICER, "bpd")) == "pat"
    own = token_hash("of the provider")
    await seen.store.open_by_provider(own, "pat", NOW, NOW)
    assert await seen.officers.waits(own, NOW)
    silent = "UPDATE session SET confirmed_at = clock_timestamp() - interval '30 minutes' WHERE account = 'pat'"
    await seen.server.alter(seen.name, "web", silent)
    assert await seen.officers.waits(own, NOW) == []
    assert await seen.store.confirm(own, "pat", NOW, NOW)
    assert await seen.officers.waits(own, NOW)
    assert not await seen.store.confirm(own, "po", NOW, NOW)  # another's session is not confirmed
    assert not await seen.store.confirm(seen.session(POLICE), "po", NOW, NOW)  # nor a local one
    await seen.server.alter(seen.name, "web", silent)
    assert await seen.store.session(own, NOW) is None
    await seen.store.open_by_provider(own, "pat", NOW, NOW)
    await seen.store.leave(PERSON_THERE)
    assert await seen.store.session(own, NOW) is None


async def test_the_provider_ends_sessions_of_a_person_or_one_of_them(seen: Seen) -> None:
    person, other = (
        ProviderIdentity("https://idp.example", number, f"pat{number}", frozenset(), timedelta()) for number in "78"
    )
    here, there = token_hash("the provider's number"), token_hash("another number")

    async def begun() -> None:
        for each, session in ((person, here), (person, there), (person, None), (other, there)):
            name = await seen.store.enter(each, Grant(Role.AUDITOR, "council"))
            assert name is not None
            hash_ = token_hash(f"{name} {session!r}")
            await seen.store.close_session(hash_)
            await seen.store.open_by_provider(hash_, name, NOW, NOW, session)

    now = datetime.now(UTC) + timedelta(seconds=5)  # sessions begin by the database's clock
    for whom, which, by, count in (
        (person.hash, None, now, 3),
        (person.hash, here, now, 2),  # and the one whose number nobody told
        (None, there, now, 2),
        (other.hash, here, now, 0),
        (person.hash, None, now - timedelta(hours=1), 0),
    ):
        await begun()
        assert await seen.store.end_by_provider(whom, which, by) == count
    before = await seen.store.session(seen.session(CARE), NOW)
    assert before is not None  # a local account is not the provider's to sign out


async def test_ended_sessions_and_used_links_are_deleted_after_a_while(seen: Seen) -> None:
    kept = timedelta(days=7)
    registrar = await asyncpg.connect(seen.server.dsn("registrar", seen.name), server_settings={"search_path": "web"})
    for number in range(3):
        await Accounts(registrar).add_link(token_hash(f"link {number}"), "po", NOW)
    await registrar.close()
    assert await seen.store.use_link(token_hash("link 0"), NOW)
    aged = "UPDATE session SET used_at = used_at - interval '{age}' WHERE account = 'po'"
    assert await seen.store.purge(kept, NOW + timedelta(days=6)) == (0, 0)
    await seen.server.alter(seen.name, "web", aged.format(age="7 days"))
    assert await seen.store.purge(kept, NOW + timedelta(days=7)) == (0, 0)
    await seen.server.alter(seen.name, "web", aged.format(age="32 minutes"))
    assert await seen.store.purge(kept, NOW + timedelta(days=7, minutes=1)) == (1, 1)
    assert await seen.store.purge(kept, NOW + timedelta(days=9)) == (0, 2)
    assert await seen.officers.waits(seen.session(CARE), NOW)


async def test_each_look_is_noted_with_the_account_whatever_the_page_says(seen: Seen) -> None:
    session = seen.session(CARE)
    [case] = await cases(seen, session)
    assert (case.facts, case.findings, case.dangers) == (2, 1, 1)
    assert await seen.officers.look(session, CASE, "protection", NOW) is not None
    noted = (await seen.as_web(session, f"SELECT case_tracker.note_look('{CASE}', '{'0' * 32}', 'protection')"))[0][0]
    assert noted is None  # another account's number notes nothing
    auditor = await asyncpg.connect(seen.server.dsn("auditor", seen.name))
    rows = await auditor.fetch(
        "SELECT role, agency, account, account_name, purpose FROM case_tracker.viewed ORDER BY seq"
    )
    await auditor.close()
    assert {tuple(row)[:2] + tuple(row)[3:] for row in rows} == {("web", "dhs", "care", "protection")}
    assert len(rows) == 2
    [account] = {row["account"] for row in rows}
    assert account not in {None, "0" * 32}


async def test_a_look_of_one_session_is_not_given_to_another(seen: Seen) -> None:
    (noted,) = [row["noted"] for row in await seen.as_web(seen.session(CARE), LOOK.format(case=CASE))]
    assert await seen.as_web(seen.session(CARE), f"SELECT * FROM case_tracker.look({noted})")
    for account in (POLICE, TOURISM, CLERK):
        assert await seen.as_web(seen.session(account), f"SELECT * FROM case_tracker.look({noted})") == []
        assert await seen.as_web(seen.session(account), f"SELECT * FROM case_tracker.cases_looked('{{{noted}}}')") == []


async def test_the_pages_read_no_table_of_referrals_or_cases(seen: Seen) -> None:
    tables = ("referral.waits", "referral.standing", "referral.dangers", "case_tracker.seen_fact", "case_tracker.fact")
    for table in (*tables, "case_tracker.findings", "case_tracker.viewed", "intake.inbox", "access.login"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await seen.as_web(seen.session(POLICE), f"SELECT * FROM {table}")


async def test_counts_are_for_those_who_work_with_referrals(seen: Seen) -> None:
    for account, told in ((POLICE, 1), (TOURISM, 1), (MEMBER, 1), (CLERK, 0)):
        found = await seen.officers.counts(seen.session(account), NOW)
        assert len(found) == told, account.name
    [pair] = await seen.officers.counts(seen.session(POLICE), NOW)
    assert (pair.sender, pair.receiver, pair.pending, pair.accepted, pair.declined) == ("bpd", "dhs", 1, 0, 0)
    assert (pair.overdue, pair.unsent) == (1, 0)


WAIT = (
    "INSERT INTO waiting (person, kind, about, agency, sender, receiver, since, due_at, late_at, began_at, answered_n, "
    "told) VALUES ('{person}', '{kind}', '{about}', '{agency}', {pair}, '{due}', '{due}', '{due}', '{due}', 0, '{{}}')"
)


async def test_a_referral_that_was_due_and_never_sent_is_counted_between_its_two_agencies(seen: Seen) -> None:
    """Found on the page: three victims whom nobody referred were late in the inbox, and in no count."""
    unsent = {"person": PERSON, "kind": "first_referral", "agency": "labour", "pair": "'labour', 'dhs'"}
    for about, due in (("ref-late", NOW), ("ref-soon", NOW + timedelta(hours=1))):
        await seen.server.alter(seen.name, "referral", WAIT.format(**unsent, about=about, due=due))
    found = {(each.sender, each.receiver): each for each in await seen.officers.counts(seen.session(MEMBER), NOW)}
    assert found.keys() == {("bpd", "dhs"), ("labour", "dhs")}
    pair = found["labour", "dhs"]
    assert (pair.pending, pair.accepted, pair.declined, pair.overdue, pair.unsent) == (0, 0, 0, 0, 1)


async def test_what_each_agency_must_do_is_counted_for_those_who_work_with_referrals(seen: Seen) -> None:
    soon = NOW + timedelta(hours=1)
    unsent = {"person": PERSON, "kind": "first_referral", "agency": "labour", "pair": "'labour', 'dhs'"}
    for about, due in (("ref-late", NOW), ("ref-soon", soon)):
        await seen.server.alter(seen.name, "referral", WAIT.format(**unsent, about=about, due=due))
    no_pair = {"person": PERSON, "pair": "NULL, NULL", "due": NOW, "about": REFERRAL}
    for kind, agency in (("second", "iom"), ("acknowledgement", "hti"), ("missing_move", "btb")):  # none is counted
        await seen.server.alter(seen.name, "referral", WAIT.format(**no_pair, kind=kind, agency=agency))
    for account in (POLICE, TOURISM, MEMBER):
        answer, first = await seen.officers.waits_by_agency(seen.session(account), NOW)
        assert (answer.agency, answer.kind, answer.waiting, answer.late) == ("dhs", "answer", 1, 1), account.name
        assert (first.agency, first.kind, first.waiting, first.late) == ("labour", "first_referral", 2, 1)
        assert first.first_due_at == NOW
    assert await seen.officers.waits_by_agency(seen.session(CLERK), NOW) == []
    assert await seen.as_web("0" * 64, "SELECT * FROM waits_by_agency(now())") == []


async def test_open_dangers_are_counted_for_the_committee_and_auditors_alone(seen: Seen) -> None:
    """The committee saw who was late, and not whether anybody is in danger."""
    shown = await seen.officers.findings(seen.session(CARE))
    since = min(each.opened_at for each in shown if each.severity == "critical" and each.closed_at is None)
    found = await seen.officers.open_danger_counts(seen.session(MEMBER), since + timedelta(days=3, hours=23))
    by_code = {each.code: each for each in found}
    assert by_code["victim_prosecuted"].dangers >= 1
    assert {each.oldest_days for each in found} >= {3}
    for account in (POLICE, TOURISM, CLERK):
        assert await seen.officers.open_danger_counts(seen.session(account), NOW) == []
    assert await seen.as_web("0" * 64, "SELECT * FROM open_danger_counts(now())") == []
    await seen.server.alter(seen.name, "case_tracker", "UPDATE finding SET closed_at = now()")
    await seen.server.alter(seen.name, "referral", "UPDATE danger SET closed_at = now()")
    assert await seen.officers.open_danger_counts(seen.session(MEMBER), NOW) == []


async def test_what_a_ruling_must_name_is_told_to_those_who_see_the_finding(seen: Seen) -> None:
    [finding] = [each for each in await seen.officers.findings(seen.session(CARE)) if each.case_id == CASE]
    assert finding.code == "victim_prosecuted"
    names = await seen.officers.names_of(seen.session(CARE), finding.finding)
    assert names is not None
    assert names[0] == CASE
    assert await seen.officers.names_of(seen.session(TOURISM), finding.finding) is None
