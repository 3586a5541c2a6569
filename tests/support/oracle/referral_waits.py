"""Waits of a person's referrals, read slowly from the sentences of the Council's policy, event by event.

It knows events in the order in which they happened, each accepted when it happened, later corrections of their content
(`changes`: the place of the changed event), and the cases that keep their makers out then (`kept`). For each referral
it keeps a state, a holder and early moves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

BELIZE: Final = timezone(timedelta(hours=-6))
LONG_AGO: Final = datetime(1, 1, 2, tzinfo=BELIZE)
MINUTE: Final = timedelta(minutes=1)

# Who may make a move, from which states, and to which it leads: the table of the catalogue, section 4.
TABLE: Final[Mapping[str, tuple[str, tuple[str, ...], str]]] = {
    "received": ("addressee", ("sent",), "received"),
    "accepted": ("invited", ("sent", "received"), "accepted"),
    "rejected": ("addressee", ("sent", "received"), "rejected"),
    "cancelled": ("sender", ("sent", "received"), "cancelled"),
    "entered_in_error": ("sender", ("sent", "received"), "error"),
    "started": ("holder", ("accepted",), "in_progress"),
    "put_on_hold": ("holder", ("accepted", "in_progress"), "on_hold"),
    "resumed": ("holder", ("on_hold",), "in_progress"),
    "completed": ("holder", ("accepted", "in_progress", "on_hold"), "completed"),
    "failed": ("holder", ("accepted", "in_progress", "on_hold"), "failed"),
    "handed_back": ("holder", ("accepted", "in_progress", "on_hold"), "handed_back"),
    "referred_onward": ("holder", ("accepted", "in_progress", "on_hold"), "onward"),
}
STILL_OPEN: Final = ("sent", "received", "accepted", "in_progress", "on_hold")
HOLDER_COULD_NOT: Final = ("no_capacity", "out_of_mandate", "other_service_needed", "conflict_of_interest", "safety")
PERSON_SAID_NO: Final = ("person_declined", "consent_withdrawn")

Event = Mapping[str, Any]
Wait = tuple[str, str, str, datetime]
"""A wait: its kind, the agency that must act, the referral, and the deadline."""


@dataclass
class Terms:
    """The numbers of the policy, as the file has them."""

    limits: Mapping[str, Mapping[str, Mapping[str, int]]]
    """By answer, start, hold and silence: by urgency hours or working days."""
    seconds: Mapping[str, Sequence[str]]
    """By service type, who else may accept."""
    purposes: Mapping[str, str]
    opens: tuple[str, int]
    """To whom an identified person is referred, and within how many hours."""
    missing_move_hours: int
    holidays: frozenset[date]


@dataclass
class Referral:
    """One referral as it stands."""

    id: str
    asked: Event
    invited: frozenset[str] = frozenset()
    """Agencies that may accept: the addressee and those of the policy, unless the person had refused them by then."""
    state: str = "sent"
    holder: str | None = None
    since: datetime = LONG_AGO
    last: Event = field(default_factory=dict)
    early: list[Event] = field(default_factory=list)
    was_refused: bool = False
    """Whether the person had refused the addressee when it was judged. Such referrals are not followed further."""
    closed: bool = False
    """Whether its case kept the addressee out when it was judged."""
    strange: list[Event] = field(default_factory=list)
    """Moves of agencies that were never told of it: they wait like moves of an id that nobody sent."""


def waits(events: Sequence[Event], terms: Terms) -> set[Wait]:
    """Give everything that is waited for after these events.

    A deadline that had passed when something was corrected stays, if the wait still runs since the same event.
    """
    missed: dict[tuple[str, str, int], list[datetime]] = {}
    for at, change in enumerate(events):
        if "changes" in change:
            taken_back = [each for each in events[at:] if each["type"] == "retracted" and each["changes"] < at]
            for (kind, _, about, due), since in _waits([*events[:at], *taken_back], terms):
                if due <= change["at"] and kind != "missing_move":
                    missed.setdefault((kind, about, since), []).append(due)
            for about, since, due in _answers_due(events[:at], terms):
                if due <= change["at"]:
                    missed.setdefault(("answer", about, since), []).append(due)
    # Whoever may take it too is told of the answer's deadline, also who is asked only since the correction. A sender
    # whose referral went to nobody has the same time to refer again.
    as_missed = {"second": ("answer",), "next_attempt": ("next_attempt", "answer")}
    found = {
        (
            kind,
            agency,
            about,
            min([due, *(by for of in as_missed.get(kind, (kind,)) for by in missed.get((of, about, since), ()))]),
        )
        for (kind, agency, about, due), since in _waits(events, terms)
    }
    return found | _first_referral(events, told(events, terms), terms)


def _answers_due(events: Sequence[Event], terms: Terms) -> Iterable[tuple[str, int, datetime]]:
    """Give the deadline for the answer to each referral, by what was asked, also if nobody waits for it by then.

    An answer may be taken back later, and a person who was found no victim may be found a victim after all.
    """
    for each in in_force(events):
        if each["type"] == "referral.sent":
            said = each["data"]
            yield said["referral"], each["place"], after(each["at"], terms, "answer", said["urgency"])


def keeping(events: Sequence[Event], agency: str, at: datetime) -> frozenset[str]:
    """Give the cases that keep an agency out at a time, each by its last word (`restricted`) so far."""
    last = {each["case"]: each for each in events if each["type"] == "restricted" and each["at"] <= at}
    return frozenset(case for case, each in last.items() if agency in each["agencies"])


def _kept_since(events: Sequence[Event], agency: str, case: str | None) -> datetime | None:
    """Give since when the referral's case keeps an agency out; of a referral without a case any case does."""
    since: dict[str, datetime] = {}
    for each in events:
        if each["type"] == "restricted" and case in {None, each["case"]}:
            if agency in each["agencies"]:
                since.setdefault(each["case"], each["since"])
            else:
                since.pop(each["case"], None)
    return min(since.values(), default=None)


