"""Records of victims in other standards: refused by the policy as it is, and with no value that the standard lacks."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import typer

from infra.local.data_folder import Folder
from schemas.codec import decode
from schemas.times import Period
from schemas.yaml_table import WrongTable
from services.console.export import victim_records
from services.console.visible_events import BY_OFFICE, Requester
from services.export.standards.records.policy import RecordStandard, policy
from services.export.standards.records.rows import columns, ctdc, htcds, ictip
from services.export.standards.records.victim_answers import VictimAnswers, answers_of
from services.export.table import ExportTable
from services.reporting.domain.ledger.entity_fold import fold

EXAMPLE: Final = Path(__file__).parents[3] / "schemas" / "examples" / "bz.atips.victim.identified.v1.json"
YEAR: Final = Period.parse("2024")
POLICY: Final = "owner: council\nreview_by: 2030-01-01\nallowed: [ctdc]\nfewest_alike: 11\n"


def a_victim(profile: Mapping[str, object] | None = None, **said: object) -> VictimAnswers:
    event = orjson.loads(EXAMPLE.read_bytes())
    event["data"] |= said
    events = [event]
    if profile is not None:
        recorded = orjson.loads(EXAMPLE.with_name("bz.atips.person.profile_recorded.v1.json").read_bytes())
        known = {"person": event["data"]["person"], "role": "victim", **profile}
        events.append(recorded | {"subject": event["subject"], "data": known})
    answers = answers_of(fold(event["subject"], [decode(orjson.dumps(each)) for each in events]), YEAR)
    assert answers is not None
    return answers


def check(standard: RecordStandard, table: ExportTable) -> None:
    """Hold each cell against the committed columns of the standard."""
    said: list[Mapping[str, Any]] = columns(standard)["columns"]
    assert [column.name for column in table.columns] == [each["name"] for each in said]
    for row in table.rows:
        for each, cell in zip(said, row, strict=True):
            if each.get("why"):
                assert cell == "", each["name"]
            elif "pattern" in each:
                assert re.fullmatch(each["pattern"], str(cell)), (each["name"], cell)
            elif each.get("several"):
                assert set(str(cell).split(";")) - {""} <= set(each["values"]), (each["name"], cell)
            else:
                assert cell in each["values"], (each["name"], cell)


def test_no_record_leaves_under_the_policy_as_it_is() -> None:
    ours = policy()
    assert not [each for each in RecordStandard if ours.allows(each, date(2026, 11, 30))]


def test_a_policy_allows_until_its_review_and_never_fewer_than_eleven() -> None:
    found = policy(POLICY)
    assert found.allows(RecordStandard.CTDC, date(2030, 1, 1))
    assert not found.allows(RecordStandard.HTCDS, date(2029, 1, 1))
    assert not found.allows(RecordStandard.CTDC, date(2030, 1, 2))
    for wrong in (POLICY.replace("11", "10"), POLICY.replace("ctdc", "icse"), POLICY + "more: 1\n"):
        with pytest.raises(WrongTable):
            policy(wrong)


def test_no_record_leaves_before_each_person_is_noted_as_a_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, noted = orjson.loads(EXAMPLE.read_bytes())["subject"], list[object]()

    async def victims(*_: object) -> dict[str, VictimAnswers]:
        return {person: a_victim()}

    def note(_: object, who: Requester, shown: list[tuple[None, dict[str, VictimAnswers]]]) -> None:
        noted.extend((who, list(under)) for _, under in shown)
        if fails:
            raise typer.Exit(1)

    monkeypatch.setattr(victim_records, "_policy", lambda: policy(POLICY.replace("ctdc", "htcds")))
    monkeypatch.setattr(victim_records, "_victims", victims)
    monkeypatch.setattr(victim_records, "note_looks", note)
    fails = False
    assert len(victim_records.records(Folder(tmp_path), RecordStandard.HTCDS, 2024).rows) == 1
    assert noted == [(BY_OFFICE, [person])]
    fails = True
    with pytest.raises(typer.Exit):
        victim_records.records(Folder(tmp_path), RecordStandard.HTCDS, 2024)


def test_an_htcds_row_has_the_standard_s_values_and_no_id() -> None:
    table = htcds([a_victim()])
    check(RecordStandard.HTCDS, table)
    row = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
    assert row["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert row["vic_TypeOfExploitation"] == "SexualExploitation"
    assert set(str(row["vic_MethodsOfControl"]).split(";")) == {"PsychologicalAbuse", "RestrictsMovement"}
    assert row["vic_TypeOfSexExploitation"] == "Prostitution"
    assert not [cell for cell in row.values() if "per-" in str(cell) or "2024" in str(cell)]


@pytest.mark.parametrize(
    ("exploitation", "industries"),
    [
        (
            ["forced_labour", "sexual_exploitation"],
            "I_AccommodationAndFoodServiceActivities;R_ArtsEntertainmentAndRecreation",
        ),
        (["sexual_exploitation"], ""),
    ],
)
def test_gender_and_the_industry_of_forced_labour_are_told_and_no_country_that_is_none(
    exploitation: list[str], industries: str
) -> None:
    """Both were recorded and left out; a citizenship that nobody knew stood in the place of a country."""
    profile = {"sex": "female", "gender": "transgender_feminine", "citizenship": ["stateless"]}
    sectors = ["arts_entertainment", "accommodation_food"]
    one = a_victim(profile, exploitation=exploitation, sectors=sectors, exploitation_countries=["unknown"])
    for standard, table, gender, industry, country in (
        (RecordStandard.HTCDS, htcds([one]), "prs_Gender", "vic_ForcedLabourIndustry", "prs_Citizenship"),
        (RecordStandard.ICTIP, ictip([one]), "victim_gender", "event_forced_labour_industry", "victim_citizenship"),
    ):
        check(standard, table)
        row = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
        assert (row[gender], row[industry], row[country]) == ("TransgenderFeminine", industries, "")
    table = ctdc([one] * 11, 11)
    check(RecordStandard.CTDC, table)
    row = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
    assert (row["gender"], row["citizenship"], row["CountryOfExploitation"]) == ("Female", "-99", "-99")


def test_a_row_of_the_four_elements_has_the_codes_of_other_standards_and_none_of_ic_tip() -> None:
    table = ictip([a_victim(), a_victim(exploitation=["forced_labour", "forced_marriage"])])
    check(RecordStandard.ICTIP, table)
    said = {each["name"]: each for each in columns(RecordStandard.ICTIP)["columns"]}
    assert {each["element"] for each in said.values()} == {"event", "victim", "perpetrator", "reporting entity", ""}
    rows = [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]
    assert {row["event_iccs"] for row in rows} == {"02041", "0204;02042"}
    assert {row["ictip_codes"] for row in rows} == {""}
    assert said["ictip_codes"]["why"]
    assert any("ictip_codes: empty" in note for note in table.notes)


def test_a_ctdc_row_that_fewer_than_eleven_have_alike_is_left_out() -> None:
    alike = [a_victim()] * 11
    rare = a_victim(minor_at_exploitation="no", exploitation=["forced_labour"], sexual_exploitation_forms=[])
    table = ctdc([*alike, *[rare] * 2, *[a_victim(minor_at_exploitation="no")] * 9], 11)
    check(RecordStandard.CTDC, table)
    assert len(table.rows) == 11
    assert len(set(table.rows)) == 1
    row = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
    assert (row["majorityStatusAtExploit"], row["yearOfRegistration"]) == ("Minor", "2024")
    assert (row["isSexualExploit"], row["isForcedLabour"]) == ("1", "0")
    assert (row["meansOfControlPsychologicalAbuse"], row["meansOfControlThreats"]) == ("1", "0")
    assert ctdc(alike[:10], 11).rows == []


def test_fewer_than_eleven_ctdc_rows_are_never_left_out_alone() -> None:
    """Of 24 victims 23 would be in the table: then one is known to have none of its rows."""
    larger, smaller = [a_victim()] * 12, [a_victim(minor_at_exploitation="no")] * 11
    rare = a_victim(exploitation=["forced_labour"], sexual_exploitation_forms=[])
    assert len(ctdc([*larger, *smaller], 11).rows) == 23
    assert set(ctdc([*larger, *smaller, rare], 11).rows) == set(ctdc(larger, 11).rows)
    assert ctdc([*smaller, rare], 11).rows == []


@pytest.mark.parametrize(
    ("said", "majority", "abduction"),
    [
        ({"age_group": ("child_9_17",), "means": ("abduction", "fraud")}, "Minor", "1"),
        ({"age_group": ("adult_18_20",), "means": ("fraud",)}, "Adult", "0"),
        ({"age_group": ("unknown",), "means": ("unknown",)}, "-99", "-99"),
        ({"means": ("none",)}, "-99", "0"),
        ({}, "-99", "-99"),
    ],
)
def test_a_ctdc_row_says_whether_of_age_when_recorded_and_whether_abducted(
    said: dict[str, tuple[str, ...]], majority: str, abduction: str
) -> None:
    table = ctdc([VictimAnswers(2024, said)] * 11, 11)
    check(RecordStandard.CTDC, table)
    row = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
    assert (row["majorityStatus"], row["isAbduction"]) == (majority, abduction)


def test_whoever_is_not_counted_in_the_year_has_no_record() -> None:
    event = decode(EXAMPLE.read_bytes())
    assert answers_of(fold(str(event.subject), [event]), Period.parse("2023")) is None
    event = decode(orjson.dumps(orjson.loads(EXAMPLE.read_bytes()) | {"data": _not_a_victim()}))
    assert answers_of(fold(str(event.subject), [event]), YEAR) is None


def _not_a_victim() -> Any:  # noqa: ANN401
    data = orjson.loads(EXAMPLE.read_bytes())["data"]
    return data | {"status": "not_a_victim"}
