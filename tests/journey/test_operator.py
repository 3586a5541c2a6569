"""An operator's way: through what was refused, and through who may publish."""

import json
import os
import re
import shlex
import ssl
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from infra.local import connection_settings, process_users
from infra.local.data_folder import Folder
from schemas.agencies import PUBLISHING
from schemas.ids import Kind
from schemas.times import BELIZE
from services.console import local_cluster
from services.console.service_settings import SERVICES
from tests.journey.conftest import User, line_of
from tests.support.pipeline import wait_for
from tests.support.random_events import History, encode
from tests.wire.infra.conftest import consume, produce

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

CANARY = "Canary-Maria-3f7a"

history = History(77)


def victim(status: str = "confirmed") -> dict[str, Any]:
    person, case = history.mint(Kind.PERSON), history.mint(Kind.CASE)
    return history.event("victim.identified", "bpd", person, {"person": person, "case": case, "status": status})


def publish(user: User, *events: dict[str, Any], code: int = 0) -> list[dict[str, Any]]:
    return user.publish("bpd", *map(encode, events), code=code)


def posted(user: User, key_file: Path | str, event: dict[str, Any] | None = None) -> int:
    """Post an event with an API key, or with the one in a file; gives the status."""
    key = key_file if isinstance(key_file, str) else key_file.read_text().strip()
    http = json.loads(user.atips("status", "--json", code=None))["http"]["intake"]
    with httpx2.Client(base_url=http["address"], verify=ssl.create_default_context(cafile=http["ca"])) as client:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents+json"}
        return client.post("/v1/events", content=encode(event or victim()), headers=headers).status_code


def metrics(user: User) -> str:
    """Give what intake counts."""
    port = local_cluster.admin_ports(user.data_dir)["intake"]
    return httpx2.get(f"http://127.0.0.1:{port}/metrics").text


def undelivered(user: User) -> dict[str, dict[str, Any]]:
    def quarantine() -> dict[str, Any] | None:  # None while the database takes too long
        found: dict[str, Any] | None = json.loads(user.atips("status", "--json", code=None))["quarantine"]
        return found

    return {each["id"]: each for each in wait_for(quarantine, "the database answers")["not_delivered"]}


def test_no_program_has_root_s_rights_and_each_reads_its_own_secrets_alone(user: User) -> None:
    folder = Folder(user.data_dir)
    state = folder.read_state()
    pids = {name: child["pid"] for name, child in (state["servers"] | state["services"]).items()}
    assert set(pids) == {"kafka", "postgres", *SERVICES}
    for name, pid in pids.items():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        as_told = process_users.of(name) or process_users.User(os.geteuid(), os.getegid())
        assert re.findall(r"^[UG]id:\t(\d+)", status, re.MULTILINE) == [str(as_told.uid), str(as_told.gid)]
        [effective] = re.findall(r"^CapEff:\t([0-9a-f]+)$", status, re.MULTILINE)
        assert int(effective, 16) & ~0b110 == 0  # at most what lets it pass through a folder that is closed
    if os.geteuid() == 0:
        groups = {one.gid: name for name in process_users.PROGRAMS if (one := process_users.of(name)) is not None}
        secrets = [path for path in folder.secrets.rglob("*") if path.is_file()]
        files = [*secrets, *folder.pki.glob("*.key"), folder.pki / "broker.pem"]
        shared: dict[str, set[str]] = {}
        for file in files:
            found = file.stat()
            assert found.st_uid == 0
            if stat.S_IMODE(found.st_mode) != 0o600:
                assert stat.S_IMODE(found.st_mode) == 0o640
                shared.setdefault(groups[found.st_gid], set()).add(file.name)
        of_pages = shared.pop("web")
        assert {"web.dsn", "pages-https.key"} <= of_pages
        # The key of an agency for the pages is gone once it was handed out.
        assert of_pages <= {"web.dsn", "pages-https.key", *(f"{agency}.json" for agency in PUBLISHING)}
        assert shared == {
            "kafka": {"broker.pem"},
            "migrate": {"migrator.dsn"},
            "intake": {
                *("intake.dsn", "intake.password", "quarantine.key"),
                *("identity.dsn", "identity.key", "intake-http.key"),
            },
            **{name: {f"{name}.dsn", f"{name}.password"} for name in ("referral", "case_tracker", "reporting")},
        }


