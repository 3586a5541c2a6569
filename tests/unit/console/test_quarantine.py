"""`atips quarantine list` on a terminal: what is copied from it is whole, its times are those that it is asked by."""

import asyncio
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from infra.local import connection_settings, ports
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.console.__main__ import app
from services.console.quarantine import entry_text, quarantine_access, redrive
from services.console.quarantine.listing import time_or_day
from services.intake.domain.found_mistakes import FoundMistake
from services.intake.domain.quarantine_entries import Entry, EntryState
from tests.support.database import Server

ID = "0190f5c6-7b2a-7cc3-9d4e-0123456789ab"
AT = datetime(2024, 6, 4, 2, 30, tzinfo=UTC)  # the evening before in Belize
MILLISECONDS = int(AT.timestamp() * 1000)
ENTRY = Entry(
    number=12,
    last_n=12,
    agency="love_foundation",
    reason="id_already_used",
    pointer="/data/victims/0",
    key=("love_foundation/main", ID),
    type="bz.atips.victim.counted_anonymously.v1",
    must_arrive=True,
    attempts=2,
    first_at=MILLISECONDS,
    last_at=MILLISECONDS,
    state=EntryState.OPEN,
    kept_in=12,
)


def test_superseded_is_explained_where_it_is_printed() -> None:
    assert entry_text.legend([ENTRY]) == ""
    explained = entry_text.legend([ENTRY, replace(ENTRY, state=EntryState.SUPERSEDED)])
    assert explained.startswith("superseded: ")
    assert "--reason replaced" in explained


def test_an_entry_fits_80_columns_and_nothing_of_it_is_cut() -> None:
    lines = list(entry_text.lines(ENTRY))
    assert max(map(len, lines)) <= 80
    words = " ".join(lines).split()
    assert {ID, "victim.counted_anonymously.v1", "id_already_used", "/data/victims/0", "12"} <= set(words)


SEVERAL = replace(
    ENTRY,
    type="bz.atips.arrest.made.v1",
    reason="unknown_field",
    pointer="/data",
    mistakes=(
        FoundMistake("unknown_field", "/data"),
        FoundMistake("missing_field", "/data/arrest"),
        FoundMistake("unknown_code", "/data/suspected_offence", ("tip_sex", "tip_labour")),
    ),
)


def test_an_entry_with_several_mistakes_says_how_many_more_there_are_and_where() -> None:
    """Found by a new user: the list named the first mistake alone, and the next try was refused for the second."""
    lines = list(entry_text.lines(SEVERAL))
    assert "  and 2 more mistakes: atips quarantine show 12" in lines
    assert max(map(len, lines)) <= 80
    one = replace(SEVERAL, mistakes=SEVERAL.mistakes[:1])
    for each in (one, ENTRY):
        assert not any("more mistake" in line for line in entry_text.lines(each))
        assert "errors" not in entry_text.plain(each)
        assert list(entry_text.mistakes(each)) == []
    two = replace(SEVERAL, mistakes=SEVERAL.mistakes[:2])
    assert "  and 1 more mistake: atips quarantine show 12" in list(entry_text.lines(two))


def test_all_mistakes_of_an_entry_are_named_with_their_hints() -> None:
    told = list(entry_text.mistakes(SEVERAL))
    assert told[0].startswith("unknown_field at /data. Fields here: ")
    assert "missing_field at /data/arrest" in told
    assert any("Did you mean one of: tip_sex, tip_labour? See all: atips codes " in each for each in told)
    errors = entry_text.plain(SEVERAL)["errors"]
    assert [(each["rule"], each["pointer"]) for each in errors] == [
        ("unknown_field", "/data"),
        ("missing_field", "/data/arrest"),
        ("unknown_code", "/data/suspected_offence"),
    ]


def test_an_entry_is_shown_at_the_time_of_belize_as_since_reads_days() -> None:
    assert "2024-06-03 20:30" in next(entry_text.lines(ENTRY))
    since = time_or_day("2024-06-03")
    assert since is not None
    assert since < AT
    assert entry_text.plain(ENTRY)["refused_last"] == "2024-06-04T02:30:00.000+00:00"


