"""Pages of the referrals of an officer's agency: the list, one referral, its moves, and acknowledgements of consent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from schemas.codebook.code import Code
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import CancelReason, HoldReason, ReferralRejectReason, UnfinishedReason
from schemas.ids import Kind, is_id
from services.presentation.messages_to_agencies import SECOND, Delivery
from services.referral.domain.move_table import MOVES, MoveMaker
from services.referral.domain.policy import Policy
from services.web.api.dependencies import Parts, check_form_origin, language, own_session, parts, session
from services.web.api.figure_question import NoPage
from services.web.api.officer.code_labels import code_text, cut, is_of, labels
from services.web.api.officer.form_events import Outcome, publish_form_event
from services.web.api.officer.inbox import delivered
from services.web.api.page import moment
from services.web.api.page import page as rendered
from services.web.domain.account_rules import Account, Session
from services.web.domain.roles import Part, may_open
from services.web.officer_rows import SeenReferral
from services.web.worklist import ACKNOWLEDGEMENT, Item, worklist

_REASONS: Final[Mapping[str, type[Code]]] = MappingProxyType(
    {
        "rejected": ReferralRejectReason,
        "put_on_hold": HoldReason,
        "failed": UnfinishedReason,
        "handed_back": UnfinishedReason,
        "referred_onward": UnfinishedReason,
        "cancelled": CancelReason,
    }
)
"""Moves that have a reason, each with its code list."""
_NO_REASONS: Final = frozenset({"unknown", "not_asked"})

MOVES_OF_PAGES: Final = (
    *("accepted", "rejected", "received", "started", "completed", "handed_back", "referred_onward"),
    *("put_on_hold", "resumed", "failed", "cancelled", "entered_in_error"),
)
"""Moves in the order in which the page offers them."""

_MOST: Final = 50
"""Largest number of referrals on one page of the list."""
_OFFERS: Final = frozenset({"to_take", "on_call"})
"""Kinds of messages that offer a referral to an agency to which it was not sent."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that the agency may make now. `reasons`: codes from which the form lets it choose."""

    move: str
    reasons: Sequence[Code] = ()


async def listed(request: Request, found: Annotated[Session, Depends(session)], page: str | None = None) -> Response:
    """List the referrals that the agency sent, received or holds, and those of which it made a move."""
    needed, own = parts(request), own_session(request)
    every = await needed.officers.referrals(own)
    rows, at, last = cut(every, page, _MOST)
    return rendered(
        request,
        "referrals.html",
        found,
        referrals=rows,
        total=len(every),
        at=at,
        last=last,
        waits={each.wait.about: each for each in reversed(await _items(needed, own, found.account))},
        **labels(request),
    )


async def one(request: Request, found: Annotated[Session, Depends(session)], referral: str) -> Response:
    """Show a referral, what waits for it, and the moves that the agency may make."""
    return await _shown(request, found, referral, None)


