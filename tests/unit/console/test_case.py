"""A case on a screen and findings in one list, from what the database gives. The commands: `test_officer_commands`."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.main import get_command

from schemas.codebook.governance import FindingCode, FindingSeverity, ViewPurpose
from schemas.governance import finding_of
from schemas.ids import Kind, derive
from schemas.times import Period
from services.case_tracker.queries import FindingRow
from services.console.__main__ import app
from services.console.case.case_and_figure_findings import lines, merged
from services.console.case.case_text import lines as lines_of_page
from services.presentation.bilingual_text import Language
from services.presentation.case_page import ANOTHERS, UNSAID, Page, plain
from services.presentation.case_page import page_of as page_of_looked
from services.reporting.domain.rules import Finding, FindingState
from tests.unit.case_tracker.case_of_every_matter import OF, accepted, referred
from tests.unit.case_tracker.case_of_every_matter import log as of_every_matter
from tests.unit.case_tracker.case_readings import looked
from tests.unit.case_tracker.sample import ARREST, BAIL, CASE, HEARING, SUSPECT, VICTIM, Log, day

PERIOD = Period.parse("2024")
NOW = datetime(2024, 4, 1, tzinfo=UTC)
OPENED = datetime(2024, 3, 5, tzinfo=UTC)
RECORD, OTHER = (f"{agency}/desk/01930000-0000-7000-8000-000000000001" for agency in ("bpd", "odpp"))


def story() -> Log:
    found = of_every_matter()
    found.charged(counts_n=2)
    found.linked()
    found.says("odpp", "court.hearing_scheduled", court="magistrates", hearing=HEARING, next_on="2024-03-12")
    found.says(
        "bpd",
        "bail.granted",
        bail=BAIL,
        court="magistrates",
        conditions=["no_contact_with_victim"],
        **day("2024-03-20"),
    )
    return found


ASKS_FOR = {"council": ViewPurpose.AUDIT, "bpd": ViewPurpose.INVESTIGATION}


def seen_by(agency: str, log: Log | None = None, now: datetime = NOW) -> Page | None:
    log = log or story()
    return page_of(log, agency, ASKS_FOR.get(agency, ViewPurpose.PROTECTION), now)


def page_of(log: Log, agency: str, purpose: ViewPurpose, now: datetime = NOW) -> Page | None:
    given = looked(log, agency, purpose, now)
    return None if given is None else page_of_looked(given, agency, purpose, now)


def shown(found: Page | None) -> dict[str, Any]:
    assert found is not None
    said: dict[str, Any] = json.loads(json.dumps(plain(found, Language.EN)))
    return said


def test_a_page_has_parties_charges_with_their_law_hearings_missed_and_a_timeline() -> None:
    found = shown(seen_by("council"))
    assert {(each["person"], each["role"]) for each in found["parties"]} == {(VICTIM, "victim")}
    (charge,) = found["charges"]
    assert (charge["offence"], charge["iccs"], charge["counts"], charge["stage"]) == (
        "tip_sex",
        "02041",
        2,
        "charge.filed",
    )
    assert charge["statute"].startswith("Trafficking in Persons")
    (hearing,) = found["hearings"]
    assert hearing["missed"]
    assert {each["kind"] for each in found["kept"]} == {"bail", "placement"}
    assert {each["code"]: each["state"] for each in found["findings"]} == {"hearing_missed": "open"}
    assert [each["type"] for each in found["timeline"]][-1] == "bz.atips.bail.granted.v1"
    assert found["hidden"] == 0


def test_as_of_a_time_it_is_what_had_happened_by_then() -> None:
    log = story()
    early = shown(seen_by("council", log, log.entries[2].accepted_at))
    assert len(early["timeline"]) == 3
    assert early["charges"] == []


def test_as_of_a_time_it_is_by_all_that_is_known_now_and_the_help_says_so() -> None:
    log = Log()
    log.charged()
    then = log.now
    log.retracts(log.entries[0].event)
    log.arrested(**day("2024-02-20"))
    assert [each["type"] for each in shown(seen_by("council", log, then))["timeline"]] == ["bz.atips.arrest.made.v1"]
    (as_of,) = [each for each in get_command(app).commands["case"].params if each.name == "as_of"]  # type: ignore[attr-defined]
    assert "by all that is known now" in as_of.help


def restricted(log: Log) -> Log:
    log.add("dhs", "case.access_restricted", {"case": log.case, "kept_from": "bpd", "reason": "conflict_of_interest"})
    return log


def test_a_look_at_the_past_opens_nothing_that_is_shut_today() -> None:
    log = referred(story(), to="labour")
    then = log.now
    assert seen_by("bpd", log, then)
    assert seen_by("labour", log, then)
    restricted(log)
    log.add("dhs", "consent.withdrawn", OF)
    assert seen_by("bpd", log, then) is None
    assert seen_by("labour", log, then) is None
    assert seen_by("dhs", log, then)


def test_another_agencys_record_is_neither_shown_nor_named() -> None:
    log = Log()
    log.identified()
    log.arrested()
    home = {"service": derive(Kind.SERVICE, "home"), "service_type": "family_reunification", "provider": "dhs"}
    given = log.says("dhs", "service.provided", person=VICTIM, **home)
    tie = log.linked("parent")
    restricted = shown(page_of(log, "bpd", ViewPurpose.REPORTING))
    (finding,) = restricted["findings"]
    assert finding["records"] == [ANOTHERS.en, tie.ref]
    assert (finding["code"], finding["text"]) == (None, UNSAID.en)  # the rule tells what the other agency said
    assert restricted["hidden"] == 1
    assert given.id not in json.dumps(restricted)
    assert seen_by("customs", log) is None


@pytest.mark.parametrize(("agency", "says"), [("bpd", True), ("council", True), ("dhs", False), ("hti", False)])
def test_the_operation_behind_an_arrest_is_shown_to_those_alone_who_see_operations(agency: str, *, says: bool) -> None:
    log = accepted(referred(Log()))
    operation = derive(Kind.ACTIVITY, "operation")
    log.arrested(operation=operation, linked_victims=[VICTIM])
    found = seen_by(agency, log)
    page_shown = shown(found)
    (arrest,) = [each["says"] for each in page_shown["timeline"] if each["type"] == "bz.atips.arrest.made.v1"]
    assert arrest == {"person": SUSPECT, "arrest": ARREST, "linked_victims": [VICTIM]} | (
        {"operation": operation} if says else {}
    )
    assert found is not None
    assert (operation in "".join(lines_of_page(page_shown, Language.EN))) is says
    assert (operation in json.dumps(page_shown)) is says


def test_an_agency_reads_all_that_it_said_itself() -> None:
    log = Log()
    for agency in ("dhs", "bpd"):
        log.says(agency, "arrest.made", arrest=ARREST, operation=derive(Kind.ACTIVITY, agency))
    own, other = (each["says"] for each in shown(seen_by("dhs", log))["timeline"])
    assert (own.get("operation"), other.get("operation")) == (derive(Kind.ACTIVITY, "dhs"), None)


def test_a_merge_is_a_record_that_a_finding_names_to_those_who_see_the_case() -> None:
    log = Log()
    log.identified()
    log.arrested()
    one, two = sorted((VICTIM, SUSPECT))
    merge = log.add("bpd", "person.merged", {"person": one, "same_as": two, "reason": "same_documents"})
    for agency in ("bpd", "dhs", "council"):
        named = {each["code"]: each["records"] for each in shown(seen_by(agency, log))["findings"]}
        assert named["victim_is_suspect"] == [merge.ref]
    assert seen_by("hti", log) is None


def test_the_timeline_speaks_both_languages_and_knows_no_more_than_is_known() -> None:
    log = Log()
    log.arrested(**day("2024-03-01"))
    page = shown(seen_by("council", log))
    english, spanish = (list(lines_of_page(page, each)) for each in Language)
    (event,) = [line for line in english if line.startswith("  2024-03-01  ")]
    assert event.endswith("by bpd")
    assert event not in spanish


def test_no_line_of_a_case_is_longer_than_80_columns_and_no_id_is_cut() -> None:
    page = shown(seen_by("council"))
    text = list(lines_of_page(page, Language.EN))
    assert max(map(len, text)) <= 80
    words = " ".join(text).split()
    (charge,) = page["charges"]
    records = [record for each in page["findings"] for record in each["records"]]
    for said in (*(charge[name] for name in ("charge", "person", "offence", "iccs", "stage")), *records, CASE):
        assert said in words, said


def told(**other: object) -> FindingRow:
    said: dict[str, object] = {
        "finding": finding_of("charged_without_arrest", CASE, RECORD),
        "case_id": CASE,
        "code": "charged_without_arrest",
        "severity": "notice",
        "records": (RECORD,),
        "persons": (SUSPECT,),
        "happened_from": OPENED,
        "happened_to": OPENED,
        "opened_at": OPENED,
        "closed_at": None,
        "closure": None,
    }
    return FindingRow(**(said | other))  # type: ignore[arg-type] # as the view gives it


def test_findings_are_of_the_period_of_their_last_record_and_known_from_when_they_opened() -> None:
    assert [each.state for each in lines([told()], PERIOD, None, settled=False)] == [FindingState.OPEN]
    assert lines([told()], Period.parse("2023"), None, settled=True) == []
    assert len(lines([told(happened_from=None, happened_to=None)], Period.parse("2023"), None, settled=False)) == 1
    assert lines([told()], PERIOD, OPENED - timedelta(seconds=1), settled=True) == []


def test_what_a_later_event_settled_is_left_out_and_what_was_ruled_on_is_not() -> None:
    later = OPENED + timedelta(days=1)
    settled = told(closed_at=later, closure="later_event")
    assert lines([settled], PERIOD, None, settled=False) == []
    assert [each.state for each in lines([settled], PERIOD, None, settled=True)] == [FindingState.CLOSED]
    assert [each.state for each in lines([settled], PERIOD, OPENED, settled=False)] == [FindingState.OPEN]
    assert lines([settled], PERIOD, later, settled=False) == []
    ruled = told(closed_at=later, closure="ruled")
    assert [each.state for each in lines([ruled], PERIOD, None, settled=False)] == [FindingState.CLOSED]


def test_what_both_found_is_listed_once_and_open_ones_come_first() -> None:
    code, severity = FindingCode.CHARGED_WITHOUT_ARREST, FindingSeverity.NOTICE
    same = Finding(code, severity, FindingState.OPEN, (RECORD,), "en", "es")
    other = Finding(code, severity, FindingState.OPEN, (OTHER,), "en", "es")
    within = lines([told(closed_at=OPENED, closure="ruled")], PERIOD, None, settled=False)
    found = merged([same, other], within)
    assert [(each.state, each.records, each.case) for each in found] == [
        (FindingState.OPEN, (OTHER,), None),
        (FindingState.CLOSED, (RECORD,), CASE),
    ]
