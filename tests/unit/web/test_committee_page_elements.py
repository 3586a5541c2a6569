"""Elements of the committees' pages, each on its page: values with units, clocks, breaks, and what lacks."""

import html
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from typing_extensions import override

from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.times import Period
from services.presentation.declaration_terms import COMMITTEES
from services.presentation.figure_titles import TITLES
from services.presentation.report_2024_numbers import PRINTED
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.claims_beside_figures import NUMBER, ClaimStanding
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, Lag, MonthState
from services.reporting.domain.read.expected_reports import DueReport
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.rules import Finding, FindingState
from services.reporting.read.completeness_grid import PublishingGrid
from services.reporting.read.figure_findings import Findings
from services.reporting.read.queries import FigureReport
from services.web.api.dependencies import Parts
from services.web.api.page import why
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.cohorts_and_rates import COHORTS
from services.web.domain.page_texts import Language
from services.web.domain.roles import Role
from services.web.officer_rows import AgencyWaits, DangerCount, PairCount
from tests.unit.web import doubles
from tests.unit.web.doubles import NOW, Store, client, made_parts

O9: Final = FIGURES["O9"]
CLAIM: Final = {
    "figure": "O9",
    "period": "2024",
    "of": "all",
    "agency": "bpd",
    "document": "press_release",
    "claimed": "9",
    "standing": ClaimStanding.CONTESTED.value,
    "record": "2024/1",
}