def _is_kept(kept: frozenset[str], case: str | None) -> bool:
    return bool(kept) if case is None else case in kept


def _unheard(events: Sequence[Event], case: str | None) -> list[Event]:
    """Give the events with nothing in the place of what agencies said while the case kept them out."""
    nothing = {"type": "nothing", "by": "", "data": {}, "kept": frozenset[str]()}
    return [{**nothing, "at": each["at"]} if _is_kept(each["kept"], case) else each for each in events]


def _waits(events: Sequence[Event], terms: Terms) -> set[tuple[Wait, int]]:
    """Give the waits of referrals, each with the place of the event since which it runs."""
    facts, referrals = in_force(events), told(events, terms)
    found = {
        (
            each,
            max(
                [
                    # An answer is waited for since the referral was sent, also once it was received.
                    one.asked["place"] if each[0] in {"answer", "second"} else one.last["place"],
                    *(said["place"] for said in facts if each[0] == "silence" and said["by"] == each[1]),
                ]
            ),
        )
        for one in referrals.values()
        for each in _of(one, referrals, events, terms)
    }
    again = [each for one in referrals.values() for each in _again(one, referrals, events, terms)]
    return found | {(each, -int(each[3].timestamp())) for each in again}


def _again(one: Referral, referrals: Mapping[str, Referral], events: Sequence[Event], terms: Terms) -> Iterable[Wait]:
    """Give the wait for the sender to refer again at once, since the case keeps the carer out."""
    asked = one.asked["data"]
    since = _kept_since(events, one.holder or asked["to_agency"], asked.get("case"))
    if since is None or one.closed or _is_followed(one, referrals):
        return
    if one.state not in STILL_OPEN and (one.holder is None or one.last["at"] <= since):
        return
    step = _step(one, referrals, in_force(events), terms)
    if step is not None and step[:2] == ("next_attempt", asked["from_agency"]):
        return
    # The holder's own report of how the referral ended does not count.
    if not _over(replace(one, last={"data": {}, "place": -1}), "next_attempt", "", events, terms):
        yield "next_attempt", asked["from_agency"], one.id, since


