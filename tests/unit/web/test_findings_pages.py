"""Links of findings between figures: to each figure that does not agree, and to the events behind it."""

import html
import re
from dataclasses import dataclass, field, replace
from typing import Final

import pytest
from typing_extensions import override

from schemas.codebook.governance import FindingCode, FindingSeverity
from schemas.times import Period
from services.reporting.domain.rules import Finding, FindingState
from services.reporting.read.figure_findings import Findings
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.finding_figures import figures_of
from services.web.domain.roles import Role
from tests.unit.web import doubles
from tests.unit.web.doubles import NOW, Store, client, made_parts

DIFFERS: Final = Finding(
    FindingCode.POLICE_TRAINING_DIFFERS,
    FindingSeverity.NOTICE,
    FindingState.OPEN,
    ("M1:audience=police", "M3"),
    "The Council’s plan counts 120, HTI’s programme 100.",
    "El plan del Consejo cuenta 120; el programa de HTI, 100.",
    figures=("M1:audience=police", "M3"),
)
CLAIMED: Final = Finding(
    FindingCode.CLAIMS_DIFFER,
    FindingSeverity.WARNING,
    FindingState.OPEN,
    ("2024/1",),
    "Of O9 there are several statements.",
    "De O9 hay varias declaraciones.",
    figures=("O9",),
    period="2023",
)


@dataclass
class Figures(doubles.Figures):
    """Figures with two findings: of two figures, and of statements about another year."""

    found: list[Finding] = field(default_factory=lambda: [DIFFERS, CLAIMED])

    @override
    async def findings(self, *_: object) -> Findings:
        return Findings(tuple(self.found), 12, 0)


def links(page: str) -> list[str]:
    """Give the addresses of links to figures, from the findings on."""
    part = re.split(r'id="(?:does-not-agree|findings)"', page)[-1].partition("</main>")[0]
    return [html.unescape(each) for each in re.findall(r'href="(/figures/[^"]*)"', part)]


@pytest.mark.parametrize("path", ["/findings?period=2024", "/?period=2024"])
@pytest.mark.parametrize("lang", ["en", "es"])
async def test_a_finding_leads_to_its_figures_and_to_their_events(store: Store, path: str, lang: str) -> None:
    for name, role, agency in (("mel", Role.M_AND_E, "sib"), ("aud", Role.AUDITOR, "council")):
        store.sessions[token_hash(name)] = Session(Account(name, role, agency), NOW, NOW)
    found = made_parts(store, Figures())
    async with client(found, "mel", **{"accept-language": lang}) as asked:
        told = (await asked.get(path)).text
    assert links(told) == [
        "/figures/O9?period=2023",
        "/figures/M1?period=2024&by=audience",
        "/figures/M3?period=2024",
    ]
    assert ("Policía" if lang == "es" else "Police") in told
    async with client(found, "aud", **{"accept-language": lang}) as asked:
        assert links((await asked.get(path)).text) == [
            "/figures/O9?period=2023",
            "/figures/O9/why?period=2023",
            "/figures/M1?period=2024&by=audience",
            "/figures/M1/why?period=2024&by=audience",
            "/figures/M3?period=2024",
            "/figures/M3/why?period=2024",
        ]


@pytest.mark.parametrize(("period", "name"), [("", "O9 Persons arrested"), ("2024", "O9 Persons arrested")])
def test_a_figure_of_the_asked_period_is_named_without_it(period: str, name: str) -> None:
    [found] = figures_of(replace(CLAIMED, period=period), Period.parse("2024"), Role.AUDITOR)
    assert (found.names["en"], found.query) == (name, "period=2024")


@pytest.mark.parametrize(
    ("period", "en", "es"),
    [
        ("2023", "O9 Persons arrested, 2023", "O9 Personas detenidas, 2023"),
        ("2023-10..2023-12", "O9 Persons arrested, 2023-Q4", "O9 Personas detenidas, 2023-Q4"),
    ],
)
def test_a_figure_of_another_period_names_it_where_its_link_is_read_alone(period: str, en: str, es: str) -> None:
    """A list of a page's links said "O9 Persons arrested" of two years."""
    [found] = figures_of(replace(CLAIMED, period=period), Period.parse("2024"), Role.AUDITOR)
    assert found.names == {"en": en, "es": es}


async def test_a_finding_does_not_lead_to_a_figure_of_another_committee(store: Store) -> None:
    store.sessions[token_hash("olive")] = Session(Account("olive", Role.OPERATIONS, "council"), NOW, NOW)
    async with client(made_parts(store, Figures()), "olive", **{"accept-language": "en"}) as asked:
        told = (await asked.get("/findings?period=2024")).text
        for each in links(told):
            assert (await asked.get(each)).status_code == 200, each
    assert "M3 " in told


@pytest.mark.parametrize(
    ("place", "query", "name"),
    [
        ("M1:audience", "period=2024&by=audience", "M1 Participations, IEC plan"),
        ("O9:sex=female", "period=2024&by=sex", "O9 Persons arrested (Female)"),
        ("O9", "period=2024", "O9 Persons arrested"),
    ],
)
def test_a_place_of_a_finding_is_a_figure_in_the_breakdown_that_has_the_row(place: str, query: str, name: str) -> None:
    [found] = figures_of(replace(DIFFERS, figures=(place, "X99")), Period.parse("2024"), Role.AUDITOR)
    assert (found.query, found.names["en"]) == (query, name)
