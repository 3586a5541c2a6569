"""Every path by which somebody asks for something, with what decides who sees it: a path that is not here fails."""

import sys
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from services.console.__main__ import app
from services.intake.api.app import ROUTES
from services.web.api.data.routes import DATA
from services.web.api.route_table import PAGES
from services.web.domain.roles import Part

ROOT: Final = Path(__file__).parents[2]

SIGHT: Final = {
    "case": "pages(",
    "cases": "pages(",
    "findings": "pages(",
    "finding rule": "pages(",
    "why": "event_predicate_of(",
    "diff": "event_predicate_of(",
    "referrals": "pages(",
    "consent outstanding": "pages(",
}
"""Commands that show events or findings of persons, and where each asks for what `schemas.sight` has decided.

`pages(` asks the pages' data with an account's token; the database decides by that account."""

OWN_KEY: Final = frozenset(
    {
        *("inbox", "publish", "receipts", "referral show", "consent acknowledge", "consent withdraw"),
        *(
            f"referral {move}"
            for move in (
                *("accept", "cancel", "complete", "enter-in-error", "fail", "hand-back", "hold", "receive"),
                *("refer-onward", "reject", "resume", "send", "start"),
            )
        ),
    }
)
"""Commands that come in by the agency's own key, and get what intake gives to that key."""

FIGURES: Final = frozenset(
    {
        *("figures", "grid", "plan", "replay", "report", "sql", "demo"),
        *(f"release {step}" for step in ("prepare", "show", "approve", "publish", "verify", "withdraw")),
        *("export figures", "export events", "export standard"),
    }
)
"""Commands that show amounts and no event. A release names at most the numbers of events.

`export events` gives hashes, sources and times of acceptance, as the auditor, and no type.
"""

OPERATOR: Final = frozenset(
    {
        *(
            "agency add",
            "agency hand-out",
            "agency list",
            "agency revoke",
            "agency rotate",
            "down",
            "generation",
            "provision",
            "run",
            "status",
            "up",
        ),
        *("backup drill", "backup list", "backup verify", "restore"),
        *("inbound delete", "inbound list", "inbound pass"),
        *("quarantine close", "quarantine list", "quarantine redrive", "quarantine show"),
        *("users add", "users disable", "users list", "users reset", "users sql", "users token"),
    }
)
"""Commands of whoever runs the deployment, who has all keys."""

REFERENCE: Final = frozenset(
    {"codes", "examples", "reasons", "template", "connect", "export catalogue", "sign-in", "sign-out", "help"}
)
"""Commands that show the contract alone, or set a client up."""

ROUTES_BY: Final = {
    "POST /v1/events": "key",
    "GET /v1/receipts": "readable_by",
    "GET /v1/receipts/{id}": "readable_by",
    "GET /v1/quarantine": "readable_by",
    "GET /v1/referrals/{id}": "standing_for",
    "GET /v1/inbox": "key",
    "POST /v1/identities": "key",
    "POST /v1/identities/batch": "key",
    "GET /v1/schemas": "contract",
    "GET /v1/schemas/{type}": "contract",
    "GET /v1/codes": "contract",
    "GET /v1/codes/{list}": "contract",
}
"""The routes of intake's door, with what decides: the key itself, the systems' table, or the stored answer."""

OFFICER: Final = {
    "GET /inbox": "waits_seen",
    "POST /inbox": "delivered_to_caller",
    "GET /referrals": "referrals_seen",
    "GET /referrals/{referral}": "referrals_seen",
    "POST /referrals/{referral}": "referrals_seen",
    "POST /acknowledgements": "waits_seen",
    "POST /nothing-sent": "account",
    "GET /referral-counts": "referral_counts",
    "GET /cases": "cases_looked",
    "GET /cases/{case}": "queries.look_at_case(",
    "POST /cases/{case}/referrals": "queries.look_at_case(",
    "POST /cases/{case}/consents": "queries.look_at_case(",
    "POST /cases/{case}/determinations": "queries.look_at_case(",
    "POST /cases/{case}/withdrawals": "queries.look_at_case(",
    "POST /prove": "account",
    "GET /agency-findings": "findings_seen",
    "GET /agency-findings/{finding}": "findings_seen",
    "POST /agency-findings/{finding}": "finding_seen",
    "GET /v1/referrals": "referrals_seen",
    "GET /v1/referrals.csv": "referrals_seen",
    "GET /v1/cases": "cases_looked",
    "GET /v1/cases/{case}": "queries.look_at_case(",
    "GET /v1/findings": "findings_seen",
    "GET /v1/findings.csv": "findings_seen",
    "GET /v1/findings/{finding}": "findings_seen",
    "GET /v1/agency-findings": "findings_seen",
    "GET /v1/agency-findings.csv": "findings_seen",
}
"""Pages and data of an officer, with the function of the database that decides by the session's account."""

_OFFICER_PARTS: Final = {Part.INBOX, Part.REFERRALS, Part.CASES, Part.AGENCY_FINDINGS, Part.MATRIX}


def commands(found: Any, path: tuple[str, ...] = ()) -> dict[str, str]:  # noqa: ANN401 - a Click command or group
    """Give every command with the module that answers it."""
    if not hasattr(found, "commands"):
        return {" ".join(path): found.callback.__module__}
    return {
        name: module for key, each in found.commands.items() for name, module in commands(each, (*path, key)).items()
    }


ALL: Final = commands(get_command(app))


def test_every_command_says_who_decides_what_it_shows() -> None:
    known = {*SIGHT, *OWN_KEY, *FIGURES, *OPERATOR, *REFERENCE}
    assert ALL.keys() - known == set()
    assert {*SIGHT, *OWN_KEY, *FIGURES, *OPERATOR} - ALL.keys() == set()


@pytest.mark.parametrize("command", SIGHT)
def test_a_command_that_shows_events_asks_for_sight(command: str) -> None:
    source = Path(str(sys.modules[ALL[command]].__file__)).read_text(encoding="utf-8")
    assert SIGHT[command] in source


def test_every_route_says_who_decides_what_it_gives() -> None:
    assert {f"{each.method} {each.path}" for each in ROUTES} == ROUTES_BY.keys()
    api = "".join(each.read_text(encoding="utf-8") for each in sorted((ROOT / "services/intake").rglob("*.py")))
    assert all(f"{each}(" in api for each in ("readable_by", "standing_for"))


def test_every_page_of_an_officer_says_who_decides_what_it_shows() -> None:
    of_officers = [each for each in (*PAGES, *DATA) if {each.part, each.also} & _OFFICER_PARTS]
    assert {f"{each.method} {each.path}" for each in of_officers} == OFFICER.keys()
    reads = (ROOT / "services/web/officer_data.py").read_text(encoding="utf-8")
    assert all(each in reads for each in OFFICER.values() if each != "account")