def in_force(events: Sequence[Event]) -> list[Event]:
    """Give what is said after all corrections and retractions, each at its first place (`place`).

    `judged`: the place up to which the log decides whether a referral goes. It moves to a correction that asks another
    agency or for more.
    """
    found: list[Event] = []
    for place, event in enumerate(events):
        if "changes" in event:
            continue
        data, judged = event["data"], place
        for at, change in enumerate(events):
            # A sender that is kept out changes nothing of what it sent.
            if event["type"] == "referral.sent" and _is_kept(change["kept"], data.get("case")):
                continue
            if change["type"] == "retracted" and change["changes"] == place:
                break
            if change["type"] == "corrected" and change["changes"] == place:
                anew = change["data"]
                if event["type"] == "referral.sent" and (
                    anew["to_agency"] != data["to_agency"]
                    or not set(anew["service_types"]) <= set(data["service_types"])
                ):
                    judged = at
                data = anew
        else:
            found.append({**event, "data": data, "place": place, "judged": judged})
    return found


ALARMS: Final = {
    "answer": "not_answered",
    "start": "not_started",
    "silence": "gone_silent",
    "resumption": "on_hold_too_long",
}


def alarms(waited: Iterable[Wait], now: datetime) -> set[tuple[str, str, datetime]]:
    """Give what is told as late by a time: about which referral, why, and when it was due."""
    return {(about, ALARMS[kind], due) for kind, _, about, due in waited if kind in ALARMS and due <= now}


def told(events: Sequence[Event], terms: Terms) -> dict[str, Referral]:
    """Give each referral as its moves leave it."""
    referrals: dict[str, Referral] = {}
    for event in in_force(events):
        name = event["type"]
        said = event["data"]
        if name == "referral.sent":
            heard = in_force(events[: event["judged"]])
            purposes = {terms.purposes[kind] for kind in said["service_types"]}
            seconds = {each for kind in said["service_types"] for each in terms.seconds[kind]}
            known, case = events[: event["judged"]], said.get("case")
            shut = {each for each in (*seconds, said["to_agency"]) if _kept_since(known, each, case) is not None}
            others = {each for each in seconds if each != said["from_agency"]} - shut
            invited = {each for each in others if not refused(heard, each, purposes)} | {said["to_agency"]}
            one = Referral(said["referral"], event, frozenset(invited), since=event["at"], last=event)
            one.closed = said["to_agency"] in shut
            one.was_refused = not one.closed and refused(heard, said["to_agency"], purposes)
            referrals[said["referral"]] = one
        elif name.startswith("referral."):
            _move(referrals[said["referral"]], event)
    return referrals


def _move(one: Referral, event: Event) -> bool:
    _, origins, leads_to = TABLE[event["type"].removeprefix("referral.")]
    actor, asked = event["by"], one.asked["data"]
    # Of a closed referral nobody but the sender was told.
    if actor not in {asked["from_agency"], *(() if one.closed else one.invited)}:
        one.strange.append(event)
        return False
    if one.closed or not _may(one, event):
        return False
    if one.state not in origins:
        if any(_leads(one.state, origin) for origin in origins):
            one.early.append(event)
        return False
    one.state, one.since, one.last = leads_to, event["at"], event
    if leads_to == "accepted":
        one.holder = actor
    early, one.early = one.early, []
    for each in early:
        _move(one, each)
    return True


def _may(one: Referral, event: Event) -> bool:
    """Whether an agency may make a move of a referral. Who is kept out takes nobody's help, and ends nobody's."""
    who, _, leads_to = TABLE[event["type"].removeprefix("referral.")]
    actor, asked = event["by"], one.asked["data"]
    if leads_to in {"accepted", "cancelled", "error"} and _is_kept(event["kept"], asked.get("case")):
        return False
    if who in {"sender", "addressee"}:
        return bool(actor == asked["from_agency" if who == "sender" else "to_agency"])
    return actor in one.invited and one.holder in {None, actor}


def _leads(state: str, to: str) -> bool:
    """Whether steps lead from a state to another one."""
    seen, ahead = set[str](), [state]
    while ahead:
        now = ahead.pop()
        for _, origins, then in TABLE.values():
            if now in origins and then not in seen:
                seen.add(then)
                ahead.append(then)
    return to in seen


