"""The route table of the pages: every path with its endpoint and the part of the pages to which it belongs."""

from typing import Final

from services.web.api import (
    back_channel_logout,
    changes_since_day,
    clerk_pages,
    cohorts_and_rates_page,
    committee_pages,
    figure_page,
    figure_workbooks,
    freshness_stream,
    operator_page,
    prevention_page,
    provider_sign_in_routes,
    report_page,
    sign_in,
    why_page,
)
from services.web.api.officer import case_forms, cases, inbox, referrals
from services.web.api.officer import findings as agency_findings
from services.web.api.route import Amounts, Route
from services.web.domain.roles import Part
from services.web.identity_provider import BACK

PAGES: Final = (
    Route("GET", "/", committee_pages.home, Part.HOME, amounts=Amounts.EXACT),
    Route("GET", "/figures", committee_pages.figures, Part.FIGURES, amounts=Amounts.EXACT),
    Route("GET", "/figures.xlsx", figure_workbooks.every, Part.FIGURES, amounts=Amounts.EXACT),
    Route("GET", "/figures/{number}", figure_page.figure, Part.FIGURES, amounts=Amounts.EXACT),
    Route("GET", "/figures/{number}/workbook", figure_workbooks.one, Part.FIGURES, amounts=Amounts.EXACT),
    Route("POST", "/figures/{number}/known", figure_page.ask_known, Part.FIGURES),
    Route("GET", "/figures/{number}/why", why_page.why, Part.FIGURES, amounts=Amounts.EXACT),
    Route("POST", "/figures/{number}/why", why_page.ask_why, Part.FIGURES),
    Route("GET", changes_since_day.ADDRESS, changes_since_day.changes, Part.FIGURES, amounts=Amounts.EXACT),
    Route("POST", changes_since_day.ADDRESS, changes_since_day.ask, Part.FIGURES),
    Route("GET", "/measures", cohorts_and_rates_page.measures, Part.MEASURES, amounts=Amounts.EXACT),
    Route("GET", "/grid", committee_pages.grid, Part.GRID, amounts=Amounts.BY_RIGHT),
    Route("GET", "/findings", committee_pages.findings, Part.FINDINGS, amounts=Amounts.EXACT),
    Route("GET", "/prevention", prevention_page.prevention, Part.PREVENTION, amounts=Amounts.EXACT),
    Route("GET", "/report", report_page.years, Part.REPORT),
    Route("GET", "/report/{year}", report_page.report, Part.REPORT, amounts=Amounts.EXACT),
    Route("GET", "/report/{year}/{form}", report_page.file, Part.REPORT, amounts=Amounts.EXACT),
    Route("GET", "/services", operator_page.services, Part.SERVICES),
    Route("GET", "/sheets", clerk_pages.sheets, Part.SHEETS),
    Route("POST", "/sheets", clerk_pages.check, Part.SHEETS),
    Route("GET", "/sheets/empty/{type}", clerk_pages.empty, Part.SHEETS),
    Route("GET", "/sheets/checked/{token}", clerk_pages.result, Part.SHEETS),
    Route("POST", "/sheets/checked/{token}", clerk_pages.send, Part.SHEETS),
    Route("GET", "/sheets/checked/{token}/errors", clerk_pages.given_back, Part.SHEETS),
    Route("GET", "/receipts", clerk_pages.receipts, Part.RECEIPTS),
    Route("GET", "/refusals", clerk_pages.refusals, Part.REFUSALS),
    Route("GET", "/inbox", inbox.inbox, Part.INBOX),
    Route("POST", "/inbox", inbox.mark, Part.INBOX),
    Route("POST", "/acknowledgements", referrals.acknowledge, Part.REFERRALS),
    Route("GET", "/referrals", referrals.listed, Part.REFERRALS),
    Route("GET", "/referrals/{referral}", referrals.one, Part.REFERRALS),
    Route("POST", "/referrals/{referral}", referrals.move, Part.REFERRALS),
    Route("POST", "/nothing-sent", referrals.nothing_sent, Part.REFERRALS),
    Route("GET", "/referral-counts", referrals.matrix, Part.MATRIX, amounts=Amounts.EXACT),
    Route("GET", "/cases", cases.listed, Part.CASES),
    Route("GET", "/cases/{case}", cases.one, Part.CASES),
    Route("POST", "/cases/{case}/referrals", case_forms.refer, Part.CASES),
    Route("POST", "/cases/{case}/consents", case_forms.consent, Part.CASES),
    Route("POST", "/cases/{case}/determinations", case_forms.determine, Part.CASES),
    Route("POST", "/cases/{case}/withdrawals", case_forms.withdraw, Part.CASES),
    Route("POST", "/prove", cases.prove, Part.CASES),
    Route("GET", "/agency-findings", agency_findings.listed, Part.AGENCY_FINDINGS),
    Route("GET", "/agency-findings/{finding}", agency_findings.one, Part.AGENCY_FINDINGS),
    Route("POST", "/agency-findings/{finding}", agency_findings.rule, Part.AGENCY_FINDINGS),
    Route("GET", "/password", sign_in.password_page),
    Route("POST", "/password", sign_in.password),
    Route("POST", "/sign-out", sign_in.sign_out),
    Route("GET", "/live", freshness_stream.live),
)
"""Routes of pages that need a session."""


OPEN: Final = (
    Route("GET", "/sign-in", sign_in.sign_in_page),
    Route("POST", "/sign-in", sign_in.sign_in),
    Route("GET", provider_sign_in_routes.BEGIN, provider_sign_in_routes.begin),
    Route("GET", BACK, provider_sign_in_routes.back),
    Route("POST", back_channel_logout.ENDED, back_channel_logout.ended),
    Route("GET", "/link/{token}", sign_in.link_page),
    Route("POST", "/link/{token}", sign_in.link),
)
"""Routes that need no session: signing in, and logout by the provider."""
