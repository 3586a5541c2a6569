"""Part of a person: the steps of bail: granted, varied, breached, revoked. A person in breach may be near a victim."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Final, TypeAlias

from msgspec import Struct

from schemas.ids import Kind
from schemas.justice.bail import BailBreachedV1, BailGrantedV1, BailRevokedV1, BailVariedV1
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    codes,
    is_statement_of,
    possible_days,
    with_entry,
)
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, DateRole, Figure, Unit

GRANTED, VARIED, BREACHED, REVOKED = "granted", "varied", "breached", "revoked"


_POLICE: Final = "bpd"


class BailStep(Struct, frozen=True):
    """One statement of one step of a bail. The police are witnesses: they may only tell what the prosecution owns."""

    happened: Interval | None
    court: str
    conditions: tuple[str, ...] = ()
    by_witness: bool = False


Bails: TypeAlias = Mapping[tuple[str, str], tuple[BailStep, ...]]
"""Steps in the order in which they happened, by (kind of step, such as `granted`; id of the bail).

Every statement is kept. A bail is granted, or revoked, once more only if the other step certainly lies between."""

_NOTHING: Final[Bails] = {}

_BETWEEN: Final = {GRANTED: REVOKED, REVOKED: GRANTED}
"""By step: the step that must lie between two times of it."""


def _granted(person: str, bails: Bails, event: BailGrantedV1) -> Bails:
    return _told(person, bails, event, GRANTED)


def _varied(person: str, bails: Bails, event: BailVariedV1) -> Bails:
    return _told(person, bails, event, VARIED)


def _breached(person: str, bails: Bails, event: BailBreachedV1) -> Bails:
    return _told(person, bails, event, BREACHED)


def _told(person: str, bails: Bails, event: BailGrantedV1 | BailVariedV1 | BailBreachedV1, what: str) -> Bails:
    data = event.data
    if data.person != person:
        return bails
    step = BailStep(event.occurred, str(data.court), codes(data.conditions), is_statement_of(event, _POLICE))
    return with_entry(bails, (what, data.bail), (*bails.get((what, data.bail), ()), step))


def _revoked(person: str, bails: Bails, event: BailRevokedV1) -> Bails:
    data = event.data
    if data.person != person:
        return bails
    step = BailStep(event.occurred, str(data.court), by_witness=is_statement_of(event, _POLICE))
    return with_entry(bails, (REVOKED, data.bail), (*bails.get((REVOKED, data.bail), ()), step))


def _each_time(bails: Bails, what: str, bail: str) -> Iterator[BailStep]:
    """Yield each time that a bail was granted or revoked; of other steps every statement.

    One time counts as the prosecution last stated it, or the police while the prosecution stated nothing of it.
    """
    steps = bails[what, bail]
    if what not in _BETWEEN:
        yield from steps
        return
    between = bails.get((_BETWEEN[what], bail), ())
    one_time: list[BailStep] = []
    for step, later in pairwise(steps):
        one_time.append(step)
        # The next statement begins first of all later ones, unless the last one has no date.
        if _are_apart(step, later, between) and _are_apart(step, steps[-1], between):
            yield _prosecutions_last(one_time)
            one_time = []
    yield _prosecutions_last([*one_time, steps[-1]])


def _prosecutions_last(told: list[BailStep]) -> BailStep:
    own = [each for each in told if not each.by_witness]
    return (own or told)[-1]


def _are_apart(one: BailStep, other: BailStep, between: tuple[BailStep, ...]) -> bool:
    return any(
        surely_before(one.happened, each.happened) and surely_before(each.happened, other.happened) for each in between
    )


def persons(what: str) -> Callable[[Bails], Iterator[Counted]]:
    """Return a function that yields one item for each step `what`, such as `granted`, of any bail."""

    def counted(bails: Bails) -> Iterator[Counted]:
        for step in (step for became, bail in bails if became == what for step in _each_time(bails, what, bail)):
            yield Counted(possible_days(step.happened), dims={"court": (step.court,), "condition": step.conditions})

    return counted


_figure = partial(
    Figure,
    entity=Kind.PERSON,
    unit=Unit.PERSONS,
    area=Area.PROSECUTION,
    distinct=True,
)

FIGURES: Final[tuple[Figure[Bails], ...]] = (
    _figure(
        number="R19a",
        name="persons_granted_bail",
        en="Persons to whom a court granted bail in the period; somebody granted bail twice counts once. By condition "
        "a person counts under each that was set.",
        es="Personas a las que un tribunal concedió fianza en el período; quien la obtuvo dos veces cuenta una vez. "
        "Por condición, cada persona cuenta en todas las que se le impusieron.",
        date_role=DateRole.DECIDED,
        counted=persons(GRANTED),
        breakdowns=((), ("court",), ("condition",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    _figure(
        number="R19b",
        name="persons_bail_varied",
        en="Persons whose bail conditions a court changed in the period.",
        es="Personas cuyas condiciones de fianza modificó un tribunal en el período.",
        date_role=DateRole.DECIDED,
        counted=persons(VARIED),
        breakdowns=((), ("court",)),
    ),
    _figure(
        number="R19c",
        name="persons_bail_breached",
        en="Persons on bail who broke a condition in the period, whenever bail was granted; by condition a person "
        "counts under each that was broken.",
        es="Personas en libertad bajo fianza que incumplieron una condición en el período, sin importar cuándo se "
        "concedió; por condición, cada persona cuenta en todas las que incumplió.",
        counted=persons(BREACHED),
        breakdowns=((), ("condition",)),
    ),
    _figure(
        number="R19d",
        name="persons_bail_revoked",
        en="Persons whose bail a court took back in the period, so that they went back into custody.",
        es="Personas cuya fianza revocó un tribunal en el período, por lo que volvieron a estar detenidas.",
        date_role=DateRole.DECIDED,
        counted=persons(REVOKED),
        breakdowns=((), ("court",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)

PART: Final[Part[Bails]] = Part(
    name="bail",
    kind=Kind.PERSON,
    empty=_NOTHING,
    folds={
        "bz.atips.bail.granted.v1": _granted,
        "bz.atips.bail.varied.v1": _varied,
        "bz.atips.bail.breached.v1": _breached,
        "bz.atips.bail.revoked.v1": _revoked,
    },
    figures=FIGURES,
)
