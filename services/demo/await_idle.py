"""Waiting until all services have finished their work."""

import asyncio
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Final

from confluent_kafka import KafkaException

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from schemas.topics import Deployment
from services.console import lag, local_cluster, service_health
from services.console.database import connected
from services.presentation.report_2024_numbers.comparison_with_figures import PERIOD
from services.reporting.read import queries

# Longest wait from the last receipt to complete figures. Usually it takes milliseconds.
COUNT_SECONDS: Final = 60.0
_STEP_SECONDS: Final = 0.05
_SWEEPING: Final = ("referral", "case_tracker")

_SWEEPS: Final = 2
"""Sweeps to wait for. Of two sweeps that ended since a moment, the second began after it."""


class TooLateError(Exception):
    """Receipts are missing, or the services did not finish, within 60 s. The message names what is missing."""


def wait_until_idle(cluster: Cluster, last_n: int) -> None:
    """Wait until all services have finished: nothing left to read, figures complete to `last_n`, deadlines checked.

    Services publish decisions as events, also when only a deadline passes, so two sweeps without a new event are
    awaited. Raises `TooLateError` after 60 s.
    """
    ports = local_cluster.admin_ports(cluster.data_dir)
    deployment = connection_settings.deployment(cluster.data_dir)
    deadline = time.monotonic() + COUNT_SECONDS
    complete_to, behind = 0, list(lag.READS)
    idle: tuple[int, Mapping[str, float]] | None = None
    with lag.GroupLags(connection_settings.admin(cluster.data_dir)) as lags:
        while time.monotonic() < deadline:
            swept = _swept(ports)
            if not swept:
                idle = None
            elif idle is None or all(swept[name] >= idle[1][name] + _SWEEPS for name in _SWEEPING):
                complete_to = asyncio.run(_complete_to(Folder(cluster.data_dir)))
                behind = _behind(lags, deployment)
                finished = complete_to >= last_n and not behind
                if finished and idle is not None and complete_to == idle[0]:
                    return
                idle = (complete_to, swept) if finished and (swept := _swept(ports)) else None
            time.sleep(_STEP_SECONDS)
    late = f"the figures are complete to event {complete_to} of {last_n}; behind: {', '.join(behind) or 'none'}"
    message = (
        f"The services did not finish in {COUNT_SECONDS:.0f} seconds ({late}). "
        "The machine may be too busy: try again when it is less so."
    )
    raise TooLateError(message)


def _swept(ports: Mapping[str, int]) -> Mapping[str, float]:
    """Return the number of finished sweeps for deadlines, by service; nothing if a service does not answer."""
    try:
        return {name: service_health.sweeps(ports[name]) for name in _SWEEPING}
    except (OSError, HTTPException):
        return {}


def _behind(lags: lag.GroupLags, deployment: Deployment) -> list[str]:
    """Return the names of services that have records left to read; all names if the broker does not answer."""
    try:
        return [name for name, reads in lag.READS.items() if lags.of(deployment.group(name), reads(deployment))]
    except KafkaException:
        return list(lag.READS)


async def _complete_to(folder: Folder) -> int:
    async with connected(folder, "officer", "reporting") as connection:
        return (await queries.figures(connection, PERIOD, (), ())).complete_to
