"""Programs that are not ours, with the files made for them: Kafka's console tools by password, kcat by certificate."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from infra.local import jars
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.kafka_tools import TOOLS
from schemas.topics import Deployment
from tests.support.pipeline import ROOT
from tests.wire.infra.conftest import consume, produce

DEPLOYMENT = Deployment()
TWO = '{"a": 1}\n{"a": 2}\n'
# By itself it gives a record up after a few times 1.5 s and still ends with 0.
SURELY = ("--sync", "--timeout", "0", "--request-timeout-ms", "30000")


def tool(*arguments: str, input_: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "infra.local.kafka_tools", *arguments]
    return subprocess.run(command, input=input_, capture_output=True, text=True, timeout=90, check=False)


def as_agency(cluster: Cluster, agency: str) -> Sequence[str]:
    file = Folder(cluster.data_dir).clients / agency / "client.properties"
    bootstrap: str = cluster.status()["kafka"]["bootstrap"]
    return "--bootstrap-server", bootstrap, "--command-config", str(file)


def settings_of(file: Path) -> dict[str, str | int | float | bool]:
    """Read a file of librdkafka's settings as kcat does."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def test_kafkas_console_producer_and_consumer(cluster: Cluster) -> None:
    inbound, delivery = DEPLOYMENT.inbound("nopcan"), DEPLOYMENT.delivery("nopcan")
    sent = tool("console-producer", *as_agency(cluster, "nopcan"), *SURELY, "--topic", inbound, input_=TWO)
    assert sent.returncode == 0, sent.stderr
    intake = settings_of_service(cluster)
    assert consume(intake, inbound, DEPLOYMENT.group("intake"), 2) == [b'{"a": 1}', b'{"a": 2}']

    assert produce(intake, delivery, b"a receipt") is None
    read = tool(
        "console-consumer",
        *as_agency(cluster, "nopcan"),
        *("--topic", delivery, "--from-beginning", "--max-messages", "1", "--timeout-ms", "60000"),
    )
    assert read.stdout == "a receipt\n"


def test_without_an_acknowledgement_the_console_producer_fails_as_the_docs_have_it(cluster: Cluster) -> None:
    foreign = DEPLOYMENT.inbound("bpd")
    sent = tool("console-producer", *as_agency(cluster, "nopcan"), *SURELY, "--topic", foreign, input_=TWO)
    assert sent.returncode == 1
    assert " ".join(SURELY) in (ROOT / "docs/users/agency-developer.md").read_text(encoding="utf-8")


def settings_of_service(cluster: Cluster) -> dict[str, str | int | float | bool]:
    variables = cluster.environment("intake", None)
    return {
        "bootstrap.servers": variables["ATIPS_KAFKA_BOOTSTRAP"],
        "security.protocol": variables["ATIPS_KAFKA_SECURITY"],
        "ssl.ca.location": variables["ATIPS_KAFKA_CA"],
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": variables["ATIPS_KAFKA_USERNAME"],
        "sasl.password": Path(variables["ATIPS_KAFKA_PASSWORD_FILE"]).read_text(encoding="utf-8").strip(),
    }


def test_what_kcat_reads_opens_the_mtls_listener(cluster: Cluster) -> None:
    settings = settings_of(Folder(cluster.data_dir).clients / "dhs" / "kcat.conf")
    assert settings["security.protocol"] == "SSL"
    assert produce(settings, DEPLOYMENT.inbound("dhs"), b"{}") is None


def test_an_unknown_tool_is_a_wrong_use() -> None:
    assert tool("no-such-tool").returncode == 64
    assert "console-producer" in tool().stderr


def test_every_tool_is_in_the_jars() -> None:
    held: set[str] = set()
    for jar in jars.ensure(("broker", "tools")):
        with ZipFile(jar) as opened:
            held.update(opened.namelist())
    assert {name for name, main in TOOLS.items() if f"{main.replace('.', '/')}.class" not in held} == set()
