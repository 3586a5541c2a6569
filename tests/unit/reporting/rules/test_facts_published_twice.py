"""One fact under two ids: both records are named until a merge, a retraction or the owner's own word settles it."""

from typing import Any

from schemas.agencies import AGENCIES
from schemas.codebook.governance import FindingCode
from schemas.ids import Kind
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.figures.records import contradictions_of_persons
from services.reporting.domain.rules import Finding, facts_published_twice
from tests.unit.reporting.figures_of_events import holds_only_by
from tests.unit.reporting.rules.evaluated_rules import Said, findings, says
from tests.unit.reporting.samples import When, activity, an_id, at, event_id, person

SUSPECTED = FindingCode.SAME_FACT_SUSPECTED


def suspected(*said: Said) -> list[Finding]:
    return findings(*said, only=SUSPECTED)


def summit(agency: str, number: int, when: When = "2024-08-14", **more: Any) -> Said:  # noqa: ANN401
    data = {"meeting": activity(number), "kind": "summit", "organisers": [agency], **more}
    return says(agency, "coordination.meeting_held", when, data)


def service(agency: str, number: int, when: str, **more: Any) -> Said:  # noqa: ANN401
    data = {
        "person": person(1),
        "service": an_id(Kind.SERVICE, number),
        "service_type": "counselling",
        "provider": "dhs",
        **more,
    }
    return says(agency, "service.provided", when, data)


def session(agency: str, number: int, **more: Any) -> Said:  # noqa: ANN401
    data = {"session": activity(number), "audience": "teachers", "topic": "ht101", "district": "cayo"}
    return says(agency, "training.session_delivered", "2024-05-02", {**data, "participants_n": 31, **more})


def test_one_meeting_under_two_ids_names_both_records() -> None:
    def check() -> None:
        found = suspected(summit("council", 1), summit("hti", 2))
        records = {record for each in found for record in each.records}
        assert records == {f"council/register/{event_id(0)}", f"hti/register/{event_id(1)}"}
        text = "“Coordination meeting held”, 2024-08-14: what two agencies tell may be one, under two ids."
        assert [each.en for each in found] == [text]
        assert found[0].es.endswith("puede ser uno solo, con dos identificadores.")

    holds_only_by((facts_published_twice, "_alike"), lambda *_: (), check)


def test_what_both_tell_under_one_id_is_one() -> None:
    assert suspected(summit("council", 1), summit("hti", 1)) == []


def test_two_meetings_of_one_agency_of_two_days_or_of_two_kinds_are_two() -> None:
    assert suspected(summit("council", 1), summit("council", 2)) == []
    assert suspected(summit("council", 1), summit("hti", 2, "2024-08-15")) == []
    assert suspected(summit("council", 1), summit("hti", 2, kind="forum")) == []


def test_sessions_alike_in_everything_may_be_one_and_with_other_numbers_are_two() -> None:
    assert len(suspected(session("hti", 1), session("bpd", 2))) == 1
    assert suspected(session("hti", 1), session("bpd", 2, participants_n=30)) == []
    assert suspected(session("hti", 1), session("bpd", 2, district=None)) == []
    assert suspected(session("hti", 1), session("bpd", 2, audience="police")) == []
    assert suspected(session("hti", 1), session("bpd", 2, topic="training_of_trainers")) == []


def test_conferences_of_one_kind_in_one_country_may_be_one() -> None:
    def went(agency: str, number: int, kind: str = "regional_conference", country: str = "GT") -> Said:
        data = {"conference": activity(number), "kind": kind, "country": country}
        return says(agency, "coordination.conference_attended", "2024-08-14", data)

    assert len(suspected(went("council", 1), went("labour", 2))) == 1
    assert suspected(went("council", 1), went("labour", 2, country="MX")) == []
    assert suspected(went("council", 1), went("labour", 2, "forum")) == []


def test_who_asked_for_a_screening_and_tells_of_it_alone_is_a_witness() -> None:
    data = {"screening": activity(1), "requested_by": "immigration", "count": 26, "count_basis": "persons"}
    alone = says("immigration", "screening.completed", "2024-02-21", data)
    (found,) = suspected(alone)
    assert (found.records, "only a witness" in found.en) == ((f"immigration/register/{event_id(0)}",), True)
    performed = says("bpd", "screening.completed", "2024-02-21", data)
    assert suspected(alone, performed) == []
    (pair,) = suspected(alone, says("bpd", "screening.completed", "2024-02-21", {**data, "screening": activity(2)}))
    assert len(pair.records) == 2


