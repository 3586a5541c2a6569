"""Check for codes that were out of use on the day of the fact. Facts of earlier days keep their codes."""

from collections.abc import Iterable, Iterator
from datetime import date

from schemas.codebook.code import Code
from schemas.codebook.dated_groups_and_labels import RELABELLED, Relabelled, in_use_on
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import Mistake, Reason
from schemas.fields import Wire


def codes_out_of_use(event: Event, changes: Iterable[Relabelled] = RELABELLED) -> Iterator[Mistake]:
    """Yield a mistake for each code of an event that is retired on the first possible day of its fact.

    Example: a fact of March 2025 is checked for 2025-03-01. A fact without a date has no mistakes.
    """
    retired = [each for each in changes if not each.in_use]
    if not retired or event.occurred is None:
        return
    day = event.occurred.first_day
    if isinstance(event, EventCorrectedV1):
        yield from _out_of_use(event.replacement(), "/data/data", day, changes)
    else:
        yield from _out_of_use(event, "/data", day, changes)


def _out_of_use(event: Event, pointer: str, day: date, changes: Iterable[Relabelled]) -> Iterator[Mistake]:
    for place, code in _codes(getattr(event, "data", None), pointer):
        if not in_use_on(code, day, changes):
            yield Mistake(Reason.CODE_NOT_IN_USE, place)


def _codes(said: object, pointer: str) -> Iterator[tuple[str, Code]]:
    """Yield (JSON Pointer, code) of each code in `said`, a part of an event. `pointer`: the place of that part."""
    match said:
        case Code():
            yield pointer, said
        case Wire():
            for name in type(said).model_fields:
                yield from _codes(getattr(said, name), f"{pointer}/{name}")
        case tuple() | list():
            for number, each in enumerate(said):
                yield from _codes(each, f"{pointer}/{number}")
        case _:
            pass
