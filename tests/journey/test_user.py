"""A new user follows the docs: publishes by three tools, sees the figure move, is refused, survives kills."""

import csv
import json
import os
import re
import shlex
import signal
import ssl
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import httpx2
import pytest

from schemas import ids
from services.console.lag import READS
from tests.journey.conftest import ROOT, User
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

INBOUND = "atips.inbound.bpd.v1"
DELIVERY = "atips.delivery.bpd.v1"
# "Sees the figure move within a second": asked again until then, with room for the command's own start.
SOON = 30.0  # each question is a command of its own, which takes seconds on a busy machine

KEPT = 400.0  # after values were worked out, ten times as long passes as that took

history = History(2024)


def new_arrest() -> dict[str, Any]:
    """An arrest, on a day of 2024, of somebody who was never arrested before."""
    event = history.arrest(history.mint(ids.Kind.PERSON), victims=(history.persons[0],))
    return event | {"time": "2024-05-06T10:00:00-06:00", "occurredprecision": "instant"}


def moved(user: User, before: int) -> int:
    """Wait until one more person is arrested."""
    return wait_for(lambda: (now := user.figure("O9")) > before and now, "O9 moves", SOON)


def kcat(user: User, *arguments: str, stdin: bytes = b"") -> str:
    """Run kcat as the police, over mTLS."""
    return user.run(["kcat", "-q", "-F", str(user.data_dir / "clients/bpd/kcat.conf"), *arguments], stdin=stdin)


def test_up_again_says_that_it_runs(user: User) -> None:
    user.atips("up", code=1)
    status = user.status()
    assert {service["name"] for service in status["services"]} >= {"kafka", "postgres", "intake", "reporting"}
    assert status["kafka"]["security"] == "SASL_SSL"
    assert status["kafka"]["agencies"]["bpd"]["topic"] == INBOUND


def test_publishing_an_event_moves_the_figure_and_the_same_again_does_not(user: User, tmp_path: Path) -> None:
    # An arrest of its own: the developer's journey may have sent every example to this cluster already.
    file = tmp_path / "arrest.json"
    file.write_text(json.dumps(new_arrest(), indent=1), encoding="utf-8")
    before = user.figure("O9")
    user.atips("publish", str(file), "--agency", "bpd")
    assert moved(user, before) == before + 1
    printed = user.atips("publish", str(file), "--agency", "bpd", "--json")
    assert [json.loads(line)["status"] for line in printed.splitlines()] == ["duplicate"]
    assert user.figure("O9") == before + 1


def test_a_figure_at_the_database_s_own_prompt_is_the_one_that_is_told(user: User) -> None:
    asked = "SELECT shown FROM figure_value WHERE figure = 'O9' AND dims = '{}' AND period = '2024'"
    told = str(user.figure("O9"))

    def answered() -> bool:
        heading, *values = user.atips("sql", "--csv", "-c", asked).splitlines()
        return heading == "shown" and values == [told]

    wait_for(answered, "O9 is shown", KEPT)
    user.atips("sql", "-c", "DELETE FROM figure_value", code=1)
    user.atips("sql", "-c", "SELECT * FROM figure_cell", code=1)
    user.atips("sql", "-c", "SELECT payload FROM ledger", code=1)
    entries = user.atips("sql", "--as", "auditor", "--csv", "-c", "SELECT count(*) FROM ledger_entry").splitlines()
    assert int(entries[1]) > 0
    user.atips("sql", "--as", "auditor", "-c", "SELECT payload FROM ledger", code=1)


def test_an_officer_of_the_committee_states_a_question_and_sees_exact_figures(user: User) -> None:
    user.atips("publish", "schemas/examples/bz.atips.arrest.made.v1.json", "--agency", "bpd")
    user.atips("users", "add", "sib-officer", "--role", "m_and_e", "--agency", "sib")
    user.atips("users", "sql", "sib-officer")
    ask = ("sql", "--as", "me_officer", "--officer", "sib-officer", "--csv")
    exact = "SELECT value FROM figure_exact WHERE figure = 'O9' AND dims = '{}' AND period = '2024'"
    stated = "SELECT ask_exact('O9', 'table for the Institute')"
    told = user.atips(*ask, "-c", exact, "-c", stated, "-c", exact).splitlines()
    assert told[:2] == ["value", "ask_exact"]
    wait_for(lambda: user.atips(*ask, "-c", exact).splitlines()[-1] == str(user.figure("O9")), "O9 is exact", KEPT)
    user.atips("users", "disable", "sib-officer")
    user.atips(*ask, "-c", "SELECT 1", code=1)


