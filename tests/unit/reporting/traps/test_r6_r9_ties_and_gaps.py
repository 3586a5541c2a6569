"""R6 to R9: open files and who works on them, who is tied to whom and who to nobody, what records do not say."""

import pytest

from schemas.ids import Kind
from services.reporting.domain.figures.cases import agency_case_files, parties
from services.reporting.domain.figures.justice import suspect_and_victim_ties
from services.reporting.domain.figures.partnership import staffing
from services.reporting.domain.figures.protection.identified import figures
from tests.unit.reporting.figures_of_events import Said, by, first_to_begin, holds_only_by, reading, readings
from tests.unit.reporting.samples import When, an_id, case, on_behalf, person


def file(name: str, when: When, agency: str = "dhs", of: int = 1) -> Said:
    return f"case.{name}", {"case": case(of)}, when, agency


def opened(of: int, when: str) -> Said:
    return "investigation.opened", {"case": case(of)}, when, "bpd"


def victim(who: int, when: str, of: int | None = None, agency: str = "bpd", **said: object) -> Said:
    data = {"person": person(who), "status": "suspected", **({} if of is None else {"case": case(of)})}
    return "victim.identified", data | said, when, agency


def no_victim(who: int, when: str, of: int, agency: str = "bpd") -> Said:
    return "victim.status_changed", {"person": person(who), "status": "not_a_victim", "case": case(of)}, when, agency


def suspect(who: int, when: str, of: int | None = None) -> Said:
    return "suspect.identified", {"person": person(who), **({} if of is None else {"case": case(of)})}, when, "bpd"


def arrest(number: int, who: int, when: str, *victims: int, of: int | None = None) -> Said:
    data: dict[str, object] = {"person": person(who), "arrest": an_id(Kind.ARREST, number)}
    data["linked_victims"] = [*map(person, victims)]
    return "arrest.made", data | ({} if of is None else {"case": case(of)}), when, "bpd"


def charge(number: int, who: int, when: str, *victims: int, of: int | None = None) -> Said:
    data: dict[str, object] = {"person": person(who), "charge": an_id(Kind.CHARGE, number), "offence": "tip_sex"}
    data |= {"victims": [*map(person, victims)], **({} if of is None else {"case": case(of)})}
    return "charge.filed", data, when, "bpd"


def link(name: str, victim_id: int, suspect_id: int, when: str) -> Said:
    data = {"case": case(1), "victim": person(victim_id), "suspect": person(suspect_id)}
    return f"victim_suspect.{name}", data, when, "bpd"


def party(name: str, who: int, when: str, of: int = 1, **said: object) -> Said:
    return f"case.party_{name}", {"case": case(of), "person": person(who), **said}, when, "bpd"


def amounts(period: str, numbers: str, *events: Said) -> list[int]:
    row, letters = numbers[:2], numbers[2:]
    return [reading(f"{row}{letter}", period, *events).amount for letter in letters]


@pytest.mark.parametrize(("role", "without"), [("victim", [0, 1]), ("suspect", [1, 0]), ("witness", [1, 1])])
def test_r7_a_case_knows_a_party_by_the_role_that_is_told(role: str, without: list[int]) -> None:
    """A witness is neither; who is taken out as what they are is no party any more, and as another still is one."""
    here, other = opened(1, "2024-01-05"), "suspect" if role == "victim" else "victim"
    added = party("added", 1, "2024-02-01", role=role)
    profile: Said = "person.profile_recorded", {"person": person(1), "case": case(1), "role": role}, "2024-02-01", "bpd"
    assert amounts("2024", "R7bc", here, added) == without
    if role != "witness":
        assert amounts("2024", "R7bc", here, profile) == without
        assert amounts("2024", "R7bc", here, added, party("removed", 1, "2024-03-01", role=other)) == without
        assert amounts("2024", "R7bc", here, added, party("removed", 1, "2024-03-01", role=role)) == [1, 1]


def test_r6_a_case_with_two_files_is_one_case() -> None:
    def check() -> None:
        events = file("opened", "2024-02-01"), file("opened", "2024-03-01", "bpd"), file("closed", "2024-05-01")
        assert amounts("2024-02", "R6ab", *events) == [1, 1]
        assert by(readings("R6a", "2024-03", *events, by=("agency",))) == {("bpd",): 1, ("dhs",): 1}
        assert amounts("2024-03", "R6ab", *events) == [1, 1]
        assert amounts("2024", "R6ab", *events) == [1, 0]

    holds_only_by((agency_case_files, "_HUMAN_SERVICES"), "bpd", check)


