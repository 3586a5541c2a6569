"""Waiting until all services have finished their work."""

import asyncio
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Final

from confluent_kafka import KafkaException

from infra.local.cluster import Cluster
from infra.local.folder import Folder
from services.console import lag, local_cluster, service_health
from services.console.database import connected
from services.presentation.printed_numbers.comparison_with_figures import PERIOD
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
    deadline = time.monotonic() + COUNT_SECONDS
    before: tuple[int, dict[str, float]] | None = None
    while True:
        behind = _behind(cluster)
        complete_to = asyncio.run(_complete_to(Folder(cluster.data_dir)))
        swept = _swept(ports)
        if swept is None or behind or complete_to < last_n:
            before = None
        elif before is None or complete_to != before[0]:
            before = (complete_to, swept)
        elif all(swept[name] >= before[1][name] + _SWEEPS for name in _SWEEPING):
            return
        if time.monotonic() > deadline:
            late = f"the figures are complete to event {complete_to} of {last_n}; behind: {', '.join(behind) or 'none'}"
            message = (
                f"The services did not finish in {COUNT_SECONDS:.0f} seconds ({late}). "
                "The machine may be too busy: try again when it is less so."
            )
            raise TooLateError(message)
        time.sleep(_STEP_SECONDS)


def _swept(ports: Mapping[str, int]) -> dict[str, float] | None:
    """Return the number of finished sweeps for deadlines, by service; None if a service does not answer."""
    try:
        return {name: service_health.sweeps(ports[name]) for name in _SWEEPING}
    except (OSError, HTTPException):
        return None


def _behind(cluster: Cluster) -> list[str]:
    """Return the names of services that have records left to read; all names if the broker does not answer."""
    try:
        return [name for name in lag.READS if lag.lag(cluster, name)]
    except KafkaException:
        return list(lag.READS)


async def _complete_to(folder: Folder) -> int:
    async with connected(folder, "officer", "reporting") as connection:
        return (await queries.figures(connection, PERIOD, (), ())).complete_to
