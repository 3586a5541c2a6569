"""Figures of victims: persons identified in a period, and persons held as victims at its end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from schemas.codebook.identification import VictimStatus
from schemas.ids import Kind
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import day_before, first_of, is_known_answer, possible_days
from services.reporting.domain.declaration.figure import (
    ABSENT,
    ALWAYS,
    EVERY_COMMITTEE,
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.declaration.values_over_time import joined, values_during
from services.reporting.domain.facts.victim_status_decisions import StatusGiven, counting, is_victim
from services.reporting.domain.figures.protection.identified.state import WAYS, Identified


class Victim(Struct, frozen=True):
    """A person as the figures of victims count the person, computed once for all of them.

    `held`: the days on which the person is held as a victim, with status and age group. `first`: the days of the first
    identification. `decided`: the status decisions that hold on any day, in order (`victim_statuses.counting`).
    """

    identified: Identified
    dims: Mapping[str, tuple[str, ...]]
    held: Sequence[tuple[Days, tuple[str, tuple[str, ...]]]]
    first: Days | None
    decided: Sequence[StatusGiven]


def persons_with_status(identified: Identified) -> tuple[Victim, ...]:
    """Return a tuple of the person, or an empty tuple if there is no decision on the person's status."""
    if not identified.decisions:
        return ()
    decided = counting(identified.decisions)
    ages = identified.ages_over_time()
    # Later decisions mostly repeat the status, so they add no days to count by.
    held = joined((part, (each.status, age)) for days, each in decided for part, age in values_during(days, ages))
    first = first_of(each.when for each in identified.identifications)
    as_victim = [(days, said) for days, said in held if is_victim(said[0])]
    return (Victim(identified, identified.dims(), as_victim, first, [each for _, each in decided]),)


def victims_identified(victim: Victim) -> Iterator[Counted]:
    """Yield one item for each pair of an identification and a status as a victim, with the status's days as `asof`.

    The person then counts in the period of the identification, with the status at the period's end. An identification
    without a date yields one item without days and without a status.
    """
    ways = victim.identified.ways() if victim.identified.identifications else {}
    for found in victim.identified.identifications:
        dims = {**victim.dims, **ways, **found.dims()}
        if found.when is None:
            yield Counted(None, dims=dims)
            continue
        when = possible_days(found.when)
        for days, (status, age) in victim.held:
            yield Counted(when, dims={**dims, "status": (status,), "age_group": age}, asof=days)


def victims_held(victim: Victim) -> Iterator[Counted]:
    """Yield the days on which the person is held as a victim, by status, until the day before the first death.

    A death without a date, or a status without a date, yields an item without days.
    """
    return _living(victim, is_victim)


def persons_undetermined(victim: Victim) -> Iterator[Counted]:
    """Yield the days on which the person's status is UNDETERMINED, until the day before the first death.

    A death without a date, or a status without a date, yields an item without days.
    """
    return _living(victim, lambda status: status == VictimStatus.UNDETERMINED)


def _living(victim: Victim, chosen: Callable[[str], bool]) -> Iterator[Counted]:
    died = victim.identified.deaths
    if None in died:
        yield Counted(None, dims=victim.dims)
        return
    until = day_before(min((each.first_day for each in died if each is not None), default=NEVER))
    decided = [(days, each.status) for days, each in counting(victim.identified.decisions) if chosen(each.status)]
    for days, status in values_during(Days(ALWAYS, until), decided):
        yield Counted(days, dims={**victim.dims, "status": (status,)})
    for each in victim.identified.decisions:
        if each.since is None and chosen(each.status):
            yield Counted(None, dims={**victim.dims, "status": (each.status,)})


CORE: Final = (
    *("sex", "age_group", "citizenship", "district"),
    *("minor_at_exploitation", "exploitation", "means", "control", "recruiter_relation", "identified_by"),
)
"""Core fields of a victim's record, after IOM's case data standard. Figures count those without an answer."""


def core_answers(victim: Victim) -> tuple[Counted, ...]:
    """Return one item for each core field of an identified victim, answered or not."""
    return _core_fields(victim.first) if victim.identified.identifications else ()


@lru_cache(maxsize=4096)
def _core_fields(first: Days | None) -> tuple[Counted, ...]:
    """Return the items of all core fields. Victims who were first identified on equal days share them."""
    return tuple(Counted(first, dims={"field": (field,)}) for field in CORE)


