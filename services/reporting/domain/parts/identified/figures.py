"""What is counted of victims: persons identified in a period, and those held as victims at its end."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from schemas.codebook.identification import VictimStatus
from schemas.ids import Kind
from services.reporting.domain.each import Each
from services.reporting.domain.figure import (
    ABSENT,
    EVERY_COMMITTEE,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import answered, first_of, touched
from services.reporting.domain.parts.identified.state import Identified
from services.reporting.domain.statuses import Decision, counting


def is_victim(status: str) -> bool:
    """Whether whoever has this status is counted; who was found not to be a victim is not, from that day on."""
    return status != VictimStatus.NOT_A_VICTIM


class Victim(Struct, frozen=True):
    """A person as figures count them, worked out once for all: who they are, and as what they are held in turn.

    `first` are the days of the first identification, `decided` the decisions that hold in turn.
    """

    identified: Identified
    dims: Mapping[str, tuple[str, ...]]
    held: Sequence[tuple[Days, str]]
    first: Days | None
    decided: Sequence[Decision]


def victims(identified: Identified) -> tuple[Victim, ...]:
    """The person, once anybody has said whether they are a victim; an identification says so as well."""
    if not identified.decisions:
        return ()
    decided = counting(identified.decisions)
    held = [(days, each.status) for days, each in decided if is_victim(each.status)]
    first = first_of(each.when for each in identified.identifications)
    return (Victim(identified, identified.dims(), held, first, [each for _, each in decided]),)


def victims_identified(victim: Victim) -> Iterator[Counted]:
    """One for each identification and status: the person belongs to the period of the one, the other is of its end."""
    for found in victim.identified.identifications:
        dims = {**victim.dims, **found.dims()}
        if found.when is None:
            yield Counted(None, dims=dims)
            continue
        when = touched(found.when)
        for days, status in victim.held:
            yield Counted(when, dims={**dims, "status": (status,)}, asof=days)


def victims_held(victim: Victim) -> Iterator[Counted]:
    """The days on which the person is held as a victim, by status."""
    for days, status in victim.held:
        yield Counted(days, dims={**victim.dims, "status": (status,)})
    for each in victim.identified.decisions:
        if each.since is None and is_victim(each.status):
            yield Counted(None, dims={**victim.dims, "status": (each.status,)})


CORE: Final = (
    *("sex", "age_group", "citizenship", "district"),
    *("minor_at_exploitation", "exploitation", "means", "control", "recruiter_relation", "identified_by"),
)
"""The fields without which a victim's record says little to anybody else: the core of IOM's case data standard."""


def core_answers(victim: Victim) -> tuple[Counted, ...]:
    """Each core field of a victim, answered or not."""
    return _core_fields(victim.first) if victim.identified.identifications else ()


@lru_cache(maxsize=4096)
def _core_fields(first: Days | None) -> tuple[Counted, ...]:
    """They are the same for all who were first identified on the same days."""
    return tuple(Counted(first, dims={"field": (field,)}) for field in CORE)


def core_answers_missing(victim: Victim) -> Sequence[Counted]:
    """Each core field of a victim that has no answer: nobody spoke of it, did not know, or did not ask."""
    if not victim.identified.identifications:
        return ()
    known = {**victim.dims, **victim.identified.core()}
    return [
        _missing(victim.first, field, min(known[field], default=ABSENT)) for field in CORE if not answered(known[field])
    ]


@lru_cache(maxsize=16_384)
def _missing(first: Days | None, field: str, why: str) -> Counted:
    return Counted(first, dims={"field": (field,), "why": (why,)})


_ALSO: Final = ("sex", "district", "identified_by", "status")


def _identified(number: str, name: str, en: str, es: str, *breakdowns: tuple[str, ...]) -> Figure[Identified]:
    """A figure of the persons identified in a period, which differ in what they are asked for by."""
    return Figure(
        number=number,
        name=name,
        en=f"{en} Anyone found by the period’s end not to be a victim is left out.",
        es=f"{es} No se incluye a quien, al final del período, ya se había determinado que no era víctima.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=Each(victims, victims_identified),
        area=Area.PROTECTION,
        breakdowns=((), *breakdowns),
        distinct=True,
    )


def _with_each(*dimensions: str) -> tuple[tuple[str, ...], ...]:
    """The dimensions by themselves, each with each of the further ones, and these by themselves."""
    pairs = tuple(tuple(sorted((each, also))) for each in dimensions for also in _ALSO)
    return (*((each,) for each in dimensions), *((also,) for also in _ALSO), *pairs)


FIGURES: Final[tuple[Figure[Identified], ...]] = (
    _identified(
        "O3",
        "victims_minors_and_adults",
        "Persons identified as victims in the period, by whether they were minors when they were exploited; "
        "the age group is of when the profile was recorded.",
        "Personas identificadas como víctimas en el período, según si eran menores de edad cuando fueron explotadas; "
        "el grupo de edad es el del momento en que se registró el perfil.",
        *_with_each("minor_at_exploitation"),
        ("age_group",),
    ),
    _identified(
        "O4",
        "victims_by_country",
        "Persons identified as victims in the period, by citizenship; somebody with two is in both rows.",
        "Personas identificadas como víctimas en el período, por ciudadanía; quien tiene dos está en ambas filas.",
        *_with_each("citizenship"),
    ),
    _identified(
        "O5",
        "victims_by_exploitation",
        "Persons identified as victims in the period, by how they were exploited: in every row that applies, or by "
        "one type each, which is mixed for several.",
        "Personas identificadas como víctimas en el período, por forma de explotación: en cada fila que corresponda, "
        "o por un solo tipo, que es mixto si hubo varias.",
        *_with_each("exploitation", "trafficking_type"),
    ),
    _identified(
        "O28",
        "victims_trends",
        "Persons identified as victims in the period, by what the report’s trends speak of: girls, recruiters in the "
        "family, citizenship.",
        "Personas identificadas como víctimas en el período, según las tendencias del informe: niñas, captadores de la "
        "familia, ciudadanía.",
        ("recruiter_relation",),
        ("minor_at_exploitation", "sex"),
        ("exploitation", "minor_at_exploitation", "sex"),
        ("minor_at_exploitation", "recruiter_relation"),
        ("citizenship",),
    ),
    _identified(
        "O32a",
        "victims_identified",
        "Persons identified as victims in the period, by the status at the period’s end and by whether the agency that "
        "identified them had them as new or carried over.",
        "Personas identificadas como víctimas en el período, por el estado al final de este y según si la institución "
        "que las identificó las tenía como nuevas o de un período anterior.",
        ("status",),
        ("new_or_carried_over",),
        ("new_or_carried_over", "status"),
        ("identified_by",),
        ("identified_by", "status"),
        ("referral_source",),
    ),
    Figure(
        number="O32b",
        name="victims_held",
        en="Persons held as victims at the end of the period, whenever they were identified, by the status then in "
        "force. Where agencies differ, court or prosecution count before police, police before human services, these "
        "before partners.",
        es="Personas consideradas víctimas al final del período, sin importar cuándo se identificaron, por el estado "
        "entonces vigente. Si las instituciones difieren, cuentan primero tribunal o fiscalía, después policía, "
        "servicios humanos y organizaciones asociadas.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        date_role=DateRole.DECIDED,
        reader=Reader.RUNNING_SUM,
        counted=Each(victims, victims_held),
        area=Area.PROTECTION,
        breakdowns=((), ("status",), ("sex", "status"), ("minor_at_exploitation", "status")),
        distinct=True,
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
        counted=Each(victims, core_answers),
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
        counted=Each(victims, core_answers_missing),
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("field",), ("why",), ("field", "why")),
        part_of="R9a",
    ),
)
