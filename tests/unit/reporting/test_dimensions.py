"""The examples of all types and a little more, counted: by each dimension, and where nobody knows when anything was."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import pytest

from schemas.codec import decode
from schemas.identification import VictimIdentifiedV1
from schemas.ids import Kind
from schemas.protection.services import ServiceProvidedV1
from schemas.protection.shelter_and_return import ImmigrationStatusGrantedV1
from schemas.times import Period
from services.reporting.domain.cells.algebra import MARKS, CellKey
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.table import FIGURES
from services.reporting.domain.ledger.fold import FOLDED
from services.reporting.domain.read.readers import read
from tests.unit.reporting.asking import Said
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

BY: Final[Mapping[str, Mapping[str, str]]] = {
    "control": {"absent psychological_abuse restricts_movement": "O32a"},
    "exploitation_country": {"BZ absent": "O32a"},
    "exploiter_relation": {"absent employer": "O32a"},
    "means": {"absent none": "O32a"},
    "perpetrator_role": {"absent exploiter recruiter_or_intermediary": "R10a"},
    "public_office": {"absent none": "R10a"},
    "recruitment_method": {"absent friends online_social_network": "O32a"},
    "sexual_exploitation_form": {"absent prostitution": "O32a"},
    "suspect_kind": {"absent natural_person": "R10a"},
    "activity": {"arrests interviews search_warrants": "O25a"},
    "against": {"conviction": "R21a R21b"},
    "age_group": {
        "absent adult_39_47": "O13a R10a R11a",
        "absent child_9_17": "O32a",
        "adult_24_26": "O32c",
        "child_9_17": "O3",
    },
    "agency": {"dhs": "T17 R6a R27a", "hti": "R27b"},
    "announced": {"no": "O27b O27c", "no yes": "O27a", "yes": "O27d O27e O27f"},
    "anonymous": {"yes": "O29"},
    "answer": {"absent accepted rejected": "T4", "accepted rejected": "R2b"},
    "appellant": {"defence": "R21a"},
    "area": {"prevention protection": "P1f P11a P11b P11c", "protection": "P1e"},
    "audience": {"medical teachers": "M15b", "police": "M7a", "teachers": "M1"},
    "baseline": {"0 2": "P11a"},
    "body": {"caricom": "P4b", "oas": "P7b"},
    "campaign": {"child_labour_and_safety": "M11a M11b"},
    "channel": {"p3_app": "O29 T1"},
    "citizenship": {
        "BZ": "O9 O10 O11 O13a O14a O25b R12 R14a R14b R14c R28a R28b",
        "BZ GT": "O16 R10a",
        "GT": "O15a O15b",
        "HN": "O4 O28",
        "HN absent": "O32a",
    },
    "code": {"charged_without_arrest": "G7a G7b"},
    "condition": {"curfew": "R19c", "no_contact_with_victim report_to_police surety": "R19a"},
    "country": {"GT": "P3a P3b", "MX": "P7a"},
    "court": {"high_court": "R19b R19d", "magistrates": "R18a R18b R18c R19a"},
    "created_by": {"cdf": "M9c", "cdf council": "M9b", "mohw ret": "M15a"},
    "destination": {"HN": "O22a"},
    "district": {
        "absent corozal": "O32a",
        "absent toledo": "M12a M12b",
        "belize": "O25a",
        "cayo": "O27a O27b O27c O27d O27e O27f R28a R28b",
        "corozal": "O3 O4 O5",
        "stann_creek": "O1a O1b O2 O7 O9 O10 O11 O14a O25b O26 O29",
        "toledo": "O15a O15b",
    },
    "exploitation": {
        "absent commercial_sexual_exploitation_of_child": "O32a",
        "commercial_sexual_exploitation_of_child": "O1a O1b O5 O7 O28",
        "commercial_sexual_exploitation_of_child forced_labour": "O13a O13b",
        "sexual_exploitation": "O32c",
    },
    "facilitator": {"absent ngo police_officer": "M12a"},
    "form": {"tour": "M15c", "visit": "M11a M16"},
    "from_agency": {"bpd": "R2a R2b R2c R2d R2e R2f R2g R2h R2i R3a R3b R3c R3d R3e R3f R3g R3h R3i R25a"},
    "funder": {"unicef": "M13"},
    "iccs": {"02042 03022": "O16"},
    "identified_by": {"absent dhs": "O32a T2", "dhs": "O3 O4 O5"},
    "indicator": {"1.0 2.1.1": "P11a"},
    "kind": {
        "drafting_review forum": "P6b",
        "fine imprisonment": "R14a",
        "forum": "P6a",
        "technical_visit": "P7a",
        "training_module": "M15a",
    },
    "law": {"counter_trafficking": "P6c", "counter_trafficking seasonal_workers": "P6b"},
    "lead": {"interpol": "O25a"},
    "led_by": {"ret": "M10a M13"},
    "level": {"1 2": "P11a"},
    "minor_at_exploitation": {"absent yes": "O24b O32a O32b", "yes": "O3 O28"},
    "new_or_carried_over": {"absent new": "O32a"},
    "objective": {"1.0 2.1": "P11a P11b P11c"},
    "offence": {
        "child_prostitution": "T14 R13a R13b R22f",
        "child_prostitution other": "T15 R22c R22d R22e",
        "child_prostitution other tip_labour": "T12 R22a",
        "child_prostitution tip_labour": "O16 T13 R22b",
        "other tip_labour": "R22g",
        "tip_labour": "O15a",
    },
    "offence_group": {"csec": "O9", "csec tip": "O13a O13b O16", "tip": "O15a"},
    "on_warrant": {"yes": "O9"},
    "opened_year": {"2024": "O7"},
    "outcome": {"charged open referred_to_dpp": "O2 O7", "dismissed": "R21b", "no_indicators": "O6a"},
    "policy": {"other": "P10"},
    "population": {"migrant_child victim": "O24c O24d T18"},
    "programme_year": {"2023": "O23 O23b"},
    "progress": {"delayed": "P1e", "delayed under_way": "P1f"},
    "project": {"protect": "M15a", "safe": "M15b"},
    "provider": {"cdf dhs": "O19b O21a"},
    "purpose": {"harm_to_victim": "R17a R17c"},
    "rank": {"sergeant": "O8"},
    "reason": {
        "no_capacity": "R2d",
        "no_longer_needed": "R2i",
        "not_answered": "R25a",
        "other_service_needed": "R2e",
        "person_moved": "R2h",
        "safety": "R2f",
        "witness_absent": "R18b",
    },
    "recipient": {"regional_coalition": "P5"},
    "recruiter_relation": {"absent family": "O32a", "family": "O28"},
    "referral_source": {"absent school": "O32a", "crime_stoppers": "O29", "school": "O26"},
    "refused_by": {"person": "O21b", "provider": "R2d"},
    "requested_by": {"immigration": "O6a O6b"},
    "reviewer": {"hti": "O18"},
    "scheme": {"amnesty": "O23 O23b"},
    "scope": {"absent cross_border": "O32a"},
    "sector": {"absent accommodation_food": "O32a", "agriculture_forestry_fishing": "O27a O27b O27c O27d O27e O27f"},
    "service_type": {
        "advocacy": "O31",
        "advocacy counselling medical": "O19b O21a",
        "counselling": "O19a O19c O20",
        "medical": (
            "T4 T5 T6a T7 T8 R2a R2b R2c R2d R2e R2f R2g R2h R2i R3a R3b R3c R3d R3e "
            "R3f R3g R3h R3i R4a R4b R4c R4d R25a"
        ),
        "stipend": "O21b",
    },
    "severity": {"notice": "G7a G7b"},
    "sex": {
        "absent female": "O32a O32b",
        "female": "O3 O4 O5 O15a O15b O28 O32c",
        "female male": "O16 R10a R10c R10d R10h R11a R11c",
        "male": ("O9 O10 O11 O13a O14a O25b O32d R10b R10e R10f R10g R11b R12 R14a R14b R14c R28a R28b R28d"),
    },
    "shelter_form": {
        "foster_care": "O24a",
        "foster_care independent_living": "O24d",
        "foster_care independent_living residential_care_facility": "O24c T18",
        "independent_living residential_care_facility": "O24b",
    },
    "stage": {"drafted": "P10", "introduced": "P6c", "preliminary_inquiry": "R18a"},
    "standing": {"reached short": "P11a"},
    "state": {"accepted sent": "R2j"},
    "status": {"absent confirmed": "T2", "confirmed suspected": "O3 O4 O5 O32a O32b"},
    "suspected_offence": {"child_prostitution": "O1a O1b O2 O7 T16 T20 R23a R23b R23c R23d R23e R23f R23g R23h"},
    "target": {"2 3": "P11a"},
    "to_agency": {
        "hti": ("T4 T6a T7 T8 R2a R2b R2c R2d R2e R2f R2g R2h R2i R2j R3a R3b R3c R3d R3e R3f R3g R3h R3i R25a R25b")
    },
    "topic": {"ht101 mandatory_reporting": "M1 M12a"},
    "trafficking_type": {
        "absent commercial_sexual_exploitation_of_child": "O32a",
        "commercial_sexual_exploitation_of_child": "O5",
    },
    "trigger": {"complaint": "O27d O27e O27f", "complaint routine": "O27a", "routine": "O27b O27c"},
    "unit": {"tip_care_unit": "R6c"},
    "urgency": {
        "soon": (
            "T4 T5 T6a T7 T8 R2a R2b R2c R2d R2e R2f R2g R2h R2i R2j R3a R3b R3c R3d "
            "R3e R3f R3g R3h R3i R4a R4b R4c R4d R25a R25b"
        )
    },
    "victim_status": {"suspected": "O22a O22b"},
}
"""By dimension the values that were said, and the figures that have exactly these rows."""

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


def test_every_dimension_of_a_figure_has_rows_that_somebody_said() -> None:
    assert set(asked_by()) == set(BY)


@pytest.mark.parametrize("dimension", sorted(BY))
def test_by_a_dimension_a_figure_stands_under_what_was_said_of_it(dimension: str) -> None:
    expected = {number: set(rows.split()) for rows, numbers in BY[dimension].items() for number in numbers.split()}
    assert asked_by()[dimension] == expected


DATED_ALL_THE_SAME: Final = frozenset({"R25a", "R25b", "M9b", "G1", "G3"})
"""Figures by a day or period that the event is about, and not by when it was."""

BY_WHAT_CAME_LATER: Final = frozenset({"R1b", "R6a", "R6b", "R18c"})
"""Figures of what still holds: of two things that nobody can date none is the later."""

BY_DATE: Final = frozenset({"status", "state", "opened_year"})
"""What a thing stands under at a period's end, or by when it was."""


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
