"""Parts that every route uses, and the person who asks."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from schemas.times import BELIZE
from services.charts.process import Charts
from services.referral.domain.policy import Policy
from services.referral.settings import policy_of
from services.reporting.council_tables import plan
from services.reporting.domain.read.plan import StrategyPlan
from services.reporting.read.exact_look import exact_look
from services.runtime.clock import Clock
from services.runtime.http import trust
from services.web.account_turns import AccountTurns
from services.web.api.request_bounds import TURN, FormLimits
from services.web.api.route import Amounts, Route
from services.web.domain.account import ABSOLUTE, Attempts, Session, token_hash
from services.web.domain.roles import PARTS, Part, opens
from services.web.domain.words import Language
from services.web.figures import Figures
from services.web.identity_provider import Provider
from services.web.intake_client import Door
from services.web.officer_data import Officers
from services.web.operations import Operations
from services.web.passwords import Passwords
from services.web.reports import Reports
from services.web.store import Store
from services.web.uploads import UploadLimits, Uploads

DATA: Final = "/v1/"
"""Begin of the addresses of data."""
LIVE: Final = "/live"


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the routes need. `secure`: served over TLS. `token`: makes tokens with 256 random bits."""

    figures: Figures
    charts: Charts
    store: Store
    officers: Officers
    door: Door
    passwords: Passwords
    clock: Clock
    token: Callable[[], str]
    secure: bool
    attempts: Attempts = field(default_factory=Attempts)
    policy: Policy = field(default_factory=policy_of)
    plan: StrategyPlan = field(default_factory=plan)
    operations: Operations | None = None
    provider: Provider | None = None
    uploads: Uploads = field(default_factory=lambda: Uploads(UploadLimits()))
    turns: AccountTurns = field(default_factory=AccountTurns)
    forms: FormLimits = field(default_factory=FormLimits)
    reports: Reports = field(init=False)

    def __post_init__(self) -> None:
        """Make reports of the same figures and charts."""
        object.__setattr__(self, "reports", Reports(self.figures, self.charts))

    @property
    def cookie(self) -> str:
        """Name of the session's cookie. Browsers accept the prefix over TLS alone."""
        return "__Host-atips_session" if self.secure else "atips_window_session"

    @property
    def started_cookie(self) -> str:
        """Name of the cookie that lives while a person is at the provider."""
        return "__Host-atips_started" if self.secure else "atips_window_started"

    @property
    def language_cookie(self) -> str:
        """Name of the cookie that keeps the language a person chose."""
        return "__Host-atips_language" if self.secure else "atips_language"

    def keep_session(self, response: Response, token: str) -> None:
        """Have the browser keep the token of a session that was opened."""
        response.set_cookie(
            self.cookie,
            token,
            max_age=int(ABSOLUTE.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def now(self) -> datetime:
        """Give the time."""
        return self.clock.now()

    def today(self) -> date:
        """Give the day in Belize."""
        return self.clock.now().astimezone(BELIZE).date()


class NotSignedIn(Exception):
    """The request has no session that goes on."""


class NotConfirmed(Exception):
    """The provider must first say whether the person of the session may still enter."""


class NotAllowed(Exception):
    """The role of the account may not have what was asked for."""


class NotExact(Exception):
    """The token may not read exact amounts, and there are no others of what was asked for."""


class FirstPageElsewhere(Exception):
    """The role has another first page than the year: `address` is its own."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class NotFromHere(Exception):
    """A form was sent from another site, or from a page of another session."""


def parts(request: Request) -> Parts:
    """Give the parts of the application."""
    found: Parts = request.app.state.parts
    return found


async def session(request: Request) -> Session:
    """Give the session of a request, when it is its account's turn; data take a token in the header too.

    Raises `NotSignedIn`, `NotConfirmed`, `TooManyAtOnce`.
    """
    needed, token = parts(request), _token(request)
    of_program = request.headers.get("authorization") is not None and request.url.path.startswith(DATA)
    if token is None:
        raise NotSignedIn
    known = needed.store.token if of_program else needed.store.session
    found = await known(token_hash(token), needed.now())
    if found is None:
        raise NotSignedIn
    if found.to_confirm and needed.provider is not None and _opens_a_page(request):
        raise NotConfirmed
    request.state.session = found
    trust(request.scope)
    if request.url.path != LIVE:  # a stream goes on for hours, and asks for nothing
        await needed.turns.take(found.account.name)
        request.scope[TURN] = found.account.name
    return found


def _opens_a_page(request: Request) -> bool:
    """Whether a browser opens a page, and so follows the way to the provider and back."""
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return request.method == "GET" and mode == "navigate" and not request.url.path.startswith((DATA, LIVE))


def own_session(request: Request) -> bytes:
    """Give the hash of the token that `session` read: the database finds the account by it."""
    return token_hash(_token(request) or "")


def _token(request: Request) -> str | None:
    """Give the token in the header, for data, else that of the cookie; None without one."""
    header = request.headers.get("authorization")
    if header is not None and request.url.path.startswith(DATA):
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    return request.cookies.get(parts(request).cookie)


def within(route: Route) -> Callable[..., Awaitable[None]]:
    """Give the dependency that lets in sessions whose role may open a route, and notes a look at exact amounts.

    It raises `NotSignedIn`, `NotAllowed` and `NotExact`, and `FirstPageElsewhere` where the first page is asked for.
    """

    async def allowed(request: Request, found: Annotated[Session, Depends(session)]) -> None:
        allowed_in = {each for each in (route.part, route.also) if each is not None}
        if allowed_in and not any(opens(found.account.role, each) for each in allowed_in):
            if route.part is Part.HOME:  # to which every page that says no leads
                raise FirstPageElsewhere(PARTS[found.account.role][0].address)
            raise NotAllowed
        if route.amounts is not Amounts.NONE and (route.part is None or opens(found.account.role, route.part)):
            await _note_exact(request, found, route)

    return allowed


async def _note_exact(request: Request, found: Session, route: Route) -> None:
    """Note who asks for which exact amounts. Raises `NotExact`, and `NotSignedIn` where the database knows nobody."""
    if not found.exact:
        if route.amounts is Amounts.BY_RIGHT:
            return
        raise NotExact
    named, asked = request.path_params, request.query_params
    moment = " ".join(f"{name} {asked[name]}" for name in ("as_of", "known_at") if asked.get(name))
    look = exact_look(
        route.path,
        [named["number"]] if "number" in named else (),
        named.get("year") or asked.get("period"),
        [asked.get("by", "")],
        moment,
    )
    if not await parts(request).store.note_exact(own_session(request), look):
        raise NotSignedIn


def form_token(request: Request) -> str:
    """Give the token that forms of this session carry; empty before there is a session."""
    token = request.cookies.get(parts(request).cookie)
    return "" if token is None else hmac.digest(token.encode(), b"form", "sha256").hex()


def from_here(request: Request, given: str | None = None) -> None:
    """Refuse a form of another site. Browsers say where it comes from; within a session it carries a token too.

    Raises `NotFromHere`.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    same = site == "same-origin" if site is not None else origin == f"{request.url.scheme}://{request.url.netloc}"
    if not same or (given is not None and not hmac.compare_digest(given, form_token(request))):
        raise NotFromHere


def language(request: Request) -> Language:
    """Give the language that was chosen, else the browser's, else English."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(parts(request).language_cookie)):
        if chosen in tuple(Language):
            return Language(chosen)
    wanted = request.headers.get("accept-language", "").lower()
    spanish, english = wanted.find("es"), wanted.find("en")
    return Language.ES if spanish >= 0 and (english < 0 or spanish < english) else Language.EN
