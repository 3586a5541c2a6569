"""Referrals told of by their senders and receivers, mostly as they go; and what our services decide of them."""

from collections.abc import Mapping
from typing import Final

from schemas.agencies import agency_of
from schemas.governance import finding_of
from schemas.ids import Kind
from tests.support.generator.drawn_fields import data_of, reference
from tests.support.generator.recurring_entities import Cast, Fields, Sent, envelope
from tests.support.generator.rules import GIVEN

_SENDERS: Final = ("bpd", "dhs", "immigration", "labour", "iom", "hti")
_RECEIVERS: Final = ("dhs", "hti", "iom", "cdf", "mohw", "tip_care_unit")
_MOVES: Final[Mapping[str, int]] = {
    "received": 10, "accepted": 34, "rejected": 10, "started": 10, "put_on_hold": 4, "resumed": 4, "completed": 16,
    "failed": 5, "handed_back": 9, "referred_onward": 9, "cancelled": 8, "entered_in_error": 2,
}  # fmt: skip
"""How often each move is made; of what it leads to, none is sure to follow."""
_DRAWN: Final = tuple(name for name, share in _MOVES.items() for _ in range(share))
_OF_THE_SENDER: Final = frozenset({"cancelled", "entered_in_error"})
_REACH: Final = 40
"""Of so many referrals moves are told at a time."""


def _said(cast: Cast, name: str, **more: object) -> Fields:
    found: Fields = data_of(f"bz.atips.referral.{name}.v1")(cast) | more
    return {each: value for each, value in found.items() if value is not None}


def sent(cast: Cast) -> Fields:
    """Somebody is referred, one time in three anew after another attempt; now and then it is told once more."""
    known = cast.referrals
    if known and cast.chance(0.1):
        each = _recent(cast)
        return _told(cast, each, "sent", each.sender, each.service_types)
    before = _recent(cast) if known and cast.chance(0.35) else None
    each = Sent(
        person=before.person if before else cast.victim(),
        referral=cast.mint(Kind.REFERRAL),
        need=before.need if before else cast.mint(Kind.NEED),
        sender=before.receiver if before and cast.chance(0.4) else cast.one(_SENDERS),
        receiver=cast.one(_RECEIVERS),
    )
    each.sender = agency_of(each.sender)
    event = _told(cast, each, "sent", each.sender)
    if cast.chance(0.6):
        event["data"]["service_types"] = [cast.one(GIVEN)]
    each.service_types = event["data"].get("service_types", [])
    if before is not None and cast.chance(0.7):
        event["data"]["previous_referral"] = before.referral
    if before is None or cast.chance(0.5):
        event["data"]["need"] = each.need
    known.append(each)
    del known[:-_REACH]
    return event


def _recent(cast: Cast) -> Sent:
    return cast.referrals[int(cast.dice.random() * len(cast.referrals))]


def moved(cast: Cast) -> Fields:
    """A move, mostly by who may make it."""
    if not cast.referrals:
        return sent(cast)
    each, name = _recent(cast), cast.one(_DRAWN)
    maker = each.sender if name in _OF_THE_SENDER else each.receiver
    if name not in _OF_THE_SENDER and cast.chance(0.15):
        maker = cast.one(_RECEIVERS)
    event = _told(cast, each, name, agency_of(maker))
    if name == "referred_onward" and cast.chance(0.5):
        event["data"]["next_referral"] = _recent(cast).referral
    each.moves.append(f"{event['source']}/{event['id']}")
    return event


def _told(cast: Cast, each: Sent, name: str, agency: str, service_types: list[str] | None = None) -> Fields:
    data = _said(cast, name, person=each.person, referral=each.referral)
    data = {name: value for name, value in data.items() if name not in {"need", "previous_referral", "next_referral"}}
    if name in _OF_THE_SENDER or name == "sent":
        data["from_agency"] = agency
    if name == "sent":
        data["to_agency"] = each.receiver
        if service_types is not None:
            data["service_types"] = service_types
    event = envelope(cast, f"referral.{name}", agency, each.person, data)
    if cast.chance(0.8):
        _at_once(cast, each, event)
    return event


