"""`atips referral show` names each move, and the help of lists says who decides the agency."""

from typing import Final

import pytest
from typer.testing import CliRunner

from schemas.ids import Kind, derive
from services.client.referral_state import Referral as Stands
from services.console.__main__ import app
from services.console.referral import show
from services.presentation.bilingual_text import Language
from services.presentation.referral_move_decision_texts import move_text
from services.referral.domain.move_table import MOVES

REFERRAL: Final = derive(Kind.REFERRAL, "console")
OWN: Final = "dhs/console/01930000-0000-7000-8000-000000000002"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (Language.EN, ["2026-05-06 06:00  accepted  by dhs  in effect", "dhs  refused: the referral is not open"]),
        (Language.ES, ["2026-05-06 06:00  aceptada  por dhs  tiene efecto", "dhs  rechazado: la remisión ya no está"]),
    ],
)
def test_a_move_is_shown_with_its_time_its_agency_and_its_event(lang: Language, told: list[str]) -> None:
    """Found by a new user: the moves of a referral were a list of ids."""
    said = {"move": OWN, "effect": "in_effect", "type": "bz.atips.referral.accepted.v1", "at": "2026-05-06T12:00:00Z"}
    earlier = {"move": OWN, "effect": "refused", "reason": "not_open"}  # of a door of an earlier version
    found = Stands.read({"referral": REFERRAL, "state": "accepted", "holder": "dhs", "moves": [said, earlier]})
    lines = list(show.shown(found, REFERRAL, "dhs", lang))
    at = lines.index(told[0])
    assert lines[at + 1] == f"  {OWN}"
    assert told[1] in " ".join(lines)
    assert max(map(len, lines)) <= 80


def test_every_move_has_a_name_in_both_languages() -> None:
    names = {(move_text(each), move_text(each, "es")) for each in ("bz.atips.referral.sent.v1", *MOVES)}
    assert len(names) == len(MOVES)  # two moves lead to work
    assert ("sent", "enviada") in names
    assert move_text("bz.atips.referral.later.v1") == "bz.atips.referral.later.v1"


@pytest.mark.parametrize("command", [["referrals"], ["consent", "outstanding"]])
def test_the_account_decides_the_agency_of_a_list_and_the_help_says_so(command: list[str]) -> None:
    """Found by a new user: an auditor looked for `--agency` in vain."""
    told = " ".join(CliRunner().invoke(app, [*command, "--help"]).output.split())
    assert "Your account decides what you see" in told
    assert "there is no --agency" in told
    assert "--waiting-for A picks what one" in told
    assert CliRunner().invoke(app, [*command, "--agency", "dhs"]).exit_code == 2