@pytest.fixture
def atips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Asks the quarantine of a cluster whose database is at some place."""
    monkeypatch.setattr(Cluster, "running", property(lambda _: True))

    def asked(dsn: str, *arguments: str) -> Result:
        file = Folder(tmp_path).dsn_file("intake")
        file.parent.mkdir(exist_ok=True)
        file.write_text(dsn, encoding="utf-8")
        return CliRunner().invoke(app, ["quarantine", *arguments, "--data-dir", str(tmp_path)])

    return asked


def piece(number: int, after: int, **said: object) -> Entry:
    of: dict[str, Any] = {"agency": "bpd", "reason": "not_json", "key": None, "type": None, "must_arrive": False}
    return replace(ENTRY, number=number, last_n=number, first_at=MILLISECONDS + after, **(of | said))


def test_an_event_over_several_lines_is_told_as_one_mistake() -> None:
    lines = [piece(number, number * 1000) for number in range(20, 42)]
    others = [piece(50, 90_000), piece(51, 91_000), piece(60, 0, agency="dhs"), piece(61, 0, reason="unknown_code")]
    closed = [piece(number, number, state=EntryState.CLOSED) for number in range(1, 9)]
    (run,) = entry_text.pieces([*lines, *others, *closed])
    assert [each.number for each in run] == list(range(20, 42))
    assert "are one mistake" in entry_text.advice(run)
    assert "atips quarantine close 20-41 --reason no_event" in entry_text.advice(run)


@pytest.mark.parametrize("name", ["9-3", "1-5000"])
def test_a_range_that_is_none_closes_nothing(atips: Callable[..., Result], name: str) -> None:
    assert atips("postgresql://nobody@127.0.0.1:1/x", "close", "--reason", "no_event", name).exit_code == 2


def test_who_asks_has_a_number_where_the_system_knows_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        message = "getpwuid(): uid not found: 4711"
        raise KeyError(message)

    monkeypatch.setattr(getpass, "getuser", unknown)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert quarantine_access._whoever_asks() == "uid 4711"


BY_NAME = (("show",), ("close", "--reason", "no_event"), ("redrive", "--id"))


@pytest.mark.parametrize("command", [("list",), *((*each, "1") for each in BY_NAME)], ids=" ".join)
def test_a_database_that_is_away_is_told_in_a_line(atips: Callable[..., Result], command: tuple[str, ...]) -> None:
    [nobodys] = ports.choose(["postgres"], {}).values()
    done = atips(f"postgresql://intake:a@{ports.HOST}:{nobodys}/atips", *command)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit), "a trace"
    assert done.stderr.startswith("PostgreSQL does not answer: ")


@pytest.mark.parametrize("name", ["7", "Ana", "é", "\udcff"])
async def test_what_names_no_entry_is_told_as_such(atips: Callable[..., Result], server: Server, name: str) -> None:
    """Whatever was typed: a terminal of another encoding gives what is no text."""
    async with server.copy() as database:
        for command in BY_NAME:
            done = await asyncio.to_thread(atips, server.dsn("intake", database), *command, name)
            assert (done.exit_code, type(done.exception)) == (1, SystemExit), "a trace"
            assert done.stderr in {
                "Nothing of this number or id was refused.\n",
                "Nothing of the 1. number or id was refused.\n",
            }


def test_however_much_a_redrive_logs_it_goes_on_and_its_reason_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe that nobody reads holds 64 KB on Linux."""
    process = tmp_path / "process"
    process.write_text(
        "#!/bin/sh\n"
        """echo '{"asked": 1}'\n"""
        """yes '{"event": "retrying"}' | head -c 300000 >&2\n"""
        """echo '\n{"event": "halted", "reason": "the line is empty"}' >&2\n"""
        "exit 1\n"
    )
    process.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(process))
    monkeypatch.setattr(connection_settings, "administrator", lambda *_: {})
    said: list[object] = []
    with pytest.raises(typer.Exit):
        said.extend(redrive._process(tmp_path, {}))
    assert said == [{"asked": 1}]
    assert "The redrive ended: the line is empty." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("unconfirmed", "the same command waits for it again"),
        ("locked", "its publisher has to send it again"),
        ("accepted", "accepted"),
    ],
)
def test_what_became_of_an_entry_says_what_is_to_be_done(
    what: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"entry": 7, "agency": "bpd", "what": what, "why": None, "pointer": None, "behind": None}
    counts = redrive._show((each for each in ({"asked": 1}, line)), as_json=False)
    assert counts == {what: 1}
    assert capsys.readouterr().out.rstrip().endswith(words)
