"""The oracle itself, against answers that were worked out by hand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
import pytest

from schemas.catalogue import CATALOGUE
from schemas.codec import decode_strict
from schemas.ids import Kind, mint
from services.reporting.domain.declaration.figure import Nature, Reader
from services.reporting.domain.figures.all_figures import FIGURES
from tests.support.oracle import COUNTS, LENGTHS, NOT_OF_EVENTS, UNDER_WAY, figures
from tests.support.oracle.event_reading import STAGES

YEAR = date(2024, 1, 1), date(2024, 12, 31)

Fields = dict[str, Any]


def an(kind: Kind, number: int) -> str:
    """A greater number makes a greater id."""
    return mint(kind, number.to_bytes(16, "big"))


ANA, BEN, CAL, DOT = (an(Kind.PERSON, number) for number in range(1, 5))
SCREENING, SESSION, INSPECTION, OTHER = (an(Kind.ACTIVITY, number) for number in range(1, 5))


def event_id(number: int) -> str:
    return f"018fe18c-0100-7{number:03x}-87ef-85cb0d5e50e4"


def said(number: int, name: str, data: Fields, agency: str = "bpd", **more: object) -> Fields:
    """An event of the tenth of May, unless it says otherwise."""
    subject = next(value for value in data.values() if str(value)[:4] in {"per-", "cas-", "act-"})
    return {
        "specversion": "1.0",
        "id": event_id(number),
        "source": f"{agency}/register",
        "type": f"bz.atips.{name}.v1",
        "subject": subject,
        "time": "2024-05-10T10:00:00-06:00",
        "recordedtime": "2024-06-01T09:00:00-06:00",
        "data": data,
    } | more


def arrest(number: int, person: str = ANA, victims: Sequence[str] = (), arrested: int = 0, **more: object) -> Fields:
    data = {"person": person, "arrest": an(Kind.ARREST, arrested or number), "linked_victims": list(victims)}
    return said(number, "arrest.made", data) | more


def changed(number: int, target: Fields, name: str, data: Fields, **more: object) -> Fields:
    agency = target["source"].partition("/")[0]
    event = said(number, name, {"person": target["subject"]}, agency)
    return event | {"data": data, "supersedes": f"{target['source']}/{target['id']}"} | more


def corrected(number: int, target: Fields, to: Fields, **more: object) -> Fields:
    data = {"reason": "entry_error", "type": to["type"], "data": to["data"]}
    return changed(number, target, "event.corrected", data, time=to["time"], **more)


def retracted(number: int, target: Fields, **more: object) -> Fields:
    return changed(number, target, "event.retracted", {"reason": "entry_error"}, **more)


def merged(number: int, one: str, other: str, field: str = "person", agency: str = "bpd", **more: object) -> Fields:
    return said(number, f"{field}.merged", {field: one, "same_as": other, "reason": "statement"}, agency, **more)


def counted(*events: Fields, period: tuple[date, date] = YEAR) -> Mapping[str, int]:
    payloads = [orjson.dumps(event) for event in events]
    for payload in payloads:
        decode_strict(payload)
    return figures(payloads, *period)


def uncounted(declared: Iterable[str]) -> list[str]:
    return sorted({*declared} - COUNTS.keys() - NOT_OF_EVENTS.keys())


def test_every_figure_is_counted() -> None:
    missing = uncounted(FIGURES)
    where = "count it in a COUNTS of tests/support/oracle, or say in NOT_OF_EVENTS there what it is read from"
    assert not missing, f"the oracle does not count {', '.join(missing)}: {where}"
    assert not COUNTS.keys() & NOT_OF_EVENTS.keys()
    assert COUNTS.keys() | NOT_OF_EVENTS.keys() == FIGURES.keys()
    registry = {number for number, figure in FIGURES.items() if figure.nature is Nature.REGISTRY}
    assert NOT_OF_EVENTS.keys() == registry, "whatever events move is counted"


def test_what_comes_first_is_said_of_every_type() -> None:
    declared = {name.removeprefix("bz.atips.").removesuffix(".v1"): kind.stage for name, kind in CATALOGUE.items()}
    assert declared == STAGES


def test_a_figure_that_nobody_counts_is_named() -> None:
    assert uncounted([*FIGURES, "X1", "O9"]) == ["X1"]


def test_whatever_takes_time_is_told_by_its_lengths() -> None:
    assert LENGTHS.keys() == {number for number, figure in FIGURES.items() if figure.reader is Reader.QUANTILE}
    assert UNDER_WAY.keys() <= LENGTHS.keys()


FIRST = arrest(1)
LATER = {"recordedtime": "2024-07-01T09:00:00-06:00"}
LATEST = {"recordedtime": "2024-08-01T09:00:00-06:00"}
NEXT_YEAR = arrest(1, time="2025-02-01T10:00:00-06:00")
FIX = corrected(2, FIRST, NEXT_YEAR)


@pytest.mark.parametrize(
    ("events", "arrested"),
    [
        pytest.param([FIRST], 1, id="a fact"),
        pytest.param([FIRST, arrest(2, arrested=1), arrest(3)], 1, id="a person counts once"),
        pytest.param([FIRST, arrest(2, BEN)], 2, id="two persons"),
        pytest.param([FIRST, FIX], 0, id="corrected away"),
        pytest.param([FIX], 0, id="corrected before it came"),
        pytest.param([corrected(2, NEXT_YEAR, FIRST)], 1, id="a correction speaks for what is unseen"),
        pytest.param([FIRST, retracted(2, FIRST)], 0, id="retracted"),
        pytest.param([retracted(2, FIRST)], 0, id="the retraction of something unseen"),
        pytest.param([FIRST, retracted(2, FIRST), retracted(3, retracted(2, FIRST))], 1, id="a retraction taken back"),
        pytest.param([FIRST, FIX, retracted(3, FIX)], 1, id="a correction taken back"),
        pytest.param([FIRST, FIX, corrected(3, FIX, FIRST)], 1, id="a correction corrected"),
        pytest.param([FIRST, retracted(2, FIRST), corrected(3, retracted(2, FIRST), FIRST)], 1, id="not retracted but"),
        pytest.param([FIRST, FIX | LATER, retracted(3, FIRST)], 0, id="the later of two wins: the correction"),
        pytest.param([FIRST, corrected(2, FIRST, FIRST), retracted(3, FIRST, **LATER)], 0, id="the retraction"),
        pytest.param([FIRST, corrected(2, FIRST, FIRST, **LATER), retracted(3, FIRST)], 1, id="the correction again"),
        pytest.param([FIRST, FIX, corrected(3, FIRST, FIRST)], 1, id="recorded at once: the greater id wins"),
        pytest.param(
            [FIRST, FIX | LATEST, corrected(3, FIRST, FIRST, **LATER), retracted(4, FIX)], 1, id="the next best"
        ),
        pytest.param([FIRST, retracted(2, FIRST), retracted(3, retracted(2, FIRST)),
                      retracted(4, retracted(3, FIRST))], 0, id="three deep"),
        pytest.param([FIRST, retracted(2, retracted(3, FIRST)), retracted(3, retracted(2, FIRST))], 1, id="a ring"),
        pytest.param([corrected(2, FIX, FIRST)], 0, id="a ring of one"),
        pytest.param([FIX, corrected(3, FIX, FIRST), corrected(1, corrected(3, FIX, FIRST), FIRST)], 0, id="of three"),
        pytest.param([FIRST, corrected(2, FIX, FIRST), retracted(3, FIX)], 1, id="what hangs on a ring"),
        pytest.param([FIRST, corrected(2, FIRST, arrest(1, BEN)), arrest(3, BEN)], 1, id="the wrong person"),
    ],
)  # fmt: skip
def test_corrections_and_retractions(events: Sequence[Fields], arrested: int) -> None:
    assert counted(*events)["O9"] == arrested
    assert counted(*reversed(events))["O9"] == arrested


ONE = merged(5, BEN, ANA)
BOTH = [FIRST, arrest(2, BEN)]


@pytest.mark.parametrize(
    ("events", "arrested"),
    [
        pytest.param([*BOTH, ONE], 1, id="merged"),
        pytest.param([*BOTH, ONE, merged(6, ANA, BEN, agency="dhs")], 1, id="in both directions"),
        pytest.param([*BOTH, ONE, merged(6, ANA, BEN), retracted(7, ONE)], 1, id="one of two taken back"),
        pytest.param([*BOTH, ONE, retracted(6, ONE)], 2, id="un-merged"),
        pytest.param([*BOTH, ONE, retracted(6, ONE), retracted(7, retracted(6, ONE))], 1, id="merged after all"),
        pytest.param([*BOTH, arrest(3, CAL), ONE, merged(6, CAL, BEN)], 1, id="a chain"),
        pytest.param([*BOTH, arrest(3, CAL), ONE, merged(6, CAL, BEN), retracted(7, ONE)], 2, id="a chain cut"),
        pytest.param([FIRST, arrest(2, CAL), merged(5, BEN, ANA), merged(6, BEN, CAL)], 1, id="through a third"),
        pytest.param([*BOTH, corrected(6, merged(5, BEN, DOT), ONE)], 1, id="corrected into the right merge"),
        pytest.param([*BOTH, ONE, corrected(6, ONE, merged(5, BEN, DOT))], 2, id="corrected into another merge"),
        pytest.param([*BOTH, arrest(3, CAL), corrected(6, arrest(3, CAL), ONE)], 1, id="no arrest but a merge"),
    ],
)
def test_merges(events: Sequence[Fields], arrested: int) -> None:
    assert counted(*events)["O9"] == arrested
    assert counted(*reversed(events))["O9"] == arrested


def test_a_merged_person_is_one_for_others_too() -> None:
    naming = [arrest(1, ANA, [DOT]), arrest(2, BEN, [DOT]), arrest(3, CAL, [DOT])]
    assert counted(*naming)["O12"] == 3
    assert counted(*naming, ONE)["O12"] == 2
    victims = [arrest(1, ANA, [CAL]), arrest(2, BEN, [DOT])]
    assert counted(*victims)["O12"] == 1
    assert counted(*victims, merged(5, CAL, DOT))["O12"] == 2
    screened = said(4, "screening.completed", {"screening": SCREENING, "persons": [ANA, BEN, CAL]})
    assert counted(screened)["O6a"] == 3
    assert counted(screened, ONE)["O6a"] == 2


def test_a_verdict_answers_the_charge_of_whom_it_was_merged_with() -> None:
    count = {"charge": an(Kind.CHARGE, 1)}
    charge = said(1, "charge.filed", {"person": ANA, **count, "offence": "tip_sex"}, "odpp")
    verdict = said(2, "verdict.returned", {"person": BEN, **count, "outcome": "convicted", "counts_n": 3}, "odpp")
    assert counted(charge, verdict)["O16"] == 1
    assert counted(charge, verdict, ONE)["O16"] == 0
    for events in ([charge, verdict], [charge, verdict, ONE]):
        found = counted(*events)
        assert (found["O13a"], found["O13b"]) == (1, 3)


def test_the_last_statement_about_an_activity_counts_but_for_a_witness() -> None:
    data = {"session": SESSION, "programmes": ["iec_plan"], "organisers": ["dhs"], "audience": "teachers"}
    own = said(1, "training.session_delivered", {**data, "participants_n": 20}, "dhs")
    seen = said(2, "training.session_delivered", {**data, "participants_n": 30}, "hti", **LATER)
    for_it = seen | {"onbehalfof": "dhs"}
    assert counted(own, seen)["M1"] == 20
    assert counted(own, for_it)["M1"] == counted(own, for_it)["M2"] == 30
    assert counted(seen)["M1"] == 30
    inspected = said(3, "labour.inspection_completed", {"inspection": INSPECTION}, "labour")
    batch = {"inspection": OTHER, "count": 7, "count_basis": "inspections", "focus": ["child_labour"]}
    many = said(4, "labour.inspection_completed", batch, "labour", **LATER)
    found = counted(inspected, many)
    assert (found["O27a"], found["O27b"]) == (8, 7)
    found = counted(inspected, many, merged(5, INSPECTION, OTHER, "activity", "labour"))
    assert (found["O27a"], found["O27b"]) == (7, 7), "one activity: the later statement"


def test_cases() -> None:
    opened = [said(number, "investigation.opened", {"case": an(Kind.CASE, number)}) for number in (1, 2)]
    two = merged(3, an(Kind.CASE, 2), an(Kind.CASE, 1), "case", "odpp")
    assert counted(*opened)["O1a"] == counted(*opened)["O1b"] == 2
    assert counted(*opened, two)["O1a"] == 1
    next_year = date(2025, 1, 1), date(2025, 12, 31)
    found = counted(*opened, two, period=next_year)
    assert (found["O1a"], found["O1b"]) == (0, 1)


@pytest.mark.parametrize(
    ("when", "arrested"),
    [
        ({"time": "2025-01-01T02:00:00Z"}, 1),
        ({"time": "2025-01-01T06:00:00Z"}, 0),
        ({"time": "2024-12-01T00:00:00-06:00", "occurredprecision": "month"}, 1),
        ({"time": "2024-12-31T20:00:00-06:00", "occurredto": "2025-01-01T00:00:00-06:00"}, 1),
        ({"time": "2024-12-31T20:00:00-06:00", "occurredto": "2025-01-01T00:00:01-06:00"}, 0),
        ({"time": "2024-12-31T00:00:00-06:00", "occurredto": "2025-01-01T00:00:00-06:00",
          "occurredprecision": "day"}, 0),
        ({"time": "2024-01-01T00:00:00-06:00", "occurredprecision": "year"}, 1),
        ({"time": None, "occurredprecision": "unknown"}, 0),
    ],
)  # fmt: skip
def test_a_fact_counts_in_a_period_that_holds_all_of_when_it_may_have_been(when: Fields, arrested: int) -> None:
    assert counted(FIRST | when)["O9"] == arrested