def rows(page: str, heading: str = "") -> list[list[str]]:
    """Give the cells of each row of a page's tables, from the heading with this id on."""
    part = page.partition(f'id="{heading}"')[2] if heading else page
    found = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", part, re.DOTALL)
    ]
    return [[" ".join(html.unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in row] for row in found]


@dataclass
class Figures(doubles.Figures):
    """Figures that are all 7, of which one leaves something out, and of which a document states another amount."""

    grid: PublishingGrid = field(default_factory=lambda: PublishingGrid((), (), 12, 0))
    found: list[Finding] = field(default_factory=list)

    @override
    async def report(self, period: Any, by: Any = (), numbers: Any = (), edition: Any = None) -> FigureReport:
        if "claimed" in by:
            stated = Reading(FIGURES[NUMBER], period, CLAIM, 1)
            return FigureReport((stated,), 12, 0, "v")
        if tuple(by) == ("field",):
            asked = [Reading(FIGURES[each], period, {"field": "sex"}, 5 if each == "R9a" else 2) for each in numbers]
            return FigureReport(tuple(asked), 12, 0, "v")
        found = await super().report(period, by, numbers, edition)
        marked = [
            Reading(each.figure, each.period, each.dimensions, each.amount, undated=1, cut=2, unknown=3, twice=4)
            if each.number == "O9"
            else each
            for each in found.figures
        ]
        return FigureReport(tuple(marked), found.complete_to, found.withheld, found.version, found.today)

    @override
    async def publishing_grid(self, *_: object) -> PublishingGrid:
        return self.grid

    @override
    async def findings(self, *_: object) -> Findings:
        return Findings(tuple(self.found), 12, 0)


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def parts(store: Store, figures: Figures) -> Parts:
    return made_parts(store, figures)


@pytest.mark.parametrize("lang", ["en", "es"])
async def test_a_figure_has_value_title_definition_unit_owner_both_clocks_and_downloads(
    parts: Parts, lang: str
) -> None:
    async with client(parts, "mel") as asked:
        page = html.unescape((await asked.get(f"/figures/O9?period=2024&lang={lang}")).text)
    assert re.search(r"<strong>7 \+ \?.*?</strong>\s*(persons|personas)", page)
    assert getattr(TITLES["O9"], lang) in page
    assert (O9.es if lang == "es" else O9.en) in page
    seen_by = page.partition("Vista con exactitud por" if lang == "es" else "Seen exactly by")[2].partition("</div>")[0]
    assert [each for each in O9.seen_by if getattr(COMMITTEES[each], lang) not in seen_by] == []
    owner = page.partition(">Responsable<" if lang == "es" else ">Owner<")[2].partition("</div>")[0]
    assert ("Comité de Operaciones" if lang == "es" else "Operations Committee") in owner
    [form] = re.findall(r'<form method="get".*?</form>', page, re.DOTALL)
    assert set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', form)) == {"period", "as_of", "known_at", "by"}
    kinds = re.findall(r">(CSV|XLSX|JSON)</a>", page)
    assert kinds == ["CSV", "XLSX", "JSON"]


async def test_the_years_have_what_was_first_published_and_where_the_definition_broke(parts: Parts) -> None:
    [printed] = [each.value for each in PRINTED if each.number == "O9" and not each.dimensions]
    async with client(parts, "mel") as asked:
        page = html.unescape((await asked.get(f"/figures/O9?period={NOW.year}&lang=en")).text)
    trend = {row[0]: row for row in rows(page, "trend")[1:]}
    assert list(trend) == [str(year) for year in range(NOW.year - 6, NOW.year + 1)]
    assert trend["2024"][2] == str(printed)
    assert {row[2] for year, row in trend.items() if year != "2024"} == {"–"}
    broke = str(O9.valid_from.year)
    assert "definition changed" in trend[broke][3]
    assert [year for year, row in trend.items() if "definition changed" in row[3]] == [broke]
    assert [year for year, row in trend.items() if "so far" in row[3]] == [str(NOW.year)]
    assert f"The definition changed on {O9.valid_from} (version {O9.version})." in page


async def test_measures_have_cohorts_with_units_lags_completeness_and_what_is_left_out(
    parts: Parts, figures: Figures
) -> None:
    figures.grid = PublishingGrid((), (Lag("bpd", {2: 3, 9: 1}, 0),), 12, 0)
    async with client(parts, "mel") as asked:
        page = html.unescape((await asked.get("/measures?period=2024&lang=en")).text)
    for whole in COHORTS:
        heading = page.partition(f'id="{whole}"')[2].partition("</h3>")[0]
        assert re.search(r"\([a-z ]+\)$", heading), "a unit stands beside the cohort"
    assert rows(page, "lags")[1] == ["Belize Police Department", "4", "2", "–"]
    assert rows(page, "completeness")[1][1:] == ["5", "2"]
    left_out = {row[0].split()[0]: row[2:] for row in rows(page, "quality")[1:] if len(row) == 6}
    assert left_out["O9"] == ["1", "2", "3", "4"]
    [stated] = [row for row in rows(page, "contested")[1:] if len(row) == 5]
    assert stated[0].startswith("O9 Persons arrested")
    assert stated[1].startswith("Belize Police Department, ")
    assert stated[2] == "9"


@pytest.mark.parametrize("name", ["findings", "inbox", "referrals", "agency_findings", "officer_parts", "case"])
def test_a_cell_that_stands_alone_on_a_narrow_screen_bears_its_head(name: str) -> None:
    source = (Path(__file__).parents[3] / f"services/web/templates/{name}.html").read_text(encoding="utf-8")
    stacked = [each.partition("{% endcall %}")[0] for each in source.split('atips-stack"')[1:]]
    cells = [each for block in stacked for each in re.findall(r"<td[^>]*>", block)]
    assert cells
    assert [each for each in cells if "data-label=" not in each] == []


def test_the_question_why_names_the_amount_alone() -> None:
    ordered, year = FIGURES["R17a"], Period.parse("2024")
    known, nobody = Reading(ordered, year, {}, 2_240_000, unknown=1), Reading(ordered, year, {}, 0, unknown=1)
    assert why(Language.EN, known) == "Why 22,400.00?"
    assert why(Language.ES, nobody) == "¿Por qué?"
    assert why(Language.EN, known, nobody) == "Why?"
    assert why(Language.EN, known, known) == "Why from 22,400.00 to 22,400.00?"


async def test_the_grid_tells_nothing_from_silence(parts: Parts, figures: Figures) -> None:
    month, due = (
        Period.parse("2024-01"),
        DueReport("bpd", "bz.atips.arrest.made.v1", Period.parse("2024"), date(2025, 1, 1)),
    )
    months = (
        AgencyMonth(month, 3),
        AgencyMonth(month, 3, ((due, MonthState.MISSING),)),
        AgencyMonth(month, 0, ((due, MonthState.MISSING),)),
        AgencyMonth(month, 0, ((due, MonthState.ZERO),)),
        AgencyMonth(month, 0, ((due, MonthState.NOT_DUE),)),
        AgencyMonth(month, 0),
    )
    silent, zero = AgencyRow("dhs", months[-1:] * 6, 0), AgencyRow("labour", months[3:4] * 6, 0)
    figures.grid = PublishingGrid((AgencyRow("bpd", months, 6), silent, zero), (), 12, 0)
    async with client(parts, "mel") as asked:
        shown = rows((await asked.get("/grid?period=2024&lang=en")).text)
        spanish = rows((await asked.get("/grid?period=2024&lang=es")).text)[1]
    english = shown[1]
    assert [row[-1] for row in shown[2:]] == ["–", "0"]  # silence is not zero
    assert english == ["Belize Police Department", "3", "3 missing", "missing", "0", "due", "–", "6"]
    assert spanish[1:] == ["3", "3 falta", "falta", "0", "pendiente", "–", "6"]


@pytest.mark.parametrize("typed", ["2024-Q2", "2024-04..2024-06"])
async def test_a_quarter_is_named_as_people_name_it_on_every_page(parts: Parts, typed: str) -> None:
    async with client(parts, "mel") as asked:
        for path in ("/", "/figures", "/figures/O9", "/figures/O9/why", "/measures", "/grid", "/findings", "/changes"):
            page = (await asked.get(path, params={"period": typed})).text
            shown = re.sub(r"<[^>]*>", " ", page.partition("<h1")[2].partition("<form")[0])
            assert "2024-Q2" in shown, path
            assert "2024-04..2024-06" not in shown, path


async def test_open_and_severe_contradictions_come_first(parts: Parts, figures: Figures) -> None:
    notice, warning, critical = FindingSeverity.NOTICE, FindingSeverity.WARNING, FindingSeverity.CRITICAL
    states = ((notice, "open"), (warning, "closed"), (warning, "open"), (critical, "open"))
    figures.found = [
        Finding(FindingCode.CLAIMS_DIFFER, severity, FindingState(state), (), f"{severity} {state}", "")
        for severity, state in states
    ]
    async with client(parts, "mel") as asked:
        pages = [html.unescape((await asked.get(path)).text) for path in ("/findings?period=2024", "/?period=2024")]
    for page in pages:
        assert re.findall(r"(critical|warning|notice) (open|closed)", page) == [
            ("critical", "open"),
            ("warning", "open"),
            ("notice", "open"),
            ("warning", "closed"),
        ]


class Counts:
    """Counts of one pair of agencies, and what two agencies must do."""

    waiting: tuple[AgencyWaits, ...] = (
        AgencyWaits("bpd", "first_referral", 3, 3, NOW),
        AgencyWaits("dhs", "answer", 1, 0, NOW + timedelta(hours=1)),
    )

    async def waits_by_agency(self, _: bytes, __: datetime) -> list[AgencyWaits]:
        return list(self.waiting)

    async def counts(self, _: bytes, __: datetime) -> list[PairCount]:
        return [PairCount("bpd", "dhs", 1, 2, 3, 4, 5)]

    async def open_danger_counts(self, _: bytes, __: datetime) -> list[DangerCount]:
        return [DangerCount("victim_prosecuted", 2, 11), DangerCount("victim_unprotected", 1, 0)]


async def test_the_matrix_has_senders_by_receivers_and_how_their_referrals_stand(
    store: Store, figures: Figures
) -> None:
    counts: Any = Counts()
    store.sessions[token_hash("olive")] = Session(Account("olive", Role.OPERATIONS, "council"), NOW, NOW)
    async with client(made_parts(store, figures, counts), "olive") as asked:
        *_, heads, row = rows((await asked.get("/referral-counts?lang=en")).text)
    assert heads[1:] == ["Department of Human Services"]
    assert row[0] == "Belize Police Department"
    assert re.findall(r"\d+", row[1]) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(("role", "told"), [(Role.OPERATIONS, True), (Role.AUDITOR, True), (Role.OFFICER, False)])
async def test_the_operations_committee_sees_how_many_dangers_are_open_and_for_how_long(
    store: Store, figures: Figures, role: Role, *, told: bool
) -> None:
    counts: Any = Counts()
    store.sessions[token_hash("olive")] = Session(Account("olive", role, "council"), NOW, NOW)
    async with client(made_parts(store, figures, counts), "olive") as asked:
        said = (await asked.get("/referral-counts?lang=en")).text
        assert ("Dangers that are open now: 3" in said) is told
        assert ("A victim was arrested or charged" in said) is told
        spanish = (await asked.get("/referral-counts?lang=es")).text
        assert ("Peligros abiertos ahora: 3" in spanish) is told
    if told:
        first = next(row for row in rows(said) if row[0].startswith("A victim was arrested"))
        assert first[1:] == ["2", "11"]


async def test_a_member_of_the_operations_committee_finds_who_is_late_and_what_to_do(
    store: Store, figures: Figures
) -> None:
    counts: Any = Counts()
    store.sessions[token_hash("olive")] = Session(Account("olive", Role.OPERATIONS, "council"), NOW, NOW)
    async with client(made_parts(store, figures, counts), "olive") as asked:
        said = (await asked.get("/?lang=en")).text
        assert "Referrals: 3 tasks are late now." in said
        assert said.index("tasks are late") < said.index("</h1>") + 400
        _, late, soon, *_ = rows((await asked.get("/referral-counts?lang=en")).text, "turns")
        assert [*late[:4], *soon[:4]] == [
            *("Belize Police Department", "Send the first referral", "3 late", "–"),
            *("Department of Human Services", "Accept or reject the referral", "–", "1"),
        ]
        counts.waiting = ()
        assert "Remisiones: ninguna tarea tiene retraso ahora." in (await asked.get("/?lang=es")).text
        assert "A ninguna institución le toca actuar" in (await asked.get("/referral-counts?lang=es")).text


async def test_rows_below_a_chart_are_in_the_order_of_its_bars(
    parts: Parts, figures: doubles.Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def report(period: Any, by: Any = (), *_: Any) -> FigureReport:  # noqa: ANN401 - as they come
        amounts = {"female": 2, "male": 9, "unknown": 5} if by else {"": 16}
        rows = (Reading(FIGURES["O9"], period, dict.fromkeys(by, sex), n) for sex, n in amounts.items())
        return FigureReport(tuple(rows), 12, 0, "v", NOW.date())

    monkeypatch.setattr(figures, "report", report)
    async with client(parts, "mel") as asked:
        page = (await asked.get("/figures/O9?period=2024&by=sex&lang=en")).text
    table = page.partition('id="breakdown"')[2].partition('id="months"')[0]
    assert re.findall(r'numeric">(\d+)</td>', table) == ["9", "5", "2"]
