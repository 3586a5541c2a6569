"""`atips case`, `finding rule`, `findings`: what is shown to whom, what is said, and one list of all that is found."""

import io
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.main import get_command
from typer.testing import CliRunner

from schemas.catalogue import may_publish
from schemas.codebook.governance import FindingCode, FindingSeverity, ViewPurpose
from schemas.codec import decode_strict
from schemas.envelope import Event
from schemas.governance import finding_of
from schemas.ids import Kind, derive
from schemas.times import Period
from services.case_tracker import queries
from services.case_tracker.queries import FindingRow, SeenFinding
from services.console import acting, findings, local
from services.console.__main__ import app
from services.console.case import command, ruling
from services.console.case import within as within_cases
from services.console.case.shown import show, timeline
from services.console.case.within import SightOfFindings, lines, merged, missing_moves, of_persons, shown_to
from services.console.options import Language
from services.presentation.case import ANOTHERS, UNSAID, Page, plain
from services.presentation.case import page_of as page_of_looked
from services.referral import queries as of_referrals
from services.referral.queries import DangerRow, WaitRow
from services.reporting.domain.rules import Finding, FindingState
from services.reporting.findings import Findings
from services.sheet.lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus
from tests.unit.case_tracker.looking import answering, looked
from tests.unit.case_tracker.sample import ARREST, BAIL, CASE, HEARING, OTHER_CASE, SUSPECT, VICTIM, Log, day
from tests.unit.case_tracker.sighted import OF, accepted, referred
from tests.unit.case_tracker.sighted import log as of_every_matter

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
    consent = {"person": VICTIM, "case": CASE, "basis": "guardian", "guardian": SUSPECT, "_subject": VICTIM}
    given = log.add("dhs", "consent.recorded", consent)
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
    assert (operation in "".join(str(each) for each in timeline(found, Language.EN).columns[4].cells)) is says
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
    found = seen_by("council", log)
    assert found is not None
    english, spanish = (timeline(found, each) for each in Language)
    assert list(english.columns[0].cells) == ["2024-03-01"]
    assert list(english.columns[1].cells) != list(spanish.columns[1].cells)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_id_and_no_offence_is_cut_to_fit_a_screen(width: int) -> None:
    found = seen_by("council")
    assert found is not None
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(console, found, Language.EN)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "…" not in text
    tables = [[line.split("│")[1:-1] for line in each.splitlines() if line[:1] == "│"] for each in text.split("└")]
    columns = ["".join("".join(cells).split()) for rows in tables if rows for cells in zip(*rows, strict=True)]
    (charge,) = shown(found)["charges"]
    records = [record for each in shown(found)["findings"] for record in each["records"]]
    for said in (*(charge[name] for name in ("charge", "person", "offence", "iccs", "stage")), *records):
        assert any(said in column for column in columns), said


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
    sight = SightOfFindings("bpd")
    assert [sight.is_shown(each) for each in found] == [False, True]
    assert sight.of(found[1]) == found[1]
    seen = SightOfFindings("hti", seen=frozenset({(found[1].finding, RECORD)}))
    assert shown_to(seen, found) == [found[1]]
    assert shown_to(SightOfFindings("council"), found) == found


def test_of_a_case_that_it_is_kept_from_an_agency_is_shown_no_finding_whoever_found_it() -> None:
    """Reporting finds what the case tracker has found too, and from the records of other cases what it has not."""
    code, severity = FindingCode.STATUS_DISPUTED, FindingSeverity.WARNING
    same = Finding(FindingCode.CHARGED_WITHOUT_ARREST, FindingSeverity.NOTICE, FindingState.OPEN, (RECORD,), "en", "es")
    between = [same, Finding(code, severity, FindingState.OPEN, (OTHER, RECORD), "en", "es")]
    referral = derive(Kind.REFERRAL, "kept")
    row = WaitRow("missing_move", "bpd", referral, VICTIM, CASE, OPENED, NOW, None, "dhs", "bpd", None, None, False)
    within = [*lines([told()], PERIOD, None, settled=False), *missing_moves([row], PERIOD)]
    every = merged(between, within)
    assert shown_to(SightOfFindings("bpd", frozenset({CASE, RECORD})), every) == []
    assert len(shown_to(SightOfFindings("bpd"), every)) == len(every) == 3


