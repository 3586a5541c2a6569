"""The table of data routes. Addresses must not change: spreadsheets and programs read them."""

from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from services.web.api import data
from services.web.api.data import agency_referrals_and_findings, cases, models, officer_models
from services.web.api.dependencies import role_check_of
from services.web.api.figure_question import only_known
from services.web.api.route import Amounts, Route
from services.web.domain.roles import Part

DATA: Final = (
    Route("GET", "/v1/figures", data.figures, Part.FIGURES, model=models.FigureAmounts, amounts=Amounts.BY_RIGHT),
    Route("GET", "/v1/figures.csv", data.figures_csv, Part.FIGURES, amounts=Amounts.BY_RIGHT),
    Route("GET", "/v1/figures/{number}.csv", data.figure_csv, Part.FIGURES, amounts=Amounts.BY_RIGHT),
    Route(
        "GET", "/v1/figures/{number}", data.figure, Part.FIGURES, model=models.FigureAmounts, amounts=Amounts.BY_RIGHT
    ),
    Route("GET", "/v1/definitions", data.definitions, Part.FIGURES, model=models.FigureDefinitions),
    Route("GET", "/v1/definitions.csv", data.definitions_csv, Part.FIGURES),
    Route("GET", "/v1/rates", data.rates, Part.MEASURES, model=models.RateValues, amounts=Amounts.EXACT),
    Route("GET", "/v1/rates.csv", data.rates_csv, Part.MEASURES, amounts=Amounts.EXACT),
    Route("GET", "/v1/grid", data.grid, Part.GRID, model=models.Grid, amounts=Amounts.BY_RIGHT),
    Route("GET", "/v1/grid.csv", data.grid_csv, Part.GRID, amounts=Amounts.BY_RIGHT),
    Route(
        "GET",
        "/v1/findings",
        data.findings,
        Part.FINDINGS,
        Part.AGENCY_FINDINGS,
        model=officer_models.FindingsOfPeriod,
        amounts=Amounts.EXACT,
    ),
    Route("GET", "/v1/findings.csv", data.findings_csv, Part.FINDINGS, Part.AGENCY_FINDINGS, amounts=Amounts.EXACT),
    Route("GET", "/v1/findings/{finding}", data.finding, Part.AGENCY_FINDINGS, model=officer_models.FindingOfPeriod),
    Route(
        "GET",
        "/v1/referrals",
        agency_referrals_and_findings.referrals,
        Part.REFERRALS,
        model=officer_models.ReferralsOfAgency,
    ),
    Route("GET", "/v1/referrals.csv", agency_referrals_and_findings.referrals_csv, Part.REFERRALS),
    Route(
        "GET",
        "/v1/agency-findings",
        agency_referrals_and_findings.agency_findings,
        Part.AGENCY_FINDINGS,
        model=officer_models.FindingsOfAgency,
    ),
    Route("GET", "/v1/agency-findings.csv", agency_referrals_and_findings.agency_findings_csv, Part.AGENCY_FINDINGS),
    Route("GET", "/v1/cases", cases.cases, Part.CASES, model=officer_models.CasesOfAgency),
    Route("GET", "/v1/cases/{case}", cases.case, Part.CASES, model=officer_models.CasePage),
    Route("GET", "/v1/account", data.account, None, model=officer_models.AccountOfToken),
    Route("GET", "/v1/status", data.status, None, model=models.Status),
    Route("GET", "/v1/status.csv", data.status_csv, None),
)
"""Data routes. Each needs a session, or a token in the header `Authorization`. The first matching route answers."""

_TOKEN: Final = HTTPBearer(auto_error=False, description="A token of `atips users token`. A session's cookie does too.")
_CSV: Final[dict[str, Any]] = {"description": "CSV with a header.", "content": {"text/csv": {}}}


def add(app: FastAPI) -> None:
    """Add the data routes to the application, with their models and error responses for OpenAPI."""
    for route in DATA:
        responses = models.PROBLEMS | ({200: _CSV} if route.model is None else {})
        app.add_api_route(
            route.path,
            route.endpoint,
            methods=[route.method],
            response_model=route.model,
            responses=responses,
            dependencies=[Depends(_TOKEN), Depends(role_check_of(route)), Depends(only_known)],
        )
