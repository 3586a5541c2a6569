"""Codes that are out of use on the day of the act are refused with their place; past years stay valid."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from schemas.codebook.dated_groups_and_labels import Relabelled
from schemas.codebook.identification import Exploitation, VictimStatus
from schemas.errors import Reason
from services.intake.domain import judge, retired_code_check
from tests.unit.intake.histories_of_changes import corrected
from tests.unit.intake.samples import accepted, refused, victim

BEGGING = "forced_begging"
CHANGES = (
    Relabelled(Exploitation.FORCED_BEGGING, date(2024, 3, 1), "Begging", "Mendicidad", in_use=False),
    Relabelled(VictimStatus.POTENTIAL, date(2023, 1, 1), "Possible", "Posible"),
)


@pytest.fixture(autouse=True)
def dated_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "codes_out_of_use", partial(retired_code_check.codes_out_of_use, changes=CHANGES))


def on(day: str, number: int = 1, **more: object) -> dict[str, Any]:
    event = victim(number)
    said = {**event["data"], "exploitation": ["servitude", BEGGING]}
    time = {"time": f"{day}T00:00:00-06:00", "occurredprecision": "day", "occurredto": None}
    return {**event, **time, "data": said, **more}


def test_a_code_out_of_use_on_the_day_of_the_act_is_refused_with_its_place() -> None:
    for day in ("2024-03-01", "2024-05-02"):
        judged = refused(on(day))
        assert (judged.reason, judged.pointer) == (Reason.CODE_NOT_IN_USE, "/data/exploitation/1")


def test_a_correction_is_refused_where_it_says_so() -> None:
    correction = {**corrected(2, victim(), on("2024-05-02")), **{key: on("2024-05-02")[key] for key in ("time",)}}
    judged = refused(correction | {"occurredprecision": "day"})
    assert (judged.reason, judged.pointer) == (Reason.CODE_NOT_IN_USE, "/data/data/exploitation/1")


def test_facts_of_earlier_and_of_unknown_days_keep_the_code() -> None:
    accepted(on("2024-02-29"))
    accepted(on("2024-01-01", occurredprecision="year"))
    accepted(on("2024-05-02", time=None, occurredprecision="unknown"))


def test_a_code_with_another_label_stays_in_use() -> None:
    accepted({**on("2024-05-02"), "data": victim()["data"]})
