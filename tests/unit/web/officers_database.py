"""A real database with a referral from the police to Human Services, a case and a danger, and sessions of officers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg

from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.runtime import postgres
from services.web.accounts import Accounts
from services.web.domain.account_rules import Account, token_hash
from services.web.domain.roles import Role
from services.web.officer_data import Officers
from services.web.settings import Settings
from services.web.store import Store
from tests.support.database import Server
from tests.unit.case_tracker import test_handlers as cases
from tests.unit.referral import test_handlers as referrals
from tests.unit.referral.sample import PERSON, Log, an_id

POLICE, CARE, TOURISM, COUNCIL, CLERK, MEMBER, PROSECUTION, PARTNER = (
    Account("po", Role.OFFICER, "bpd"),
    Account("care", Role.OFFICER, "dhs"),
    Account("tour", Role.OFFICER, "btb"),
    Account("coun", Role.OFFICER, "council"),
    Account("clerk", Role.CLERK, "bpd"),
    Account("member", Role.OPERATIONS, "bpd"),
    Account("pros", Role.OFFICER, "odpp"),
    Account("part", Role.OFFICER, "hti"),
)
UNIT: Final = Account("unit", Role.OFFICER, "atips_pu")
LABOUR: Final = Account("lab", Role.OFFICER, "labour")
EVERYBODY: Final = (POLICE, CARE, TOURISM, COUNCIL, CLERK, MEMBER, UNIT, PROSECUTION, PARTNER, LABOUR)


@dataclass(frozen=True, slots=True)
class Seen:
    """The parts over one database. `name`: the database's."""

    server: Server
    name: str
    pool: asyncpg.Pool
    store: Store
    officers: Officers

    def session(self, account: Account) -> bytes:
        """The hash of the account's session, which `opened` began."""
        return token_hash(account.name)

    async def as_web(self, session: bytes | str, query: str) -> list[asyncpg.Record]:
        """Ask as the login of the pages, naming a session."""
        named = session if isinstance(session, str) else session.hex()
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL atips.session = '{named}'")
            return await connection.fetch(query)


@asynccontextmanager
async def opened(
    server: Server, folder: Path, now: datetime, case: Sequence[Entered] | None = None
) -> AsyncIterator[Seen]:
    """Make the database, with a session of each account. `case`: the case's log, where another one is wanted."""
    async with server.copy() as name:
        pools = {role: await pool_of(server, folder, role, name) for role in ("referral", "case_tracker", "web")}
        log = Log()
        log.sends(service_types=["shelter"])
        log.add("bpd", "victim.identified", {"person": PERSON, "status": "confirmed"})
        log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "of a victim")})
        await referrals.handle(
            referrals.a_decider(pools["referral"]), pools["referral"], referrals.records(log.entries)
        )
        tracked = pools["case_tracker"]
        await cases.handle(cases.a_decider(tracked), tracked, cases.records(case or cases.prosecuted().entries))
        registrar = await asyncpg.connect(server.dsn("registrar", name), server_settings={"search_path": "web"})
        for account in EVERYBODY:
            assert await Accounts(registrar).add(account)
        await registrar.close()
        store = Store(pools["web"])
        for account in EVERYBODY:
            await store.open_session(token_hash(account.name), account.name, now)
        yield Seen(server, name, pools["web"], store, Officers(pools["web"]))
        for pool in pools.values():
            await pool.close()


async def pool_of(server: Server, folder: Path, role: str, name: str) -> asyncpg.Pool:
    """Connect as a service."""
    file = folder / f"{role}.dsn"
    file.write_text(server.dsn(role, name))
    return await postgres.pool(Settings.model_construct(postgres_dsn_file=file), role)