def test_a_refused_victim_is_not_delivered_until_repaired_or_closed_and_its_bytes_are_for_the_operator_alone(
    user: User, tmp_path: Path
) -> None:
    event, other = victim(CANARY), victim(CANARY)
    [verdict] = publish(user, event, code=1)
    assert (verdict["status"], verdict["reason"], verdict["pointer"]) == ("refused", "unknown_code", "/data/status")
    assert posted(user, user.data_dir / "clients/bpd/api.key", other) == 422
    missing = undelivered(user)
    number, second = missing[event["id"]]["entry"], missing[other["id"]]["entry"]
    status = user.atips("status", code=None)
    assert f"atips quarantine show {number}" in status
    assert "NOT DELIVERED" in status

    file = tmp_path / "original.json"
    shown = user.atips("quarantine", "show", str(number), "--bytes-to", str(file), "--operator", "ana", "--json")
    found = json.loads(shown)
    assert (found["reason"], found["pointer"], found["attempts"]) == ("unknown_code", "/data/status", 1)
    assert [(act["act"], act["operator"]) for act in found["acts"]] == [("opened", "ana")]
    assert file.read_bytes() == encode(event)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    strange, nowhere = tmp_path / "strange.key", tmp_path / "nowhere.json"
    strange.write_text("ab" * 32)
    more = ("--bytes-to", str(nowhere), "--key-file", str(strange))
    user.atips("quarantine", "show", str(number), *more, code=1)
    assert not nowhere.exists()

    # What came over HTTP goes through the publisher's topic as well.
    tried = user.atips("quarantine", "redrive", "--id", event["id"], "--id", str(second), "--json", code=1)
    again = {each["entry"]: (each["what"], each["why"]) for each in map(json.loads, tried.splitlines())}
    assert again == dict.fromkeys((number, second), ("refused", "unknown_code"))
    event["data"]["status"] = "suspected"
    assert [each["status"] for each in publish(user, event)] == ["accepted"]
    span = {"12-33": f"{second}-{second}", "no_event": "sent_in_error"}
    closed = user.told(f"{line_of('operator.md', 'quarantine close', **span)} --operator ana")
    assert (closed["entry"], closed["state"]) == (second, "closed")
    assert undelivered(user).keys().isdisjoint({event["id"], other["id"]})

    listed = user.atips("quarantine", "list", "--reason", "unknown_code", "--json")
    entries = {each["entry"]: each for each in json.loads(listed)["entries"]}
    assert (entries[number]["state"], entries[number]["attempts"]) == ("superseded", 2)
    user.atips("quarantine", "close", str(number), "--reason", "no_event", code=1)
    user.atips("quarantine", "redrive", code=2)
    counted = metrics(user)
    assert 'atips_not_delivered_total{agency="bpd",reason="unknown_code"}' in counted
    for printed in (status, shown, tried, str(closed), listed, counted, user.atips("quarantine", "show", str(second))):
        assert CANARY not in printed
    for log in (user.data_dir / "log").iterdir():
        assert CANARY.encode() not in log.read_bytes()


def produced(user: User, principal: str, topic: str = "atips.inbound.bpd.custody.v1") -> str | None:
    """Publish an event of the system as a principal; gives the name of the broker's refusal."""
    settings = connection_settings.client(user.data_dir, principal, mtls=True)
    refusal = produce(settings, topic, encode(of_custody()))
    return None if refusal is None else refusal.name()


def of_custody() -> dict[str, Any]:
    """Make an event of the system: its key and its topic publish under no other source."""
    return victim() | {"source": "bpd/custody"}


