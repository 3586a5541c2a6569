"""The examples of all types and a little more, counted: by each dimension, and where nobody knows when anything was."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from schemas.codec import decode
from schemas.identification import VictimIdentifiedV1
from schemas.ids import Kind
from schemas.protection.services import ServiceProvidedV1
from schemas.protection.shelter_and_return import ImmigrationStatusGrantedV1
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import MARKS, CellKey
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger.entity_fold import FOLDED
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.reporting.figures_of_events import Said
from tests.unit.reporting.samples import activity, an_id, person, raw
from tests.unit.reporting.test_fold import EXAMPLES, all_cells
from tests.unit.reporting.test_referrals import escalated, moved, sent


def suspect(who: int, sex: str, citizenship: str, district: str) -> Said:
    data = {"person": person(who), "role": "suspect", "sex": sex, "citizenship": [citizenship], "district": district}
    return "person.profile_recorded", data, "2024-03-01", "bpd"


def charged(name: str, who: int, **more: object) -> Said:
    data = {"person": person(who), "charge": an_id(Kind.CHARGE, who), **more}
    return name, data, "2024-03-02", "bpd" if name == "charge.filed" else "odpp"


def referred(number: int) -> Said:
    return sent(number, "2024-03-01T09:00", agency="bpd", service_types=["medical"])


def of(kind: Kind, number: int, who: int, **more: object) -> dict[str, Any]:
    return {
        "person": person(who),
        {Kind.SERVICE: "service", Kind.PLACEMENT: "placement"}[kind]: an_id(kind, number),
        **more,
    }


def done(name: str, number: int, agency: str = "hti", **more: Any) -> Said:  # noqa: ANN401
    return moved(name, number, "2024-03-03T09:00", agency, **more)


PLAIN: Final = [path.read_bytes() for path in sorted(EXAMPLES.glob("*.json")) if ".referral." not in path.name]
((VICTIM, CASE),) = (
    (event.data.person, event.data.case) for event in map(decode, PLAIN) if isinstance(event, VictimIdentifiedV1)
)
(SERVED,) = (event.data.person for event in map(decode, PLAIN) if isinstance(event, ServiceProvidedV1))
(GRANTED,) = (event.data.person for event in map(decode, PLAIN) if isinstance(event, ImmigrationStatusGrantedV1))

MORE: Final[tuple[Said, ...]] = (
    *(("victim.identified", {"person": who, "status": "suspected"}, "2023-05-21", "dhs")
      for who in sorted({SERVED, GRANTED})),
    ("victim.status_changed", {"person": person(9), "status": "undetermined"}, "2024-05-21", "dhs"),
    ("person.profile_recorded", {"person": person(9), "role": "victim", "sex": "male"}, "2024-05-21", "dhs"),
    ("labour.inspection_completed", {"inspection": activity(9), "district": "cayo",
                                     "sector": "agriculture_forestry_fishing", "trigger": "complaint",
                                     "announced": "yes", "tip_indicators": "yes",
                                     "violations_n": 2}, "2024-05-21", "labour"),
    suspect(10, "male", "BZ", "cayo"), charged("charge.filed", 10, offence="other"),
    ("arrest.made", {"person": person(10), "arrest": an_id(Kind.ARREST, 10), "suspected_offence": "other"},
     "2024-05-21", "bpd"),
    suspect(11, "male", "BZ", "cayo"),
    charged("charge.filed", 11, offence="other"), charged("verdict.returned", 11, outcome="convicted"),
    suspect(12, "female", "BZ", "cayo"), charged("charge.filed", 12, offence="other"),
    ("court.committed", {"person": person(12), "court": "magistrates", "charges": [an_id(Kind.CHARGE, 12)]},
     "2024-05-22", "odpp"),
    ("person.profile_recorded", {"person": VICTIM, "case": CASE, "role": "victim", "sex": "female",
                                 "age_group": "child_9_17", "citizenship": ["HN"], "district": "corozal"},
     "2024-05-21", "dhs"),
    ("shelter.placement_started", {"person": VICTIM, "placement": an_id(Kind.PLACEMENT, 1), "population": "victim",
                                   "shelter_form": "independent_living"}, "2024-05-21", "dhs"),
    ("shelter.placement_started", of(Kind.PLACEMENT, 2, 2, population="migrant_child", shelter_form="foster_care"),
     "2024-05-21", "dhs"),
    ("service.declined", of(Kind.SERVICE, 1, 1, service_type="stipend", provider="dhs", refused_by="person"),
     "2024-05-21", "dhs"),
    ("service.provided", of(Kind.SERVICE, 2, 2, service_type="advocacy", provider="cdf", partners=["iom"]),
     "2024-05-21", "cdf"),
    suspect(3, "female", "GT", "toledo"), charged("charge.filed", 3, offence="tip_labour"),
    ("court.committed", {"person": person(3), "court": "magistrates", "charges": [an_id(Kind.CHARGE, 3)]},
     "2024-03-03", "odpp"),
    suspect(4, "male", "BZ", "stann_creek"), charged("charge.filed", 4, offence="child_prostitution"),
    charged("verdict.returned", 4, outcome="convicted", exploitation=["forced_labour"]),
    ("sentence.imposed", {"person": person(4), "sentence": an_id(Kind.SENTENCE, 4),
                          "charges": [an_id(Kind.CHARGE, 4)], "kinds": ["fine"]}, "2024-03-04", "odpp"),
    ("training.session_delivered", {"session": activity(1), "topic": "training_of_trainers", "audience": "police"},
     "2024-03-01", "hti"),
    ("training.session_delivered", {"session": activity(2), "project": "safe", "audience": "medical"},
     "2024-03-01", "ret"),
    ("awareness.media_published", {"asset": activity(3), "form": "video", "channel": "television",
                                   "created_by": "cdf"}, "2024-03-01", "cdf"),
    ("awareness.activity_held", {"activity": activity(4), "form": "tour", "organisers": ["ret"]}, "2024-03-01", "ret"),
    ("objective.progress_reported", {"first_year": 2024, "area": "protection", "progress": "delayed"},
     "2024-03-01", "council"),
    ("objective.progress_reported", {"first_year": 2024, "area": "protection", "progress": "delayed",
                                     "objective_id": "2.1", "indicator": "2.1.1", "level": 1, "baseline": 0,
                                     "target": 3, "planned_cents": 5, "spent_cents": 4}, "2024-03-02", "council"),
    ("training.session_delivered", {"session": activity(12), "programmes": ["iec_plan"], "topic": "ht101",
                                    "audience": "teachers", "facilitators": ["ngo"]}, "2024-03-01", "council"),
    ("training.session_delivered", {"session": activity(13), "programmes": ["iec_plan"], "topic": "ht101",
                                    "audience": "teachers"}, "2024-03-01", "council"),
    ("role.held", {"tenure": activity(5), "role": "pro_tempore_presidency", "body": "caricom"}, "2024-03-01", "mofa"),
    ("role.held", {"tenure": activity(6), "role": "membership", "body": "oas"}, "2024-03-01", "mofa"),
    ("coordination.meeting_held", {"meeting": activity(7), "kind": "drafting_review", "law": "seasonal_workers"},
     "2024-03-01", "council"),
    ("coordination.meeting_held", {"meeting": activity(8), "kind": "technical_visit", "country": "MX",
                                   "organisers": ["labour"]}, "2024-03-01", "labour"),
    ("unit.staffing_reported", {"unit": "tip_care_unit", "rank": "social_worker", "headcount": 2},
     "2024-03-01", "dhs"),
    *map(referred, range(1, 9)), *(done("accepted", number) for number in (1, 2, 3, 4, 5)),
    ("service.provided", of(Kind.SERVICE, 3, 1, service_type="medical", provider="dhs",
                            referral=an_id(Kind.REFERRAL, 1)), "2024-03-04", "dhs"),
    done("completed", 1), done("handed_back", 2, reason="other_service_needed"),
    done("referred_onward", 3, reason="safety"), done("failed", 4, reason="person_moved"),
    done("rejected", 6, reason="no_capacity", refused_by="provider"),
    done("cancelled", 7, agency="bpd", from_agency="bpd", reason="no_longer_needed"), escalated(8, "2024-03-02T09:00"),
)  # fmt: skip

ELSEWHERE: Final = frozenset({"G1", "G2a", "G2b", "G2c", "G3", "G4a", "G4b", "G5a", "G5b", "G5c", "G6", "R9a", "R9b"})
"""Figures of the events themselves, whose rows name types and records, and of what nobody said."""


def told() -> list[bytes]:
    return [*PLAIN, *(raw(name, n, data, when, agency=by[0]) for n, (name, data, when, *by) in enumerate(MORE))]


def cells_of(payloads: Iterable[bytes]) -> Mapping[CellKey, int]:
    return all_cells([event for event in map(decode, payloads) if event.type in FOLDED])


def rows_of(cells: Mapping[CellKey, int]) -> dict[str, dict[str, set[str]]]:
    """By dimension the figures of events that may be asked for by it, each with its rows."""
    found: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for figure in FIGURES.values():
        for name in {name for breakdown in figure.breakdowns for name in breakdown}:
            if figure.entity is not None and figure.number not in ELSEWHERE:
                found[name][figure.number] = set()
    for key in cells:
        for name, value in key.dims:
            found[name].get(key.figure.rstrip(MARKS), set()).add(value)
    return {name: figures for name, figures in found.items() if figures}


@cache
def asked_by() -> dict[str, dict[str, set[str]]]:
    return rows_of(cells_of(told()))


def test_every_breakdown_of_a_figure_has_rows_in_the_examples() -> None:
    """If a breakdown has none, let an example of schemas/examples or a line of MORE state it."""
    without = {(number, name) for name, figures in asked_by().items() for number, rows in figures.items() if not rows}
    assert without == set()


DATED_ALL_THE_SAME: Final = frozenset({"R25a", "R25b", "M9b", "G1", "G3"})
"""Figures by a day or period that the event is about, and not by when it was."""

BY_WHAT_CAME_LATER: Final = frozenset({"R1b", "R6a", "R6b", "R18c"})
"""Figures of what still holds: of two things that nobody can date none is the later."""

BY_DATE: Final = frozenset({"status", "state", "opened_year"})
"""Dimensions whose value is that of a period's end, or of a date."""


def without_date(payload: bytes) -> bytes:
    event = {key: value for key, value in json.loads(payload).items() if key not in {"time", "occurredto"}}
    return json.dumps({**event, "occurredprecision": "unknown"}).encode()


def test_what_nobody_can_date_is_undated_in_every_figure_that_counts_it_and_in_no_period() -> None:
    dated, undated = cells_of(told()), cells_of(map(without_date, told()))
    for figure in (each for each in FIGURES.values() if each.entity is not None):
        (known,), (unknown,) = (read(figure, cells, Period.parse("2000..2050")) for cells in (dated, undated))
        if figure.number in DATED_ALL_THE_SAME:
            assert unknown.amount, figure.number
        elif figure.number not in BY_WHAT_CAME_LATER | ELSEWHERE:
            assert unknown.amount == 0, figure.number
            assert unknown.undated or not (known.amount or known.unknown or known.under_way), figure.number
    for dimension, figures in rows_of(undated).items():
        for number, rows in figures.items() if dimension not in BY_DATE else ():
            assert ABSENT not in rows - asked_by()[dimension][number], (number, dimension)
