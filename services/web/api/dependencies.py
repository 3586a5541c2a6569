"""Dependencies of the routes: shared parts of the process, session, rights, form tokens and language of a request."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from schemas.times import BELIZE
from services.charts.drawn_charts import Charts
from services.referral.domain.policy import Policy
from services.referral.settings import policy_of
from services.reporting.council_input_tables import plan
from services.reporting.domain.read.strategy_plan import StrategyPlan
from services.reporting.read.exact_look_log import exact_look
from services.runtime.clock import Clock
from services.runtime.http_server import mark_trusted
from services.runtime.token_bucket import RateLimit
from services.web.account_concurrent_request_limit import STREAMS, AccountRequestLimit
from services.web.api.request_bounds import TURN, FormLimits
from services.web.api.route import Amounts, Route
from services.web.cached_figures import Figures
from services.web.domain.account_rules import ABSOLUTE, Attempts, Session, token_hash
from services.web.domain.page_texts import Language
from services.web.domain.roles import PARTS, Part, may_open, visible_figures
from services.web.identity_provider import Provider
from services.web.intake_client import IntakeClient
from services.web.officer_data import Officers
from services.web.passwords import Passwords
from services.web.report_jobs import Reports
from services.web.state_of_services import Operations
from services.web.store import Store
from services.web.uploads_in_memory import UploadLimits, Uploads

DATA: Final = "/v1/"
"""Path prefix of the data routes."""
LIVE: Final = "/live"
"""Path of the stream of the figures' freshness."""
PAST_DAYS: Final = 20
"""Past days of which one account may have the figures computed in a day. All accounts have 200 in 90 days."""


def _past_days() -> RateLimit:
    return RateLimit(per_second=PAST_DAYS / 86_400, burst=PAST_DAYS)


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the routes need of the process.

    `secure`: served over TLS. `token`: returns a new token with 256 random bits. `door`: client of intake.
    """

    figures: Figures
    charts: Charts
    store: Store
    officers: Officers
    door: IntakeClient
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
    turns: AccountRequestLimit = field(default_factory=AccountRequestLimit)
    streams: AccountRequestLimit = field(default_factory=lambda: AccountRequestLimit(STREAMS, 0))
    forms: FormLimits = field(default_factory=FormLimits)
    past_days: RateLimit = field(default_factory=_past_days)
    reports: Reports = field(init=False)

    def __post_init__(self) -> None:
        """Create `reports` from the figures and charts."""
        object.__setattr__(self, "reports", Reports(self.figures, self.charts))

    @property
    def cookie(self) -> str:
        """Name of the session's cookie. Browsers accept the prefix `__Host-` over TLS only."""
        return "__Host-atips_session" if self.secure else "atips_window_session"

    @property
    def provider_sign_in_cookie(self) -> str:
        """Name of the cookie that holds the state of a sign-in while a person is at the identity provider."""
        return "__Host-atips_started" if self.secure else "atips_window_started"

    @property
    def language_cookie(self) -> str:
        """Name of the cookie with the language that a person chose."""
        return "__Host-atips_language" if self.secure else "atips_language"

    def keep_session(self, response: Response, token: str) -> None:
        """Set the session's cookie on the response."""
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
        """Return the present time of the pages' clock."""
        return self.clock.now()

    def today(self) -> date:
        """Return the present day in Belize."""
        return self.clock.now().astimezone(BELIZE).date()


class NotSignedIn(Exception):
    """The request has no valid session or token."""


class NotConfirmed(Exception):
    """The identity provider must first confirm that the session's person may still enter."""


class NotAllowed(Exception):
    """The account's role or agency may not open this route, see this figure, or send this form (403)."""


class NotExact(Exception):
    """The token may not read exact amounts, and the request has no protected ones to give instead."""


