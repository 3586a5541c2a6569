"""Contradictions and dangers in one case, read slowly from the sentences of the catalogue.

It knows events in the order in which they happened, each at an instant of its own; nothing is imprecise here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

BELIZE: Final = timezone(timedelta(hours=-6))
GUILTY: Final = {"convicted", "convicted_of_lesser"}
NO_OTHER: Final = {*GUILTY, "acquitted", "abated_by_death"}
"""Verdicts after which nobody is charged with the same again."""
OF_CHARGES: Final = {"charge.filed", "charge.withdrawn", "verdict.returned", "sentence.imposed", "appeal.decided"}
FREE_SENTENCES: Final = {"fine", "probation", "community_service", "bound_over", "suspended_imprisonment"}

Event = Mapping[str, Any]
Found = tuple[str, frozenset[int]]
"""A code, and the places of the records that it names."""


def findings(events: Sequence[Event]) -> set[Found]:
    """Give everything that is open after these events, or waits for its time."""
    held = list(_in_force(events))
    return {(code, frozenset(places)) for code, places in _every(held)}


def _in_force(events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """Return the events that their agencies did not take back."""
    gone = {each["takes_back"] for each in events if "takes_back" in each}
    for at, each in enumerate(events):
        if at not in gone and "takes_back" not in each:
            yield at, each


Held = Sequence[tuple[int, Event]]
Claim = tuple[str, tuple[int, ...]]


def _every(held: Held) -> Iterator[Claim]:
    yield from _charges(held)
    yield from _verdicts(held)
    for victim, suspect, tie in _ties(held):
        dead = [each["data"]["person"] for _, each in _of(held, "person.deceased_recorded")]
        if victim in dead:
            continue
        free = _free_by(held, suspect)
        if free is not None and not _is_safe(held, victim) and _is_endangered(held, victim, free):
            yield "victim_unprotected", (free, tie)
        for terms in _bails(held, suspect):
            if _is_endangered(held, victim, terms):
                yield "bail_without_no_contact", (terms, tie)
    for place, each in held:
        person = each["data"].get("person")
        words = _is_victim(held, person) if person else []
        if words and _is_against(held, place, each):
            yield "victim_prosecuted", (words[0], place)


def _charges(held: Held) -> Iterator[Claim]:
    """Charged, and never arrested; a verdict on what nobody charged; arrested before every offence charged."""
    filed = _of(held, "charge.filed")
    arrests = _of(held, "arrest.made")
    # A charge that is filed again is one charge: it is named by the last word on it.
    for place, each in {each["data"]["charge"]: (place, each) for place, each in filed}.values():
        if not any(one["data"]["person"] == each["data"]["person"] for _, one in arrests):
            yield "charged_without_arrest", (place,)
    for place, each in arrests:
        told = [one for one in filed if one[1]["data"]["person"] == each["data"]["person"]]
        offences = [one["data"].get("offence_from") for _, one in told]
        if not told or not _is_early(each, offences):
            continue
        let_go = [one for _, one in _of(held, "arrest.released") if one["data"]["arrest"] == each["data"]["arrest"]]
        others = [one for _, one in arrests if one["data"]["person"] == each["data"]["person"]]
        again = any(not _is_early(one, offences) for one in others)
        if not (again and any(_is_early(one, offences) for one in let_go)):
            yield "arrest_before_offence", (place, told[0][0])


def _is_early(event: Event, offences: Sequence[str | None]) -> bool:
    """Whether it was before the day of each of these offences."""
    day = event["at"].astimezone(BELIZE).date()
    return all(on is not None and day < date.fromisoformat(on) for on in offences)


def _verdicts(held: Held) -> Iterator[Claim]:
    charged = {each["data"]["charge"] for _, each in _of(held, "charge.filed")}
    by_charge: dict[str, list[tuple[int, Event]]] = {}
    for place, each in _of(held, "verdict.returned"):
        by_charge.setdefault(each["data"]["charge"], []).append((place, each))
    for charge, verdicts in by_charge.items():
        if charge not in charged:
            yield "verdict_without_charge", (verdicts[0][0],)
        retrials = [place for place, each in _appeals(held, charge) if each["data"]["outcome"] == "retrial_ordered"]
        # One publisher tells all of them, at instants that differ: any two without a retrial between contradict.
        clashing = {
            place
            for one, told in verdicts
            for other, _ in verdicts
            if one < other and not any(one < between < other for between in retrials)
            if told["data"]["outcome"] in NO_OTHER or not any(one < at < other for at in _filings(held, charge))
            for place in (one, other)
        }
        if clashing:
            yield "two_verdicts", tuple(clashing)


def _filings(held: Held, charge: str) -> list[int]:
    return [at for at, each in _of(held, "charge.filed") if each["data"]["charge"] == charge]


def _ties(held: Held) -> Iterator[tuple[str, str, int]]:
    """Victim and suspect, linked or named together since they were last unlinked, but by what sets somebody free."""
    first: dict[tuple[str, str], int] = {}
    for place, each in held:
        data = each["data"]
        if each["type"] == "victim_suspect.linked":
            first.setdefault((data["victim"], data["suspect"]), place)
        if each["type"] == "victim_suspect.unlinked":
            first.pop((data["victim"], data["suspect"]), None)
        named = data.get("linked_victims", data.get("victims", ()))
        acquits = each["type"] == "verdict.returned" and data["outcome"] not in GUILTY
        if not acquits and each["type"] not in {"charge.withdrawn", "appeal.decided"}:
            for victim in named:
                first.setdefault((victim, data["person"]), place)
    for (victim, suspect), place in first.items():
        yield victim, suspect, place


def _is_victim(held: Held, person: str) -> list[int]:
    """By which words: each agency's last; `not_a_victim` leaves those that confirm, and later suspicions."""
    last: dict[str, tuple[int, str]] = {}
    for place, each in held:
        if each["type"] in {"victim.identified", "victim.status_changed"} and each["data"]["person"] == person:
            last[each["by"]] = place, each["data"]["status"]
    denied = max((place for place, status in last.values() if status == "not_a_victim"), default=-1)
    return [
        place
        for place, status in last.values()
        if status == "confirmed" or (status in {"suspected", "potential"} and place > denied)
    ]


