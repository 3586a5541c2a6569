"""O3, O4, O5, O28: victims are persons; rows of several values overlap; age is of when they were exploited."""

from collections.abc import Mapping
from typing import Any

from schemas.ids import Kind
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.protection.identified import state
from services.reporting.domain.read.reading import Reading
from tests.unit.reporting import figures_of_events
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by
from tests.unit.reporting.samples import activity, an_id, case, person

ALL = ("O3", "O4", "O5", "O28", "O32a")


def identified(who: int, when: str | Mapping[str, str], agency: str = "bpd", **more: object) -> Said:
    return "victim.identified", {"person": person(who), "case": case(1), "status": "potential", **more}, when, agency


def profile(who: int, **more: object) -> Said:
    data = {"person": person(who), "case": case(1), "role": "victim", **more}
    return "person.profile_recorded", data, "2024-01-01"


OPENED: Said = "investigation.opened", {"case": case(1)}, "2024-01-01"


def reading(number: str, period: str, *events: Said) -> Reading:
    """In the case, into which an investigation was opened in the year."""
    return figures_of_events.reading(number, period, OPENED, *events)


def readings(number: str, period: str, *events: Said, by: tuple[str, ...] = ()) -> list[Reading]:
    return figures_of_events.readings(number, period, OPENED, *events, by=by)


def test_a_person_of_two_citizenships_is_in_two_rows_and_counts_once() -> None:
    def check() -> None:
        events = identified(1, "2024-02-01"), profile(1, citizenship=["GT", "HN"]), identified(2, "2024-02-02")
        found = by(readings("O4", "2024", *events, by=("citizenship",)))
        assert found == {("GT",): 1, ("HN",): 1, ("absent",): 1}
        assert sum(found.values()) == 3 > reading("O4", "2024", *events).amount == 2

    def one_value_each(
        figure: Figure[Any], said: tuple[tuple[str, tuple[str, ...]], ...]
    ) -> tuple[cells_from_items.Dims, ...]:
        return every_dims(figure, tuple((name, values[:1]) for name, values in said))

    every_dims = cells_from_items.every_dims
    holds_only_by((cells_from_items, "every_dims"), one_value_each, check)


def test_who_somebody_is_does_not_depend_on_the_case_that_a_profile_names() -> None:
    """A woman of two cases stood in the rows "female" and "absent", and one profiled in an older case in the latter."""
    told = profile(1, case=case(7), sex="female", citizenship=["GT"], age_group="child_9_17")
    second: Said = "investigation.opened", {"case": case(2)}, "2024-03-01"
    events = identified(1, "2024-02-01"), second, identified(1, "2024-03-02", case=case(2)), told
    for number, asked, row in (("O3", "sex", "female"), ("O3", "age_group", "child_9_17"), ("O4", "citizenship", "GT")):
        assert by(readings(number, "2024", *events, by=(asked,))) == {(row,): 1}


def test_what_was_done_to_a_victim_of_two_cases_has_a_row_for_each() -> None:
    second: Said = "investigation.opened", {"case": case(2)}, "2024-03-01"
    one = identified(1, "2024-02-01", exploitation=["forced_labour"], minor_at_exploitation="yes")
    other = identified(1, "2024-03-02", case=case(2), exploitation=["servitude"], minor_at_exploitation="no")
    events = one, second, other
    assert by(readings("O5", "2024", *events, by=("trafficking_type",))) == {("forced_labour",): 1, ("servitude",): 1}
    assert by(readings("O3", "2024", *events, by=("minor_at_exploitation",))) == {("yes",): 1, ("no",): 1}
    assert reading("O5", "2024", *events).amount == 1


def test_several_ways_of_exploitation_are_several_rows_or_one_mixed_type() -> None:
    def check() -> None:
        both = ["sexual_exploitation", "forced_labour"]
        events = (
            identified(1, "2024-02-01", exploitation=both),
            identified(2, "2024-02-01", exploitation=["forced_labour"]),
        )
        rows = by(readings("O5", "2024", *events, by=("exploitation",)))
        assert rows == {("sexual_exploitation",): 1, ("forced_labour",): 2}
        types = by(readings("O5", "2024", *events, by=("trafficking_type",)))
        assert types == {("mixed",): 1, ("forced_labour",): 1}
        assert sum(types.values()) == reading("O5", "2024", *events).amount == 2 < sum(rows.values())

    holds_only_by((state, "one_type"), lambda exploitation: exploitation, check)