def test_r6_a_file_that_a_unit_opened_is_its_agencys_who_may_close_it() -> None:
    unit = file("opened", on_behalf("tip_care_unit", "2024-02-01"))

    def check() -> None:
        assert amounts("2024-02", "R6ab", unit) == [1, 1]
        events = unit, file("opened", "2024-02-10"), file("closed", "2024-03-01")
        assert (amounts("2024-02", "R6ab", *events), amounts("2024", "R6ab", *events)) == ([1, 1], [0, 0])
        assert reading("T17", "2024", *events).few_durations == [29]
        assert by(readings("R6a", "2024-02", *events, by=("agency",))) == {("tip_care_unit",): 1}

    holds_only_by((agency_case_files, "agency_of"), lambda agency: agency, check)
    undated = file("opened", ""), file("closed", on_behalf("tip_care_unit", "2024-03-01"))
    assert reading("T17", "2024", *undated).unknown == 1


def test_r6c_social_workers_of_human_services_and_of_nobody_else() -> None:
    def check() -> None:
        events: list[Said] = [
            ("unit.staffing_reported", {"unit": "tip_care_unit", "rank": "social_worker", "headcount": 3}, "2024-01-10",
             "dhs"),
            ("unit.staffing_reported", {"unit": "alternative_care_unit", "rank": "social_worker", "headcount": 2},
             "2024-01-10", "dhs"),
            ("unit.staffing_reported", {"unit": "tip_care_unit", "rank": "coordinator", "headcount": 1}, "2024-01-10",
             "dhs"),
            ("unit.staffing_reported", {"unit": "atips_pu", "rank": "social_worker", "headcount": 1}, "2024-01-10",
             "bpd"),
        ]  # fmt: skip
        assert reading("R6c", "2024", *events).amount == 5

    holds_only_by((staffing, "_HUMAN_SERVICES"), "bpd", check)


def test_r7_a_case_without_a_victim_or_without_a_suspect_is_a_case() -> None:
    events = (
        opened(1, "2024-02-01"), victim(1, "2024-02-02", 1), victim(2, "2025-02-02", 1), suspect(3, "2024-02-02", 1),
        file("opened", "2024-03-01", of=2), opened(2, "2025-03-01"), arrest(1, 3, "2024-03-03", of=2),
        opened(3, "2024-04-01"), charge(1, 3, "2024-04-02", 1, of=3),
    )  # fmt: skip
    assert amounts("2024", "R7abc", *events) == [3, 1, 0]
    assert reading("R7d", "2024", *events).few_durations == [0, 1, 2]
    assert amounts("2025", "R7a", *events) == [0]


def test_r7_who_was_found_to_be_no_victim_or_is_no_party_is_none() -> None:
    def check() -> None:
        begun = opened(1, "2024-02-01"), victim(1, "2024-02-02", 1), party("added", 3, "2024-02-03", role="suspect")
        assert amounts("2024", "R7bc", *begun) == [0, 0]
        assert amounts("2024", "R7bc", *begun, no_victim(1, "2024-06-01", 1)) == [1, 0]
        assert amounts("2024", "R7bc", *begun, party("removed", 3, "2024-06-01")) == [0, 1]
        assert amounts("2024", "R7bc", *begun, party("removed", 3, "2024-06-01", role="victim")) == [0, 0]
        # Whoever is named in it later is in it again.
        again = link("linked", 1, 3, "2024-07-01")
        assert amounts("2024", "R7bc", *begun, party("removed", 3, "2024-06-01"), again) == [0, 0]

    holds_only_by((parties.Parties, "having"), lambda held, *_: held, check)


def test_r7_r8_a_first_that_may_have_been_at_any_time_was_no_later_than_what_is_known() -> None:
    halves = "2024-01..2024-06", "2024-07..2024-12"

    def check() -> None:
        events = file("opened", "2024"), opened(1, "2024-03-10")
        assert [amounts(half, "R7abc", *events) for half in halves] == [[1, 1, 1], [0, 0, 0]]
        assert [reading("R7d", half, *events).few_durations for half in halves] == [[0], []]

    def check_victims() -> None:
        events = victim(1, "2024"), victim(1, "2024-03-10")
        assert [amounts(half, "R8d", *events) for half in halves] == [[1], [0]]

    holds_only_by((parties, "first_of"), first_to_begin, check)
    holds_only_by((suspect_and_victim_ties, "first_of"), first_to_begin, check_victims)


