"""The commands about figures on a real ledger, as typed: amounts, states of knowledge, exit codes and complaints."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from infra.local import connection_settings, ports
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.postgres.roles import login_of
from services.console import as_of_and_known_at
from services.console import database as connecting
from services.console.__main__ import app
from services.console.figures import on_cluster as of_figures
from services.reporting.domain.rates import Variant
from tests.support.database import Server
from tests.unit.reporting.amended_histories import retracted
from tests.unit.reporting.conftest import Database, a_database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, accepted_ms
from tests.unit.reporting.samples import activity, person, raw
from tests.unit.reporting.test_as_of_editions import counted
from tests.unit.reporting.test_changes import an_arrest

Typed = Callable[..., Awaitable[Result]]

HISTORY: Final = (
    an_arrest(0, 0, "2024-05-10"),
    raw("person.profile_recorded", 1, {"person": person(1), "role": "suspect", "sex": "male"}),
    an_arrest(2, 1, "2024-06-10"),
    retracted(3, 0, person(0)),
)
YEAR: Final = ("--period", "2024")
O9: Final = ("--number", "O9", *YEAR)
PRETTY: Final = f"{datetime.fromtimestamp(accepted_ms(3) / 1000, UTC) - timedelta(hours=6):%Y-%m-%d %H:%M}"
ASKING: Final = (("figures",), ("why", "O9"), ("grid",), ("findings",))


def placed(folder: Path, dsn: Callable[[str], str]) -> None:
    for role in ("officer", "reporting", "intake"):
        file = Folder(folder).dsn_file(role)
        file.parent.mkdir(exist_ok=True)
        file.write_text(dsn(role), encoding="utf-8")
    for agency in ("council", "bpd"):
        file = Folder(folder).database(agency)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dsn(login_of(agency)), encoding="utf-8")


@pytest.fixture
def atips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setattr(Cluster, "running", property(lambda _: True))
    monkeypatch.setattr(connection_settings, "deployment", lambda _: DEPLOYMENT)
    monkeypatch.setattr(as_of_and_known_at, "figure_version", lambda: "v1")

    async def typed(*arguments: str, code: int = 0) -> Result:
        done = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--data-dir", str(tmp_path)])
        assert done.exit_code == code, done.output
        assert isinstance(done.exception, SystemExit | None), "a trace"
        return done

    return typed


@pytest.fixture
async def database(server: Server, tmp_path: Path) -> AsyncIterator[Database]:
    async with a_database(server) as found:
        placed(tmp_path, lambda role: server.dsn(role, found.name))
        yield found


@pytest.fixture
async def ask(database: Database, atips: Typed) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The answer in JSON, where the history was counted."""
    await counted(database, list(HISTORY))

    async def asked(*arguments: str, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((await atips(*arguments, "--json", code=code)).stdout)
        return found

    return asked


def amounts(found: Sequence[dict[str, Any]]) -> list[tuple[dict[str, str], int]]:
    return [(each["dimensions"], each["amount"]) for each in found]


async def test_figures_are_those_of_the_period_and_of_what_was_known(ask: Any, atips: Typed) -> None:  # noqa: ANN401
    now = await ask("figures", *O9)
    assert (amounts(now["figures"]), now["complete_to"], "known_at" in now) == ([({}, 1)], 4, False)
    at = datetime.fromtimestamp(accepted_ms(3) / 1000, UTC).isoformat()
    for moment in ("3", at):
        then = await ask("figures", *O9, "--known-at", moment)
        assert (amounts(then["figures"]), then["known_at"]) == ([({}, 2)], 3)
    known = ("--known-at", "3")
    assert amounts((await ask("figures", *O9, *known, "--as-of", "2024-05"))["figures"]) == [({}, 1)]
    by_sex = [({"sex": "absent"}, 1), ({"sex": "male"}, 1)]
    assert amounts((await ask("figures", *O9, *known, "--by", "sex"))["figures"]) == by_sex
    assert f"as known at event 3, {PRETTY} in Belize" in (await atips("figures", *O9, *known)).stdout
    assert "complete to event 4" in (await atips("figures", *O9)).stdout


async def test_each_month_that_lies_ahead_is_told_as_such(
    ask: Callable[..., Awaitable[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_figures, "today", lambda _: date(2024, 6, 20))
    asked = ("--period", "2024-05..2024-07", "--each", "month")
    for number, amounts_told in (("O9", [0, 1, None]), ("O1b", [0, 0, None])):
        told = (await ask("figures", "--number", number, *asked))["figures"]
        assert [each["amount"] for each in told] == amounts_told
        assert [each.get("not_yet", False) for each in told] == [False, False, True]


async def test_a_rate_divides_what_was_known(database: Database, atips: Typed) -> None:
    def inspected(number: int, count: int, focus: str) -> bytes:
        data = {"inspection": activity(number), "count": count, "count_basis": "inspections", "focus": [focus]}
        return raw("labour.inspection_completed", number, data, agency="labour")

    await counted(database, [inspected(0, 1, "child_labour"), inspected(1, 3, "working_conditions")])
    asked = ("figures", "--rate", "child_labour_share_of_inspections", *YEAR)
    for known, whole in (((), 4), (("--known-at", "1"), 1)):
        [found] = json.loads((await atips(*asked, *known, "--json")).stdout)["rates"]
        assert (found["part_amount"], found["whole_amount"], found["value"]) == (1, whole, 1 / whole)
    told = (await atips(*asked)).stdout
    assert "25.0% (1 of 4)" in told
    assert told.endswith("complete to event 2\n")
    told = (await atips(*asked, "--known-at", "1", "--lang", "es")).stdout
    assert "100.0% (1 de 1)" in told
    assert "como se sabía en el evento 1, " in told
    every = json.loads((await atips("figures", "--rate", "all", *YEAR, "--json")).stdout)
    assert ([each["rate"] for each in every["rates"]], every["complete_to"]) == ([*Variant], 2)


async def test_why_names_the_events_by_what_was_known(ask: Any, atips: Typed) -> None:  # noqa: ANN401
    now = await ask("why", "O9", *YEAR)
    assert ([each["n"] for each in now["events"]], now["known_at"]) == ([3], None)
    then = await ask("why", "O9", *YEAR, "--known-at", "3", "--by", "sex", "--as-of", "2024-05")
    assert ([each["n"] for each in then["events"]], then["known_at"]) == ([1], 3)
    assert amounts(then["readings"]) == [({"sex": "absent"}, 1)]
    told = (await atips("why", "O9", *YEAR, "--known-at", "3", "--by", "sex")).stdout
    assert "O9 persons_arrested, 2024, as known at event 3" in told
    assert "sex male: 1\n" in told
    assert f"{person(0)}" in told


async def test_diff_tells_what_moved_from_the_earlier_to_the_later(ask: Any, atips: Typed) -> None:  # noqa: ANN401
    found = await ask("diff", *O9, "--known-at", "3", "--known-at", "4", code=1)
    assert found["known_at"] == [3, 4]
    [moved] = found["different"]
    assert (moved["before"], moved["after"], [each["n"] for each in moved["events"]]) == (2, 1, [4])
    of_june = ("--known-at", "2", "--known-at", "3", "--as-of", "2024-05")
    assert (await ask("diff", *O9, *of_june))["different"] == []
    assert "no figure differs" in (await atips("diff", *O9, *of_june)).stdout
    told = (await atips("diff", *O9, "--known-at", "3", "--known-at", "4", code=1)).stdout
    assert "2024, as known at event 3 and at event 4" in told
    assert "O9 persons_arrested: 2 → 1 person" in told


async def test_moments_in_the_wrong_order_are_refused_before_anything_is_made(
    ask: Any,  # noqa: ANN401
    atips: Typed,
    database: Database,
) -> None:
    del ask
    wrong = await atips("diff", *O9, "--known-at", "4", "--known-at", "3", code=2)
    assert wrong.stderr == "--known-at: event 4 is later than event 3\n"
    reading = await database.connect()
    assert await reading.fetchval("SELECT count(*) FROM edition") == 0


async def test_what_was_missing_is_judged_by_the_day_of_what_was_known(ask: Any) -> None:  # noqa: ANN401
    assert (await ask("grid", *YEAR, "--known-at", "3"))["judged_on"] == PRETTY[:10]
    assert (await ask("grid", *YEAR, "--known-at", "2025-02-10"))["judged_on"] == "2025-02-10"
    then, before = [await ask("findings", *YEAR, "--known-at", known) for known in ("3", "2025-01-05")]
    assert (then["complete_to"], before["complete_to"]) == (3, 0)
    assert len(before["findings"]) < len(then["findings"]), "less was due"


@pytest.mark.parametrize("command", [*ASKING, ("diff", "--known-at", "1")], ids=" ".join)
async def test_what_is_not_complete_or_not_over_is_not_told(
    ask: Any,  # noqa: ANN401
    atips: Typed,
    command: tuple[str, ...],
) -> None:
    del ask
    refused = await atips(*command, *YEAR, "--known-at", "9", code=1)
    assert (refused.stdout, refused.stderr) == ("", "the figures are complete to event 4 only, not to 9\n")
    refused = await atips(*command, *YEAR, "--known-at", "2199-12-31", code=2)
    assert (refused.stdout, refused.stderr[:36]) == ("", "--known-at: that time is not over ye")


@pytest.mark.parametrize("command", [*ASKING, ("diff", "--known-at", "0", "--known-at", "0")], ids=" ".join)
async def test_a_database_that_is_away_is_told_in_a_line(
    tmp_path: Path, atips: Typed, command: tuple[str, ...]
) -> None:
    [nobodys] = ports.choose(["postgres"], {}).values()
    placed(tmp_path, lambda role: f"postgresql://{role}:a@{ports.HOST}:{nobodys}/atips")
    assert (await atips(*command, *YEAR, code=1)).stderr.startswith("PostgreSQL does not answer: ")


OTHERS: Final = (("quarantine", "list"),)


@pytest.mark.parametrize("command", [*((*each, *YEAR) for each in ASKING), *OTHERS], ids=" ".join)
async def test_a_database_that_says_nothing_is_away_too(
    tmp_path: Path, atips: Typed, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(connecting, "CONNECT_SECONDS", 0.2)
    held = list[asyncio.StreamWriter]()
    silent = await asyncio.start_server(lambda _reading, writing: held.append(writing), ports.HOST)
    placed(tmp_path, lambda role: f"postgresql://{role}:a@{ports.HOST}:{silent.sockets[0].getsockname()[1]}/atips")
    async with asyncio.timeout(30):
        told = (await atips(*command, code=1)).stderr
    assert told == "PostgreSQL does not answer: TimeoutError\n"
    for each in held:
        each.close()
    silent.close()


@pytest.mark.parametrize(
    ("move", "wrong"),
    [
        (("referral", "accept"), "bad_id at /data/referral. An id is written ref-…"),
        (("consent", "acknowledge"), "wrong_form at /data/consent. An event is named by its source, a slash"),
    ],
)
@pytest.mark.parametrize("about", ["nobody", "é", "\udcff"])
async def test_a_wrong_reference_is_told_before_anybody_is_asked_whom_it_is_about(
    database: Database, atips: Typed, move: tuple[str, ...], wrong: str, about: str
) -> None:
    """Whatever was typed, and in whatever encoding."""
    del database
    is_text = about != "\udcff"
    told = (await atips(*move, about, "--agency", "dhs", code=1 if is_text else 2)).stderr
    assert (wrong if is_text else "What was typed is not UTF-8: nothing was sent.") in told
    assert "nobody" not in told


async def test_before_anything_was_counted_nothing_is_missing(database: Database, atips: Typed) -> None:
    del database
    for command in ("grid", "findings"):
        told = (await atips(command, *YEAR, code=1)).stderr
        assert told.startswith("No figures can be shown yet: no version of them has counted every partition. ")
    assert "not all events are counted yet" in (await atips("figures", *YEAR)).stdout
