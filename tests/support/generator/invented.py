"""Random facts of every type that an agency may publish: what a type may say is read off its published schema.

What a schema cannot say, that two fields go together, is said here for the few types for which it matters.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from schemas.agencies import AGENCIES, PARTNERS, PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.courts import COURTS_OF, Court, CourtStage
from schemas.diagnosis import said_by
from schemas.ids import Kind
from schemas.published import schema_of
from tests.support.generator.cast import Cast, Fields, envelope
from tests.support.generator.facts import TYPES as MADE_BY_HAND

Sample = Callable[[Cast], Any]
"""Draws one value."""

Adjust = Callable[[Cast, str, Fields], Fields]
"""Makes what an agency says acceptable, of which each field is so by itself."""

_NO_ANSWER: Final = {"unknown", "not_asked"}
_MOST: Final = 3
"""Items of a list, at most."""
_SPREAD: Final = 40
"""How far a number lies above the least that may be said."""
_FIRST_YEAR: Final = 1900
"""Numbers from here on are years."""
_SAID: Final = 0.6
"""How often something is said that may be left out."""
_ID: Final = re.compile(r"\^\(([a-z|]+)\)-\[0-7\]")
_BODIES: Final = ("hti", "hti", "iom", "cdf", "dhs", "bpd", "council", "labour", "mohw", "unicef")
_FIGURES: Final = ("O9", "O1a", "M1", "O27a")


def _reference(cast: Cast) -> str:
    return f"dhs/register/{cast.event_id()}"


def _month(cast: Cast) -> str:
    return cast.date()[:7]


_TEXTS: Final[tuple[tuple[str, Sample], ...]] = (
    ("^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?$", lambda cast: _month(cast)[: 4 if cast.chance(0.5) else 7]),
    ("^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?(", lambda cast: _month(cast)[: 4 if cast.chance(0.5) else 7]),
    ("^(?=[^0-9]*[0-9])", lambda cast: f"{int(cast.dice.random() * 10_000)}/24"),
    ("^[0-9]{1,4}(", lambda cast: "2024"),
    ("^[0-9a-f]", lambda cast: f"{cast.dice.getrandbits(256):064x}"),
    ("^[A-Z][1-9]", lambda cast: cast.one(_FIGURES)),
    ("^[a-z_]+/", _reference),
    (r"^bz\.atips", lambda cast: "bz.atips.arrest.made.v1"),
)
"""Texts of a form, by how their pattern begins."""


def _number(schema: Mapping[str, Any]) -> Sample:
    least, most = schema["minimum"], schema["maximum"]
    if least >= _FIRST_YEAR:
        return lambda cast: 2023 + int(cast.dice.random() * 3)
    many = min(most - least, _SPREAD) + 1
    return lambda cast: least + int(cast.dice.random() * many)


def _text(schema: Mapping[str, Any]) -> Sample:
    if "enum" in schema:
        choices = tuple(schema["enum"])
        if set(_BODIES) <= set(choices):
            return lambda cast: cast.one(_BODIES if cast.chance(0.9) else choices)
        return lambda cast: cast.one(choices)
    if schema.get("format") == "date":
        return lambda cast: cast.date()
    if schema.get("format") == "date-time":
        return lambda cast: cast.instant(int(cast.dice.random() * 400), 600)
    if named := _ID.match(schema["pattern"]):
        kinds = tuple(map(Kind, named[1].split("|")))
        return lambda cast: cast.entity(kinds[int(cast.dice.random() * len(kinds))])
    return next(sample for begin, sample in _TEXTS if schema["pattern"].startswith(begin))


def _list(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Sample:
    item = _sample(schema["items"], named)

    def sample(cast: Cast) -> list[Any]:
        found = list(dict.fromkeys(item(cast) for _ in range(int(cast.dice.random() * (_MOST + 1)))))
        return [each for each in found if each in _NO_ANSWER][:1] or found

    return sample


def _object(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Sample:
    fields = [
        (name, name in schema.get("required", ()), _sample(each, named))
        for name, each in schema.get("properties", {}).items()
    ]
    return lambda cast: {name: sample(cast) for name, always, sample in fields if always or cast.chance(_SAID)}


def _sample(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Sample:
    """What draws a value that the schema lets in; null is never said."""
    if "$ref" in schema:
        return _sample(named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema:
        return _sample(next(each for each in schema["anyOf"] if each.get("type") != "null"), named)
    match schema["type"]:
        case "integer":
            return _number(schema)
        case "array":
            return _list(schema, named)
        case "object":
            return _object(schema, named)
        case "string":
            return _text(schema)
        case kind:
            message = f"nothing to draw for {kind}"
            raise TypeError(message)


@cache
def _data(type_string: str) -> Sample:
    schema = schema_of(type_string)
    return _sample(schema["properties"]["data"], schema.get("$defs", {}))


def _of_charges(cast: Cast, _: str, said: Fields) -> Fields:
    """About a person and charges that the person has, mostly."""
    if cast.charges and cast.chance(0.8):
        person, charge = cast.charges[cast.recent(len(cast.charges))]
        return said | {"person": person, "charges": [charge]}
    return said | {"charges": said.get("charges") or [cast.mint(Kind.CHARGE)]}


def _of_charge(cast: Cast, _: str, said: Fields) -> Fields:
    if cast.charges and cast.chance(0.9):
        person, charge = cast.charges[cast.recent(len(cast.charges))]
        return said | {"person": person, "charge": charge}
    return said


def _of_arrest(cast: Cast, _: str, said: Fields) -> Fields:
    if cast.arrests and cast.chance(0.9):
        person, arrest = cast.arrests[cast.recent(len(cast.arrests))]
        return said | {"person": person, "arrest": arrest}
    return said


def _before(stage: CourtStage) -> Adjust:
    courts = tuple(sorted(COURTS_OF[stage]))
    return lambda cast, agency, said: _of_charges(cast, agency, said) | {"court": cast.one(courts)}


def _heard(cast: Cast, _: str, said: Fields) -> Fields:
    stage = said.get("stage")
    return said if stage is None else said | {"court": cast.one(tuple(sorted(COURTS_OF[CourtStage(stage)])))}


def _tried(cast: Cast, agency: str, said: Fields) -> Fields:
    court, mode = ("magistrates", "magistrate") if cast.chance(0.4) else ("high_court", "judge_only")
    return _of_charges(cast, agency, said) | {"court": court, "mode": mode}


def _number_or_word(cast: Cast, _: str, said: Fields) -> Fields:
    both = [name.removesuffix("_text") for name in said if name.endswith("_text")]
    dropped = {f"{each}_{'n' if cast.chance(0.5) else 'text'}" for each in both}
    return {name: value for name, value in said.items() if name not in dropped}


def _two_cases(cast: Cast, _: str, said: Fields) -> Fields:
    return said if said["case"] != said["linked_case"] else said | {"linked_case": cast.mint(Kind.CASE)}


def _by_the_sender(_: Cast, agency: str, said: Fields) -> Fields:
    return said | {"from_agency": agency}


def _of_its_unit(cast: Cast, agency: str, said: Fields) -> Fields:
    units = tuple(code for code, each in AGENCIES.items() if each.parent == agency)
    return said | {"unit": cast.one(units), "headcount": int(cast.dice.random() * 12)}


def _years(_: Cast, __: str, said: Fields) -> Fields:
    first, last = sorted((said["first_year"], said["last_year"]))
    return said | {"first_year": first, "last_year": last}


def _without_dimensions(_: Cast, __: str, said: Fields) -> Fields:
    return {name: value for name, value in said.items() if name not in {"dimensions", "definitions"}}


def _resolved(cast: Cast, agency: str, said: Fields) -> Fields:
    claim = said.get("claim") or _reference(cast)
    return _without_dimensions(cast, agency, said) | {"claim": claim if said["resolution"] == "claim_holds" else None}


def _potential(_: Cast, agency: str, said: Fields) -> Fields:
    """Partners find indications; they decide nothing."""
    return said | {"status": "potential"} if agency in PARTNERS else said


def _often(**choices: tuple[str, ...]) -> Adjust:
    """Codes that say more than the others do, more often than chance has them."""

    def adjust(cast: Cast, _: str, said: Fields) -> Fields:
        return said | {name: cast.one(each) for name, each in choices.items() if cast.chance(0.8)}

    return adjust


ADJUST: Final[Mapping[str, Adjust]] = {
    "appeal.decided": _before(CourtStage.APPEAL_DECIDED),
    "appeal.filed": _before(CourtStage.APPEAL_FILED),
    "arrest.released": _of_arrest,
    "awareness.activity_held": _number_or_word,
    "awareness.media_published": _often(form=("video", "appearance"), channel=("television",)),
    "bail.granted": _of_charges,
    "case.linked": _two_cases,
    "charge.amended": _of_charge,
    "charge.withdrawn": _of_charge,
    "coordination.conference_attended": _often(kind=("regional_conference", "multilateral_meeting")),
    "coordination.meeting_held": _often(
        kind=("summit", "advocacy", "technical_visit", "annual_meeting"), attendee_group=("government",)
    ),
    "court.adjourned": _heard,
    "court.committed": _before(CourtStage.COMMITTED),
    "court.hearing_held": _heard,
    "court.hearing_scheduled": _heard,
    "figure.claimed": _without_dimensions,
    "figure.contested": _without_dimensions,
    "figure.resolved": _resolved,
    "indictment.filed": _before(CourtStage.INDICTMENT_FILED),
    "output.published": _number_or_word,
    "referral.cancelled": _by_the_sender,
    "referral.entered_in_error": _by_the_sender,
    "referral.sent": _by_the_sender,
    "report.published": _without_dimensions,
    "sentence.imposed": _of_charges,
    "service.provided": _often(provider=("dhs", "cdf", "hti")),
    "strategy.adopted": _years,
    "trial.started": _tried,
    "unit.staffing_reported": _of_its_unit,
    "victim.status_changed": _potential,
}

_PARTS: Final[Mapping[str, str]] = {
    "bail.breached": "bail",
    "bail.granted": "bail",
    "bail.revoked": "bail",
    "bail.varied": "bail",
    "need.assessed": "need",
    "repatriation.completed": "service",
    "restitution.ordered": "restitution",
    "restitution.paid": "payment",
    "sentence.imposed": "sentence",
    "service.declined": "service",
    "service.provided": "service",
    "shelter.placement_ended": "placement",
    "shelter.placement_started": "placement",
}
"""The field of the part of a person that the type tells of; the two recur together, for it may be told again."""

_OWN_ONLY: Final = frozenset(
    {"unit.staffing_reported", "referral.sent", "referral.cancelled", "referral.entered_in_error"}
)
"""What an agency says for itself alone."""


def _is_stated(name: str) -> bool:
    row = CATALOGUE[name]
    by_hand = name in MADE_BY_HAND or row.model.corrects or ".merged." in name
    return not by_hand and not row.authors.isdisjoint(PUBLISHING)


TYPES: Final = frozenset(filter(_is_stated, CATALOGUE))
"""All that agencies may publish and that is not made by hand; what our services say of their work is not among it."""

_COUNTED: Final = 4
"""How many times more often than the others those types come that the oracle counts."""

OFTEN: Final = frozenset(
    {
        "awareness.media_published", "charge.withdrawn", "coordination.conference_attended",
        "coordination.meeting_held", "court.committed", "immigration.status_granted", "plan.approved",
        "repatriation.completed", "restitution.ordered", "restitution.paid", "service.declined", "service.provided",
        "shelter.placement_ended", "shelter.placement_started", "unit.staffing_reported",
    }
)  # fmt: skip


def _name(type_string: str) -> str:
    return type_string.removeprefix("bz.atips.").removesuffix(".v1")


_DRAWN: Final = tuple(name for name in map(_name, sorted(TYPES)) for _ in range(_COUNTED if name in OFTEN else 1))
_AUTHORS: Final[Mapping[str, tuple[str, ...]]] = {
    _name(each): tuple(sorted(CATALOGUE[each].authors.intersection(PUBLISHING))) for each in TYPES
} | {"unit.staffing_reported": ("bpd",), "indictment.filed": ("odpp",)}
"""Indictments are for courts before which the police do not speak, and of our bodies only theirs has units."""


_ONE_AND_THE_SAME: Final[Mapping[str, int]] = {
    "figure.claimed": 300,
    "figure.contested": 300,
    "figure.resolved": 300,
    "objective.progress_reported": 300,
    "unit.staffing_reported": 300,
}
"""Types that speak of a handful of things for ever, and how often they may: nobody reports a unit's strength daily."""