async def move(  # noqa: PLR0917 - fields of the form
    request: Request,
    found: Annotated[Session, Depends(session)],
    referral: str,
    move: Annotated[str, Form(max_length=40)],
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
    reason: Annotated[str, Form(max_length=60)] = "",
    next_referral: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Publish a move as an event of the agency, and show the receipt and the referral service's decision.

    Raises `NoPage` if the pages have no such move, or the agency may not know the referral's person.
    """
    check_form_origin(request, form_token)
    needed, own = parts(request), own_session(request)
    person = await _person(needed, own, found.account, referral)
    if move not in MOVES_OF_PAGES or person is None:
        raise NoPage
    data: dict[str, Any] = {"person": person, "referral": referral}
    if move in _REASONS:
        data["reason"] = reason or None
    if move == "referred_onward":
        data["next_referral"] = next_referral.strip() or None
    if MOVES[f"bz.atips.referral.{move}.v1"].who is MoveMaker.SENDER:
        data["from_agency"] = await _sender(needed, own, referral)
    outcome = await publish_form_event(
        needed, found.account, form, f"referral.{move}", data, subject=person, referral=referral
    )
    return await _shown(request, found, referral, outcome)


async def acknowledge(
    request: Request,
    found: Annotated[Session, Depends(session)],
    which: Annotated[str, Form(max_length=120)],
    form: Annotated[str, Form(max_length=100)],
    form_token: Annotated[str, Form(max_length=100)],
) -> Response:
    """Publish the agency's acknowledgement of a withdrawal of consent about which it was notified.

    `which`: the withdrawal, as source/id. Raises `NoPage` if the agency was not notified of it.
    """
    check_form_origin(request, form_token)
    needed, own = parts(request), own_session(request)
    items = await _items(needed, own, found.account)
    waiting = [each.wait for each in items if each.mine and each.wait.kind == ACKNOWLEDGEMENT]
    wait = next((each for each in waiting if each.about == which), None)
    person = wait.person if wait is not None else await _person_of_message(needed, found.account, which)
    if person is None:
        raise NoPage
    data = {"person": person, "consent": which}
    outcome = await publish_form_event(needed, found.account, form, "consent.acknowledged", data, subject=person)
    return rendered(
        request,
        "acknowledged.html",
        found,
        status=_status(outcome),
        look_again=Part.INBOX.address,
        which=which,
        outcome=outcome,
        **labels(request),
    )


async def nothing_sent(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Say that the key Enter sent nothing: it chooses the first button of an officer's form, which leads here."""
    check_form_origin(request)
    return rendered(request, "nothing_sent.html", found)


async def matrix(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show what each agency must do about referrals, and the numbers of referrals between agencies, by state.

    The operations committee and auditors see the number of open dangers by kind, too. Officers have those of their
    agency in the inbox.
    """
    needed, own = parts(request), own_session(request)
    counts_dangers = not may_open(found.account.role, Part.INBOX)
    dangers = await needed.officers.open_danger_counts(own, needed.now()) if counts_dangers else None
    waits = await needed.officers.waits_by_agency(own, needed.now())
    pairs = await needed.officers.counts(own, needed.now())
    return rendered(
        request,
        "matrix.html",
        found,
        dangers=dangers,
        waits=waits,
        pairs={(each.sender, each.receiver): each for each in pairs},
        senders=sorted({each.sender for each in pairs}),
        receivers=sorted({each.receiver for each in pairs}),
        counts=pairs,
        **labels(request),
    )


def offers(seen: SeenReferral, agency: str, policy: Policy) -> Iterator[Offer]:
    """Yield the moves that an agency may make of a referral as it stands."""
    for each in MOVES_OF_PAGES:
        rule = MOVES[f"bz.atips.referral.{each}.v1"]
        if seen.state in {origin.value for origin in rule.origins} and _may(rule.who, seen, agency, policy):
            yield Offer(each, _reasons(each))


def _reasons(move: str) -> Sequence[Code]:
    """Return the reasons that the form of a move offers, without "unknown" and "not asked"."""
    return [each for each in _REASONS.get(move, ()) if each.value not in _NO_REASONS]


def _may(who: MoveMaker, seen: SeenReferral, agency: str, policy: Policy) -> bool:
    match who:
        case MoveMaker.SENDER:
            return is_of(seen.sender, agency)
        case MoveMaker.ADDRESSEE:
            return is_of(seen.receiver, agency)
        case MoveMaker.INVITED:
            asked = tuple(each for each in ServiceType if each.value in seen.service_types)
            return is_of(seen.receiver, agency) or any(is_of(each, agency) for each in policy.invited(asked))
        case MoveMaker.HOLDER:
            return is_of(seen.holder, agency)


async def _shown(request: Request, found: Session, referral: str, outcome: Outcome | None) -> Response:
    needed, own, account = parts(request), own_session(request), found.account
    seen = await _seen(needed, own, referral)
    offered = [] if seen is not None and seen.sender is not None else await _offered(needed, account, referral)
    if seen is None and not offered:
        raise NoPage
    moves = [] if seen is None else list(offers(seen, account.agency, needed.policy))
    if offered and (seen is None or seen.holder is None):
        moves = [Offer("accepted")] if _may_take(offered) else []
    waits = [each for each in await _items(needed, own, account) if each.wait.about == referral]
    return rendered(
        request,
        "referral.html",
        found,
        status=_status(outcome),
        referral=referral,
        seen=seen,
        services=""
        if seen is None
        else ", ".join(code_text(language(request).value, "service", each) for each in seen.service_types),
        waits=waits,
        over=bool(offered) and all(each.over for each in offered),
        offers=moves if needed.door.has_key_of(account.agency) else [],
        acts=needed.door.has_key_of(account.agency),
        ended=seen is not None and seen.state is not None and not _goes_on(seen.state),
        outcome=outcome,
        form=needed.token(),
        moment_text=lambda text: moment(datetime.fromisoformat(text)),
        **labels(request),
    )


def _goes_on(state: str) -> bool:
    return any(state == origin.value for rule in MOVES.values() for origin in rule.origins)


def _status(outcome: Outcome | None) -> int:
    """Return the page's HTTP status: 200, 409 for a refused move, 503 without intake's answer."""
    if outcome is None or outcome.good or (outcome.decision is not None and outcome.decision.effect != "refused"):
        return 200
    return 503 if outcome.problem == "not_confirmed" else 409


async def _seen(needed: Parts, own: bytes, referral: str) -> SeenReferral | None:
    if not is_id(referral, Kind.REFERRAL):
        raise NoPage
    rows = await needed.officers.referrals(own, referral)
    return next((each for each in rows if each.state is not None), rows[0] if rows else None)


async def _offered(needed: Parts, account: Account, referral: str) -> list[Delivery]:
    """Return the messages that offer the agency a referral to which it is no party."""
    messages, _ = await delivered(needed, account)
    return [each for each in messages if each.kind in _OFFERS and each.data.get("referral") == referral]


def _may_take(offered: Iterable[Delivery]) -> bool:
    """Whether an open offer lets the agency accept. An agency on call may only if it is offered as the second one."""
    return any(not each.over and (each.kind == "to_take" or each.data.get("reason") == SECOND) for each in offered)


async def _person(needed: Parts, own: bytes, account: Account, referral: str) -> str | None:
    """Return the referral's person, from the database or an offer; None if the agency may not know the person."""
    seen = await _seen(needed, own, referral)
    if seen is not None and seen.person is not None:
        return seen.person
    told = (each.data.get("person") for each in await _offered(needed, account, referral))
    return next((str(each) for each in told if each), None)


async def _person_of_message(needed: Parts, account: Account, event: str) -> str | None:
    messages, _ = await delivered(needed, account)
    told = (each for each in messages if each.kind == "consent_withdrawn" and each.data.get("event") == event)
    return next((str(each.data["person"]) for each in told if each.data.get("person")), None)


async def _sender(needed: Parts, own: bytes, referral: str) -> str | None:
    seen = await _seen(needed, own, referral)
    return None if seen is None else seen.sender


async def _items(needed: Parts, own: bytes, account: Account) -> list[Item]:
    now = needed.now()
    working = needed.policy.working_hours.working_time
    return worklist(await needed.officers.waits(own, now), account.agency, now, working)