def test_a_minor_is_who_was_one_when_exploited_whatever_the_profile_says_now() -> None:
    events = (
        identified(1, "2024-02-01", minor_at_exploitation="yes"),
        profile(1, age_group="adult_18_20"),
        identified(2, "2024-02-01"),
        profile(2, age_group="child_9_17"),
    )

    def check() -> None:
        assert by(readings("O3", "2024", *events, by=("minor_at_exploitation",))) == {("yes",): 1, ("absent",): 1}
        assert by(readings("O3", "2024", *events, by=("age_group",))) == {("adult_18_20",): 1, ("child_9_17",): 1}

    known = state.Identified.dims

    def as_recorded(held: state.Identified) -> dict[str, tuple[str, ...]]:
        return {**known(held), "minor_at_exploitation": known(held)["age_group"]}

    holds_only_by((state.Identified, "dims"), as_recorded, check)


def test_a_person_identified_by_two_agencies_is_one_person() -> None:
    def check() -> None:
        events = (
            identified(1, "2024-02-01", identified_by="ngo", agency="hti"),
            identified(1, "2024-03-01", identified_by="police"),
        )
        for number in ALL:
            assert reading(number, "2024", *events).amount == 1
        assert by(readings("O3", "2024", *events, by=("identified_by",))) == {("ngo",): 1, ("police",): 1}

    holds_only_by((cells_from_items, "pairwise"), lambda _: iter(()), check)


def test_what_two_agencies_say_of_a_person_is_taken_from_the_one_whose_word_weighs_more() -> None:
    def check() -> None:
        events = (
            identified(1, "2024-02-01", exploitation=["forced_labour"], recruiter_relation="family"),
            identified(1, "2024-03-01", agency="hti", exploitation=["servitude"], recruiter_relation="stranger"),
            identified(1, "2024-04-01", agency="immigration", minor_at_exploitation="no"),
        )
        assert by(readings("O5", "2024", *events, by=("exploitation",))) == {("forced_labour",): 1}
        assert by(readings("O28", "2024", *events, by=("recruiter_relation",))) == {("family",): 1}
        assert by(readings("O3", "2024", *events, by=("minor_at_exploitation",))) == {("no",): 1}

    holds_only_by((state, "speaker_weight"), lambda _: 0, check)


def test_of_the_means_too_the_weightier_word_counts_whoever_speaks_last() -> None:
    events = (
        identified(1, "2024-02-01", means=["fraud"]),
        identified(1, "2024-03-01", agency="hti", means=["deception"]),
    )
    assert by(readings("O32a", "2024", *events, by=("means",))) == {("fraud",): 1}


def test_who_does_not_know_or_did_not_ask_hides_nobodys_answer() -> None:
    def check() -> None:
        for no_answer in ("unknown", "not_asked"):
            nothing: dict[str, Any] = {"exploitation": [no_answer], "minor_at_exploitation": no_answer}
            told = identified(1, "2024-02-01", exploitation=["servitude"], minor_at_exploitation="yes", agency="dhs")
            for police in ("2024-01-01", "2024-03-01"):
                events = told, identified(1, police, **nothing, means=[no_answer])
                assert by(readings("O5", "2024", *events, by=("exploitation",))) == {("servitude",): 1}
                assert by(readings("O3", "2024", *events, by=("minor_at_exploitation",))) == {("yes",): 1}
            alone = identified(1, "2024-01-01", **nothing), identified(1, "2024-02-01", agency="hti")
            assert by(readings("O5", "2024", *alone, by=("exploitation",))) == {(no_answer,): 1}

    holds_only_by((state, "is_known_answer"), lambda _: True, check)


def test_victims_are_not_derived_from_arrests_profiles_or_screenings() -> None:
    arrested = {"person": person(1), "arrest": an_id(Kind.ARREST, 1), "linked_victims": [person(2)]}
    screened = {"screening": activity(1), "persons": [person(3)]}
    events: tuple[Said, ...] = (
        ("arrest.made", arrested, "2024-02-01"),
        ("screening.completed", screened, "2024-02-01"),
        profile(4, sex="female"),
    )
    for number in (*ALL, "O32b"):
        assert reading(number, "2024", *events).amount == 0


