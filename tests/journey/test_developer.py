"""An agency's developer with the page for developers: each command of it over Kafka runs as it stands.

Its curl commands are tried in test_user, its Python lines in test_library.
"""

import json
import shlex
from pathlib import Path

import pytest

from tests.journey.conftest import ROOT, User, lines_of

pytestmark = [pytest.mark.timeout(600), pytest.mark.kcat]  # whoever comes first makes the cluster


def test_examples_go_in_with_kcat_and_kafka_s_producer_and_come_back_as_receipts(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = lines_of("agency-developer.md")
    ours = [line for line in lines if line.startswith(".venv/bin/atips")]
    assert [shlex.split(each)[1] for each in ours] == ["examples", "codes", "reasons"]
    for line in ours:
        assert user.typed(line)
    events = [json.loads(line) for line in Path("events.jsonl").read_text(encoding="utf-8").splitlines()]
    ids = {each["id"] for each in events}
    produce, consume, *others = [line for line in lines if not line.startswith((".venv/bin/atips", "curl"))]
    address = user.status()["kafka"]["bootstrap"]
    typed = " ".join(others).replace("ADDRESS", address).replace(".venv/bin/python", str(ROOT / ".venv/bin/python"))
    clients, file = str(user.data_dir / "clients"), str(tmp_path / "events.jsonl")

    def run(line: str) -> str:
        named = line.replace(".atips/clients", shlex.quote(clients)).replace("events.jsonl", shlex.quote(file))
        return user.run(["bash", "-c", named])

    run(produce)
    run(typed)  # the same once more: it counts once
    known = [json.loads(each) for each in user.typed("atips receipts --agency bpd --json").splitlines()]
    answered = {each["id"]: each["status"] for each in known if each["id"] in ids}
    assert answered == dict.fromkeys(ids, "accepted")
    back = [json.loads(each)["data"] for each in run(consume).splitlines() if each.startswith("{")]
    assert ids <= {each.get("id") for each in back}
