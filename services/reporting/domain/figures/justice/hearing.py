"""Part of a person: hearings that were held, were put off, or were set for a day and have no later event."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.hearings_and_trials import CourtAdjournedV1, CourtHearingHeldV1, CourtHearingScheduledV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    is_statement_of,
    possible_days,
    values,
    with_entry,
)
from services.reporting.domain.declaration.figure import NEVER, Area, Counted, DateRole, Days, Figure, Unit
from services.reporting.domain.declaration.values_over_time import turns

_POLICE: Final = "bpd"


class HearingStep(Struct, frozen=True):
    """A hearing that was held or put off, as prosecution published it, or the police while prosecution has not.

    `of`: the stage of a hearing that was held, or the reason for which it was put off.
    """

    happened: Interval | None
    court: str
    of: str | None
    by_witness: bool


class HearingDate(Struct, frozen=True):
    """A hearing: the day for which it was last set, and each time that it was held and put off, in order.

    `set_for`: None if the hearing was held since, or put off without a new day. `held_by`: the last day on which it may
    have been held, by any event; NEVER if an event that it was held has no date.
    """

    court: str
    set_for: date | None = None
    held_by: date = date.min
    held: tuple[HearingStep, ...] = ()
    put_off: tuple[HearingStep, ...] = ()


Hearings: TypeAlias = Mapping[str, HearingDate]
"""Hearings by their ids."""

_NOTHING: Final[Hearings] = {}


def _scheduled(person: str, hearings: Hearings, event: CourtHearingScheduledV1) -> Hearings:
    data = event.data
    if data.person != person:
        return hearings
    known = hearings.get(data.hearing, HearingDate(data.court))
    awaited = _awaited(known, data.next_on)
    return with_entry(hearings, data.hearing, replace(known, court=str(data.court), set_for=awaited))


def _held(person: str, hearings: Hearings, event: CourtHearingHeldV1) -> Hearings:
    data = event.data
    if data.person != person:
        return hearings
    known = hearings.get(data.hearing, HearingDate(data.court))
    said = HearingStep(event.occurred, str(data.court), code(data.stage), is_statement_of(event, _POLICE))
    day = NEVER if event.occurred is None else event.occurred.last_day
    held = replace(known, set_for=None, held_by=max(known.held_by, day), held=_told(known.held, said))
    return with_entry(hearings, data.hearing, held)


def _adjourned(person: str, hearings: Hearings, event: CourtAdjournedV1) -> Hearings:
    data = event.data
    if data.person != person:
        return hearings
    known = hearings.get(data.hearing, HearingDate(data.court))
    said = HearingStep(event.occurred, str(data.court), code(data.reason), is_statement_of(event, _POLICE))
    put_off = _told(known.put_off, said)
    return with_entry(hearings, data.hearing, replace(known, set_for=_awaited(known, data.next_on), put_off=put_off))


def _awaited(known: HearingDate, day: date | None) -> date | None:
    """Return the day for which a hearing is set. None if it may have been held on that day or later."""
    return day if day is not None and known.held_by < day else None


def _told(before: tuple[HearingStep, ...], said: HearingStep) -> tuple[HearingStep, ...]:
    """Return the steps with one more. Steps of the police count only while prosecution published none."""
    own = tuple(each for each in before if not each.by_witness)
    if said.by_witness and own:
        return before
    return (*(before if said.by_witness else own), said)


def hearings_held(hearings: Hearings) -> Iterator[Counted]:
    """Yield each time that a hearing was held, for periods by whose end it was not held again."""
    for hearing in hearings.values():
        yield from _last_by_the_end(hearing.held, "stage")


def hearings_put_off(hearings: Hearings) -> Iterator[Counted]:
    """Yield each time that a hearing was put off, for periods by whose end it was not put off again."""
    for hearing in hearings.values():
        yield from _last_by_the_end(hearing.put_off, "reason")


def _last_by_the_end(steps: Sequence[HearingStep], dimension: str) -> Iterator[Counted]:
    """Yield the steps so that a period counts the last one by its end, and a later step changes no earlier period."""
    dated = turns((each.happened, each) for each in steps)
    for days, step in dated:
        yield _counted(step, dimension)._replace(asof=days)
    for step in () if dated else steps[-1:]:
        yield _counted(step, dimension)


def hearings_without_word(hearings: Hearings) -> Iterator[Counted]:
    """Yield one item for each hearing without a later event, on the day for which it was set."""
    for hearing in hearings.values():
        if hearing.set_for is not None:
            yield Counted(Days(hearing.set_for, hearing.set_for), dims={"court": (hearing.court,)})


def _counted(step: HearingStep, dimension: str) -> Counted:
    dims = {"court": (step.court,), dimension: values(step.of)}
    return Counted(possible_days(step.happened), dims=dims, twice=step.by_witness)


_figure = partial(
    Figure,
    entity=Kind.PERSON,
    unit=Unit.HEARINGS,
    area=Area.PROSECUTION,
)

FIGURES: Final[tuple[Figure[Hearings], ...]] = (
    _figure(
        number="R18a",
        name="hearings_held",
        en="Court hearings held in the period. A hearing of two suspects counts once for each, one that goes on on "
        "several days once. One that only the police told of may also stand in the prosecution’s docket under another "
        "number; it is marked.",
        es="Audiencias judiciales celebradas en el período. La audiencia de dos sospechosos cuenta una vez por cada "
        "uno; la que sigue en varios días, una vez. La que solo comunicó la policía puede constar también en la "
        "fiscalía con otro número; se señala.",
        counted=hearings_held,
        breakdowns=((), ("court",), ("stage",)),
    ),
    _figure(
        number="R18b",
        name="hearings_put_off",
        en="Court hearings that were put off in the period, by the day on which that was said; a hearing put off "
        "several times counts once.",
        es="Audiencias judiciales aplazadas en el período, según el día en que se aplazaron; la que se aplazó varias "
        "veces cuenta una vez.",
        date_role=DateRole.DECIDED,
        counted=hearings_put_off,
        breakdowns=((), ("court",), ("reason",)),
    ),
    _figure(
        number="R18c",
        name="hearings_without_word",
        en="Court hearings set down for a day of the period that nobody has reported since, neither as held nor as put "
        "off to another day: missed, or not yet told. For days to come: those still ahead.",
        es="Audiencias judiciales fijadas para un día del período de las que no se ha informado después, ni que se "
        "celebraran ni que se aplazaran a otro día: no celebradas o aún sin comunicar. Para días futuros: las "
        "pendientes.",
        counted=hearings_without_word,
        breakdowns=((), ("court",)),
    ),
)

PART: Final[Part[Hearings]] = Part(
    name="hearing",
    kind=Kind.PERSON,
    empty=_NOTHING,
    folds={
        "bz.atips.court.hearing_scheduled.v1": _scheduled,
        "bz.atips.court.hearing_held.v1": _held,
        "bz.atips.court.adjourned.v1": _adjourned,
    },
    figures=FIGURES,
)
