"""Rule about facts that may have been published twice under two ids: by owner and witness, or by two agencies."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Final

from schemas.catalogue import CATALOGUE
from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.times import Period
from services.reporting.domain.declaration.contradiction_figures import EACH as EACH_CONTRADICTION
from services.reporting.domain.declaration.contradiction_figures import records_of
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.records.activity_duplicate_keys import BETWEEN, WITNESS
from services.reporting.domain.figures.records.activity_duplicate_keys import EACH as EACH_ACTIVITY
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules.finding_rule import ContradictionRule, FigureContradiction, FigureRead, Readings

_OF_PERSONS: Final = FigureRead("G4a", EACH_CONTRADICTION)
_ACTIVITIES: Final = FigureRead("G6", EACH_ACTIVITY)

_SERVICE: Final = {
    "en": "A service that only a partner told of may be its provider’s under another number",
    "es": "Un servicio que solo mencionó un socio puede ser uno del prestador con otro número",
}


def same_fact_suspected(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield contradictions for services and activities that may have been published twice.

    These are services and activities that only a witness published. They are also activities of different agencies with
    equal type and fields that may share a day.
    """
    for each in readings[_OF_PERSONS]:
        if each.amount and each.dimensions["code"] == FindingCode.SAME_FACT_SUSPECTED:
            yield FigureContradiction(records_of(each.dimensions["records"]), _SERVICE)
    told = sorted((each for each in readings[_ACTIVITIES] if each.amount), key=_likeness)
    for (name, _), alike in groupby(told, key=_likeness):
        for group in _of_one_time(alike):
            yield from _alike(name, group)


def _likeness(reading: Reading) -> tuple[str, str]:
    """Return the type and the identifying fields of an activity, without its days."""
    return reading.dimensions["type"], reading.dimensions["mark"].partition(BETWEEN)[2]


def _days(reading: Reading) -> Period | None:
    """Return the days that the activity may lie on. None if too little is known to compare it with others."""
    mark = reading.dimensions["mark"]
    return None if mark == ABSENT else Period.parse(mark.partition(BETWEEN)[0])


def _of_one_time(alike: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Yield groups of activities that may share a day. An activity without known days is a group of its own."""
    known: list[tuple[Period, Reading]] = []
    for each in alike:
        days = _days(each)
        if days is None:
            yield [each]
        else:
            known.append((days, each))
    group: list[Reading] = []
    until = date.min
    for days, each in sorted(known, key=lambda pair: pair[0].first):
        if group and days.first > until:
            yield group
            group, until = [], date.min
        group.append(each)
        until = max(until, days.last)
    if group:
        yield group


def _alike(name: str, group: list[Reading]) -> Iterator[FigureContradiction]:
    tellers = [set(each.dimensions["agencies"].split(BETWEEN)) for each in group]
    apart = not set.intersection(*tellers)
    kind = CATALOGUE[name]
    if apart:
        times = [days for days in map(_days, group) if days is not None]
        days = Period(min(each.first for each in times), max(each.last for each in times))
        said = {
            "en": f"“{kind.en}”, {days}: what two agencies tell may be one, under two ids",
            "es": f"«{kind.es}», {days}: lo que informan dos instituciones puede ser uno solo, con dos identificadores",
        }
        yield FigureContradiction(
            tuple(record for each in group for record in records_of(each.dimensions["records"])), said
        )
        return
    for each in group:
        if each.dimensions["by"] == WITNESS:
            said = {
                "en": f"“{kind.en}”: only a witness told of it, and its owner may have under another id",
                "es": f"«{kind.es}»: solo lo informó un testigo; su responsable pudo informarlo con otro identificador",
            }
            yield FigureContradiction(records_of(each.dimensions["records"]), said)


RULES: Final = (
    ContradictionRule(
        FindingCode.SAME_FACT_SUSPECTED,
        FindingSeverity.NOTICE,
        "{en}.",
        "{es}.",
        (_OF_PERSONS, _ACTIVITIES),
        same_fact_suspected,
    ),
)