def test_a_finding_tells_what_it_is_to_those_alone_who_see_all_of_its_records() -> None:
    """Found from outside: the list of findings told what the page of the case hid."""
    (line,) = lines([told(records=(RECORD, OTHER))], PERIOD, None, settled=False)
    (bpd,) = shown_to(SightOfFindings("bpd"), [line])
    assert (bpd.code, bpd.en, bpd.records) == (None, UNSAID.en, (RECORD, ANOTHERS.en))
    assert shown_to(SightOfFindings("labour"), [line]) == []
    seen = frozenset({(line.finding, RECORD), (line.finding, OTHER)})
    assert shown_to(SightOfFindings("dhs", seen=seen), [line]) == [line]


def test_what_names_no_case_and_is_of_others_alone_leaves_no_hint_to_an_agency() -> None:
    """What reporting finds of a person may be what was found in a case, or be of one; it says neither."""
    code, severity = FindingCode.STATUS_DISPUTED, FindingSeverity.WARNING
    named = ((OTHER, RECORD), (OTHER,), ("O9", "O10"), ("bpd:bz.atips.arrest.made.v1:2024-01",))
    referral = derive(Kind.REFERRAL, "of no case")
    row = WaitRow("missing_move", "dhs", referral, VICTIM, None, OPENED, NOW, None, None, None, None, None, False)
    between = [Finding(code, severity, FindingState.OPEN, records, "en", "es") for records in named]
    every = merged(between, missing_moves([row], PERIOD))

    def shown(agency: str) -> list[tuple[str, ...]]:
        return [each.records for each in shown_to(SightOfFindings(agency), every)]

    assert shown("hti") == [*named[2:]]
    assert shown("bpd") == [(ANOTHERS.en, RECORD), *named[2:]]
    assert shown("dhs") == [*named[2:], (referral,)]


def test_a_move_that_waits_is_shown_to_whoever_made_it_and_to_the_council_alone() -> None:
    referral = derive(Kind.REFERRAL, "of a case")
    row = WaitRow("missing_move", "dhs", referral, VICTIM, CASE, OPENED, NOW, None, "bpd", "dhs", None, None, False)
    every = missing_moves([row], PERIOD)
    for agency, records in (("labour", []), ("bpd", []), ("dhs", [(referral,)]), ("council", [(referral,)])):
        assert [each.records for each in shown_to(SightOfFindings(agency), every)] == records