def _drawn(cast: Cast) -> str:
    while True:
        name = cast.one(_DRAWN)
        cast.told[name] += 1
        if cast.told[name] <= _ONE_AND_THE_SAME.get(name, cast.told[name]):
            return name


def fact(cast: Cast) -> Fields:
    """A fact of some type."""
    name = _drawn(cast)
    agency = cast.one(_AUTHORS[name])
    said = _told(cast, name, agency)
    event = envelope(cast, name, agency, _primary(name, said), said)
    if name not in _OWN_ONLY and cast.chance(0.08):
        event["onbehalfof"] = cast.one(_AUTHORS[name])
    return event


def retold(cast: Cast, type_string: str, agency: str, said: Fields) -> Fields:
    """Something else of the same type, mostly of those that it was said of before."""
    name = _name(type_string)
    anew = _told(cast, name, agency)
    kept = {each: value for each, value in said.items() if _is_named(value) and cast.chance(0.8)}
    return _adjusted(cast, name, agency, anew | kept)


def _told(cast: Cast, name: str, agency: str) -> Fields:
    said = _adjusted(cast, name, agency, _data(f"bz.atips.{name}.v1")(cast))
    part = _PARTS.get(name)
    if part is None:
        return said
    known = cast.parts[part]
    if known and cast.chance(0.4):
        person, of_person = known[cast.recent(len(known))]
        return said | {"person": person, part: of_person}
    if part in said:
        known.append((said["person"], said[part]))
    return said


def _adjusted(cast: Cast, name: str, agency: str, said: Fields) -> Fields:
    adjust = ADJUST.get(name)
    found = said if adjust is None else adjust(cast, agency, said)
    return _where_police_speak(found) if agency == "bpd" and "court" in found else found


def _where_police_speak(said: Fields) -> Fields:
    """At the Magistrates' Court, of what may come before it."""
    below = {**said, "court": "magistrates"}
    if below.get("mode"):
        below["mode"] = "magistrate"
    if below.get("stage") and Court.MAGISTRATES not in COURTS_OF[CourtStage(below["stage"])]:
        del below["stage"]
    return below


def _is_named(value: object) -> bool:
    """Whether it is an id of whatever kind."""
    return isinstance(value, str) and len(value) == len("per-") + 27 and value[3] == "-"


def _primary(name: str, said: Fields) -> str:
    """The first of the entities that the event concerns."""
    model = CATALOGUE[f"bz.atips.{name}.v1"].model
    stated: Fields = {"type": f"bz.atips.{name}.v1", "data": said_by(model).model_validate_json(json.dumps(said))}
    return model.model_construct(None, **stated).concerns()[0]