def _is_endangered(held: Held, person: str, place: int) -> bool:
    """A victim by somebody's word. Without any word, who is tied and whom the record does not name, or a term ends."""
    words = [*_of(held, "victim.identified"), *_of(held, "victim.status_changed")]
    if any(each["data"]["person"] == person for _, each in words):
        return bool(_is_victim(held, person))
    record = dict(held)[place]
    return _is_prison(held, place, record) or person not in record["data"].get("victims", ())


def _free_by(held: Held, suspect: str) -> int | None:
    """The last word by which somebody is free: let go, or cleared by the courts, or at the end of a term."""
    if any(each["data"]["person"] == suspect for _, each in _of(held, "person.deceased_recorded")):
        return None
    mine = [(place, each) for place, each in held if each["data"].get("person") == suspect]
    for place, each in reversed(mine):
        name, data = each["type"], each["data"]
        locked = [at for at, one in mine if one["type"] in {"arrest.made", "bail.revoked"}]
        prison = [at for at, one in mine if _is_prison(held, at, one)]
        if name in {"arrest.released", "bail.granted"}:
            if all(at < place for at in [*locked, *prison]):
                return place
        elif _clears(each) and data.get("reason") != "replaced" and not prison and all(at < place for at in locked):
            named = [one["data"] for _, one in mine if one["type"] in OF_CHARGES]
            charges = {charge for data in named for charge in data.get("charges", [data.get("charge")])}
            if not any(_may_hold(held, charge, place) for charge in charges):
                return place
    return _term(held, mine)


def _may_hold(held: Held, charge: str, place: int) -> bool:
    """Whether a charge may have held somebody when a court spoke: it stood, or was filed again on that very day.

    Filed on a later day it finds them at large; found guilty of it they may be held.
    """
    day = dict(held)[place]["at"].astimezone(BELIZE).date()
    filed = _filings(held, charge)
    later = [at for at in filed if dict(held)[at]["at"].astimezone(BELIZE).date() > day]
    of_it = [
        (at, each)
        for at, each in held
        if charge == each["data"].get("charge") or charge in each["data"].get("charges", ())
    ]
    retried = [at for at, each in of_it if each["data"].get("outcome") == "retrial_ordered"]
    anew = max(retried, default=-1)
    guilty = [at for at, each in of_it if at > anew and each["data"].get("outcome") in GUILTY]
    if later and any(at > later[0] for at in guilty):
        return True
    if later and len(later) == len(filed):
        return False
    since = max([anew, *guilty, *(at for at in filed if at not in later)])
    ends = [each["type"] for at, each in of_it if _clears(each) and since < at <= place]
    return not [name for name in ends if not guilty or name != "verdict.returned"]