def test_a_list_of_findings_leaves_no_hint_of_a_case_of_which_an_agency_sees_nothing(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found(*_: object, **__: object) -> object:
        return Findings((), 7, 0), lines([told()], PERIOD, None, settled=False)

    async def unknown_to(_: object, agency: str, cases: Sequence[str], now: datetime) -> frozenset[str]:
        assert set(cases) == {CASE}
        return frozenset({CASE} if agency != "odpp" else ())

    async def seen_records(*_: object) -> frozenset[tuple[str, str]]:
        return frozenset({(told().finding, RECORD)})

    monkeypatch.setattr(findings, "found", found)
    monkeypatch.setattr(queries, "unknown_to", unknown_to)
    monkeypatch.setattr(queries, "seen_records", seen_records)
    for agency, amount in (("", 1), ("odpp", 1), ("bpd", 0), ("hti", 0)):
        given = ["--agency", agency] if agency else []
        result = CliRunner().invoke(app, ["findings", "--period", "2024", *given, "--json"])
        assert len(json.loads(result.output)["findings"]) == amount
        assert (CASE in result.output) is bool(amount)
    assert CliRunner().invoke(app, ["findings", "--period", "2024", "--agency", "police"]).exit_code == 2


def test_a_move_that_waits_for_the_one_before_it_is_listed_by_its_referral() -> None:
    referral = derive(Kind.REFERRAL, "listed")
    row = WaitRow("missing_move", "dhs", referral, VICTIM, CASE, OPENED, NOW, None, "bpd", "dhs", None, None, False)
    (line,) = missing_moves([row, replace(row, kind="answer")], PERIOD)
    assert (line.code, line.records, line.case) == (FindingCode.MOVE_WITHOUT_PREDECESSOR, (referral,), CASE)
    assert missing_moves([row], Period.parse("2023")) == []
    for days in ("2024-03-05", "2024-03-04..2024-03-05", "2024-03-05..2024-03-06"):  # a period has both of its days
        assert missing_moves([replace(row, since=datetime(2024, 3, 6, 5, 59, tzinfo=UTC))], Period.parse(days)) != []


def danger(case: str | None) -> DangerRow:
    """A danger of a person that no case hears whole."""
    finding = derive(Kind.ACTIVITY, "a danger", str(case))
    return DangerRow(finding, VICTIM, case, "victim_prosecuted", (RECORD,), OPENED, None, None)


@pytest.mark.parametrize(
    ("agency", "case", "may"),
    [("odpp", None, True), ("dhs", None, True), ("bpd", None, True), ("odpp", CASE, True), ("dhs", CASE, False)],
)
def test_a_danger_of_a_person_is_ruled_on_by_who_is_told_or_may_see_it(
    sent: list[Event], agency: str, case: str | None, *, may: bool
) -> None:
    arguments = ["finding", "rule", danger(case).finding, "--agency", agency, "--ruling", "danger_met"]
    assert CliRunner().invoke(app, arguments).exit_code == (0 if may else 2)
    names = {VICTIM, *([case] if case else [])}
    assert [frozenset(event.data.model_dump()["names"]) for event in sent] == ([names] if may else [])


def test_dangers_of_persons_are_listed_as_of_a_time_and_settled_ones_only_if_asked() -> None:
    later = OPENED + timedelta(days=1)
    past = replace(danger(None), closed_at=later, closure="later_event")
    assert [line.state for line in of_persons([past], None, settled=False)] == []
    assert [line.state for line in of_persons([past], None, settled=True)] == [FindingState.CLOSED]
    assert [line.state for line in of_persons([past], OPENED, settled=False)] == [FindingState.OPEN]
    assert [line.state for line in of_persons([past], later, settled=False)] == []
    assert of_persons([past], OPENED - timedelta(seconds=1), settled=True) == []
    ruled = replace(past, closure="ruled")
    (line,) = of_persons([ruled], None, settled=False)
    assert (line.state, line.case, line.finding) == (FindingState.CLOSED, None, past.finding)
    kept = of_persons([replace(danger(None), kept_out=("bpd",))], None, settled=False)
    assert [shown_to(SightOfFindings(each), kept) == kept for each in ("bpd", "odpp", "council")] == [False, True, True]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Event]:
    """What was published, instead of publishing it."""
    found: list[Event] = []

    def published(data_dir: Path, agency: str, given: Sequence[FileLine], timeout: float) -> Iterator[Verdict]:
        for line in given:
            found.append(decode_strict(line.value).event)
            yield Verdict(line.number, VerdictStatus.ACCEPTED, found[-1].id, 7)

    monkeypatch.setattr(local, "running", lambda _: SimpleNamespace(data_dir=tmp_path))
    monkeypatch.setattr(acting, "published", published)

    @asynccontextmanager
    async def connected(*_: object) -> AsyncIterator[None]:
        yield

    @asynccontextmanager
    async def as_agency(_: object, agency: str, __: object) -> AsyncIterator[str]:
        yield agency

    async def seen(connection: str, finding: str) -> SeenFinding | None:
        assert finding.encode()  # as the driver does
        one = told()
        found = SeenFinding(one.finding, one.case_id, one.code, one.records, one.persons)
        return found if (connection, finding) == ("odpp", one.finding) else None

    async def unknown_to(_: object, agency: str, cases: Sequence[str], now: datetime) -> frozenset[str]:
        return frozenset(() if agency == "odpp" else cases)

    async def in_danger(_: object, finding: str | None = None) -> list[DangerRow]:
        return [each for each in (danger(None), danger(CASE)) if finding in {None, each.finding}]

    monkeypatch.setattr(ruling, "connected", connected)
    monkeypatch.setattr(within_cases, "connected", connected)
    monkeypatch.setattr(ruling, "as_agency", as_agency)
    monkeypatch.setattr(queries, "finding_seen", seen)
    monkeypatch.setattr(queries, "unknown_to", unknown_to)
    monkeypatch.setattr(of_referrals, "dangers", in_danger)
    return found