def _at_once(cast: Cast, each: Sent, event: Fields) -> None:
    """Some hours, or days, after what was told before."""
    if not each.day:
        each.day, each.minute = 1 + int(cast.dice.random() * 440), int(cast.dice.random() * 1440)
    else:
        later = each.minute + int(cast.dice.random() * (600 if cast.chance(0.4) else 9_000))
        each.day, each.minute = min(each.day + later // 1440, 470), later % 1440
    for name in ("occurredprecision", "occurredto"):
        event.pop(name, None)
    event["time"] = cast.instant(each.day, each.minute)


def decided(cast: Cast) -> Fields:
    """Return a decision of the referral service: a holder, informed agencies, or a move without effect."""
    if not cast.referrals:
        return sent(cast)
    each, name = (
        _recent(cast),
        cast.one(("assigned", "assigned", "escalated", "escalated", "move_refused", "move_refused")),
    )
    data = _said(cast, name, person=each.person, referral=each.referral)
    if name == "assigned":
        data["holder"] = cast.one(_RECEIVERS)
        data["standing"] = [cast.one(each.moves)] if each.moves else []
    if name == "escalated":
        data |= {"due_at": cast.instant(each.day, each.minute), "reason": cast.one(_LATE)}
    if name == "move_refused":
        data["move"] = cast.one(each.moves) if each.moves else reference(cast)
    return _by_service(cast, f"referral.{name}", "referral", each.person, data)


def found(cast: Cast) -> Fields:
    """Return a finding of our services, or a note of a look at a record."""
    name = cast.one(("finding.opened", "finding.closed", "access.viewed", "consent.sight_changed"))
    service = "referral" if name.startswith("consent.") else cast.one(("case_tracker", "reporting"))
    data = data_of(f"bz.atips.{name}.v1")(cast)
    subject = next(data[each] for each in ("finding", "view", "person") if each in data)
    return _by_service(cast, name, service, subject, data)


def kept(cast: Cast) -> Fields:
    """Return a finding of the referral service: a move waits for an earlier one, or no longer does."""
    each = _recent(cast) if cast.referrals else None
    if each is None or not each.moves:
        return moved(cast)
    name, move = cast.one(("finding.opened", "finding.opened", "finding.closed")), cast.one(each.moves[-2:])
    data: Fields = data_of(f"bz.atips.{name}.v1")(cast)
    data |= {"finding": finding_of(_WAITS, each.person, move), "names": [each.person]}
    if name == "finding.opened":
        data |= {"code": _WAITS, "records": [move]}
    return _by_service(cast, name, "referral", data["finding"], data)


def _by_service(cast: Cast, name: str, service: str, subject: str, data: Fields) -> Fields:
    event = envelope(cast, name, service, subject, data)
    event["source"] = f"{service}/service"
    event.pop("sourcerecord", None)
    return event


_LATE: Final = ("not_answered",) * 4 + ("not_started", "on_hold_too_long")
_WAITS: Final = "move_without_predecessor"
_SHARES: Final = (sent,) * 4 + (moved,) * 16 + (decided,) * 2 + (found, kept, kept)


def fact(cast: Cast) -> Fields:
    """Something about a referral, or that services of ours say."""
    return _SHARES[int(cast.dice.random() * len(_SHARES))](cast)


OF_SERVICES: Final = frozenset(
    f"bz.atips.{name}.v1"
    for name in (
        "referral.assigned", "referral.escalated", "referral.move_refused", "finding.opened", "finding.closed",
        "access.viewed", "consent.sight_changed",
    )
)  # fmt: skip
"""Types that our services state, and nobody corrects. Intake alone speaks of keys and of the vault."""

TYPES: Final = OF_SERVICES | {f"bz.atips.referral.{name}.v1" for name in (*_MOVES, "sent")}
