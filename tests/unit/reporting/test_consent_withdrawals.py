"""Consent that was taken back, and who has not acknowledged it, with numbers worked out by hand."""

from services.reporting.domain.figures.referral import consent_withdrawals
from tests.unit.reporting.figures_of_events import Said, When, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import event_id, on_behalf, person
from tests.unit.reporting.test_referrals import amounts, decision, moved, sent


def withdrawn(when: When, agency: str = "dhs", **more: object) -> Said:
    return "consent.withdrawn", {"person": person(1), **more}, when, agency


def acknowledged(of_index: int, when: str, agency: str) -> Said:
    return "consent.acknowledged", {"person": person(1), "consent": f"dhs/register/{event_id(of_index)}"}, when, agency


def test_r27_whoever_was_told_has_not_acknowledged_until_it_says_so() -> None:
    def check() -> None:
        events = (
            sent(1, "2024-05-01T09:00"), sent(2, "2024-05-02T09:00", "cdf"),
            withdrawn("2024-05-10T09:00"),
            acknowledged(2, "2024-05-12T09:00", "hti"),
            sent(3, "2024-05-20T09:00", "iom"),  # after it was taken back: told of nothing that was
        )  # fmt: skip
        assert amounts("2024", events, "R27a", "R27b") == [1, 1]
        stock = [
            by(readings("R27b", day, *events, by=("agency",))) for day in ("2024-05-09", "2024-05-11", "2024-05-12")
        ]
        assert stock == [{}, {("hti",): 1, ("cdf",): 1}, {("cdf",): 1}]

    holds_only_by((consent_withdrawals, "_until"), lambda *_: True, check)


def test_r27_whoever_is_spoken_for_does_not_know_and_whoever_speaks_does() -> None:
    events = sent(1, "2024-05-01T09:00"), sent(2, "2024-05-02T09:00", "cdf")
    for_hti = withdrawn(on_behalf("hti", "2024-05-10"), "cdf")
    assert by(readings("R27b", "2024", *events, for_hti, by=("agency",))) == {("hti",): 1}


def test_r27_only_those_from_whom_it_is_taken_back_by_name_and_never_whoever_says_so() -> None:
    events = sent(1, "2024-05-01T09:00"), sent(2, "2024-05-02T09:00", "cdf", "hti")
    assert by(readings("R27b", "2024", *events, withdrawn("2024-05-10", recipients=["cdf"]), by=("agency",))) == {
        ("cdf",): 1
    }
    assert by(readings("R27b", "2024", *events, withdrawn("2024-05-10", "hti"), by=("agency",))) == {("cdf",): 1}


def test_r27_of_one_consent_its_recipients_are_told_and_where_nobody_knows_it_all_who_were() -> None:
    def check() -> None:
        consent = "consent.recorded", {"person": person(1), "basis": "given", "recipients": ["iom", "tip_care_unit"]}
        told = sent(1, "2024-05-01T09:00", "hti"), (*consent, "2024-05-02", "bpd")
        of_it, of_another = (withdrawn("2024-05-10", "bpd", consent=f"bpd/register/{event_id(at)}") for at in (1, 9))
        assert by(readings("R27b", "2024", *told, of_it, by=("agency",))) == {("iom",): 1, ("dhs",): 1}
        assert by(readings("R27b", "2024", *told, of_another, by=("agency",))) == {("hti",): 1}

    holds_only_by((consent_withdrawals, "_recipients_of_consent"), lambda *_: (), check)


def test_r27_whoever_took_it_in_the_place_of_the_receiver_was_told_too() -> None:
    taken = moved("accepted", 1, "2024-05-02T09:00", "iom"), decision("assigned", 1, "2024-05-02T09:00", holder="iom")
    events = sent(1, "2024-05-01T09:00"), *taken
    found = readings("R27b", "2024", *events, withdrawn("2024-05-10", "bpd"), by=("agency",))
    assert by(found) == {("hti",): 1, ("iom",): 1}


def test_r27_what_was_told_to_an_agency_and_its_units_it_acknowledges_once() -> None:
    def check() -> None:
        events = (
            sent(1, "2024-05-01T09:00", "tip_care_unit"), sent(2, "2024-05-02T09:00", "alternative_care_unit"),
            withdrawn("2024-05-10T09:00", "bpd"),
        )  # fmt: skip
        assert by(readings("R27b", "2024", *events, by=("agency",))) == {("dhs",): 1}
        acknowledges = "consent.acknowledged", {"person": person(1), "consent": f"bpd/register/{event_id(2)}"}
        assert amounts("2024", (*events, (*acknowledges, "2024-05-12T09:00", "dhs")), "R27b") == [0]

    holds_only_by((consent_withdrawals, "agency_of"), lambda agency: agency, check)


def test_r27_it_is_undated_where_nobody_knows_when_consent_was_taken_back_or_that_was_acknowledged() -> None:
    told = sent(1, "2024-05-01T09:00")
    for said in ((withdrawn(""),), (withdrawn("2024-05-10"), acknowledged(1, "", "hti"))):
        found = reading("R27b", "2024", told, *said)
        assert (found.amount, found.undated) == (0, 1)