def _of(one: Referral, referrals: Mapping[str, Referral], events: Sequence[Event], terms: Terms) -> Iterable[Wait]:
    facts, asked = in_force(events), one.asked["data"]
    too_early = [*one.early, *one.strange]
    for agency in {each["by"] for each in too_early}:
        first = min(each["at"] for each in too_early if each["by"] == agency)
        yield "missing_move", agency, one.id, first + timedelta(hours=terms.missing_move_hours)
    found = _refer_again(one, referrals, terms) if one.closed else _step(one, referrals, facts, terms)
    if found is None or _over(one, found[0], found[1], events, terms):
        return
    yield found
    if found[0] == "answer":
        # Whoever may take it too hears of it before it is due, unless what is asked was refused to it since.
        purposes = {terms.purposes[kind] for kind in asked["service_types"]}
        for agency in one.invited - {asked["from_agency"], asked["to_agency"]}:
            kept = _kept_since(events, agency, asked.get("case")) is not None
            if not refused(facts, agency, purposes) and not kept:
                yield "second", agency, one.id, found[3]


def _refer_again(one: Referral, referrals: Mapping[str, Referral], terms: Terms) -> Wait | None:
    """Give the wait for the sender of a referral to an agency that its case keeps out."""
    asked = one.asked["data"]
    by = after(one.asked["at"], terms, "answer", asked["urgency"])
    return None if _is_followed(one, referrals) else ("next_attempt", asked["from_agency"], one.id, by)


def _step(one: Referral, referrals: Mapping[str, Referral], events: Sequence[Event], terms: Terms) -> Wait | None:
    asked = one.asked["data"]
    urgency = asked["urgency"]
    carer = one.holder or asked["to_agency"]
    if one.state in {"sent", "received"}:
        return "answer", carer, one.id, after(one.asked["at"], terms, "answer", urgency)
    if one.state in {"accepted", "in_progress"}:
        served = [each["at"] for each in events if _is_service(each, one)]
        if one.state == "accepted" and not served:
            return "start", carer, one.id, _start_by(one, terms)
        begun = min(served) if one.state == "accepted" else one.since
        word = max([begun, *(each["at"] for each in events if each["by"] == one.holder)])
        return "silence", carer, one.id, after(word, terms, "silence", urgency)
    if one.state == "on_hold":
        latest = after(one.since, terms, "hold", urgency)
        return "resumption", carer, one.id, _wish(one, latest)
    failed = one.state == "failed" and one.last["data"].get("reason") in HOLDER_COULD_NOT
    if (failed or one.state in {"rejected", "handed_back", "onward"}) and not _is_followed(one, referrals):
        agency = carer if one.state == "onward" else asked["from_agency"]
        return "next_attempt", agency, one.id, after(one.since, terms, "answer", urgency)
    return None


def _is_service(event: Event, one: Referral) -> bool:
    if event["type"] != "service.provided":
        return False
    named: tuple[str | None, str] = event["data"].get("referral"), event["data"]["provider"]
    return named == (one.id, one.holder)


def _start_by(one: Referral, terms: Terms) -> datetime:
    """The limit, or the end of the day that the sender allows; an earlier day that the receiver announced holds."""
    latest = after(one.since, terms, "start", one.asked["data"]["urgency"])
    allowed = one.asked["data"].get("latest_start_on")
    if allowed is not None:
        latest = max(latest, _end(allowed))
    return _wish(one, latest)


def _wish(one: Referral, latest: datetime) -> datetime:
    wish = one.last["data"].get("expected_start_on")
    return latest if wish is None else min(latest, max(_end(wish), one.since))