def test_what_is_taken_away_holds_the_figures_and_nothing_of_a_person(user: User, tmp_path: Path) -> None:
    events, glotip = tmp_path / "events.parquet", tmp_path / "glotip.json"
    told, turns = user.figure("O9"), count()

    def taken() -> bool:
        """Whether a package has the figure, which the policy tells exactly: values are kept for a while."""
        package = tmp_path / f"figures-{next(turns)}"
        user.atips("export", "figures", "--period", "2024", "--number", "O9", "--package", "--to", str(package))
        rows = list(csv.DictReader((package / "figures.csv").read_text(encoding="utf-8").splitlines()))
        [whole] = [row for row in rows if (row["period"], row["dimension"]) == ("2024", "")]
        return (whole["shown"], float(whole["value"])) == (str(told), told)

    wait_for(taken, "the package has O9", KEPT)
    user.atips("export", "events", "--to", str(events))
    counted = duckdb.connect().execute(f"SELECT count(*), count(DISTINCT sha256) FROM '{events}'").fetchall()
    assert counted[0][0] == counted[0][1] > 0
    columns = [row[0] for row in duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{events}'").fetchall()]
    assert columns == ["n", "accepted_at", "source", "event_id", "copies", "bytes", "sha256"]
    user.atips("export", "standard", "glotip", "--year", "2024", "--format", "json", "--to", str(glotip))
    cells = json.loads(glotip.read_bytes())
    assert [cell for cell in cells if (cell["value"] is None) != bool(cell["why_empty"])] == []


def test_a_broken_line_is_a_refusal_with_its_reason_and_the_others_count(user: User) -> None:
    before = user.figure("O9")
    wrong = new_arrest()
    wrong["data"]["on_warrant"] = "perhaps"
    verdicts = user.publish("bpd", encode(new_arrest()), b"{", encode(wrong), encode(new_arrest()), code=1)
    assert [verdict["status"] for verdict in verdicts] == ["accepted", "refused", "refused", "accepted"]
    assert [(verdict["reason"], verdict["pointer"]) for verdict in verdicts[1:3]] == [
        ("not_json", None),
        ("unknown_code", "/data/on_warrant"),
    ]
    assert moved(user, before + 1) == before + 2


def test_a_dry_run_sends_nothing(user: User) -> None:
    before = user.status()["kafka"]
    file = user.data_dir / "dry.jsonl"
    file.write_bytes(encode(new_arrest()) + b"\n{\n")
    printed = user.atips("publish", str(file), "--agency", "bpd", "--dry-run", "--json", code=1)
    assert [json.loads(line)["status"] for line in printed.splitlines()] == ["accepted", "refused"]
    assert user.status()["kafka"] == before


def test_kafka_s_own_console_producer(user: User) -> None:
    before = user.figure("O9")
    user.run(
        [
            *(sys.executable, "-m", "infra.local.kafka_tools", "console-producer"),
            *("--bootstrap-server", user.status()["kafka"]["bootstrap"]),
            *("--command-config", str(user.data_dir / "clients/bpd/client.properties")),
            *("--topic", INBOUND),
        ],
        stdin=encode(new_arrest()) + b"\n",
    )
    assert moved(user, before) == before + 1


@pytest.mark.curl
def test_curl_as_in_the_docs_reads_figures_with_the_file_of_a_token(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines are those of the page, with the journey's folder and address in place of the usual ones."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs/pages.md").read_text(encoding="utf-8")
    [token] = re.findall(r"^\.venv/bin/(atips users token .*)$", page, flags=re.MULTILINE)
    [read] = re.findall(r"^curl .*$", page, flags=re.MULTILINE)
    user.atips("users", "add", "sib-reader", "--role", "m_and_e", "--agency", "sib")
    user.typed(f"{token} --exact 'numbers are compared'")
    address = user.status()["http"]["web"]["address"]
    words = shlex.split(read.replace("https://ADDRESS", address))
    words = [
        str(user.data_dir / word.removeprefix(".atips/")) if word.startswith(".atips/") else word for word in words
    ]
    words = [f"@{tmp_path / word[1:]}" if word.startswith("@") else word for word in words]
    found = json.loads(user.run([*words, "--silent", "--show-error", "--fail"]))
    [arrested] = [each for each in found["figures"] if each["number"] == "O9"]
    assert arrested["amount"] == user.figure("O9")
    assert user.run([*words[:-1], words[-1].replace("/v1/figures", "/v1/cases"), "--fail"], code=22) == ""


@pytest.mark.curl
def test_curl_as_in_the_docs_publishes_sees_a_refusal_repairs_it_and_succeeds(user: User) -> None:
    """The commands are the page's own, with the journey's folder in place of the usual one."""
    page = (ROOT / "docs/users/agency-developer.md").read_text(encoding="utf-8").replace("\\\n", "")
    commands = re.findall(r"^curl .*$", page, flags=re.MULTILINE)
    submit, refusals, identity = (
        [word.replace(".atips/clients", str(user.data_dir / "clients")) for word in shlex.split(each)]
        for each in commands
    )
    *submit, example = submit
    assert Path(example.removeprefix("@")).exists()

    def curl(command: Sequence[str]) -> Any:  # noqa: ANN401 - JSON
        return json.loads(user.run([*command, "--silent", "--show-error"]))

    def published(event: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        file = user.data_dir / "event.json"
        file.write_bytes(encode(event))
        return curl([*submit, f"@{file}"])

    before = user.figure("O9")
    event = new_arrest()
    problem = published(event | {"data": event["data"] | {"on_warrant": "perhaps"}})
    said = {"rule": "unknown_code", "pointer": "/data/on_warrant", "codes": "/v1/codes/yes_no"}
    assert (problem["status"], problem["errors"]) == (422, [said])
    assert event["id"] in [each.get("id") for each in curl(refusals)["receipts"]]
    assert published(event)["status"] == "accepted"
    assert moved(user, before) == before + 1
    assert ids.is_id(curl(identity)["id"], ids.Kind.PERSON)
    address = user.status()["http"]["intake"]
    key = Path(address["agencies"]["bpd"]["key_file"])
    assert key.stat().st_mode & 0o777 == 0o600
    answer = httpx2.get(
        f"{address['address']}/v1/codes/sex",
        headers={"authorization": f"Bearer {key.read_text(encoding='utf-8').strip()}"},
        verify=ssl.create_default_context(cafile=address["ca"]),
        trust_env=False,
    )
    assert answer.json()["name"] == "sex"


def test_publishing_over_http(user: User) -> None:
    before = user.figure("O9")
    file = user.data_dir / "over-http.jsonl"
    file.write_bytes(encode(new_arrest()) + b"\n{\n" + encode(new_arrest()) + b"\n")
    said = user.atips("publish", str(file), "--agency", "bpd", "--via", "http", "--json", code=1)
    assert [json.loads(line)["status"] for line in said.splitlines()] == ["accepted", "refused", "accepted"]
    assert moved(user, before + 1) == before + 2


@pytest.mark.kcat
def test_kcat_over_mtls_and_a_refusal_on_the_delivery_topic(user: User) -> None:
    before = user.figure("O9")
    kcat(user, "-P", "-t", INBOUND, stdin=encode(new_arrest()))
    assert moved(user, before) == before + 1
    kcat(user, "-P", "-t", INBOUND, stdin=b'{"specversion":"1.0"}')

    def refusal() -> Any:  # noqa: ANN401 - a receipt
        receipts = [json.loads(line)["data"] for line in kcat(user, "-C", "-t", DELIVERY, "-e").splitlines()]
        return next((each for each in receipts if each.get("pointer") == "/type"), None)

    assert wait_for(refusal, "the refusal")["reason"] == "missing_field"


@pytest.mark.kcat
def test_a_header_that_is_no_text_stops_nobody(user: User) -> None:
    """The client library breaks on such a name in two ways, by how often it was called before."""
    before, restarts = user.figure("O9"), {each["name"]: each["restarts"] for each in user.status()["services"]}
    for _ in range(3):
        user.publish("bpd", *(encode(new_arrest()) for _ in range(10)))
        user.run(
            ["kcat", "-q", "-F", str(user.data_dir / "clients/bpd/kcat.conf"), "-P", "-t", INBOUND, "-H", b"ce_\xff=x"],
            stdin=b"{}",
        )
    user.publish("bpd", encode(new_arrest()))
    assert moved(user, before + 30) == before + 31
    assert {each["name"]: each["restarts"] for each in user.status()["services"]} == restarts


def figures_at_rest(user: User) -> str:
    """Give the year's figures once nothing waits to be counted, and three answers in a row are the same."""
    seen: list[str] = []

    def stand() -> bool:
        seen.append(user.atips("figures", "--period", "2024", "--json"))
        services = user.status(code=None)["services"]
        return (
            {each["lag"] for each in services if each["name"] in READS} == {0}
            and len(seen) > 2
            and len({*seen[-3:]}) == 1
        )

    wait_for(stand, "figures stand")
    return seen[-1]


@pytest.mark.parametrize("name", ["intake", "reporting", "postgres", "kafka"])
def test_kill_9_of_any_process_changes_no_figure(user: User, name: str) -> None:
    user.publish("bpd", encode(new_arrest()))
    before = figures_at_rest(user)
    victim = next(each for each in user.status()["services"] if each["name"] == name)
    os.kill(victim["pid"], signal.SIGKILL)
    wait_for(
        lambda: any(
            each["name"] == name and each["restarts"] > victim["restarts"] and each["state"] == "running"
            for each in user.status(code=None)["services"]
        ),
        f"{name} is back",
    )
    wait_for(lambda: user.status(code=None)["stage"] == "ready", "everything is ready")
    assert figures_at_rest(user) == before
    count = json.loads(before)["figures"]
    arrested = next(each["amount"] for each in count if each["number"] == "O9")
    user.publish("bpd", encode(new_arrest()))
    assert moved(user, arrested) == arrested + 1


def test_down_leaves_nothing_running_and_up_finds_everything_again(user: User) -> None:
    before = figures_at_rest(user)
    pids = [each["pid"] for each in user.status()["services"]]
    user.atips("down")
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    user.atips("up")
    assert user.atips("figures", "--period", "2024", "--json") == before