def core_answers_missing(victim: Victim) -> Sequence[Counted]:
    """Return one item for each core field of a victim that is absent, `unknown` or `not_asked`."""
    if not victim.identified.identifications:
        return ()
    known = {**victim.dims, **victim.identified.core()}
    return [
        _missing(victim.first, field, min(known[field], default=ABSENT))
        for field in CORE
        if not is_known_answer(known[field])
    ]


@lru_cache(maxsize=16_384)
def _missing(first: Days | None, field: str, why: str) -> Counted:
    return Counted(first, dims={"field": (field,), "why": (why,)})


FIGURES: Final[tuple[Figure[Identified], ...]] = (
    Figure(
        number="O32a",
        name="victims_identified",
        en="Persons identified as victims in the period, by their status at its end and by whether the identifying "
        "agency had them as new or carried over. Anyone whom the last word by the period’s end does not hold as a "
        "victim is left out.",
        es="Personas identificadas como víctimas en el período, por el estado al final de este y según si la "
        "institución que las identificó las tenía como nuevas o de un período anterior. No se incluye a quien, según "
        "la última palabra al final del período, no se considera víctima.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=EachCounted(persons_with_status, victims_identified),
        area=Area.PROTECTION,
        breakdowns=(
            (),
            *(("status",), ("new_or_carried_over",), ("new_or_carried_over", "status")),
            *(("identified_by",), ("identified_by", "status"), ("referral_source",)),
            *(("sex",), ("age_group",), ("minor_at_exploitation",), ("citizenship",), ("district",)),
            *(("exploitation",), ("trafficking_type",), ("age_group", "sex"), ("exploitation", "sex")),
            ("age_group", "exploitation", "sex"),
            *((way,) for way in (*WAYS, "means", "control", "recruiter_relation")),
            *(("scope", "sex"), ("exploitation", "scope"), ("exploitation", "sector")),
        ),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O32b",
        name="victims_held",
        en="Living persons held as victims at the period’s end, whenever they were identified, by the status then in "
        "force: suspected, potential or confirmed. Where agencies differ, court or prosecution count before police. "
        "Police count before human services, and these before partners.",
        es="Personas vivas consideradas víctimas al final del período, sin importar cuándo se identificaron, por el "
        "estado entonces vigente: presunta, posible o confirmada. Si las instituciones difieren, cuentan primero "
        "tribunal o fiscalía, después policía, servicios humanos y organizaciones asociadas.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        date_role=DateRole.DECIDED,
        reader=Reader.RUNNING_SUM,
        counted=EachCounted(persons_with_status, victims_held),
        area=Area.PROTECTION,
        breakdowns=((), ("status",), ("sex", "status"), ("minor_at_exploitation", "status")),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O32d",
        name="persons_undetermined",
        en="Living persons of whom it could not be determined whether they are victims, at the end of the period. They "
        "are in no figure of victims, and stand here so that nobody vanishes.",
        es="Personas vivas de las que no se pudo determinar si son víctimas, al final del período. No figuran entre "
        "las víctimas; se indican aquí para que nadie desaparezca.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        date_role=DateRole.DECIDED,
        reader=Reader.RUNNING_SUM,
        counted=EachCounted(persons_with_status, persons_undetermined),
        area=Area.PROTECTION,
        breakdowns=((), ("sex",)),
        distinct=True,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="R9a",
        name="core_answers",
        en="Core fields of the persons first identified as victims in the period, one for each person and field, "
        "whether or not anybody filled it in: who they are, how old, of where, exploited how, by what means, recruited "
        "by whom, identified by whom.",
        es="Campos esenciales de las personas identificadas por primera vez como víctimas en el período, uno por "
        "persona y campo, lo haya llenado alguien o no: quiénes son, edad, procedencia, cómo fueron explotadas, por "
        "qué medios, quién las captó, quién las identificó.",
        entity=Kind.PERSON,
        unit=Unit.ANSWERS,
        counted=EachCounted(persons_with_status, core_answers),
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("field",)),
    ),
    Figure(
        number="R9b",
        name="core_answers_missing",
        en="Of these core fields, those without an answer so far: nobody spoke of it (absent), it is not known "
        "(unknown), or nobody asked (not_asked). Three different things.",
        es="De esos campos esenciales, los que hasta ahora no tienen respuesta: nadie habló de ello (absent), no se "
        "sabe (unknown) o nadie preguntó (not_asked). Son tres cosas distintas.",
        entity=Kind.PERSON,
        unit=Unit.ANSWERS,
        counted=EachCounted(persons_with_status, core_answers_missing),
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("field",), ("why",), ("field", "why")),
        part_of="R9a",
    ),
)
