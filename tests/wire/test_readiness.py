"""Answers of /readyz of real services: no assignment yet, no database, no broker, an old relay. Then it heals."""

import json
import os
import re
import signal
import urllib.error
import urllib.request
from typing import Any

import asyncpg
import pytest

from infra.local.cluster import Cluster
from infra.local.ports import choose
from tests.faults.test_outages import server
from tests.support.pipeline import Pipeline, wait_for
from tests.support.promises import settled
from tests.support.random_events import History


def answer(port: int, path: str = "/readyz") -> dict[str, Any] | None:
    """Return a service's answer on its own port; None while it does not listen."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            body = response.read()
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
    except (OSError, TimeoutError):
        return None
    found: dict[str, Any] = json.loads(body)
    return found


@pytest.mark.parametrize("service", ["intake", "referral", "case_tracker", "reporting"])
async def test_not_ready_before_its_assignment_and_without_its_database(pipeline: Pipeline, service: str) -> None:
    port = choose(["admin"], {})["admin"]
    started = pipeline.start(service, admin_port=str(port))
    first = wait_for(lambda: answer(port), "it listens")
    assert first["ready"] or first["reasons"].get("assignment") == "no assignment"
    wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready")
    server = await asyncpg.connect(pipeline.dsn("postgres", "postgres"))
    name = pipeline.deployment.name
    await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", name
    )
    wait_for(lambda: (said := answer(port)) and said["reasons"].get("database"), "it misses its database")
    await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    await server.close()
    wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready again")
    assert started.running
    assert answer(port, "/livez") == {"alive": True}


async def test_not_ready_without_a_broker(pipeline: Pipeline, cluster: Cluster) -> None:
    """Under either transport: who holds partitions goes on holding them."""
    readers = {}
    for service in ("reporting", "referral"):
        port = choose(["admin"], {})["admin"]
        readers[port] = pipeline.start(service, admin_port=str(port))
    for port in readers:
        wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready")  # noqa: B023 - asked at once
    broker = server(cluster, "kafka")["pid"]
    os.kill(broker, signal.SIGSTOP)
    try:
        for port in readers:
            wait_for(lambda: (said := answer(port)) and said["reasons"].get("broker"), "it misses its broker")  # noqa: B023
    finally:
        os.kill(broker, signal.SIGCONT)
    for port, reader in readers.items():  # one may stop rather than guess; its supervisor starts it again
        wait_for(lambda: not reader.running or ((said := answer(port)) and said["ready"]), "it is ready again")  # noqa: B023


async def test_not_ready_while_the_relay_is_late(pipeline: Pipeline) -> None:
    """Another session holds the relay's lock: what is accepted waits for the log, and intake says so."""
    port = choose(["admin"], {})["admin"]
    holder = await pipeline.connect()
    await holder.execute("SELECT pg_advisory_lock(7142002)")
    pipeline.start("intake", admin_port=str(port), relay_age_limit_seconds="0.3")
    pipeline.start("reporting")
    wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready")
    pipeline.publish(History(1).events(5))
    late = {"relay": "the relay is late"}
    wait_for(lambda: (said := answer(port)) and said["reasons"] == late, "it says that the relay is late")
    await holder.close()
    wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready again")
    await settled(pipeline)


@pytest.mark.parametrize("service", ["intake", "referral"])
async def test_not_ready_while_a_position_stands_and_there_is_more(pipeline: Pipeline, service: str) -> None:
    """Another session holds the positions: nothing moves, and the service says where. One of either transport."""
    port = choose(["admin"], {})["admin"]
    if service != "intake":
        pipeline.start("intake")
    pipeline.start(service, admin_port=str(port), stands_seconds="2")
    wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready")
    holder = await pipeline.connect()
    async with holder.transaction():
        await holder.execute(f"LOCK TABLE {service}.position IN EXCLUSIVE MODE")
        pipeline.publish(History(1).events(5))
        told = wait_for(lambda: (said := answer(port)) and said["reasons"].get("position"), "it says that it stands")
        assert re.fullmatch(r"[-a-z0-9.]+\[\d\] stands at offset 0 for \d+ s, and there is more to read", told)
    await holder.close()
    wait_for(lambda: (said := answer(port)) and said["ready"], "it is ready again")