def _clears(event: Event) -> bool:
    name, data = event["type"], event["data"]
    return (
        name == "charge.withdrawn"
        or (name == "verdict.returned" and data["outcome"] not in GUILTY)
        or (name == "sentence.imposed" and bool(data["kinds"]) and FREE_SENTENCES.issuperset(data["kinds"]))
        or (name == "appeal.decided" and data["outcome"] == "conviction_quashed")
    )


def _is_over(held: Held, charge: str) -> bool:
    """Withdrawn, not proven, quashed, or punished without prison; a retrial begins anew."""
    if any(each["data"]["charge"] == charge for _, each in _of(held, "charge.withdrawn")):
        return True
    anew = max((at for at, one in _appeals(held, charge) if one["data"]["outcome"] == "retrial_ordered"), default=-1)
    verdicts = [
        (at, each) for at, each in _of(held, "verdict.returned") if each["data"]["charge"] == charge and at > anew
    ]
    if not verdicts:
        return False
    if verdicts[-1][1]["data"]["outcome"] not in GUILTY:
        return True
    if _is_quashed(held, charge):
        return True
    return any(_clears(each) for each in _sentences(held, charge, anew))


def _ended_since(held: Held, charge: str, granted: int) -> bool:
    """Ended since it was filed for the last time before bail, and guilty of nothing that leads to prison."""
    filed, appeals = max((at for at in _filings(held, charge) if at < granted), default=-1), _appeals(held, charge)
    anew = max((at for at, one in appeals if one["data"]["outcome"] == "retrial_ordered"), default=-1)
    told = [
        (at, each)
        for name in ("charge.withdrawn", "verdict.returned")
        for at, each in _of(held, name)
        if each["data"]["charge"] == charge and at > filed
    ]
    guilty = [at for at, each in told if at > anew and each["data"].get("outcome") in GUILTY]
    punished = any(_clears(each) for each in _sentences(held, charge, anew))
    return bool(told) and (not guilty or _is_quashed(held, charge) or punished)


def _sentences(held: Held, charge: str, anew: int) -> list[Event]:
    """The sentences for a charge since it was last to be tried again."""
    return [each for at, each in _of(held, "sentence.imposed") if charge in each["data"]["charges"] and at > anew]


def _is_quashed(held: Held, charge: str) -> bool:
    """Whether the last appeal set the conviction aside, and nobody was found guilty of it again."""
    appeals = _appeals(held, charge)
    guilty = [
        at
        for at, each in _of(held, "verdict.returned")
        if each["data"]["charge"] == charge and each["data"]["outcome"] in GUILTY
    ]
    if not appeals or appeals[-1][1]["data"]["outcome"] != "conviction_quashed":
        return False
    return all(at < appeals[-1][0] for at in guilty)


def _is_prison(held: Held, place: int, event: Event) -> bool:
    """A prison sentence of which no appeal has set every conviction aside since."""
    if event["type"] != "sentence.imposed" or "imprisonment" not in event["data"]["kinds"]:
        return False
    return any(
        not any(
            at > place and one["data"]["outcome"] in {"conviction_quashed", "retrial_ordered"}
            for at, one in _appeals(held, charge)
        )
        for charge in event["data"]["charges"]
    )


def _term(held: Held, mine: Held) -> int | None:
    """The prison sentence that ends last, if all say when or how long, and nobody was locked up after it."""
    ends: list[tuple[datetime, int]] = []
    for place, each in mine:
        if _is_prison(held, place, each):
            months, stated = each["data"].get("custodial_months"), each["data"].get("ends_on")
            if stated is not None:
                ends.append((datetime.fromisoformat(stated).replace(tzinfo=BELIZE), place))
            elif months is None:
                return None
            else:
                ends.append((each["at"] + timedelta(days=30.5 * months), place))
    if not ends:
        return None
    _, last = max(ends)
    locked = [at for at, one in mine if one["type"] in {"arrest.made", "bail.revoked"}]
    return last if all(at < last for at in locked) else None


