"""Duration in days from the first identification of a person as a possible victim to the decision on it."""

from collections.abc import Iterator
from typing import Final

from schemas.codebook.identification import VictimStatus
from schemas.ids import Kind
from schemas.times import surely_before
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.durations import duration, duration_items, earliest
from services.reporting.domain.declaration.entity_state_part import values
from services.reporting.domain.declaration.figure import Area, Counted, DateRole, Figure, Unit
from services.reporting.domain.facts.victim_status_decisions import StatusGiven
from services.reporting.domain.figures.protection.identified.figures import Victim, persons_with_status
from services.reporting.domain.figures.protection.identified.state import Identified

SETTLED: Final = frozenset({VictimStatus.CONFIRMED, VictimStatus.NOT_A_VICTIM})


def time_to_status(person: Victim) -> Iterator[Counted]:
    """Yield the time from the first identification without a settling status to the first settling status in force.

    The settling statuses are in `SETTLED`. A death ends a time under way. Nothing is yielded if a settling status came
    before.
    """
    identified = person.identified
    begun = [each for each in identified.identifications if each.status not in SETTLED]
    if not begun:
        return
    start = earliest(each.when for each in begun)
    settled = _settling(person)
    if any(surely_before(each.since, start) for each in settled):
        return
    yield from duration_items(
        start,
        [each.since for each in settled[:1]],
        Unit.DAYS,
        {"identified_by": values(begun[0].identified_by)},
        unless=identified.deaths,
        outcome={"status": values(settled[0].status)} if settled else {},
    )


def _settling(person: Victim) -> list[StatusGiven]:
    """Return the decisions in force with a status in `SETTLED`, in order; without any, the undated ones."""
    dated = [each for each in person.decided if each.status in SETTLED]
    return dated or [each for each in person.identified.decisions if each.since is None and each.status in SETTLED]


FIGURES: Final[tuple[Figure[Identified], ...]] = (
    duration(
        number="T2",
        name="identification_to_status",
        en="Days from the first identification of a person as a suspected or potential victim to the decision that "
        "they are one or are not, by the day of that decision: the median; persons of whom it is still undecided are "
        "beside it. Who was confirmed at once is not counted.",
        es="Días desde que una persona es identificada por primera vez como presunta o posible víctima hasta la "
        "decisión de que lo es o no lo es, según el día de esa decisión: la mediana; las personas aún sin decisión "
        "figuran aparte. No se cuenta a quien fue confirmada de inmediato.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=EachCounted(persons_with_status, time_to_status),
        area=Area.PROTECTION,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("status",), ("identified_by",)),
    ),
)
