"""Commands of figures as typed, on a real ledger: exit codes, the JSON that programs rely on, and the looks noted."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from infra.local.data_folder import Folder
from services.console import (
    as_of_and_known_at,
    diff,
    findings_between_figures,
    plan,
    publishing_grid,
    report,
    visible_events,
    why,
)
from services.console.__main__ import app
from services.console.database import connected
from services.console.figures import on_cluster as figures
from services.console.release import command as release_command
from services.presentation.rates import figures_of_rate
from services.reporting.domain.rates import Variant
from services.reporting.figure_version import figure_version
from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseHead, ReleaseRow, ShownForm
from services.reporting.release.changes import changes
from services.reporting.release.registry import ReleaseRegistry
from services.web.accounts import Accounts
from services.web.domain.account_rules import Account, token_hash
from services.web.domain.roles import Role
from tests.check.test_query_paths import FIGURES
from tests.unit.reporting.amended_histories import corrected, merged, retracted
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, RoutedLog, Worker, accepted_ms
from tests.unit.reporting.samples import person
from tests.unit.reporting.test_changes import an_arrest, arrested

AGENCIES = ("council", "dhs", "bpd")
HISTORY = [
    an_arrest(0, 0, "2023-05-10"),
    *(an_arrest(number, number, f"2024-0{number}-10") for number in (1, 2, 3)),
    corrected(4, 0, "arrest.made", arrested(0, 0), "2024-05-10"),
    retracted(5, 1, person(1)),
    merged(6, person(2), person(3)),
]


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody who types commands on a folder."""

    folder: Folder

    def __call__(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        done = CliRunner().invoke(app, [*arguments, "--data-dir", str(self.folder.root), "--json"])
        assert done.exit_code == code, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def as_account(self, agency: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Type a command with the token of an account of an agency: the double of the pages reads it from the file."""
        return self(*arguments, "--token-file", agency, code=code)

    def refused(self, *arguments: str, code: int) -> str:
        done = CliRunner().invoke(app, [*arguments, "--data-dir", str(self.folder.root), "--json"])
        assert (done.exit_code, done.stdout) == (code, "")
        return done.stderr


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The pages, which say whose token it is."""

    agency: str

    @property
    def token(self) -> str:
        return f"token of {self.agency}"

    def account(self) -> dict[str, Any]:
        return {"account": "somebody", "role": "m_and_e", "agency": self.agency, "looks": self.agency != "immigration"}


@pytest.fixture
def desk(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A folder whose database has a ledger; its cluster is said to run, and Kafka is not needed."""
    folder = Folder(tmp_path / "data")
    folder.make()
    monkeypatch.setattr(visible_events, "has_token", lambda _, token_file: token_file is not None)
    monkeypatch.setattr(visible_events, "pages", lambda _, token_file: nullcontext(AccountPages(token_file.name)))
    for module in (diff, findings_between_figures, figures, publishing_grid, plan, report, why):
        monkeypatch.setattr(
            module.local_cluster, "running_cluster", lambda data_dir, **_: SimpleNamespace(data_dir=data_dir)
        )
    for module in (diff, as_of_and_known_at, why):
        monkeypatch.setattr(module.connection_settings, "deployment", lambda data_dir: DEPLOYMENT)
    with asyncio.Runner() as runner:
        context = a_database(server)
        database = runner.run(context.__aenter__())
        for role in ("officer", "reporting", "auditor"):
            folder.dsn_file(role).write_text(server.dsn(role, database.name) + "\n", encoding="utf-8")
        runner.run(fill(database))
        runner.run(with_tokens(server.dsn("registrar", database.name)))
        for agency in AGENCIES:
            folder.database(agency).parent.mkdir(parents=True, exist_ok=True)
            folder.database(agency).write_text(server.dsn(f"agency_{agency}", database.name), encoding="utf-8")
        yield Desk(folder)
        runner.run(context.__aexit__(None, None, None))


async def with_tokens(registrar: str) -> None:
    """Give each agency an officer's account, with the token that the double of the pages has."""
    now = datetime.now(UTC)
    connection = await asyncpg.connect(registrar, server_settings={"search_path": "web"})
    accounts = Accounts(connection)
    for agency in AGENCIES:
        assert await accounts.add(Account(f"of-{agency}", Role.OFFICER, agency))
        hash_ = token_hash(AccountPages(agency).token)
        assert await accounts.add_token(hash_, f"of-{agency}", now, now + timedelta(days=1), cases=True)
    await connection.close()


async def fill(database: Database) -> None:
    worker, log = Worker(await database.pool(), figure_version()), RoutedLog()
    await worker.assign()
    for payload in HISTORY:
        log.write(payload)
    await worker.drain(log)
    await worker.store.store_progress(log.progress())


def amount(answer: Mapping[str, Any]) -> int:
    return int(answer["figures"][0]["amount"])


def test_figures_as_of_and_known_at(desk: Desk) -> None:
    asked = ("figures", "--period", "2024", "--number", "O9")
    now = desk(*asked)
    assert (amount(now), now["complete_to"], list(now)) == (2, 7, ["figures", "complete_to", "withheld"])
    assert [amount(desk(*asked, "--known-at", str(n))) for n in range(8)] == [0, 0, 1, 2, 3, 4, 3, 2]
    then = desk(*asked, "--known-at", "4", "--as-of", "2024-02-15")
    assert (amount(then), then["known_at"], then["figures"][0]["period"]) == (2, 4, "2024-01-01..2024-02-15")
    assert amount(desk(*asked, "--known-at", "2024-12-31")) == 0
    assert desk(*asked, "--known-at", "2025-12-31")["known_at"] == 7
    assert "complete to event 7 only, not to 8" in desk.refused(*asked, "--known-at", "8", code=1)
    assert "not over yet" in desk.refused(*asked, "--known-at", "2099-12-31", code=2)


def test_a_breakdown_comes_with_the_figure_as_it_is_without(desk: Desk) -> None:
    found = desk("figures", "--period", "2024", "--by", "sex", "--number", "O9", "--known-at", "4")
    assert (found["whole"], sum(each["amount"] for each in found["figures"])) == ({"O9": 3}, 3)
    assert set(desk("figures", "--period", "2024", "--by", "sex")["whole"]) > {"O9", "O10"}


class ExactPath(NamedTuple):
    """A command that shows exact amounts, as somebody types it, and the row that it leaves behind.

    `code`: its exit code on the ledger of these tests.
    """

    command: str
    options: tuple[str, ...]
    row: tuple[str, str, str, str, str]
    code: int = 0


O9: Final = ("--period", "2024", "--number", "O9")
SHARE: Final = ("--period", "2024", "--rate", "suspects_without_victim")
RATE: Final = ",".join(sorted(figures_of_rate(Variant.SUSPECTS_WITHOUT_VICTIM)))
EXACT: Final = (
    ExactPath("figures", (*O9, "--by", "sex", "--known-at", "4"), ("atips figures", "O9", "2024", "sex", "4")),
    ExactPath("figures", (*O9, "--json"), ("atips figures", "O9", "2024", "", "")),
    ExactPath("figures", (*O9, "--each", "month"), ("atips figures", "O9", "2024", "", "")),
    ExactPath("figures", (*O9, "--csv"), ("atips figures", "O9", "2024", "", "")),
    ExactPath("figures", SHARE, ("atips figures", RATE, "2024", "", "")),
    ExactPath("findings", ("--period", "2024", "--json"), ("atips findings", "", "2024", "", "")),
    ExactPath("grid", ("--period", "2024"), ("atips grid", "", "2024", "", "")),
    ExactPath("plan", ("--period", "2024"), ("atips plan", "", "2024", "", "")),
    ExactPath("report", ("2024", "--format", "json"), ("atips report", "", "2024", "", "")),
    ExactPath("why", ("O9", "--period", "2024", "--by", "sex"), ("atips why", "O9", "2024", "sex", "")),
    ExactPath("why", ("O9", "--period", "2024", "--known-at", "4"), ("atips why", "O9", "2024", "", "4")),
    ExactPath("diff", (*O9, "--known-at", "4", "--known-at", "7"), ("atips diff", "O9", "2024", "", "4 7"), 1),
    ExactPath("release show", ("1",), ("atips release show", "", "", "", "release 1")),
    ExactPath("release show", ("2", "--json"), ("atips release show", "", "", "", "release 2")),
    ExactPath("release show", ("--json",), ("atips release show", "", "", "", "release 2")),
)
OTHERWISE: Final = {
    "replay": "names two counts where they differ: a tool for repair",
    "demo": "of invented persons",
    "sql": "me_read sees protected values; an officer's question is in exact_question",
    "export figures": "as sql",
    "export standard": "as sql; of records each person is a look",
    "export events": "hashes, sources and times of acceptance, without types",
    "release verify": "of a file that somebody holds already",
    **{
        f"release {step}": "a step of an account; the changes of a revision are noted"
        for step in ("prepare", "approve", "publish", "withdraw")
    },
}
"""Commands of figures that leave no row by themselves, and why."""


@pytest.fixture
def typed(desk: Desk) -> Callable[[ExactPath], Result]:
    """Type commands on a folder with two releases: the council's, and its revision, in which an amount moved."""
    asyncio.run(_with_releases(desk.folder))
    return lambda each: CliRunner().invoke(
        app, [*each.command.split(), *each.options, "--data-dir", str(desk.folder.root)]
    )


async def _with_releases(folder: Folder) -> None:
    head = ReleaseHead(release=1, edition=ReleaseEdition.COUNCIL, period="2024", known_at=5, code="v", policy="p")
    row = ReleaseRow(
        figure="O9", period="2024", dimensions={}, unit="persons", version=2, known_at=5, form=ShownForm.EXACT, value=3
    )
    first = Artefact(head=head, rows=(row,))
    moved = row.model_copy(update={"value": 2})
    revision = head.model_copy(update={"release": 2, "changes": changes(first, (moved,), {"O9": (5,)})})
    public = head.model_copy(update={"release": 3, "edition": ReleaseEdition.PUBLIC})
    async with connected(folder, "reporting", "reporting") as connection:
        registry = ReleaseRegistry(connection)
        for artefact in (first, Artefact(head=revision, rows=(moved,)), Artefact(head=public, rows=(row,))):
            await registry.add(artefact, {}, "ana", datetime.now(UTC))


def test_each_command_that_shows_amounts_leaves_a_row_before_it_shows_them(
    desk: Desk, typed: Callable[[ExactPath], Result]
) -> None:
    for each in EXACT:
        before = len(asyncio.run(_exact_looks(desk.folder)))
        done = typed(each)
        assert (done.exit_code, bool(done.stdout)) == (each.code, True), (each, done.output)
        [(login, place, numbers, *rest)] = asyncio.run(_exact_looks(desk.folder))[before:]
        assert (login, place, ",".join(sorted(numbers.split(","))), *rest) == ("officer", *each.row)


def test_what_shows_no_exact_amount_leaves_no_row(desk: Desk, typed: Callable[[ExactPath], Result]) -> None:
    for command, *options in (("release show",), ("release show", "3")):
        assert typed(ExactPath(command, tuple(options), ("", "", "", "", ""))).exit_code == 0
    assert asyncio.run(_exact_looks(desk.folder)) == []


@pytest.mark.usefixtures("typed")
def test_the_changes_of_a_revision_are_noted_when_a_step_shows_them(desk: Desk) -> None:
    for kept in release_command._read(desk.folder):
        release_command._told(desk.folder, "approve", kept, as_json=True)
    assert asyncio.run(_exact_looks(desk.folder)) == [("officer", "atips release approve", "", "", "", "release 2")]


def test_a_workbook_of_figures_is_a_look(desk: Desk, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["figures", *O9, "--xlsx", str(tmp_path / "o9.xlsx"), "--data-dir", str(desk.folder.root)])
    assert (tmp_path / "o9.xlsx").exists()
    assert asyncio.run(_exact_looks(desk.folder)) == [("officer", "atips figures", "O9", "2024", "", "")]


def test_every_command_with_amounts_is_in_the_table_or_says_why_it_is_not() -> None:
    assert {each.command for each in EXACT} & set(OTHERWISE) == set()
    assert {each.command for each in EXACT} | set(OTHERWISE) == FIGURES | {"why", "diff", "findings"}


def test_where_no_look_can_be_noted_a_command_shows_nothing(
    desk: Desk, server: Server, tmp_path: Path, typed: Callable[[ExactPath], Result]
) -> None:
    database = urlsplit(desk.folder.dsn_file("officer").read_text()).path.strip("/\n")
    revoked = "REVOKE EXECUTE ON FUNCTION reporting.note_exact FROM officer"
    asyncio.run(server.alter(database, "reporting", revoked))
    frozen = tmp_path / "release.json"
    for each in (*EXACT, ExactPath("release show", ("1", "--to", str(frozen)), ("", "", "", "", ""))):
        done = typed(each)
        assert (done.exit_code, done.stdout) == (1, ""), each
    assert not frozen.exists()


async def _exact_looks(folder: Folder) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(folder.dsn_file("auditor").read_text().strip())
    rows = await connection.fetch(
        "SELECT login, place, figures, period, breakdown, moment FROM reporting.exact_look ORDER BY seq"
    )
    await connection.close()
    return [tuple(row) for row in rows]


def test_a_rate_is_of_what_was_known_and_of_what_had_happened(desk: Desk) -> None:
    asked = ("figures", "--period", "2024", "--rate", "suspects_without_victim")
    assert [desk(*asked, "--known-at", str(n))["rates"][0]["whole_amount"] for n in (0, 3, 4, 7)] == [0, 2, 3, 2]
    then = desk(*asked, "--known-at", "4", "--as-of", "2024-02-15")
    assert (then["rates"][0]["whole_amount"], then["rates"][0]["cohort"], then["known_at"]) == (
        2,
        "2024-01-01..2024-02-15",
        4,
    )
    assert "known_at" not in desk(*asked)


def test_why_names_the_events_and_what_each_adds(desk: Desk) -> None:
    now = desk("why", "O9", "--period", "2024")
    assert (now["number"], now["unit"], now["known_at"], now["readings"][0]["amount"]) == ("O9", "persons", None, 2)
    assert sum(each["amount"] for event in now["events"] for each in event["amounts"]) == 2
    assert [event["n"] for event in now["events"]] == [1, 3, 4, 7]
    assert [each["n"] for each in now["events"][0]["corrections"]] == [5]
    then = desk("why", "O9", "--period", "2024", "--known-at", "4")
    assert [event["n"] for event in then["events"]] == [2, 3, 4]
    assert then["known_at"] == 4
    text = CliRunner().invoke(app, ["why", "O9", "--period", "2024", "--data-dir", str(desk.folder.root)]).stdout
    assert "2 persons" in text
    assert "↳ event.corrected.v1 (entry_error)" in text
    assert "complete to event 7 only" in desk.refused("why", "O9", "--known-at", "9", code=1)


def test_why_counts_and_does_not_show_what_the_asker_may_not_see(desk: Desk) -> None:
    """Found from outside: whoever asked for a figure was shown every event, with the persons in it."""
    asked = ("why", "O9", "--period", "2024")
    whole = desk(*asked)
    assert (whole["agency"], whole["purpose"]) == ("council", "audit")
    assert whole["hidden"] == {"events": 0, "beside": 0, "amounts": []}
    police = desk.as_account("bpd", *asked, "--purpose", "investigation")
    assert [each["n"] for each in police["events"]] == [each["n"] for each in whole["events"]]
    for agency, purpose in (("dhs", "reporting"), ("council", "reporting"), ("council", "subject_request")):
        found = desk.as_account(agency, *asked, "--purpose", purpose)
        shown = sum(each["amount"] for event in found["events"] for each in event["amounts"])
        hidden = sum(each["amount"] for each in found["hidden"]["amounts"])
        assert shown + hidden == found["readings"][0]["amount"] == 2
        assert len(found["events"]) + found["hidden"]["events"] == len(whole["events"])
        assert (shown == 0) is (agency == "dhs")
        assert (found["agency"], found["purpose"]) == (agency, purpose)
    own = ("--token-file", "dhs", "--purpose", "reporting", "--data-dir", str(desk.folder.root))
    hidden = CliRunner().invoke(app, [*asked, *own])
    assert "4 more events that dhs may not see" in hidden.stdout
    assert person(0) not in hidden.stdout


def test_the_agency_is_the_account_s_and_the_purpose_one_of_its_role(desk: Desk) -> None:
    for command in (("why", "O9"), ("diff", "--known-at", "4", "--known-at", "7")):
        asked = (*command, "--period", "2024")
        care = (*asked, "--token-file", "dhs")
        assert "--purpose protection|reporting" in desk.refused(*care, code=2)
        assert "may not ask for audit" in desk.refused(*care, "--purpose", "audit", code=2)
        assert "no purpose curiosity" in desk.refused(*asked, "--purpose", "curiosity", code=2)
        assert "council may not ask for investigation" in desk.refused(*asked, "--purpose", "investigation", code=2)
        said = desk.refused(*asked, "--token-file", "immigration", code=1)
        assert "This account (m_and_e of immigration) is shown no events behind figures. Who may ask: " in said
        assert "--cases), or an auditor or m_and_e account of the Council (council)." in said
        assert "No such option" in desk.refused(*asked, "--agency", "bpd", "--purpose", "investigation", code=2)


def test_a_look_behind_a_figure_is_noted_with_the_account(desk: Desk) -> None:
    desk.as_account("bpd", "why", "O9", "--period", "2024", "--purpose", "investigation")
    desk("why", "O9", "--period", "2024")
    looks = asyncio.run(_looks(desk.folder))
    assert {(agency, account, purpose) for _, agency, account, purpose in looks} == {
        ("bpd", "of-bpd", "investigation"),
        ("council", None, "audit"),
    }
    assert {case for case, *_ in looks} >= {person(0), person(3)}


async def _looks(folder: Folder) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(folder.dsn_file("auditor").read_text(encoding="utf-8").strip())
    rows = await connection.fetch("SELECT case_id, agency, account_name, purpose FROM case_tracker.viewed")
    await connection.close()
    return [tuple(row) for row in rows]


def test_diff_counts_and_does_not_show_what_the_asker_may_not_see(desk: Desk) -> None:
    asked = ("diff", "--period", "2024", "--number", "O9", "--known-at", "4", "--known-at", "7")
    (whole,) = desk(*asked, code=1)["different"]
    (found,) = desk.as_account("dhs", *asked, "--purpose", "reporting", code=1)["different"]
    assert (whole["hidden"], found["events"], found["hidden"]) == (0, [], len(whole["events"]))
    assert (found["before"], found["after"]) == (whole["before"], whole["after"])


def test_diff_exits_with_1_where_a_figure_differs(desk: Desk) -> None:
    asked = ("diff", "--period", "2024")
    found = desk(*asked, "--known-at", "4", "--known-at", "7", code=1)
    assert found["known_at"] == [4, 7]
    (different,) = [each for each in found["different"] if each["number"] == "O9"]
    assert (different["number"], different["before"], different["after"]) == ("O9", 3, 2)
    assert [event["n"] for event in different["events"]] == [5, 6, 7]
    assert desk(*asked, "--known-at", "7", "--known-at", "7")["different"] == []
    assert "is later than" in desk.refused(*asked, "--known-at", "7", "--known-at", "4", code=2)


def test_the_grid_says_what_was_published_and_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    now = desk("grid", "--period", "2024")
    (police,) = [each for each in now["grid"] if each["agency"] == "bpd"]
    # Two of the four arrests are left: one is corrected into May, one was retracted.
    assert [each["events"] for each in police["months"]] == [0, 1, 1, 0, 1, *[0] * 7]
    march = police["months"][2]
    assert (march["month"], march["state"], police["events"]) == ("2024-03", "missing", 3)
    assert [each["type"] for each in march["missing"]] == [
        f"bz.atips.{name}.v1" for name in ("investigation.opened", "screening.completed", "training.session_delivered")
    ]
    assert march["missing"][0] == {"type": march["missing"][0]["type"], "span": "2024-01..2024-03", "due": "2024-05-15"}
    assert now["lag"] == []  # all of it was recorded in the year after
    (lag,) = desk("grid", "--period", "2025")["lag"]
    assert (lag["agency"], lag["each"], lag["median_days"]) == ("bpd", [267, 328, 357], 328)

    then = desk("grid", "--period", "2024", "--known-at", "3")
    (before,) = [each for each in then["grid"] if each["agency"] == "bpd"]
    assert (before["events"], then["complete_to"], then["judged_on"]) == (2, 3, "2025-02-19")
    assert "whole months" in desk.refused("grid", "--period", "2024-01-02..2024-06", code=2)
    wrong = tmp_path / "expectations.yaml"
    wrong.write_text("expected:\n  - {agency: nobody}\n", encoding="utf-8")
    for command in ("grid", "findings"):
        assert "line 2" in desk.refused(command, "--period", "2024", "--expectations", str(wrong), code=1)
    root = str(desk.folder.root)
    text = CliRunner().invoke(app, ["grid", "--period", "2024", "--lang", "es", "--data-dir", root]).stdout
    assert "✗: se esperaba y falta" in text
    assert "falta: bpd, 2024-01..2024-03: Investigación abierta, hasta 2024-05-15" in text


def test_what_is_missing_in_a_folder_of_another_year_is_judged_on_its_day(desk: Desk) -> None:
    desk.folder.synthetic.touch()
    desk.folder.set_clock("2024-07-01T05:00:00Z")
    now = desk("grid")
    assert (now["period"], now["judged_on"]) == ("2024", "2024-06-30")
    (police,) = [each for each in now["grid"] if each["agency"] == "bpd"]
    assert [police["months"][month]["state"] for month in (2, 8)] == ["missing", "not_due"]


def test_grid_tells_how_long_after_its_record_each_event_was_accepted_and_how_many_change_others(desk: Desk) -> None:
    recorded = [datetime.fromisoformat(json.loads(payload)["recordedtime"]) for payload in HISTORY]
    minutes = [int(accepted_ms(n) / 1000 - each.timestamp()) // 60 for n, each in enumerate(recorded, start=1)]
    (found,) = desk("grid", "--period", "2025")["accepted"]
    assert found == {
        "agency": "bpd",
        "facts": 5,
        "corrections": 1,
        "retractions": 1,
        "median_minutes": sorted(minutes)[3],
        "ninth_decile_minutes": None,
    }
    (then,) = desk("grid", "--period", "2025", "--known-at", "4")["accepted"]
    assert (then["facts"], then["corrections"], then["median_minutes"]) == (4, 0, sorted(minutes[:4])[1])
    assert desk("grid", "--period", "2024")["accepted"] == []


def test_what_is_missing_is_among_the_findings(desk: Desk) -> None:
    found = [each for each in desk("findings", "--period", "2024")["findings"] if each["code"] == "nothing_published"]
    records = [record for each in found for record in each["records"]]
    assert "bpd:bz.atips.investigation.opened.v1:2024-01..2024-03" in records
    assert "bpd:bz.atips.arrest.made.v1:2024-01..2024-03" not in records
    assert all(each["state"] == "open" for each in found)


def test_the_reader_may_not_read_the_ledger(desk: Desk, server: Server) -> None:
    async def read() -> None:
        connection = await asyncpg.connect(desk.folder.dsn_file("officer").read_text().strip())
        try:
            await connection.fetch("SELECT * FROM reporting.ledger")
        finally:
            await connection.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(read())
