"""`atips case`, `cases`, `findings`, `finding rule`, `referrals` as an account, over the database: what each shows."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from schemas.catalogue import may_publish
from schemas.codec import decode_strict
from schemas.envelope import Event
from schemas.ids import Kind, derive
from services.client.pages_data_api import Pages
from services.console import account_token as accounts
from services.console import local_cluster, send_as_agency
from services.console.__main__ import app
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus
from services.web.api.app import application
from services.web.domain.account_rules import Account
from tests.support.http_in_process import Bridge
from tests.unit.case_tracker.sample import CASE, OTHER_CASE
from tests.unit.referral.sample import PERSON, REFERRAL
from tests.unit.web.doubles import BASE
from tests.unit.web.officer_app import Office
from tests.unit.web.officers_database import CARE, CLERK, MEMBER, POLICE, TOURISM
from tests.unit.web.test_case_data import looks, token_of

EVER: Final = ("--period", "2000..2040")
LOOK: Final = ("case", CASE, "--purpose", "protection")

Typed = Callable[..., Awaitable[Result]]


@pytest.fixture
async def atips(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Give a command, typed as an account with a token in a file."""
    bridge = Bridge(application(office.parts), asyncio.get_running_loop())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(accounts, "Pages", partial(Pages, transport=bridge))
    monkeypatch.setattr(accounts, "place", lambda _: (BASE.replace("http:", "https:"), ""))
    monkeypatch.setattr(local_cluster, "running_cluster", lambda _, **__: SimpleNamespace(data_dir=tmp_path))
    monkeypatch.setattr(local_cluster, "now", lambda _: office.clock.at)

    async def typed(account: Account | None, *arguments: str, code: int = 0) -> Result:
        given = []
        if account is not None:
            file = tmp_path / f"{account.name}.token"
            if not file.exists():
                file.touch(mode=0o600)
                file.write_text(await token_of(office, account), encoding="utf-8")
            given = ["--token-file", str(file)]
        done = await asyncio.to_thread(
            CliRunner().invoke, app, [*arguments, *given, "--data-dir", str(tmp_path)], env={"COLUMNS": "80"}
        )
        assert done.exit_code == code, done.output
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done

    return typed


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Return the events that a command would publish, instead of publishing them."""
    found: list[Event] = []

    def published(data_dir: Path, agency: str, given: Sequence[FileLine], timeout: float) -> Iterator[Verdict]:
        for line in given:
            found.append(decode_strict(line.value).event)
            yield Verdict(line.number, VerdictStatus.ACCEPTED, found[-1].id, 7)

    monkeypatch.setattr(send_as_agency, "publish_lines", published)
    return found


async def test_each_command_shows_what_the_account_s_agency_sees_and_a_stranger_nothing(
    office: Office, atips: Typed
) -> None:
    findings = [each.finding for each in await office.seen.officers.findings(office.seen.session(CARE))]
    secrets = {PERSON, CASE, REFERRAL, *findings}
    commands = (("cases", "--purpose", "protection"), ("findings", *EVER), ("referrals",))
    shown = [await atips(CARE, *each) for each in (LOOK, *commands)]
    assert all(any(each in done.stdout for done in shown) for each in secrets)
    for done in shown:
        assert max(map(len, done.stdout.splitlines())) <= 80, done.stdout
    strange = [await atips(TOURISM, *each) for each in commands]
    strange.append(await atips(TOURISM, *LOOK, code=1))
    assert not [each for each in secrets for done in strange if each in done.output]
    none = await atips(TOURISM, "case", OTHER_CASE, *LOOK[2:], code=1)
    assert none.stderr == strange[-1].stderr == "Nothing of that case is for your agency to see.\n"
    assert [each[:3] for each in await looks(office)][:2] == [(CASE, "dhs", "care")] * 2
    for command in (LOOK, *commands[:1], commands[2]):
        assert "Your account may not open this" in (await atips(CLERK, *command, code=1)).stderr


@pytest.mark.parametrize("command", [("why", "O9"), ("diff", "--known-at", "1", "--known-at", "2")], ids=" ".join)
async def test_the_events_behind_a_figure_are_shown_as_the_account_s_agency_for_its_role(
    atips: Typed, command: tuple[str, ...]
) -> None:
    assert "This account (clerk of bpd) is shown no events" in (await atips(CLERK, *command, code=1)).stderr
    assert "dhs may not ask for audit" in (await atips(CARE, *command, "--purpose", "audit", code=2)).stderr


async def test_programs_read_the_same_rows(atips: Typed) -> None:
    [row] = json.loads((await atips(CARE, "referrals", "--json")).stdout)["waiting"]
    assert (row["waits_for"], row["agency"], row["about"], row["late"]) == ("answer", "dhs", REFERRAL, True)
    assert (await atips(CARE, "referrals", "--waiting-for", "bpd", "--json")).stdout.startswith('{"waiting": []')
    then = await atips(CARE, "referrals", "--as-of", "2000-01-01T00:00:00Z", "--json")
    assert json.loads(then.stdout) == {"waiting": [], "as_of": "2000-01-01T00:00:00+00:00"}
    assert json.loads((await atips(CARE, "consent", "outstanding", "--json")).stdout)["outstanding"] == []
    found = json.loads((await atips(CARE, "findings", *EVER, "--lang", "es", "--json")).stdout)
    assert {each["case"] for each in found["findings"]} == {CASE, None}
    assert json.loads((await atips(CARE, "findings", "--period", "2001", "--json")).stdout)["complete_to"] == 12
    then = json.loads((await atips(CARE, "findings", *EVER, "--known-at", "2001-01-01", "--json")).stdout)
    assert then["findings"] == []
    page = json.loads((await atips(CARE, *LOOK, "--json")).stdout)
    assert (page["case"], page["purpose"]) == (CASE, "protection")
    await atips(CARE, *LOOK, "--known-at", "2001-01-01", code=1)  # nothing was known then
    known = json.loads((await atips(CARE, *LOOK, "--known-at", page["as_of"], "--json")).stdout)
    assert (known["timeline"], known["later"]) == (page["timeline"], 0)


async def test_a_ruling_names_what_the_account_s_finding_names(office: Office, atips: Typed, sent: list[Event]) -> None:
    every = await office.seen.officers.findings(office.seen.session(CARE))
    for each in every:
        await atips(CARE, "finding", "rule", each.finding, "--agency", "dhs", "--ruling", "danger_met")
        assert may_publish(sent[-1])
        assert sent[-1].source == "dhs/console"
        assert set(sent[-1].data.model_dump()["names"]) == {
            name for name in (each.case_id, each.person, *each.persons) if name
        }
    rule = ("finding", "rule", every[0].finding, "--ruling", "not_known", "--agency")
    told = (await atips(CARE, *rule, "bpd", code=2)).stderr
    assert told == "Your account is of dhs: it rules as dhs, not as bpd.\n"
    none = await atips(TOURISM, *rule, "btb", code=2)
    guessed = await atips(TOURISM, "finding", "rule", derive(Kind.ACTIVITY, "none"), *rule[3:], "btb", code=2)
    assert none.stderr == guessed.stderr
    assert none.stderr.startswith("No finding within a case or of a person has this id, or you may not see it. ")
    assert len(sent) == len(every)


@pytest.mark.parametrize(
    "arguments",
    [
        ["a-case", "--purpose", "audit"],
        [CASE],
        [CASE, "--purpose", "curiosity"],
        [CASE, "--purpose", "investigation"],
        [CASE, "--purpose", "protection", "--agency", "council"],
        [CASE, "--purpose", "protection", "--as-of", "yesterday"],
        [CASE, "--purpose", "protection", "--known-at", "yesterday"],
    ],
)
async def test_a_look_without_a_purpose_at_nothing_or_as_somebody_is_wrong_use(
    atips: Typed, arguments: list[str]
) -> None:
    await atips(CARE, "case", *arguments, code=2)


async def test_without_an_account_nothing_is_read_and_signing_in_keeps_the_token(
    office: Office, atips: Typed, tmp_path: Path
) -> None:
    for command in (LOOK, ("referrals",), ("cases", "--purpose", "protection")):
        assert "atips sign-in" in (await atips(None, *command, code=1)).stderr
    file = tmp_path / "settings/atips/accounts.json"
    wrong = tmp_path / "wrong.token"
    wrong.touch(mode=0o600)
    wrong.write_text("guessed", encoding="utf-8")
    told = await atips(None, "sign-in", "--token-file", str(wrong), code=1)
    assert told.stderr.startswith("The token is not accepted")
    assert not file.exists()
    assert (await atips(CARE, "sign-in")).stdout == "Signed in as care (officer, dhs). Try: atips referrals\n"
    assert (await atips(MEMBER, "sign-in")).stdout.endswith("Try: atips figures\n")
    await atips(CARE, "sign-in")
    assert file.stat().st_mode & 0o777 == 0o600
    assert REFERRAL in (await atips(None, "referrals")).stdout
    await atips(None, "sign-out")
    await atips(None, "referrals", code=1)
    (tmp_path / "care.token").chmod(0o644)
    assert "chmod 600" in (await atips(CARE, "referrals", code=1)).stderr
    assert await looks(office) == []


async def test_a_unit_that_nobody_has_is_told(atips: Typed) -> None:
    for command in (("referrals",), ("consent", "outstanding")):
        told = await atips(CARE, *command, "--waiting-for", "dsh", code=2)
        assert told.stderr.startswith("--waiting-for: there is no agency dsh; there are council, dhs, ")
        await atips(POLICE, *command, "--waiting-for", "tip_care_unit")
