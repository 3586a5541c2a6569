"""Facts that only witnesses published: they count, and the owner may have published them under another id."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.support.oracle.counting import Count
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, once
from tests.support.oracle.hearings_bail_and_appeals import by_prosecution
from tests.support.oracle.partnership import by_a_host
from tests.support.oracle.prevention import organises
from tests.support.oracle.projects import of_makers, of_organisers
from tests.support.oracle.protection import by_operator, by_provider, performed_among


def _by_own_words(owns: Callable[[Fact], bool]) -> Callable[[Known], Callable[[Fact], bool]]:
    return lambda _: owns


_OWNS: Final[Mapping[str, tuple[Callable[[Known], Callable[[Fact], bool]], tuple[str, ...]]]] = {
    "service.provided": (_by_own_words(by_provider), ("person", "service")),
    "shelter.placement_started": (by_operator, ("person", "placement")),
    "court.hearing_held": (_by_own_words(by_prosecution), ("person", "hearing")),
    "court.adjourned": (_by_own_words(by_prosecution), ("person", "hearing")),
    "screening.completed": (lambda known: performed_among(known.of("screening.completed")), ("screening",)),
    "training.session_delivered": (_by_own_words(organises), ("session",)),
    "awareness.activity_held": (_by_own_words(of_organisers), ("activity",)),
    "output.published": (_by_own_words(of_makers), ("output",)),
    "coordination.meeting_held": (_by_own_words(by_a_host), ("meeting",)),
    "coordination.conference_attended": (_by_own_words(by_a_host), ("conference",)),
}
"""Owners of facts, and the fields by which one fact differs from another."""


@once
def _witnessed(known: Known) -> Known:
    """The facts that no owner told."""
    owns = {name: owned_by(known) for name, (owned_by, _) in _OWNS.items()}
    owned = {_key(each) for each in known.of(*_OWNS) if owns[each.name](each)}
    return Known(each for each in known.of(*_OWNS) if _key(each) not in owned)


def _key(each: Fact) -> tuple[Any, ...]:
    """A meeting and a conference of one id are one."""
    kind = "meeting" if each.name.startswith("coordination.") else each.name
    return kind, *(each.said[name] for name in _OWNS[each.name][1])


def twice(count: Count) -> Count:
    """How much of a figure may be there twice: what it comes to where nobody but witnesses spoke."""
    return lambda known, first, last: count(_witnessed(known), first, last)


FIGURES: Final = (
    "O6a", "O20", "O21a", "O24c", "O31", "R18a", "R18b", "M1", "M2", "M3", "M4", "M5a", "M5b", "M6a", "M6b", "M7a",
    "M7b", "M8", "M10b", "M11a", "M11b", "M12a", "M12b", "M15a", "M15b", "M15c", "M16", "P3a", "P3b", "P4a", "P6a",
    "P6b", "P7a",
)  # fmt: skip
"""Figures that add up what several may tell."""
