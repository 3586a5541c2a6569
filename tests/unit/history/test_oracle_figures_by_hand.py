"""Figures of the oracle against answers that were worked out by hand: who owns a fact, what ends, what counts once."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from schemas.ids import Kind
from tests.unit.history.test_oracle import (
    ANA,
    BEN,
    CAL,
    DOT,
    LATER,
    OTHER,
    SCREENING,
    SESSION,
    Fields,
    an,
    arrest,
    counted,
    merged,
    said,
)

HOUSING = {"person": ANA, "service": an(Kind.SERVICE, 1), "service_type": "shelter", "provider": "dhs"}
COMPANY = {"person": ANA, "service": an(Kind.SERVICE, 2), "service_type": "accompaniment", "provider": "cdf"}
STAY = {"person": ANA, "placement": an(Kind.PLACEMENT, 1), "population": "victim"}
CHARGE = {"person": ANA, "charge": an(Kind.CHARGE, 1)}
BOTH_HOST: Fields = {"organisers": ["council", "hti"], "attendee_group": "government"}
LAST_YEAR = {"time": "2023-12-30T10:00:00-06:00"}
IN_JUNE: Fields = {"time": "2024-06-10T10:00:00-06:00"}
IN_MARCH = {"time": "2024-03-01T00:00:00-06:00", "occurredprecision": "month"}
ON_THE_20TH = {"time": "2024-03-20T00:00:00-06:00", "occurredprecision": "day"}
IN_2024 = {"time": "2024-01-01T00:00:00-06:00", "occurredprecision": "year"}
IN_24_OR_25 = IN_2024 | {"occurredto": "2025-01-01T00:00:00-06:00"}
IN_23_OR_24 = IN_2024 | {"time": "2023-01-01T00:00:00-06:00", "occurredto": "2024-01-01T00:00:00-06:00"}
NEXT_YEAR = {"time": "2025-01-20T10:00:00-06:00"}


def provided(number: int, data: Fields, agency: str = "dhs", **more: object) -> Fields:
    return said(number, "service.provided", data, agency) | more


def started(number: int, agency: str = "dhs", **more: object) -> Fields:
    return said(number, "shelter.placement_started", STAY, agency) | more


def ended(number: int, **more: object) -> Fields:
    return said(number, "shelter.placement_ended", {"person": ANA, "placement": STAY["placement"]}, "dhs") | more


def meeting(number: int, agency: str, kind: str = "summit", **data: object) -> Fields:
    return said(number, "coordination.meeting_held", {"meeting": SESSION, "kind": kind, **data}, agency)


def returned(number: int, agency: str, **data: object) -> Fields:
    return said(number, "repatriation.completed", data, agency)


def shown(number: int, channel: str, **more: object) -> Fields:
    data = {"asset": SESSION, "form": "video", "channel": channel, "created_in": "2023"}
    return said(number, "awareness.media_published", data, "council") | more


def strength(number: int, rank: str, headcount: int, **more: object) -> Fields:
    event = {"unit": "atips_pu", "rank": rank, "headcount": headcount, "any": OTHER}
    told = said(number, "unit.staffing_reported", event) | more
    del told["subject"], told["data"]["any"]
    return told


def freed(number: int, who: str, arrested: int) -> Fields:
    data = {"person": who, "arrest": an(Kind.ARREST, arrested), "reason": "without_charge"}
    return said(number, "arrest.released", data)


def paid(number: int, cents: int | None, payment: int, **more: object) -> Fields:
    data = {"person": ANA, "restitution": an(Kind.RESTITUTION, 1), "payment": an(Kind.PAYMENT, payment)}
    return said(number, "restitution.paid", data | ({} if cents is None else {"amount_cents": cents}), "odpp") | more


@pytest.mark.parametrize(
    ("events", "answers"),
    [
        pytest.param(
            [provided(1, HOUSING), provided(2, HOUSING | {"partners": ["hti"]}, "hti", **LATER),
             provided(3, COMPANY, "cdf")],
            {"O19a": 0, "O19b": 1, "O19c": 1, "O20": 1, "O21a": 2, "O30b": 1, "O31": 0},
            id="a partner tells of a service: the provider's word counts, and names the partner",
        ),
        pytest.param(
            [provided(2, HOUSING | {"partners": ["hti"]}, "hti"), provided(3, COMPANY | {"funders": ["iom"]}, "cdf")],
            {"O19a": 0, "O19b": 1, "O19c": 1, "O20": 1, "O21a": 2, "O31": 1},
            id="the partner's, where the provider is silent",
        ),
        pytest.param(
            [said(1, "service.declined", HOUSING, "dhs"), said(2, "service.declined", COMPANY, "cdf"),
             provided(3, HOUSING)],
            {"O21a": 1, "O21b": 1},
            id="declined, and provided after all",
        ),
        pytest.param(
            [started(1), ended(2, **IN_JUNE)],
            {"O24b": 1, "O24a": 0, "O24c": 1, "O24d": 0},
            id="sheltered and left",
        ),
        pytest.param(
            [started(1, **LAST_YEAR), ended(2, **NEXT_YEAR)],
            {"O24b": 1, "O24c": 0, "O24d": 1},
            id="a stay over two years' ends",
        ),
        pytest.param(
            [started(1), ended(2, time=None, occurredprecision="unknown")],
            {"O24b": 0, "O24c": 1, "O24d": 0},
            id="nobody knows until when",
        ),
        pytest.param(
            [started(1, **IN_MARCH), ended(2, **ON_THE_20TH)],
            {"O24b": 1, "O24c": 1, "O24d": 0},
            id="came in a month and left on a day of it",
        ),
        pytest.param(
            [said(1, "court.committed", {"person": ANA, "charges": [CHARGE["charge"]], "court": "magistrates"}, "odpp")
             | IN_2024,
             said(2, "verdict.returned", {**CHARGE, "outcome": "acquitted"}, "odpp") | ON_THE_20TH],
            {"O15a": 0, "O15b": 1},
            id="committed in the year of the verdict",
        ),
        pytest.param(
            [said(1, "victim.identified", {"person": ANA, "status": "suspected"}) | IN_23_OR_24,
             said(2, "victim.identified", {"person": ANA, "status": "suspected"}) | IN_2024],
            {"R1a": 0, "R8d": 0},
            id="first identified in this year or in the one before",
        ),
        pytest.param(
            [said(1, "victim.identified", {"person": ANA, "status": "suspected"}) | IN_24_OR_25,
             said(2, "victim.identified", {"person": ANA, "status": "suspected"}) | IN_2024],
            {"R1a": 1, "R8d": 1},
            id="first identified in this year, if not in the next",
        ),
        pytest.param(
            [arrest(1), freed(2, ANA, 1), arrest(3, time=IN_JUNE["time"]), arrest(4, BEN), freed(5, BEN, 4)],
            {"R10a": 2, "R10h": 1},
            id="let go for good, and arrested again",
        ),
        pytest.param(
            [started(1, agency="iom", **LAST_YEAR), started(2)],
            {"O24c": 1},
            id="a witness and the owner of a placement",
        ),
        pytest.param(
            [
                returned(1, "hti", person=ANA, service=HOUSING["service"], funders=["hti"]),
                returned(2, "dhs", person=ANA, service=HOUSING["service"]),
                returned(3, "hti", person=BEN, funders=["hti"]),
            ],
            {"O22a": 2, "O22b": 2},
            id="returns, and who paid",
        ),
        pytest.param(
            [said(number, "plan.approved", {"person": who}, "dhs") for number, who in ((1, ANA), (2, ANA), (3, BEN))],
            {"O30a": 2},
            id="two plans of one person",
        ),
        pytest.param(
            [said(1, "immigration.status_granted", {"person": ANA, "programme_year": 2023}, "immigration"),
             said(2, "immigration.status_refused", {"person": BEN}, "immigration")],
            {"O23": 0, "O23b": 1},
            id="granted in the year of the decision",
        ),
        pytest.param(
            [paid(1, 500, 1), paid(2, 700, 1, **LATER), paid(3, 900, 2), paid(4, None, 3)],
            {"R17b": 1_600, "R17a": 0},
            id="a payment that is told again, and one of an unknown amount",
        ),
        pytest.param(
            [
                meeting(1, "hti", orgs=["bpd"], attendees_n=9, **BOTH_HOST),
                meeting(2, "council", orgs=["bpd", "dhs"], attendees_n=14, **BOTH_HOST),
            ],
            {"M6a": 14, "M6b": 1, "M6c": 2, "P6a": 1, "P9": 0},
            id="a summit that two hosts report",
        ),
        pytest.param(
            [said(1, "coordination.conference_attended",
                  {"conference": SESSION, "kind": "regional_conference", "delegates_n": 4, "orgs": ["bpd"]}, "bpd"),
             said(2, "coordination.conference_attended",
                  {"conference": OTHER, "kind": "multilateral_meeting", "delegates_n": 2}, "council")],
            {"P3a": 1, "P3b": 4, "P4a": 1},
            id="a conference and a meeting",
        ),
        pytest.param(
            [shown(1, "television"), shown(2, "television", **LAST_YEAR), shown(3, "radio")],
            {"M9a": 0, "M9b": 0, "M9c": 1},
            id="a video of last year, shown twice",
        ),
        pytest.param(
            [strength(1, "constable", 5), strength(2, "constable", 8, **IN_JUNE), strength(3, "inspector", 1),
             strength(4, "constable", 2, **NEXT_YEAR)],
            {"O8": 9},
            id="a level is the last that was reported",
        ),
        pytest.param(
            [said(1, "charge.filed", {**CHARGE, "offence": "tip_sex"}, "odpp"),
             said(2, "charge.filed", {"person": BEN, "charge": CHARGE["charge"], "offence": "tip_sex"}, "odpp"),
             said(3, "court.committed", {"person": ANA, "charges": [CHARGE["charge"]], "court": "magistrates"}, "odpp"),
             said(4, "person.deceased_recorded", {"person": BEN}, "mohw", **NEXT_YEAR)],
            {"O16": 1},
            id="gone up, and alive until next year",
        ),
        pytest.param(
            [arrest(1, ANA, time="2024-05-10T10:00:00-06:00"),
             said(2, "charge.filed", {**CHARGE, "offence": "tip_sex"}, "odpp", time="2024-05-10T17:30:00Z"),
             arrest(3, BEN), said(4, "charge.filed", {"person": BEN, "charge": an(Kind.CHARGE, 2), "offence": "other"},
                                  "odpp", time="2024-05-11T00:00:00-06:00", occurredprecision="day")],
            {"T11": 90, "O9": 2},
            id="minutes from an arrest to the charge, where both are known so exactly",
        ),
        pytest.param(
            [said(1, "victim_suspect.linked", {"case": an(Kind.CASE, 1), "victim": DOT, "suspect": ANA}, "bpd"),
             said(2, "victim_suspect.linked", {"case": an(Kind.CASE, 1), "victim": DOT, "suspect": BEN}, "bpd"),
             said(3, "victim_suspect.unlinked", {"case": an(Kind.CASE, 1), "victim": DOT, "suspect": BEN}, "bpd",
                  **IN_JUNE),
             arrest(4, CAL, [DOT])],
            {"O12": 1},
            id="two linked, one unlinked, one arrested",
        ),
    ],
)  # fmt: skip
def test_by_hand(events: Sequence[Fields], answers: Mapping[str, int]) -> None:
    for told in (events, events[::-1]):
        found = counted(*told)
        assert {number: found[number] for number in answers} == answers


def test_what_went_on_before_ends_with_the_police() -> None:
    case = an(Kind.CASE, 1)
    opened = said(1, "investigation.opened", {"case": case})
    closed = said(2, "case.closed", {"case": case}, **IN_JUNE)
    next_year = date(2025, 1, 1), date(2025, 12, 31)
    assert counted(opened, closed)["O1b"] == 1
    assert counted(opened, closed, period=next_year)["O1b"] == 0
    assert counted(opened, closed | {"source": "dhs/register"}, period=next_year)["O1b"] == 1
    again = said(3, "case.reopened", {"case": case}, time="2024-07-10T10:00:00-06:00")
    assert counted(opened, closed, again, period=next_year)["O1b"] == 1


def test_a_retrial_has_a_verdict_of_its_own() -> None:
    verdict = said(1, "verdict.returned", {**CHARGE, "outcome": "convicted", "counts_n": 2}, "odpp")
    appeal = {"person": ANA, "charges": [CHARGE["charge"]], "appeal": an(Kind.APPEAL, 1), "court": "court_of_appeal"}
    retrial = said(2, "appeal.decided", {**appeal, "outcome": "retrial_ordered"}, "odpp", **IN_JUNE)
    second = verdict | {"id": retrial["id"].replace("7002", "7003"), "time": "2024-09-10T10:00:00-06:00"}
    periods = [(date(2024, 1, 1), date(2024, month, 30)) for month in (8, 9)]
    assert [counted(verdict, second, period=each)["O13b"] for each in periods] == [0, 2]
    assert [counted(verdict, retrial, second, period=each)["O13b"] for each in periods] == [2, 2], "one charge"


def test_reports_of_victims_without_a_name_are_one_when_merged() -> None:
    told = [
        said(number, "victim.counted_anonymously", {"report": report, "count": count}, "dhs")
        for number, report, count in ((1, SCREENING, 3), (2, OTHER, 4))
    ]
    assert counted(*told)["O32c"] == 7
    assert counted(*told, merged(3, SCREENING, OTHER, "activity", "dhs"))["O32c"] == 4


CASE: Fields = {"case": an(Kind.CASE, 1)}
NO_CASE: Fields = {}
IN_THE_YEAR: Fields = {"time": "2024-01-01T00:00:00-06:00", "occurredprecision": "year"}


def opened(number: int) -> Fields:
    return said(number, "investigation.opened", CASE)


def found(number: int, agency: str, of: Fields = NO_CASE, **more: object) -> Fields:
    return said(number, "victim.identified", {"person": ANA, "status": "potential", **of}, agency) | more


def decided(number: int, agency: str, status: str, of: Fields = NO_CASE, by: str = "police", **more: object) -> Fields:
    data = {"person": ANA, "status": status, "decided_by": by, **of}
    return said(number, "victim.status_changed", data, agency) | more


@pytest.mark.parametrize(
    ("events", "answers"),
    [
        pytest.param(
            [found(1, "dhs", **IN_THE_YEAR), decided(2, "dhs", "not_a_victim")],
            {"O3": 0, "O32a": 0, "O32b": 0},
            id="what is known of the year undoes nothing later",
        ),
        pytest.param(
            [found(1, "bpd", **IN_THE_YEAR), decided(2, "dhs", "not_a_victim")],
            {"O32a": 1, "O32b": 1},
            id="but a weightier word does",
        ),
        pytest.param(
            [found(1, "bpd"), decided(2, "dhs", "not_a_victim", by="court_or_prosecution", **IN_JUNE)],
            {"O32b": 0, "G4a": 0},
            id="a court by the mouth of human services",
        ),
        pytest.param(
            [found(1, "bpd"), decided(2, "labour", "not_a_victim", by="court_or_prosecution", **IN_JUNE)],
            {"O32b": 1, "G4a": 1},
            id="no court by that of another office",
        ),
        pytest.param(
            [decided(1, "bpd", "not_a_victim"), found(2, "hti", onbehalfof="odpp", **IN_JUNE)],
            {"O32b": 0, "G4a": 1},
            id="a partner that speaks for the prosecution",
        ),
        pytest.param(
            [opened(1), found(2, "bpd", of=CASE), decided(3, "dhs", "not_a_victim", of=CASE, **IN_JUNE)],
            {"O32b": 1, "R7b": 0, "R7d": 1, "G4a": 1},
            id="a case whose victim the police have found",
        ),
        pytest.param(
            [opened(1), decided(2, "bpd", "not_a_victim", of=CASE), found(3, "dhs", of=CASE, **IN_JUNE)],
            {"O32b": 0, "R7b": 1, "R7d": 0, "G4a": 1},
            id="a case whose victim is none for the police",
        ),
        pytest.param(
            [found(1, "bpd"), decided(2, "bpd", "not_a_victim", onbehalfof="pitcu", **IN_JUNE)],
            {"O32b": 0, "G4a": 0},
            id="the police and their unit",
        ),
    ],
)
def test_whose_word_on_a_victim_counts(events: Sequence[Fields], answers: Mapping[str, int]) -> None:
    found = counted(*events)
    assert {number: found[number] for number in answers} == answers
