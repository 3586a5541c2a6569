"""Part of an activity: a role of Belize in an international body, such as a presidency or a membership."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from msgspec import Struct

from schemas.codebook.coordination import HeldRole
from schemas.codebook.dated_groups_and_labels import PRESIDENCIES
from schemas.coordination import RoleHeldV1
from schemas.ids import Kind
from schemas.times import Interval, Period
from services.reporting.domain.declaration.entity_state_part import Part, possible_days
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    NEVER,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)


class BodyRole(Struct, frozen=True):
    """A role of Belize in a body, as last published. `until`: the first day on which the role may have ended."""

    since: Interval | None
    until: date
    role: str
    body: str


def _role_held(activity: str, role: BodyRole | None, event: RoleHeldV1) -> BodyRole | None:
    data = event.data
    if data.tenure != activity:
        return role
    until = NEVER if data.held_to is None else Period.parse(data.held_to).first
    return BodyRole(event.occurred, until, str(data.role), str(data.body))


def presidencies(role: BodyRole | None) -> Iterator[Counted]:
    """Yield the span, for the reader ACTIVE, in which a presidency was certainly held.

    If only the years of a presidency are known, only periods that contain both years count it.
    """
    if role is not None and role.role in PRESIDENCIES.at(role.since):
        when = None if role.since is None else Days(role.since.last_day, role.until)
        yield Counted(when, dims={"body": (role.body,)})


def memberships_begun(role: BodyRole | None) -> Iterator[Counted]:
    """Yield a membership on the day on which it began."""
    if role is not None and role.role == HeldRole.MEMBERSHIP:
        yield Counted(possible_days(role.since), dims={"body": (role.body,)})


# Arguments that all figures of roles share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[BodyRole | None], ...]] = (
    _figure(
        number="P4b",
        name="presidencies_held",
        en="Presidencies of international bodies that Belize held at any time in the period, by body.",
        es="Presidencias de organismos internacionales que Belice ejerció en algún momento del período, por organismo.",
        unit=Unit.ROLES,
        nature=Nature.STOCK,
        reader=Reader.ACTIVE,
        counted=presidencies,
        breakdowns=((), ("body",)),
        distinct=True,
    ),
    _figure(
        number="P7b",
        name="memberships_begun",
        en="International bodies and initiatives that Belize joined in the period.",
        es="Organismos e iniciativas internacionales a los que Belice se unió en el período.",
        unit=Unit.ROLES,
        counted=memberships_begun,
        breakdowns=((), ("body",)),
    ),
)

PART: Final[Part[BodyRole | None]] = Part(
    name="roles_in_international_bodies",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.role.held.v1": _role_held},
    figures=FIGURES,
)
