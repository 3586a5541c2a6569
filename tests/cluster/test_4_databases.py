"""The primary is lost and the standby promoted: nothing acknowledged is lost. The time that it takes is printed."""

import asyncio
import time
from typing import Final

import pytest

from services.client.receipt_and_errors import Later
from tests.cluster.checkers import broken, settled
from tests.cluster.container_engine import say
from tests.cluster.delays import measured
from tests.cluster.deployment import DATABASES, PROCESSES, Deployment, wait_for
from tests.cluster.publishing import Offices
from tests.cluster.replicas import has_both_copies

RECOVERY_SECONDS: Final = 30.0
BEFORE, AFTER = 20, 100


def test_the_primary_s_processes_die_and_come_back(deployment: Deployment, offices: Offices) -> None:
    with measured(deployment, offices, "the primary is killed and starts again") as delays:
        offices.await_more(BEFORE)
        deployment.kill(deployment.primary())
        offices.await_more(AFTER)
    assert delays.worst < RECOVERY_SECONDS
    wait_for(lambda: has_both_copies(deployment), "both databases have each commit", 60)
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []


def test_the_standby_is_promoted(deployment: Deployment, offices: Offices) -> None:
    lost = deployment.primary()
    (standby,) = (each for each in DATABASES if each != lost)
    with measured(deployment, offices, f"{lost} is lost, {standby} is promoted at once") as delays:
        offices.await_more(BEFORE)
        began = time.monotonic()
        deployment.lose(lost)
        deployment.execute(standby, "database", "promote")
        promoted = time.monotonic() - began
        offices.await_more(1)
        say(f"RTO: promoted after {promoted:.1f} s, first acknowledgement after {time.monotonic() - began:.1f} s")
        offices.await_more(AFTER)
    assert delays.worst < RECOVERY_SECONDS
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []
    say(f"RPO: 0 of {len(offices.acknowledged())} acknowledged events are missing")
    deployment.start(lost)
    deployment.await_ready(PROCESSES)
    wait_for(lambda: deployment.execute(lost, "database", "role", check=False).strip() == "standby", "it follows", 120)
    deployment.execute(standby, "database", "protect")
    wait_for(lambda: has_both_copies(deployment), "both databases have each commit", 60)
    offices.post(5)


def test_without_the_standby_nothing_is_acknowledged(deployment: Deployment, offices: Offices) -> None:
    """Nobody is promised what lies on one database alone."""
    (standby,) = (each for each in DATABASES if each != deployment.primary())
    agency, raw = next(offices.history().events(1))
    deployment.lose(standby)
    with pytest.raises(Later):
        offices.offices[agency].submit(raw, 0)
    deployment.start(standby)
    assert offices.offices[agency].submit(raw).status in {"accepted", "duplicate"}
    offices.over_http.note(raw)
    asyncio.run(settled(deployment, offices))
    assert asyncio.run(broken(deployment, offices)) == []