def test_a_ruling_is_an_event_of_its_agency_that_names_case_and_persons(sent: list[Event]) -> None:
    arguments = ["finding", "rule", told().finding, "--agency", "odpp", "--ruling"]
    result = CliRunner().invoke(app, [*arguments, "no_contradiction", "--json"])
    assert result.exit_code == 0, result.output
    (event,) = sent
    assert may_publish(event)
    assert event.concerns() == (told().finding, CASE, SUSPECT)
    assert json.loads(result.output)["finding"] == told().finding
    assert CliRunner().invoke(app, [*arguments, "because"]).exit_code == 1
    none, kept, no_text = (
        CliRunner().invoke(app, ["finding", "rule", which, "--agency", "bpd", "--ruling", "not_known"])
        for which in (derive(Kind.ACTIVITY, "none"), told().finding, "act\udcff")
    )
    assert (none.exit_code, none.output) == (kept.exit_code, kept.output) == (no_text.exit_code, no_text.output)
    assert none.exit_code == 2
    nobody = CliRunner().invoke(app, [*arguments[:3], "--agency", "opdp", "--ruling", "not_known"])
    assert (nobody.exit_code, nobody.stderr) == (2, "There is no agency opdp.\n")
    assert len(sent) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["a-case", "--purpose", "audit"],
        [CASE],
        [CASE, "--purpose", "curiosity"],
        [CASE, "--purpose", "audit", "--agency", "nobody"],
        [CASE, "--purpose", "audit", "--as-of", "yesterday"],
    ],
)
def test_a_look_without_a_purpose_or_at_nothing_is_wrong_use(sent: list[Event], arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["case", *arguments]).exit_code == 2


def test_a_case_that_lives_on_under_another_id_says_so(sent: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(case=OTHER_CASE)
    log.charged()
    log.add("bpd", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE})

    monkeypatch.setattr(command, "_looked", answering(log))
    other, one = (CliRunner().invoke(app, ["case", which, "--purpose", "audit"]) for which in (OTHER_CASE, CASE))
    assert (other.exit_code, one.exit_code) == (1, 0), one.output
    assert CASE in other.output
    restricted(log)
    log.add("odpp", "case.access_restricted", {"case": CASE, "kept_from": "bpd", "reason": "conflict_of_interest"})
    kept, none = (
        CliRunner().invoke(app, ["case", OTHER_CASE, "--purpose", "protection", "--agency", agency])
        for agency in ("bpd", "customs")
    )
    assert (kept.exit_code, none.exit_code) == (1, 1)
    assert kept.output == none.output.replace("customs", "bpd")
    assert CASE not in kept.output


def test_a_case_of_which_nothing_may_be_seen_is_refused_alike_whether_there_is_one_or_not(
    sent: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for log in (Log(), story()):
        monkeypatch.setattr(command, "_looked", answering(log))
        answers.append(CliRunner().invoke(app, ["case", CASE, "--purpose", "protection", "--agency", "customs"]))
    assert [each.exit_code for each in answers] == [1, 1]
    assert answers[0].output == answers[1].output
    shown_now = CliRunner().invoke(app, ["case", CASE, "--purpose", "audit"], env={"COLUMNS": "200"})
    assert shown_now.exit_code == 0, shown_now.output
    assert "Timeline" in shown_now.output
