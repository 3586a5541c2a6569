"""An auditor's way: the docs' own consumer reads the log and nothing else, and the log goes into a file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from confluent_kafka import Consumer, Producer

from tests.journey.conftest import ROOT, User, line_of
from tests.support.random_events import History, encode

pytestmark = pytest.mark.timeout(600)  # whoever comes first makes the cluster


PAGE = "auditor.md"


def test_an_auditor_reads_the_log_with_the_consumer_of_the_docs(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arrest = History(7).arrest()
    (verdict,) = user.publish("bpd", encode(arrest))
    assert verdict["status"] in {"accepted", "duplicate"}
    connection, log = tmp_path / "auditor.json", tmp_path / "log.jsonl"
    user.typed(line_of(PAGE, "agency add --auditor"))
    assert connection.stat().st_mode & 0o777 == 0o600
    password = json.loads(connection.read_text(encoding="utf-8"))["kafka"]["config"]["sasl.password"]
    secrets = [path for path in (user.data_dir / "secrets").rglob("*") if path.is_file()]
    assert secrets
    assert [path for path in secrets if password in path.read_text(encoding="utf-8")] == []

    page = (ROOT / "docs/users/auditor.md").read_text(encoding="utf-8")
    program, settings_of_kcat = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(program.splitlines()) <= 12
    done = subprocess.run(
        [sys.executable, "-c", program, str(connection)], capture_output=True, text=True, timeout=200, check=True
    )
    assert "bz.atips.arrest.made.v1" in done.stdout
    subprocess.run([sys.executable, "-c", settings_of_kcat, str(connection)], cwd=tmp_path, check=True)
    of_kcat = dict(line.split("=", 1) for line in (tmp_path / "auditor.conf").read_text("utf-8").splitlines())
    reader = Consumer({**of_kcat, "ssl.ca.location": str(tmp_path / of_kcat["ssl.ca.location"])})
    assert set(reader.list_topics(timeout=60).topics) == {"atips.person.v1", "atips.case.v1", "atips.activity.v1"}
    reader.close()

    settings = json.loads(connection.read_text(encoding="utf-8"))["kafka"]["config"]
    errors: list[str] = []
    producer = Producer({name: value for name, value in settings.items() if name != "group.id"} | {"log_level": 0})
    for topic in ("atips.person.v1", "atips.inbound.bpd.v1"):
        producer.produce(topic, b"{}", on_delivery=lambda error, _: errors.append(error.name() if error else "written"))
    producer.flush(60)
    assert errors == ["TOPIC_AUTHORIZATION_FAILED"] * 2

    user.typed(line_of(PAGE, "replay --to log.jsonl"))
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    (made, *_) = [each for each in records if each["event"]["id"] == arrest["id"]]
    assert made["headers"]["n"] == str(verdict["n"])
    assert {"topic", "partition", "offset", "timestamp", "key"} <= made.keys()
    user.typed(line_of(PAGE, "replay --to log.jsonl"), code=1)
    user.typed(line_of(PAGE, "replay --to log.parquet"))
    rows = pyarrow.parquet.read_table(log.with_suffix(".parquet")).to_pylist()
    assert [(each["topic"], each["partition"], each["offset"]) for each in rows[: len(records)]] == [
        (each["topic"], each["partition"], each["offset"]) for each in records
    ]
    (same,) = [each for each in rows if (each["topic"], each["offset"]) == (made["topic"], made["offset"])][:1]
    assert {"name": "n", "value": made["headers"]["n"]} in same["headers"]
    assert json.loads(same["value"]) == made["event"]
    user.typed(line_of(PAGE, "agency revoke --auditor"))