def test_a_total_of_whoever_asked_for_it_may_be_the_performers() -> None:
    total = {"screening": activity(1), "count": 102, "count_basis": "persons"}
    asked = says("bpd", "screening.completed", "2024-05-10", {**total, "requested_by": "immigration"})
    for when, found in (("2024-05-10", 1), ("2024-05", 1), ("2024-05-11", 0)):
        silent = says("immigration", "screening.completed", when, {**total, "screening": activity(2)})
        assert len(suspected(asked, silent)) == found
    others = says("dhs", "screening.completed", "2024-05-10", {**total, "screening": activity(2)})
    assert suspected(asked, others) == []


def test_meetings_that_may_lie_on_one_day_may_be_one_however_exactly_that_is_known() -> None:
    (found,) = suspected(summit("council", 1), summit("hti", 2, "2024-08"), summit("council", 3, "2024-09-01"))
    assert len(found.records) == 2
    assert "2024-08:" in found.en
    assert suspected(summit("council", 1), summit("hti", 2, "2024-09")) == []
    assert findings(summit("council", 1), summit("hti", 2, "2024-08"), period="2024-08-14") == [], "one may be outside"
    several = summit("council", 1, "2024"), summit("hti", 2, "2024-03-01"), summit("iom", 3, "2024-05-01")
    assert [len(each.records) for each in suspected(*several)] == [3]
    later = at("2024-08-10", "2024-08-20"), at("2024-08-15", "2024-08-25")
    assert len(suspected(summit("council", 1, later[0]), summit("hti", 2, later[1]))) == 1


def test_a_service_that_a_partner_alone_tells_names_the_providers_that_it_may_be() -> None:
    own, other = service("dhs", 1, "2024-06-12"), service("dhs", 3, "2024-09-01")

    def check() -> None:
        found = suspected(own, other, service("hti", 2, "2024-06-18", partners=["hti"]))
        assert [each.records for each in found] == [(f"hti/register/{event_id(2)}", f"dhs/register/{event_id(0)}")]

    holds_only_by((contradictions_of_persons, "contradiction"), lambda *_: Counted(None, 0), check)


def test_it_is_none_of_another_kind_or_provider_or_time_but_any_that_nobody_can_date() -> None:
    def named(own: Said, told: Said) -> int:
        (found,) = suspected(own, told)
        return len(found.records) - 1

    told = service("hti", 2, "2024-06-18", partners=["hti"])
    assert named(service("dhs", 1, "2024-06-12"), told) == 1
    assert named(service("dhs", 1, ""), told) == 1
    assert [named(service("dhs", 1, when), told) for when in ("2024-02-12", "2024-10-12")] == [0, 0]
    assert named(service("dhs", 1, "2024-06-12", service_type="medical"), told) == 0
    noon = service("hti", 2, "2024-06-18T12:00", partners=["hti"])
    edges = "2024-06-04T11:59", "2024-06-04T12:00", "2024-07-02T12:00", "2024-07-02T12:01"
    assert [named(service("dhs", 1, when), noon) for when in edges] == [0, 1, 1, 0], "two weeks apart at most"
    assert named(service("cdf", 1, "2024-06-12", provider="cdf"), told) == 0


def test_the_providers_own_word_under_the_same_id_settles_it() -> None:
    def check() -> None:
        assert suspected(service("hti", 1, "2024-06-18"), service("dhs", 1, "2024-06-17")) == []

    holds_only_by((contradictions_of_persons, "owners_statement"), lambda _, said: said, check)


def test_a_unit_of_the_provider_is_no_witness() -> None:
    assert suspected(service("dhs", 1, "2024-06-18", provider="tip_care_unit")) == []
    assert AGENCIES["tip_care_unit"].parent == "dhs"


def test_what_a_witness_alone_tells_is_named_however_little_it_tells() -> None:
    for told in (session("hti", 1, organisers=["bpd"], topic=None), session("hti", 1, organisers=["bpd"])):
        (found,) = suspected(told)
        assert "only a witness" in found.en
    assert suspected(session("hti", 1, topic=None)) == []


def test_of_a_person_it_is_only_what_was_told_under_two_ids() -> None:
    data = {"person": person(1), "charge": an_id(Kind.CHARGE, 1), "offence": "procuring_child"}
    assert suspected(says("bpd", "charge.filed", "2024-02-03", data)) == []
    undated = service("hti", 2, "", partners=["hti"])
    assert suspected(service("dhs", 1, "2024-06-12"), undated) == [], "and not where nobody can date it"
