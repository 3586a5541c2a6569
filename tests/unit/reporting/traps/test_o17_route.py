"""O17: every case begins at the Magistrates' Court, and since 2022 a judge alone decides; before, a jury could."""

from datetime import date

import pytest

from schemas.codebook.courts import COURTS_OF, TRIAL_RULES, Court, CourtStage, TrialMode, decided_by, heard_at
from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from schemas.ids import Kind
from schemas.justice import hearings_and_trials, shared_fields
from tests.unit.reporting.figures_of_events import holds_only_by
from tests.unit.reporting.samples import an_id, person, raw

OTHER_COURT = (Reason.CONTRADICTORY_CODES, "/data/court")


def refusal(name: str, when: str = "2024-05-10", **said: object) -> tuple[Reason, str] | None:
    """Why an event is refused, or None."""
    data = {"person": person(1), "charges": [an_id(Kind.CHARGE, 1)], **said}
    try:
        decode_strict(raw(name, 1, data, when, agency="odpp"))
    except BadMessage as error:
        return error.reason, error.pointer
    return None


def test_a_jury_decided_before_2022_and_not_since() -> None:
    def check() -> None:
        jury = {"court": "high_court", "mode": "judge_and_jury"}
        for early in ("2016-02-01", "2020-03", "2021-12-31T23:00", ""):
            assert refusal("trial.started", early, **jury) is None
        for late in ("2022-01-01", "2022", "2024-05-16"):
            assert refusal("trial.started", late, **jury) == (Reason.CONTRADICTORY_CODES, "/data/mode")

    holds_only_by((hearings_and_trials, "decided_by"), lambda *_: True, check)


def test_a_judge_alone_could_decide_at_any_time_and_a_magistrate_only_below() -> None:
    for year in (2016, 2024):
        assert decided_by(TrialMode.JUDGE_ONLY, Court.HIGH_COURT, date(year, 5, 1))
        assert not decided_by(TrialMode.MAGISTRATE, Court.HIGH_COURT, date(year, 5, 1))
        assert decided_by(TrialMode.MAGISTRATE, Court.MAGISTRATES, date(year, 5, 1))
        assert not decided_by(TrialMode.JUDGE_ONLY, Court.COURT_OF_APPEAL, date(year, 5, 1))


def test_each_step_is_before_a_court_that_may_hear_it() -> None:
    def check() -> None:
        assert refusal("court.committed", court="high_court") == OTHER_COURT
        assert refusal("indictment.filed", court="magistrates") == OTHER_COURT
        assert refusal("trial.started", court="court_of_appeal") == OTHER_COURT
        hearing = {"hearing": an_id(Kind.HEARING, 1), "stage": "preliminary_inquiry"}
        assert refusal("court.hearing_held", court="high_court", **hearing) == OTHER_COURT
        appeal = {"appeal": an_id(Kind.APPEAL, 1), "outcome": "dismissed"}
        assert refusal("appeal.decided", court="magistrates", **appeal) == OTHER_COURT
        assert refusal("appeal.decided", court="court_of_appeal", **appeal) is None
        assert refusal("court.committed", court="magistrates") is None
        assert refusal("court.hearing_held", court="magistrates", **hearing) is None

    holds_only_by((shared_fields, "heard_at"), lambda *_: True, check)


@pytest.mark.parametrize("name", ["court.committed", "indictment.filed", "trial.started"])
def test_what_is_said_of_charges_names_one(name: str) -> None:
    court = "magistrates" if name == "court.committed" else "high_court"
    nothing: tuple[list[str] | None, ...] = ([], None)
    for charges in nothing:
        assert refusal(name, court=court, charges=charges) == (Reason.MISSING_FIELD, "/data/charges")


def test_the_route_knows_every_stage_and_its_rules_are_in_the_order_of_their_days() -> None:
    assert COURTS_OF.keys() == set(CourtStage)
    for begins in (CourtStage.CHARGED, CourtStage.FIRST_APPEARANCE, CourtStage.COMMITTED):
        assert COURTS_OF[begins] == {Court.MAGISTRATES}
    assert not heard_at(CourtStage.ARRAIGNED, Court.MAGISTRATES)
    days = [rule.valid_from for rule in TRIAL_RULES]
    assert days == sorted(set(days))
    assert all(rule.en != rule.es and rule.en.endswith(".") and rule.es.endswith(".") for rule in TRIAL_RULES)
