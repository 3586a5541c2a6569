"""Faults of disks: each data volume full, one after the other."""

from contextlib import suppress
from typing import Final

from tests.cluster.container_engine import EngineError
from tests.soak.on_cluster.fault_target import SILENT_SECONDS, FaultTarget, broker
from tests.soak.on_cluster.waiting import hold, wait_until

FULL_SECONDS: Final = 15.0
METRICS: Final = "prometheus"


def fill_a_leader(target: FaultTarget) -> str:
    """Fill the volume of a broker that leads."""
    leader = target.leader()
    volumes, full = target.volumes, broker(leader)
    before = target.deployment.pid(full)
    with volumes.filled(full):
        wait_until(lambda: volumes.refuses(full), f"the volume of {full} is full")

        def is_out() -> bool:
            volumes.fill(full)
            return target.deployment.pid(full) != before or target.has_left(leader)

        seconds = wait_until(is_out, f"{full} is out of sync", 180)
        hold(FULL_SECONDS, lambda: volumes.fill(full))
    return f"{full} gave up {seconds:.0f} s after its volume was full"


def fill_the_primary(target: FaultTarget) -> str:
    """Fill the primary's volume."""
    primary = target.deployment.primary()
    seconds = _without_acknowledgement(target, primary)
    return f"with the volume of {primary} full, intake acknowledged nothing after {seconds:.0f} s"


def fill_the_standby(target: FaultTarget) -> str:
    """Fill the standby's volume."""
    standby = target.standby()
    seconds = _without_acknowledgement(target, standby)
    return f"with the volume of {standby} full, intake acknowledged nothing after {seconds:.0f} s"


def fill_the_metrics(target: FaultTarget) -> str:
    """Fill the volume of Prometheus: nobody waits for it."""
    with target.volumes.filled(METRICS):
        wait_until(lambda: target.volumes.refuses(METRICS), f"the volume of {METRICS} is full")
        target.offices.await_more(200)
    return "with the metrics' volume full, agencies went on"


def _without_acknowledgement(target: FaultTarget, database: str) -> float:
    """Fill a database's volume until intake acknowledges nothing, and hold it; returns the seconds until then."""
    volumes = target.volumes
    acknowledged = target.offices.over_http
    with volumes.filled(database):
        wait_until(lambda: volumes.refuses(database), f"the volume of {database} is full")

        def is_silent() -> bool:
            volumes.fill(database)
            return acknowledged.silence() >= SILENT_SECONDS

        # A new segment of the write-ahead log needs space at once. The primary itself may end with this statement.
        with suppress(EngineError):
            target.deployment.sql("SELECT pg_switch_wal()")
        seconds = wait_until(is_silent, f"nothing is acknowledged with the volume of {database} full", 180)
        hold(FULL_SECONDS, lambda: volumes.fill(database))
    return seconds
