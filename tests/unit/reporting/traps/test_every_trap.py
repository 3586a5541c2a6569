"""Every trap of the report's rows and of its totals has a test that fails once the rule is switched off.

`domain.md` 4 numbers them: O1 to O32, M1 to M16, P1 to P10, V1 to V12. Here stands which test is whose.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent

_CASES = "test_o1_o2_o7_cases.py"
_VICTIMS = "test_o3_o4_o5_o28_victims.py"
_ALIKE = "test_m1_m4_o27_same_numbers.py"
_SERVICES = "test_o19_o20_o21_services.py"
_SETTLED = "test_o22_o23_o24_settlement.py"
_FILES = "test_o18_o26_o29_files.py"
_TRAINED = "test_m5_m7_m12_training.py"
_MET = "test_m6_p3_p9_meetings.py"
_HELD = "test_m8_m11_m16_awareness.py"
_PROJECTS = "test_m10_m13_m15_projects.py"
_STANDING = "test_p4_p5_p7_p10_standing.py"

TRAPS: Mapping[str, tuple[str, str]] = {
    "O1": (_CASES, "test_a_closing_ends_what_is_active_and_not_what_was_opened"),
    "O2": (_CASES, "test_an_outcome_counts_as_of_the_periods_end_and_the_case_in_the_period_in_which_it_was_opened"),
    "O3": (_VICTIMS, "test_a_minor_is_who_was_one_when_exploited_whatever_the_profile_says_now"),
    "O4": (_VICTIMS, "test_a_person_of_two_citizenships_is_in_two_rows_and_counts_once"),
    "O5": (_VICTIMS, "test_several_ways_of_exploitation_are_several_rows_or_one_mixed_type"),
    "O6": ("test_o6_screenings.py", "test_who_asked_tells_of_the_same_screening_and_the_number_is_of_who_performed_it"),
    "O7": (_CASES, "test_what_is_before_the_court_is_still_active_and_no_longer_investigated"),
    "O8": ("test_o8_staffing.py", "test_the_support_of_eight_is_nine_with_its_leader"),
    "O9": ("test_o9_arrested.py", "test_a_person_arrested_again_is_one_person"),
    "O10": ("test_o10_o11_of_the_arrested.py", "test_a_committal_before_an_arrest_does_not_come_of_it"),
    "O11": ("test_o15_o16_waiting.py", "test_who_dies_waits_at_no_court"),
    "O12": ("test_o10_o11_of_the_arrested.py", "test_who_is_no_longer_tied_to_a_victim_does_not_count"),
    "O13": ("test_o13_o14_convicted.py", "test_one_man_of_two_charges_and_three_counts"),
    "O14": ("test_o13_o14_convicted.py", "test_labour_is_a_part_of_all_convictions_and_has_more_than_one_purpose"),
    "O15": ("test_o15_o16_waiting.py", "test_who_is_committed_leaves_the_magistrates_and_awaits_trial"),
    "O16": ("test_o15_o16_waiting.py", "test_two_charges_of_one_person_are_one_person_at_court"),
    "O17": ("test_o17_route.py", "test_a_jury_decided_before_2022_and_not_since"),
    "O18": (_FILES, "test_a_review_counts_in_its_own_year_whenever_the_case_was_opened"),
    "O19": (_SERVICES, "test_o19_victims_of_earlier_years_are_supported_too"),
    "O20": (_SERVICES, "test_o20_an_episode_is_one_service_however_many_nights_or_contacts_it_has"),
    "O21": (_SERVICES, "test_o21_a_service_that_was_declined_is_not_provided_and_one_given_after_all_not_declined"),
    "O22": (_SETTLED, "test_o22_who_returned_and_whose_return_hti_paid_for_are_two_figures"),
    "O23": (_SETTLED, "test_o23_a_programme_of_one_year_is_decided_in_another"),
    "O24": (_SETTLED, "test_o24_a_migrant_child_in_shelter_is_no_victim"),
    "O25": ("test_o25_operations.py", "test_arrests_in_an_operation_are_part_of_all_arrests"),
    "O26": (_FILES, "test_a_case_that_comes_from_two_sources_is_of_the_first"),
    "O27": (_ALIKE, "test_child_labour_inspections_are_within_all_and_not_beside_them"),
    "O28": (_VICTIMS, "test_a_person_identified_by_two_agencies_is_one_person"),
    "O29": (_FILES, "test_a_report_told_by_two_offices_is_one_report"),
    "O30": ("test_o30_o31_plans_and_migrants.py", "test_o30_a_person_with_two_plans_is_one_and_a_service_is_no_plan"),
    "O31": ("test_o30_o31_plans_and_migrants.py", "test_o31_is_cdfs_work_with_iom_and_no_others"),
    "O32": ("test_o32_statuses.py", "test_seven_potential_victims_later_found_not_to_be_victims"),
    "M1": (_ALIKE, "test_who_trained_the_same_audience_under_another_programme_is_not_in_the_plan"),
    "M2": (_ALIKE, "test_teachers_are_a_part_of_the_plan_and_never_added_to_it"),
    "M3": (_ALIKE, "test_who_trained_the_same_audience_under_another_programme_is_not_in_the_plan"),
    "M4": (_ALIKE, "test_who_trained_the_same_audience_under_another_programme_is_not_in_the_plan"),
    "M5": (_TRAINED, "test_medical_personnel_since_the_programme_began_is_not_this_years"),
    "M6": (_MET, "test_the_councils_word_holds_only_by_the_rule_of_the_owner"),
    "M7": (_TRAINED, "test_a_training_of_trainers_whose_participants_nobody_counted_is_not_nought"),
    "M8": (_HELD, "test_the_fridays_of_july_are_four_and_one_told_twice_is_one"),
    "M9": ("test_m9_media.py", "test_two_were_created_and_three_were_aired"),
    "M10": (_PROJECTS, "test_projects_begun_in_earlier_years_are_led_in_this_one_until_they_end"),
    "M11": (_HELD, "test_an_activity_in_words_is_not_one_activity"),
    "M12": (_TRAINED, "test_sessions_are_not_participations_and_both_stand_by_district"),
    "M13": (_PROJECTS, "test_a_funder_that_leads_is_not_another_and_two_funders_are_two_rows"),
    "M14": (_PROJECTS, "test_one_programme_registered_by_two_under_one_id_is_one_and_another_project_is_not_it"),
    "M15": (_TRAINED, "test_rets_sessions_without_number_or_date_are_listed_beside"),
    "M16": (_HELD, "test_sessions_with_the_commission_are_told_by_either_and_are_part_of_labours"),
    "P1": ("test_p1_strategy.py", "test_progress_of_an_area_is_the_last_one_reported"),
    "P2": ("test_p2_p8_registry.py", "test_sixteen_seats_are_fourteen_bodies_because_two_sit_twice"),
    "P3": (_MET, "test_a_multilateral_meeting_is_not_a_third_conference"),
    "P4": (_STANDING, "test_a_presidency_known_by_its_year_was_held_in_that_year_and_surely_in_no_month"),
    "P5": (_STANDING, "test_data_of_three_years_given_in_one_are_one_extract_of_that_year"),
    "P6": (_MET, "test_two_meetings_of_one_month_are_two_if_their_ids_differ"),
    "P7": (_MET, "test_the_exchange_printed_under_two_headings_is_one_and_what_is_of_another_year_is_not_in_it"),
    "P8": ("test_p2_p8_registry.py", "test_the_partners_are_six_and_whoever_is_funded_by_one_is_not_one"),
    "P9": (_MET, "test_advocacy_printed_twice_is_one_fact_with_five_counterparts"),
    "P10": (_STANDING, "test_what_is_approved_is_not_in_force"),
    "V1": (
        "../rules/test_contradicting_figures.py",
        "test_v1_the_items_of_one_document_that_add_up_to_more_than_its_total_are_a_finding",
    ),
    "V2": (_ALIKE, "test_child_labour_inspections_are_within_all_and_not_beside_them"),
    "V3": ("test_o10_o11_of_the_arrested.py", "test_the_three_lines_are_no_partition_of_the_arrested"),
    "V4": ("../rules/test_contradicting_statements.py", "test_a_charge_without_an_arrest_known_names_the_charge"),
    "V5": ("test_o13_o14_convicted.py", "test_a_number_of_counts_that_is_not_stated_is_unknown"),
    "V6": (_SERVICES, "test_v6_services_are_no_fewer_than_persons_and_each_person_has_one"),
    "V7": ("test_v7_v10_published.py", "test_v7_convictions_of_a_year_over_its_arrests_are_no_rate"),
    "V8": ("test_o6_screenings.py", "test_persons_screened_are_no_victims_and_victims_found_so_are_another_number"),
    "V9": (_SETTLED, "test_v9_occupancy_is_never_summed_over_months"),
    "V10": (
        "test_v7_v10_published.py",
        "test_v10_what_is_recorded_after_the_report_changes_the_year_as_now_known_and_not_as_published",
    ),
    "V11": ("test_o9_arrested.py", "test_the_last_evening_of_a_year_in_belize_is_not_the_next_year"),
    "V12": (_SERVICES, "test_v12_one_service_told_by_provider_and_partner_is_one"),
}

SWITCHED_OFF = ("holds_only_by(", "refused(", "pytest.raises(")
"""Calls by which a test shows the result without the rule, or that a forbidden event is refused."""


def source(file: str, name: str) -> str:
    """A test as it is written. Raises `LookupError` where there is none of this name."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.unparse(node)
    raise LookupError(name)


def test_no_row_of_the_report_is_left_out() -> None:
    rows = [f"{letter}{number}" for letter, last in zip("OMPV", (32, 16, 10, 12), strict=True)
            for number in range(1, last + 1)]  # fmt: skip
    assert list(TRAPS) == rows


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_has_a_test_that_switches_its_rule_off(trap: str) -> None:
    assert any(call in source(*TRAPS[trap]) for call in SWITCHED_OFF)


def test_a_test_that_is_gone_or_switches_nothing_off_is_seen() -> None:
    with pytest.raises(LookupError):
        source(_CASES, "test_that_was_never_written")
    plain = source("test_o6_screenings.py", "test_a_person_screened_twice_is_one_person")
    assert not any(call in plain for call in SWITCHED_OFF)
