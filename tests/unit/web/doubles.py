"""Doubles of the parts of the pages: accounts in memory, figures that are all 7, a clock that stands."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2

from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, Lag
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules import Finding, FindingState
from services.reporting.read.completeness_grid import PublishingGrid
from services.reporting.read.exact_look_log import ExactLook
from services.reporting.read.figure_findings import Findings
from services.reporting.read.queries import Edition, FigureReport, Question
from services.runtime.errors import Retryable
from services.web.api.app import application
from services.web.api.dependencies import Parts
from services.web.cached_figures import EditionState, Freshness, ProtectedValue, ProtectedValues
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.provider_sign_in_rules import Grant, ProviderIdentity, account_name
from services.web.domain.roles import Role
from services.web.intake_client import IntakeClient
from services.web.officer_rows import AgencyWaits, DangerCount
from tests.support.stopped_clock import StoppedClock

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
BASE = "http://pages.test"
MEL = Account("mel", Role.M_AND_E, "sib")
IAN = Account("ian", Role.IEC, "mofa")


@dataclass
class Store:
    """Accounts, links and sessions in memory."""

    accounts: dict[str, tuple[Account, str | None]] = field(default_factory=dict)
    links: dict[bytes, Account] = field(default_factory=dict)
    sessions: dict[bytes, Session] = field(default_factory=dict)
    tokens: dict[bytes, tuple[Account, datetime]] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    """Accounts of the provider that an operator disabled."""
    ended: list[tuple[bytes | None, bytes | None, datetime]] = field(default_factory=list)
    """Sessions that the provider ended: person, session there, and when they began at the latest."""
    looks: list[tuple[bytes, ExactLook]] = field(default_factory=list)
    """Looks at exact amounts that were noted, each with the hash of the session or token."""
    protected: set[bytes] = field(default_factory=set)
    """Tokens without the right to exact amounts."""
    unused: list[bytes] = field(default_factory=list)
    """Sessions that were read without a use."""
    notes: bool = True
    """Whether the database takes a look."""

    async def account(self, name: str) -> tuple[Account, str | None] | None:
        assert "\0" not in name, "PostgreSQL takes no text with it"
        return self.accounts.get(name)

    async def set_secret(self, name: str, secret: str, kept: bytes) -> None:
        assert kept in self.sessions
        self.accounts[name] = (self.accounts[name][0], secret)

    async def link(self, hash_: bytes, now: datetime) -> Account | None:
        assert now == NOW
        return self.links.get(hash_)

    async def use_link(self, hash_: bytes, now: datetime) -> bool:
        assert now == NOW
        return self.links.pop(hash_, None) is not None

    async def open_session(self, hash_: bytes, account: str, now: datetime) -> None:
        self.sessions[hash_] = Session(self.accounts[account][0], now, now)

    async def session(self, hash_: bytes, now: datetime) -> Session | None:
        found = self.sessions.get(hash_)
        return None if found is None or found.over(now) else found

    async def peek_session(self, hash_: bytes, now: datetime) -> Session | None:
        self.unused.append(hash_)
        return await self.session(hash_, now)

    async def token(self, hash_: bytes, now: datetime) -> Session | None:
        found = self.tokens.get(hash_)
        return (
            None if found is None or found[1] <= now else Session(found[0], NOW, NOW, exact=hash_ not in self.protected)
        )

    async def note_exact(self, session: bytes, look: ExactLook) -> bool:
        if self.notes:
            self.looks.append((session, look))
        return self.notes

    async def enter(self, identity: ProviderIdentity, grant: Grant) -> str | None:
        name, _ = account_name(identity)
        if name in self.disabled:
            return None
        self.accounts[name] = (Account(name, grant.role, grant.agency), None)
        return name

    async def leave(self, identity: ProviderIdentity) -> None:
        name, _ = account_name(identity)
        self.sessions = {hash_: each for hash_, each in self.sessions.items() if each.account.name != name}

    async def end_by_provider(self, person: bytes | None, session: bytes | None, began_by: datetime) -> int:
        self.ended.append((person, session, began_by))
        return 1

    async def open_by_provider(
        self, hash_: bytes, account: str, proved_at: datetime, now: datetime, _: bytes | None = None
    ) -> None:
        self.sessions[hash_] = Session(self.accounts[account][0], proved_at, now, proved_at, timedelta())

    async def confirm(
        self, hash_: bytes, account: str, proved_at: datetime, now: datetime, _: bytes | None = None
    ) -> bool:
        found = self.sessions.get(hash_)
        if found is None or found.account.name != account or not found.of_provider:
            return False
        self.sessions[hash_] = replace(found, proved_at=proved_at, seen_at=now, confirmed_ago=timedelta())
        return True

    async def close_session(self, hash_: bytes) -> None:
        self.sessions.pop(hash_, None)


@dataclass
class Figures:
    """Every amount is 7, and 5 in an edition; nought of what lies ahead. Two editions may be asked for."""

    freshness: Freshness = field(default_factory=lambda: Freshness("v", 12, 0, 14, NOW, 2, answers=True))
    away: bool = False
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    together: list[int] = field(default_factory=list)
    """How many questions were asked at once, for each time."""
    editions: dict[date, EditionState] = field(default_factory=dict)
    most_editions: int = 2

    async def report(
        self,
        period: Any,  # noqa: ANN401 - as it comes
        by: Sequence[str] = (),
        numbers: Sequence[str] = (),
        edition: Edition | None = None,
    ) -> FigureReport:
        if self.away:
            raise Retryable
        self.asked.append((str(period), tuple(by), tuple(numbers)))
        if "claimed" in by:  # nobody has stated anything
            return FigureReport((), 12, 0, "v")
        dimensions = dict.fromkeys(by, "<b>cayo</b>")
        today = NOW.date()
        amount = 0 if period.first > today else 7 if edition is None else 5
        found = (Reading(FIGURES[each], period, dimensions, amount, today=today) for each in numbers)
        return FigureReport(tuple(found), 12, 0, "v", today)

    async def reports(self, questions: Sequence[Question], edition: Edition | None = None) -> list[FigureReport]:
        self.together.append(len(questions))
        return [await self.report(each.period, each.by, each.numbers, edition) for each in questions]

    async def protected(self, period: Period, dimension: str, numbers: Sequence[str]) -> ProtectedValues | None:
        """Give a band of the first figure and 5 of the others, of years alone."""
        if len(str(period)) != len("2024"):
            return None
        code, words = "cayo" if dimension else "", ("confidential", "confidencial")
        hidden = [ProtectedValue(each, code, None, "0-4", "[c]", *words) for each in numbers[:1]]
        return ProtectedValues(11, hidden + [ProtectedValue(each, code, 5.0, "5", "", "", "") for each in numbers[1:]])

    async def known(self, day: date) -> EditionState:
        return self.editions.get(day, EditionState(asked=False))

    async def ask_known(self, day: date) -> bool:
        if len(self.editions) >= self.most_editions:
            return False
        self.editions[day] = EditionState(asked=True)
        return True

    async def publishing_grid(self, *_: object) -> PublishingGrid:
        cell = AgencyMonth(Period.parse("2024-01"), 3)
        return PublishingGrid((AgencyRow("bpd", (cell,), 3),), (Lag("bpd", {2: 3}, 0),), 12, 0)

    async def findings(self, *_: object) -> Findings:
        found = (
            Finding(
                FindingCode.CLAIMS_DIFFER,
                FindingSeverity.WARNING,
                FindingState.OPEN,
                (),
                f"en {number}",
                f"es {number}",
            )
            for number in range(3)
        )
        return Findings(tuple(found), 12, 0)


class Charts:
    """Draws nothing."""

    async def svg(self, *_: object) -> str:
        return ""

    async def all(self, _: object, charts: Mapping[str, object]) -> dict[str, str]:
        return dict.fromkeys(charts, "")

    async def in_turn(self, _: object, charts: Mapping[str, object]) -> dict[str, str]:
        return {}


class Passwords:
    """The password of an account is its hash."""

    async def hashed(self, password: str) -> str:
        return password

    async def matches(self, secret: str | None, password: str) -> bool:
        return secret is not None and secret == password


def made_store() -> Store:
    """Two accounts with a session each, and a link that was not used."""
    made = Store({each.name: (each, f"password of {each.name}") for each in (MEL, IAN)}, {token_hash("once"): MEL})
    made.sessions = {token_hash(each.name): Session(each, NOW, NOW) for each in (MEL, IAN)}
    return made


class NothingWaits:
    """No agency has to act on a referral."""

    async def waits_by_agency(self, _: bytes, __: datetime) -> list[AgencyWaits]:
        return []

    async def open_danger_counts(self, _: bytes, __: datetime) -> list[DangerCount]:
        return []


def made_parts(store: Any, figures: Any, officers: Any = None) -> Parts:  # noqa: ANN401 - test doubles
    numbers = itertools.count()
    passwords: Any = Passwords()
    charts: Any = Charts()
    waiting: Any = officers or NothingWaits()
    return Parts(
        figures,
        charts,
        store,
        waiting,
        IntakeClient(None),
        passwords,
        StoppedClock(NOW),
        lambda: f"token {next(numbers)}",
        secure=False,
    )


def client(parts: Parts, who: str | None = None, **headers: str) -> httpx2.AsyncClient:
    cookies = {} if who is None else {parts.cookie: who}
    transport = httpx2.ASGITransport(application(parts), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=BASE, cookies=cookies, headers=headers)