def test_r7_a_word_of_less_weight_makes_nobody_a_victim_and_nobody_none() -> None:
    def check() -> None:
        confirmed = opened(1, "2024-01-01"), victim(1, "2024-01-10", 1, status="confirmed")
        less = no_victim(1, "2024-04-01", 1, "dhs")
        assert amounts("2024", "R7b", *confirmed, less) == [0]
        assert reading("R7d", "2024", *confirmed, less).few_durations == [1]
        none, again = no_victim(1, "2024-03-01", 1), victim(1, "2024-05-01", 1, "dhs")
        assert amounts("2024", "R7b", *confirmed, none, again) == [1]
        # Of a word that nobody can date nothing is known but that it was said.
        assert amounts("2024", "R7b", opened(1, "2024-01-01"), victim(1, "", 1), less) == [1]
        assert reading("O32b", "2024", victim(1, "", 1), less).amount == 0

    holds_only_by((parties, "speaker_weight"), lambda _: 0, check)


def test_r8_suspects_of_several_cases_and_of_no_victim() -> None:
    def check() -> None:
        events = (
            arrest(1, 1, "2024-02-01", 5, of=1), suspect(1, "2024-03-01", 2),
            suspect(2, "2024-03-01", 1),
            suspect(3, "2023-12-01", 1), charge(1, 3, "2024-01-10", 5, of=2),
            suspect(4, "2024-03-01"),
        )  # fmt: skip
        assert amounts("2024", "R8bc", *events) == [1, 2]
        assert amounts("2023", "R8bc", *events) == [1, 0]
        assert reading("R8a", "2024", *events).few_durations == [1, 2]
        assert reading("R10a", "2024", *events).amount == 3

    holds_only_by((suspect_and_victim_ties, "_tied"), lambda _, held, victims, when: held, check)


def test_r8_a_tie_that_was_taken_back_ties_nobody() -> None:
    def check() -> None:
        events = victim(5, "2024-01-03"), suspect(1, "2024-02-01"), link("linked", 5, 1, "2024-02-02")
        assert amounts("2024", "R8cd", *events) == [0, 0]
        assert amounts("2024", "R8cd", *events, link("unlinked", 5, 1, "2024-04-02")) == [1, 1]
        assert amounts("2024", "R8cd", *events, link("unlinked", 5, 2, "2024-04-02")) == [0, 0]
        assert amounts("2024", "R8cd", *events, link("unlinked", 5, 1, "2024-02")) == [1, 1]
        assert amounts("2024", "R8cd", *events, link("unlinked", 5, 1, "2024-01")) == [0, 0]

    holds_only_by((suspect_and_victim_ties, "_tied"), lambda _, held, victims, when: held, check)


def test_r8_who_is_no_longer_party_to_a_case_is_no_suspect_in_it() -> None:
    begun = suspect(1, "2024-02-01", 1), party("added", 1, "2024-03-01", 2, role="suspect")
    assert amounts("2024", "R8b", *begun) == [1]
    assert amounts("2024", "R8b", *begun, party("removed", 1, "2024-04-01", 2)) == [0]


def test_r9_absent_unknown_and_not_asked_are_three_things_and_no_answer() -> None:
    def check() -> None:
        profile = {
            "person": person(1),
            "role": "victim",
            "sex": "female",
            "age_group": "unknown",
            "citizenship": ["GT"],
        }
        said = victim(
            1, "2024-02-01", minor_at_exploitation="not_asked", exploitation=["forced_labour"], means=[],
            recruiter_relation="family", identified_by="police",
        )  # fmt: skip
        events: tuple[Said, ...] = said, ("person.profile_recorded", profile, "2024-02-01", "bpd")
        assert amounts("2024", "R9ab", *events) == [len(figures.CORE), 4]
        assert by(readings("R9b", "2024", *events, by=("field", "why"))) == {
            ("age_group", "unknown"): 1,
            ("minor_at_exploitation", "not_asked"): 1,
            ("district", "absent"): 1,
            ("control", "absent"): 1,
        }

    holds_only_by((figures, "is_known_answer"), bool, check)


def test_r9_a_person_whom_two_agencies_identify_is_asked_once() -> None:
    events = victim(1, "2023-12-01"), victim(1, "2024-02-01", control=["debt_bondage"])
    assert amounts("2024", "R9ab", *events) == [0, 0]
    assert amounts("2023", "R9a", *events) == [len(figures.CORE)]
    assert by(readings("R9b", "2023", *events, by=("field",))).keys() == {
        (field,) for field in figures.CORE if field != "control"
    }