def _bails(held: Held, suspect: str) -> Iterator[int]:
    """Of each bail that stands the word that states its conditions, where none forbids contact with the victim."""
    if any(each["data"]["person"] == suspect for _, each in _of(held, "person.deceased_recorded")):
        return
    mine = [(place, each) for place, each in held if each["data"].get("person") == suspect]
    filed = [each["data"]["charge"] for _, each in mine if each["type"] == "charge.filed"]
    prison = any(_is_prison(held, place, each) for place, each in mine)
    over = bool(filed) and all(_is_over(held, charge) for charge in filed) and not prison
    grants = [(at, each["data"]) for at, each in mine if each["type"] == "bail.granted"]
    for bail in {data["bail"] for _, data in grants}:
        words = [(place, each) for place, each in mine if each["data"].get("bail") == bail]
        stated = [one for one in words if one[1]["type"] in {"bail.granted", "bail.varied"}]
        granted = [at for at, one in words if one["type"] == "bail.granted"][-1]
        revoked = any(each["type"] == "bail.revoked" and at > granted for at, each in words)
        jailed = any(
            at > granted and "imprisonment" in one["data"]["kinds"] and set(one["data"]["charges"]) & set(filed)
            for at, one in _of(held, "sentence.imposed")
        )
        forbidden = "no_contact_with_victim" in stated[-1][1]["data"]["conditions"]
        ended = over and all(_ended_since(held, charge, granted) for charge in filed)
        # Here no bail says for which charges it is: each is for all of them, and the last one takes the others' place.
        anew = any(at > granted for at, _ in grants)
        if not (revoked or ended or jailed or forbidden or anew):
            yield stated[-1][0]


def _is_safe(held: Held, victim: str) -> bool:
    """Dead, sheltered elsewhere than with family, or under a plan for a place to live."""
    # Nothing here says why a stay ended: nobody knows where they are, until there is another plan.
    left = [at for at, each in _of(held, "shelter.placement_ended") if each["data"]["person"] == victim]
    for place, each in held:
        data = each["data"]
        if data.get("person") != victim:
            continue
        if each["type"] == "person.deceased_recorded":
            return True
        lives = {"shelter", "independent_living_rent"} & set(data.get("service_types", ()))
        if each["type"] == "plan.approved" and lives and all(at < place for at in left):
            return True
        if each["type"] == "shelter.placement_started" and data.get("shelter_form") != "family_reunification":
            ended = [one["data"]["placement"] for _, one in _of(held, "shelter.placement_ended")]
            if data["placement"] not in ended:
                return True
    return False


def _is_against(held: Held, place: int, event: Event) -> bool:
    """Whether an arrest or a charge of a victim still stands."""
    data = event["data"]
    if event["type"] == "arrest.made":
        let_go = [
            each["data"]
            for at, each in _of(held, "arrest.released")
            if each["data"].get("reason") != "escaped" and at > place
        ]
        return all(each["arrest"] != data["arrest"] for each in let_go)
    if event["type"] == "charge.filed":
        appeals = _appeals(held, data["charge"])
        anew = max((at for at, one in appeals if one["data"]["outcome"] == "retrial_ordered"), default=-1)
        verdicts = [(at, each) for at, each in _of(held, "verdict.returned") if at > max(anew, place)]
        outcomes = {each["data"]["outcome"] for _, each in verdicts if each["data"]["charge"] == data["charge"]}
        given_up = [at for at, each in _of(held, "charge.withdrawn") if each["data"]["charge"] == data["charge"]]
        withdrawn = any(at > place for at in given_up)
        if outcomes & GUILTY:
            return not _is_quashed(held, data["charge"])
        return not outcomes and not withdrawn
    return False


def _appeals(held: Held, charge: str) -> list[tuple[int, Event]]:
    return [(at, each) for at, each in _of(held, "appeal.decided") if charge in each["data"]["charges"]]


def _of(held: Held, name: str) -> list[tuple[int, Event]]:
    return [(place, each) for place, each in held if each["type"] == name]
