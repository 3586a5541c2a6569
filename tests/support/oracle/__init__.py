"""The figures counted over everything that was accepted: no states, no cells, no routing, no rows of an entity.

Written from the definitions, over the bytes themselves, and sharing no code with what it judges. A new figure is a line
in the `COUNTS` of one of these modules, or in `NOT_OF_EVENTS`; a test names those that are in neither.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, Protocol, TypeAlias

from tests.support.oracle import (
    cases,
    cohort,
    consents,
    courts,
    facts_of_witnesses,
    governance,
    hearings_bail_and_appeals,
    inspections,
    parties_and_links,
    partnership,
    prevention,
    projects,
    protection,
    questionnaire_fields,
    referral_outcomes,
    strategy,
    ties,
    victims,
)
from tests.support.oracle.counting import Count
from tests.support.oracle.event_reading import Heard, hear
from tests.support.oracle.facts_in_force import Known, known, leaders, settled
from tests.support.oracle.spread import SPREADS
from tests.support.oracle.uncounted import UNCOUNTED

__all__ = [
    "BREAKDOWNS",
    "COUNTS",
    "LENGTHS",
    "NOT_OF_EVENTS",
    "SPREADS",
    "TWICE",
    "UNCOUNTED",
    "UNDER_WAY",
    "Heard",
    "Known",
    "answers",
    "by_value",
    "figures",
    "hear",
    "known",
    "leaders",
    "settled",
]

COUNTS: Final[Mapping[str, Count]] = {
    **cases.COUNTS,
    **cohort.COUNTS,
    **courts.COUNTS,
    **hearings_bail_and_appeals.COUNTS,
    **ties.COUNTS,
    **parties_and_links.COUNTS,
    **victims.COUNTS,
    **protection.COUNTS,
    **referral_outcomes.COUNTS,
    **consents.COUNTS,
    **prevention.COUNTS,
    **inspections.COUNTS,
    **projects.COUNTS,
    **partnership.COUNTS,
    **strategy.COUNTS,
    **governance.COUNTS,
}

Tally: TypeAlias = Callable[[Known, date, date], tuple[tuple[int, int], ...]]

LENGTHS: Final[Mapping[str, Tally]] = {
    **cases.LENGTHS,
    **courts.LENGTHS,
    **ties.LENGTHS,
    **parties_and_links.LENGTHS,
    **victims.LENGTHS,
    **protection.LENGTHS,
    **referral_outcomes.LENGTHS,
    **governance.LENGTHS,
}
"""How often each length ended in the period, of the figures that tell how long something took."""

UNDER_WAY: Final[Mapping[str, Count]] = {
    **cases.UNDER_WAY,
    **courts.UNDER_WAY,
    **ties.UNDER_WAY,
    **victims.UNDER_WAY,
    **protection.UNDER_WAY,
    **referral_outcomes.UNDER_WAY,
}
"""Beside these, what surely is under way at the period's end."""

NOT_OF_EVENTS: Final[Mapping[str, str]] = {
    "P2a": "the committees are those of the table of agencies",
    "P2b": "the seats are those of the table of agencies",
    "P2c": "the bodies that have seats are those of the table of agencies",
    "P8": "the partners are those of the table of agencies",
    "R24": "the population is that of the last census",
}
"""The figures that no event moves, each with what it is read from instead."""


TWICE: Final[Mapping[str, Count]] = {
    number: facts_of_witnesses.twice(COUNTS[number]) for number in facts_of_witnesses.FIGURES
}
"""Of figures that add up what several may tell: what only witnesses told."""

BREAKDOWNS: Final[Mapping[tuple[str, str], Callable[[Known, date, date], Mapping[str, int]]]] = {
    ("O2", "outcome"): cases.outcomes,
    ("O9", "sex"): courts.by_sex,
    ("O21a", "service_type"): protection.by_service_type,
    ("O32a", "status"): victims.identified_by_status,
    ("O32b", "status"): victims.by_status,
    ("R2b", "answer"): referral_outcomes.by_answer,
    ("R2j", "state"): referral_outcomes.by_state,
    **questionnaire_fields.BREAKDOWNS,
}
"""Figures by one dimension: what is as it last was, what changes with time, what several tell of."""


class Row(Protocol):
    """A row of a figure by a dimension, as somebody else read it."""

    @property
    def amount(self) -> int:
        """How much."""
        ...

    @property
    def dimensions(self) -> Mapping[str, str]:
        """Of what."""
        ...


def by_value(rows: Iterable[Row], by: str) -> tuple[tuple[str, int], ...]:
    """Rows as `answers` gives them: values with their amounts, none zero, sorted."""
    return tuple(sorted((row.dimensions[by], row.amount) for row in rows if row.amount))


def figures(accepted: Iterable[bytes], first: date, last: date) -> dict[str, int]:
    """Every figure of a period by what these events say: those up to a number give what was known at that number."""
    everything = known(map(hear, accepted))
    return {number: count(everything, first, last) for number, count in COUNTS.items()}


def answers(everything: Known, first: date, last: date) -> dict[str, Any]:
    """All that is counted of a period: the figures, and by further names what is told beside them."""
    return {
        **{number: count(everything, first, last) for number, count in COUNTS.items()},
        **{f"{number} lengths": tally(everything, first, last) for number, tally in LENGTHS.items()},
        **{f"{number} under way": count(everything, first, last) for number, count in UNDER_WAY.items()},
        **{f"{number} twice": count(everything, first, last) for number, count in TWICE.items()},
        **{
            f"{number} by {by}": tuple(sorted(count(everything, first, last).items()))
            for (number, by), count in BREAKDOWNS.items()
        },
    }
