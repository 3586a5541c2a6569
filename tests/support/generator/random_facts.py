"""Random facts of every type that an agency may publish and that is not made by hand."""

import json
from collections.abc import Mapping
from typing import Final

from schemas.agencies import AGENCIES, PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.pydantic_errors import data_class_of
from tests.support.generator.drawn_fields import data_of
from tests.support.generator.handmade_facts import TYPES as MADE_BY_HAND
from tests.support.generator.recurring_entities import Cast, Fields, envelope
from tests.support.generator.referrals import TYPES as REFERRING
from tests.support.generator.rules import adjusted

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

_OWN_ONLY: Final = frozenset({"unit.staffing_reported", "consent.acknowledged"})
"""Types that an agency states for itself alone."""


def _is_stated(name: str) -> bool:
    row = CATALOGUE[name]
    by_hand = name in MADE_BY_HAND | REFERRING or row.model.corrects or ".merged." in name
    return not by_hand and not row.authors.isdisjoint(PUBLISHING)


TYPES: Final = frozenset(filter(_is_stated, CATALOGUE))
"""All that agencies may publish and that is not made by hand; what our services say of their work is not among it."""

_MORE: Final = 4
"""How many times more often than the others these come."""

OFTEN: Final = frozenset(
    {
        "awareness.activity_held", "awareness.media_published", "bail.granted", "case.closed", "case.opened",
        "charge.withdrawn", "coordination.conference_attended", "coordination.meeting_held", "court.committed",
        "figure.claimed", "immigration.status_granted", "operation.conducted", "output.published", "plan.approved",
        "repatriation.completed", "report.received", "restitution.ordered", "restitution.paid", "role.held",
        "sentence.imposed", "service.declined", "service.provided", "shelter.placement_ended",
        "shelter.placement_started", "trial.started", "unit.staffing_reported", "victim.status_changed",
    }
)  # fmt: skip
"""Types of which figures count only some, or that they look for together with others."""


def _name(type_string: str) -> str:
    return type_string.removeprefix("bz.atips.").removesuffix(".v1")


_DRAWN: Final = tuple(name for name in map(_name, sorted(TYPES)) for _ in range(_MORE if name in OFTEN else 1))
_AUTHORS: Final[Mapping[str, tuple[str, ...]]] = {
    _name(each): tuple(sorted(CATALOGUE[each].authors.intersection(PUBLISHING))) for each in TYPES
} | {"unit.staffing_reported": ("bpd", "dhs")}
"""Of our bodies two have units."""


_VOICES: Final[Mapping[str, tuple[str, ...]]] = {
    name: (*authors, *(unit for unit, each in AGENCIES.items() if each.parent in authors))
    for name, authors in _AUTHORS.items()
}
"""For whom a statement may be published: units speak through the agency that they belong to, or another."""

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
        event["onbehalfof"] = cast.one(_VOICES[name])
    return event


def retold(cast: Cast, type_string: str, agency: str, said: Fields) -> Fields:
    """Something else of the same type, mostly of those that it was said of before."""
    name = _name(type_string)
    anew = _told(cast, name, agency)
    kept = {each: value for each, value in said.items() if _is_named(value) and cast.chance(0.8)}
    return adjusted(cast, name, agency, anew | kept)


def detailed(cast: Cast, type_string: str, said: Fields) -> Fields:
    """Return the data with every other field that the type lets its authors state. References to others stay."""
    more = data_of(type_string)(cast)
    kept = {name: value for name, value in said.items() if value is not None}
    drawn = {name: value for name, value in more.items() if not _names_somebody(value) and name not in _BY_HAND_ALONE}
    return {**drawn, **kept}


def _names_somebody(value: object) -> bool:
    return _is_named(value) or (isinstance(value, list) and any(map(_is_named, value)))


_BY_HAND_ALONE: Final = frozenset(
    {"count", "count_basis", "court", "offence_from", "offence_to", "participants_n", "female_n", "male_n"}
)
"""Fields that others forbid or bound."""


def _told(cast: Cast, name: str, agency: str) -> Fields:
    said = adjusted(cast, name, agency, data_of(f"bz.atips.{name}.v1")(cast))
    part = _PARTS.get(name)
    if part is None:
        return said
    known = cast.parts[part]
    if known and cast.chance(0.4):
        person, of_person = known[cast.recent(len(known))]
        return said | {"person": person, part: of_person}
    if name == "service.provided" and cast.referrals and cast.chance(0.7):
        said |= _on_a_referral(cast)
    if part in said:
        known.append((said["person"], said[part]))
    return said


def _on_a_referral(cast: Cast) -> Fields:
    """A service for somebody who was referred: it names the referral, the need, or is of a kind that was asked for."""
    each = cast.referrals[int(cast.dice.random() * len(cast.referrals))]
    if cast.chance(0.4):
        return {"person": each.person, "referral": each.referral}
    if cast.chance(0.5) or not each.service_types:
        return {"person": each.person, "need": each.need}
    return {"person": each.person, "service_type": cast.one(each.service_types)}


def _is_named(value: object) -> bool:
    """Whether it is an id of whatever kind."""
    return isinstance(value, str) and len(value) == len("per-") + 27 and value[3] == "-"


def _primary(name: str, said: Fields) -> str:
    """The first of the entities that the event concerns."""
    model = CATALOGUE[f"bz.atips.{name}.v1"].model
    stated: Fields = {"type": f"bz.atips.{name}.v1", "data": data_class_of(model).model_validate_json(json.dumps(said))}
    return model.model_construct(None, **stated).concerns()[0]