class FirstPageElsewhere(Exception):
    """The home page was requested by a role whose first page is another one, at `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class NotFromHere(Exception):
    """A form came from another site, or from a page of another session."""


def parts(request: Request) -> Parts:
    """Return the parts of the application that serves the request."""
    found: Parts = request.app.state.parts
    return found


async def session(request: Request) -> Session:
    """Return the session of a request, after waiting until its account may run one more request.

    It is found by the cookie, or for data routes by a token in the header `Authorization`. Raises `NotSignedIn` without
    a valid session or token, and `NotConfirmed` if a page needs the provider's confirmation first. Raises
    `TooManyAtOnce` if too many requests of the account wait.
    """
    needed, token = parts(request), _token(request)
    of_program = request.headers.get("authorization") is not None and request.url.path.startswith(DATA)
    is_stream = request.url.path == LIVE
    if token is None:
        raise NotSignedIn
    # A page that is left open opens its stream again and again: that is no use of the session.
    known = needed.store.token if of_program else needed.store.peek_session if is_stream else needed.store.session
    found = await known(token_hash(token), needed.now())
    if found is None:
        raise NotSignedIn
    if found.to_confirm and needed.provider is not None and _opens_a_page(request):
        raise NotConfirmed
    request.state.session = found
    mark_trusted(request.scope)
    limit = needed.streams if is_stream else needed.turns  # a stream lasts long and needs little of the database
    await limit.take(found.account.name)
    request.scope[TURN] = partial(limit.give_back, found.account.name)
    return found


def _opens_a_page(request: Request) -> bool:
    """Whether a browser opens a page, so that it can be redirected to the provider and back."""
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return request.method == "GET" and mode == "navigate" and not request.url.path.startswith((DATA, LIVE))


def own_session(request: Request) -> bytes:
    """Return the hash of the request's token, by which the database finds the account."""
    return token_hash(_token(request) or "")


def _token(request: Request) -> str | None:
    """Return the token of the header `Authorization`, for data routes, else that of the cookie; None without one."""
    header = request.headers.get("authorization")
    if header is not None and request.url.path.startswith(DATA):
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    return request.cookies.get(parts(request).cookie)


def role_check_of(route: Route) -> Callable[..., Awaitable[None]]:
    """Return the dependency that checks that the session's role may open a route, and logs a look at exact amounts.

    It raises `NotSignedIn`, `NotAllowed`, `NotExact`, and `FirstPageElsewhere` if the role may not open the home page.
    """

    async def allowed(request: Request, found: Annotated[Session, Depends(session)]) -> None:
        allowed_in = {each for each in (route.part, route.also) if each is not None}
        if allowed_in and not any(may_open(found.account.role, each) for each in allowed_in):
            if route.part is Part.HOME:  # every error page links to the home page
                raise FirstPageElsewhere(PARTS[found.account.role][0].address)
            raise NotAllowed
        if route.amounts is not Amounts.NONE and (route.part is None or may_open(found.account.role, route.part)):
            await _note_exact(request, found, route)

    return allowed


def reads_exact(found: Session) -> bool:
    """Whether a session or token may read exact amounts. Roles that see no figures read none."""
    return found.exact and bool(visible_figures(found.account.role))


async def _note_exact(request: Request, found: Session, route: Route) -> None:
    """Log the account's request for exact amounts. Raises `NotExact`, and `NotSignedIn` if the session is unknown."""
    if not reads_exact(found):
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
    """Return the token that proves that a form came from our page (against CSRF); empty without a session.

    It is derived from the session's cookie.
    """
    token = request.cookies.get(parts(request).cookie)
    return "" if token is None else hmac.digest(token.encode(), b"form", "sha256").hex()


def check_form_origin(request: Request, given: str | None = None) -> None:
    """Raise `NotFromHere` unless a form was sent from these pages.

    The browser's headers `Sec-Fetch-Site` or `Origin` are checked, and the form token `given`; None checks the headers
    only.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    same = site == "same-origin" if site is not None else origin == f"{request.url.scheme}://{request.url.netloc}"
    if not same or (given is not None and not hmac.compare_digest(given.encode(), form_token(request).encode())):
        raise NotFromHere


def language(request: Request) -> Language:
    """Return the language of the parameter `lang`, else of the cookie, else of the browser, else English."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(parts(request).language_cookie)):
        if chosen in tuple(Language):
            return Language(chosen)
    wanted = request.headers.get("accept-language", "").lower()
    spanish, english = wanted.find("es"), wanted.find("en")
    return Language.ES if spanish >= 0 and (english < 0 or spanish < english) else Language.EN