def test_each_may_be_asked_for_by_sex_district_who_identified_and_status_too() -> None:
    events = (
        identified(1, "2024-02-01", minor_at_exploitation="yes", identified_by="police", exploitation=["servitude"]),
        profile(1, sex="female", district="cayo", citizenship=["BZ"]),
    )
    own = {"O3": "minor_at_exploitation", "O4": "citizenship", "O5": "exploitation"}
    said = {"minor_at_exploitation": "yes", "citizenship": "BZ", "exploitation": "servitude"}
    also = {"sex": "female", "district": "cayo", "identified_by": "police", "status": "potential"}
    for number, name in own.items():
        for other, value in also.items():
            (found,) = readings(number, "2024", *events, by=tuple(sorted((name, other))))
            assert (found.amount, found.dimensions) == (1, {name: said[name], other: value})


def test_girls_and_recruiters_in_the_family_can_be_told() -> None:
    girl = identified(1, "2024-02-01", minor_at_exploitation="yes", recruiter_relation="family")
    events = girl, profile(1, sex="female"), identified(2, "2024-02-01", minor_at_exploitation="no")
    assert by(readings("O28", "2024", *events, by=("minor_at_exploitation", "sex"))) == {
        ("yes", "female"): 1,
        ("no", "absent"): 1,
    }
    found = by(readings("O28", "2024", *events, by=("minor_at_exploitation", "recruiter_relation")))
    assert found == {("yes", "family"): 1, ("no", "absent"): 1}


def test_a_word_that_names_the_person_alone_counts_in_each_case_of_theirs() -> None:
    """Nobody has to name the case again to say that somebody is no victim, or how they were exploited."""

    def no_case(said: Said) -> Said:
        name, data, *rest = said
        return name, {key: value for key, value in data.items() if key != "case"}, *rest  # type: ignore[return-value]

    victim, other = identified(1, "2024-02-01", agency="dhs"), identified(2, "2024-02-01")
    found_out = no_case(identified(1, "2024-03-01", minor_at_exploitation="yes", status="confirmed"))
    events = victim, other, found_out, no_case(profile(1, sex="female")), no_case(identified(3, "2024-02-01"))
    assert by(readings("O3", "2024", *events, by=("minor_at_exploitation",))) == {("yes",): 1, ("absent",): 1}
    assert by(readings("O3", "2024", *events, by=("sex",))) == {("female",): 1, ("absent",): 1}
    assert by(readings("O3", "2024", *events, by=("status",))) == {("confirmed",): 1, ("potential",): 1}
    none = "victim.status_changed", {"person": person(1), "status": "not_a_victim"}, "2024-06-01", "bpd"
    assert [reading("O3", period, *events, none).amount for period in ("2024", "2024-01..2024-05")] == [1, 2]


def test_what_is_said_of_another_case_counts_in_that_case_alone() -> None:
    none = (
        "victim.status_changed",
        {"person": person(1), "case": case(2), "status": "not_a_victim"},
        "2024-06-01",
        "bpd",
    )
    assert reading("O3", "2024", identified(1, "2024-02-01", agency="dhs"), none).amount == 1


def test_a_case_of_which_nobody_knows_when_it_was_opened_brings_its_victims_beside_the_figure() -> None:
    undated = "investigation.opened", {"case": case(1)}, {"time": None, "occurredprecision": "unknown"}
    found = figures_of_events.reading("O3", "2024", undated, identified(1, "2024-02-01"))
    assert (found.amount, found.undated, found.cut) == (0, 1, 0)
    perhaps = {
        "time": "2023-01-01T00:00:00-06:00",
        "occurredprecision": "year",
        "occurredto": "2024-01-01T00:00:00-06:00",
    }
    found = figures_of_events.reading(
        "O3", "2024", ("investigation.opened", {"case": case(1)}, perhaps), identified(1, "2024-02-01")
    )
    assert (found.amount, found.undated, found.cut) == (0, 0, 1)


def test_a_child_who_is_recorded_as_an_adult_later_stays_a_child_of_the_year_before() -> None:
    """The age group of 2026 took the child out of the report of 2024."""

    def aged(group: str, when: str) -> Said:
        name, data, _ = profile(1, age_group=group)[:3]
        return name, data, when

    found = identified(1, "2024-02-01")
    child, grown = aged("child_9_17", "2024-02-02"), aged("adult_18_20", "2026-03-01")
    for number in ("O3", "O32a"):
        for events in ((found, child, grown), (found, grown, child)):
            assert by(readings(number, "2024", *events, by=("age_group",))) == {("child_9_17",): 1}
            assert by(readings(number, "2024..2026", *events, by=("age_group",))) == {("adult_18_20",): 1}
        assert by(readings(number, "2024", found, grown, by=("age_group",))) == {("adult_18_20",): 1}, "recorded after"
        assert reading(number, "2024..2026", found, child, grown).amount == 1