def _end(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:00-06:00") + timedelta(days=1)


def _is_followed(one: Referral, referrals: Mapping[str, Referral]) -> bool:
    return any(
        other.id != one.id
        and other.state != "error"
        and not other.closed
        and other.asked["data"].get("previous_referral") == one.id
        for other in referrals.values()
    )


def _over(one: Referral, kind: str, agency: str, events: Sequence[Event], terms: Terms) -> bool:
    """Whether the person is no victim, or refuses what was asked, by nobody who was kept out when it was said."""
    heard = [events, _unheard(events, one.asked["data"].get("case"))]
    return all(_is_over(one, kind, agency, in_force(each), terms) for each in heard)


def _is_over(one: Referral, kind: str, agency: str, events: Sequence[Event], terms: Terms) -> bool:
    if no_victim(events):
        return True
    asked = one.asked["data"]
    declined = {
        each["data"]["service_type"]
        for each in events
        if each["type"] == "service.declined"
        and each["data"].get("refused_by") == "person"
        and each["data"].get("referral") == one.id
        and each["at"] >= one.asked["at"]
    }
    if declined and declined.issuperset(asked["service_types"]):
        return True
    last: Mapping[str, Any] = next((each["data"] for each in events if each["place"] == one.last["place"]), {})
    if last.get("reason") in PERSON_SAID_NO or last.get("refused_by") == "person":
        return True
    purposes = {terms.purposes[each] for each in asked["service_types"]}
    return refused(events, None if kind == "next_attempt" else agency, purposes)


def refused(events: Sequence[Event], agency: str | None, purposes: set[str]) -> bool:
    """Whether the person's last word of one of these purposes to an agency is not yes; None: to whoever is next."""
    answer = agency is None
    for each in events:
        said = each["data"]
        if each["type"] != "consent.recorded":
            continue
        if said["basis"] == "refused":
            to_them = not said["recipients"] or agency in said["recipients"]
            answer = answer and not (to_them and purposes.intersection(said["purposes"]))
        elif purposes.issubset(said["purposes"]) and (agency is None or agency in said["recipients"]):
            answer = True
    return not answer


def no_victim(events: Sequence[Event]) -> bool:
    """Whether an agency's last word is that somebody is no victim, and nobody confirms or has suspected it since."""
    last = {
        each["by"]: (at, each["data"]["status"])
        for at, each in enumerate(events)
        if each["type"] in {"victim.identified", "victim.status_changed"}
    }
    denied = [at for at, status in last.values() if status == "not_a_victim"]
    anew = [at for at, status in last.values() if status in {"suspected", "potential"} and at > max(denied, default=-1)]
    return bool(denied) and not anew and "confirmed" not in {status for _, status in last.values()}


def _first_referral(said: Sequence[Event], referrals: Mapping[str, Referral], terms: Terms) -> set[Wait]:
    to, hours = terms.opens
    events = in_force(said)
    identified = [each for each in events if each["type"] == "victim.identified"]
    denied = [each["at"] for each in events if each["data"].get("status") == "not_a_victim"]
    anew = [each for each in identified if any(at < each["at"] for at in denied)]
    identified, before = anew or identified, [at for at in denied if anew and at < anew[0]["at"]]
    went = [
        one
        for one in referrals.values()
        if one.state != "error"
        and not one.closed
        and (one.state in STILL_OPEN or not any(one.asked["at"] < at for at in before))
    ]
    knowing = {one.asked["data"][field] for one in went for field in ("from_agency", "to_agency")}
    if not identified or to in {identified[0]["by"], *knowing}:
        return set()
    heard = [in_force(each) for each in (said, _unheard(said, None))]
    if all(no_victim(each) or refused(each, to, {"protection_services"}) for each in heard):
        return set()
    return {("first_referral", identified[0]["by"], "", identified[0]["at"] + timedelta(hours=hours))}


def after(start: datetime, terms: Terms, what: str, urgency: str) -> datetime:
    """The end of a limit: hours of the clock, or minutes of working days counted one by one, 8 to 17, no holiday."""
    limit = terms.limits[what][urgency]
    if "hours" in limit:
        return start + timedelta(hours=limit["hours"])
    left, now = limit["working_days"] * 9 * 60, start
    while left:
        local = now.astimezone(BELIZE)
        if local.weekday() < 5 and local.date() not in terms.holidays and 8 <= local.hour < 17:
            left -= 1
        now += MINUTE
    return now