def test_systems_of_an_agency_come_and_go_while_everything_runs(user: User) -> None:
    def credentials() -> dict[str, str]:
        listed = json.loads(user.atips("agency", "list", "--agency", "bpd", "--json"))["credentials"]
        return {each["principal"]: each["state"] for each in listed if each["principal"].startswith("bpd.custody.")}

    add = line_of("operator.md", "agency add bpd --system jail", jail="custody")
    added = user.told(add)
    first = added["principal"]
    assert sorted(file.name for file in Path(added["files"]).iterdir()) == [
        "api.key",
        "client.json",
        "client.properties",
        "curl.conf",
        "kcat.conf",
    ]
    api_key = Path(added["files"]) / "api.key"
    assert (produced(user, first), posted(user, before := api_key.read_text().strip(), of_custody())) == (None, 202)
    user.typed(add, code=1)
    rotated = json.loads(
        user.atips("agency", "rotate", "bpd", "--system", "custody", "--keep", "--overlap", "1s", "--json")
    )
    second = rotated["principal"]
    assert (produced(user, second), posted(user, after := api_key.read_text().strip(), of_custody())) == (None, 202)
    receipts = consume(
        connection_settings.client(user.data_dir, second, mtls=True),
        "atips.delivery.bpd.custody.v1",
        "atips.bpd.custody",
        2,
    )
    assert isinstance(receipts, list)
    answers = [json.loads(each)["data"] for each in receipts]
    assert {(each["source"], each["status"]) for each in answers} == {("bpd/custody", "accepted")}
    assert produced(user, second, "atips.inbound.bpd.v1") == "TOPIC_AUTHORIZATION_FAILED"
    # Nobody asks: the supervisor takes the rights of what has ended.
    assert wait_for(lambda: produced(user, first), "the old one is refused") == "TOPIC_AUTHORIZATION_FAILED"
    assert (posted(user, before, of_custody()), posted(user, after, of_custody())) == (401, 202)
    revoked = json.loads(user.atips("agency", "revoke", "bpd", "--system", "custody", "--json"))
    assert revoked == {"revoked": [second], "api_keys": 1}
    assert (produced(user, second), posted(user, after, of_custody())) == ("TOPIC_AUTHORIZATION_FAILED", 401)
    assert list(Path(added["files"]).iterdir()) == []
    assert credentials() == {first: "ended", second: "ended"}
    assert produced(user, "bpd") == "TOPIC_AUTHORIZATION_FAILED"


def test_what_endangers_a_victim_is_told_shown_to_who_may_see_it_and_ruled_on(user: User) -> None:
    person, case, arrest = (history.mint(kind) for kind in (Kind.PERSON, Kind.CASE, Kind.ARREST))
    of = {"person": person, "case": case}
    # By themselves events lie in or beside the year, by how many were made before them.
    when = {
        "time": "2024-05-02T00:00:00-06:00",
        "occurredprecision": "day",
        "recordedtime": "2024-05-03T09:00:00-06:00",
    }
    found = history.event("victim.identified", "bpd", person, {**of, "status": "suspected"}, **when)
    arrested = history.event("arrest.made", "bpd", person, {**of, "arrest": arrest}, **when)
    publish(user, found, arrested)

    def dangers() -> list[dict[str, Any]]:
        told = json.loads(user.atips("status", "--json", code=None))["dangers"]
        return [each for each in told or () if each["case"] == case]

    (danger,) = wait_for(dangers, "the finding is told")
    assert danger["code"] == "victim_prosecuted"
    since = datetime.fromisoformat(danger["since"]).astimezone(BELIZE)
    assert f"DANGER  victim_prosecuted, since {since:%Y-%m-%d %H:%M}" in user.atips("status", code=None)

    page = json.loads(user.atips("case", case, "--purpose", "investigation", *user.officer("bpd"), "--json"))
    assert {each["type"] for each in page["timeline"]} == {found["type"], arrested["type"]}
    assert [each["finding"] for each in page["findings"]] == [danger["finding"]]
    user.atips("case", case, "--purpose", "subject_request", *user.officer("customs"), code=1)
    given = {"FINDING": danger["finding"], "dhs": "odpp", "no_contradiction": "danger_met"}
    rule = line_of("case-officer.md", "finding rule", **given)
    refused = user.typed(shlex.join([*shlex.split(rule), *user.officer("bpd")]), code=2)
    assert "Your account is of bpd" in " ".join(refused.split())
    assert user.told(shlex.join([*shlex.split(rule), *user.officer("odpp")]))["status"] == "accepted"
    wait_for(lambda: not dangers(), "the ruling closes it")

    def listed(agency: str) -> list[dict[str, Any]]:
        every = json.loads(user.atips("findings", "--period", "2024", *user.officer(agency), "--json"))["findings"]
        return [each for each in every if each["case"] == case]

    # Human Services see identifications and the stages of a prosecution by their office; Customs see nothing of it.
    (line,) = listed("dhs")
    records = {f"{each['source']}/{each['id']}" for each in (found, arrested)}
    assert (line["state"], set(line["records"])) == ("closed", records)
    assert listed("customs") == []
