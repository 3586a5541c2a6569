"""Faults of the two databases: the primary killed, frozen, replaced by the standby; the standby away."""

import time
from typing import Final

from tests.cluster.deployment import PROCESSES
from tests.cluster.replicas import has_both_copies
from tests.soak.on_cluster.fault_target import FaultTarget
from tests.soak.on_cluster.waiting import hold, wait_until

FOLLOW_SECONDS: Final = 240.0
FROZEN_SECONDS: Final = 25.0
AWAY_SECONDS: Final = 15.0


def kill_the_primary(target: FaultTarget) -> str:
    """Kill the primary's first process; the database recovers from its log."""
    primary = target.deployment.primary()
    before = target.deployment.pid(primary)
    target.deployment.kill(primary)
    target.await_pid(primary, before)
    return f"{primary} was killed and recovered"


def freeze_the_primary(target: FaultTarget) -> str:
    """Stop every process of the primary, without ending any."""
    primary = target.deployment.primary()
    target.deployment.pause(primary)
    try:
        target.await_silence_over_http()
        hold(FROZEN_SECONDS)
    finally:
        target.deployment.resume(primary)
    return f"while {primary} was frozen, intake acknowledged nothing"


def promote_the_standby(target: FaultTarget) -> str:
    """Lose the primary while batches are in flight, promote the standby, and take the old primary back as standby."""
    deployment = target.deployment
    lost, standby = deployment.primary(), target.standby()
    began = time.monotonic()
    deployment.lose(lost)
    deployment.execute(standby, "database", "promote")
    promoted = time.monotonic() - began
    target.offices.await_more(1)
    acknowledged = time.monotonic() - began
    target.offices.await_more(100)
    assert deployment.primary() == standby
    deployment.start(lost)
    deployment.await_ready(PROCESSES)
    wait_until(
        lambda: deployment.execute(lost, "database", "role", check=False).strip() == "standby",
        f"{lost} follows",
        FOLLOW_SECONDS,
    )
    deployment.execute(standby, "database", "protect")
    wait_until(lambda: has_both_copies(deployment), "both databases have each commit", FOLLOW_SECONDS)
    return f"{standby} promoted after {promoted:.1f} s, next acknowledgement after {acknowledged:.1f} s"


def lose_the_standby(target: FaultTarget) -> str:
    """Stop the standby: what one database alone has is not acknowledged."""
    standby = target.standby()
    target.deployment.lose(standby)
    try:
        target.await_silence_over_http()
        before = len(target.offices.over_http)
        hold(AWAY_SECONDS)
        acknowledged = len(target.offices.over_http) - before
    finally:
        target.deployment.start(standby)
    assert acknowledged == 0, f"{acknowledged} events were acknowledged by one database"
    return f"without {standby} intake acknowledged nothing"
