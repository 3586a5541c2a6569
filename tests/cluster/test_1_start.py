"""The deployment runs as its file says, takes events at both doors, and serves figures that a replay confirms."""

import asyncio
import json

from tests.cluster.checkers import broken, settled
from tests.cluster.container_engine import timed
from tests.cluster.deployment import BROKERS, DATABASES, PROCESSES, Deployment, wait_for
from tests.cluster.publishing import Offices

RUNNING = (*BROKERS, *DATABASES, *PROCESSES, "prometheus", "provision")


def test_each_container_is_restricted(deployment: Deployment) -> None:
    for service in RUNNING:
        found = deployment.inspect(service)
        assert found["Config"]["User"] == "10001:10001", service
        assert found["HostConfig"]["ReadonlyRootfs"], service
        assert found["EffectiveCaps"] in (None, []), service
        assert "no-new-privileges" in found["HostConfig"]["SecurityOpt"], service
        assert found["HostConfig"]["Memory"] > 0, service


def test_nobody_but_the_services_reaches_brokers_and_databases(deployment: Deployment) -> None:
    """The pages' own network leads to intake alone; what is said there comes from the pages' container."""
    probe = (
        "import socket, sys\n"
        "try:\n"
        "    socket.create_connection((sys.argv[1], int(sys.argv[2])), 2).close()\n"
        "except OSError:\n"
        "    print('shut')\n"
        "else:\n"
        "    print('open')\n"
    )
    reached = {
        "kafka-1:9094": deployment.address("kafka-1", "log"),
        "kafka-1:9092": deployment.address("kafka-1", "log"),
        "kafka-1:9095": deployment.address("kafka-1", "agencies"),
    }
    for place, address in reached.items():
        port = place.rpartition(":")[2]
        assert deployment.execute("web", "python", "-c", probe, address, port).strip() == "shut", place
    database = deployment.address("postgres-1", "store")
    assert deployment.execute("kafka-1", "python3", "-c", probe, database, "5432").strip() == "shut"
    assert deployment.execute("web", "python", "-c", probe, database, "5432").strip() == "open"


def test_both_databases_have_each_commit(deployment: Deployment) -> None:
    rows = deployment.sql("SELECT application_name, sync_state FROM pg_stat_replication")
    assert rows == [["postgres_2", "sync"]]


def trained(deployment: Deployment) -> int:
    """Give the figure of participants in trainings, as an operator asks for it."""
    command = ("atips", "figures", "--period", "2023..2025", "--number", "M1", "--json", "--data-dir", "/data")
    (figure,) = json.loads(deployment.execute("provision", *command))["figures"]
    return int(figure["amount"])


def test_events_come_over_both_doors_and_the_figures_are_right(deployment: Deployment, offices: Offices) -> None:
    before = trained(deployment)
    receipts = offices.post(40)
    assert {receipt.status for receipt in receipts} == {"accepted"}
    offices.produce(40)
    with timed("from the last acknowledgement to figures complete"):
        asyncio.run(settled(deployment, offices))
    with timed("checks and replay"):
        assert asyncio.run(broken(deployment, offices)) == []
    events = (json.loads(raw) for raw in offices.acknowledged().values())
    assert trained(deployment) - before == sum(each["data"].get("participants_n", 0) for each in events)


def test_metrics_of_every_process_are_scraped(deployment: Deployment) -> None:
    query = (
        "import json, urllib.request as u; "
        "print(json.load(u.urlopen('http://127.0.0.1:9090/api/v1/query?query=up'))['data']['result'])"
    )

    def all_scraped() -> bool:
        return deployment.execute("prometheus", "python3", "-c", query).count("'1']") == len(PROCESSES)

    wait_for(all_scraped, "every process is scraped", 60)
