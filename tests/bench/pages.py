"""Cost of open pages on a running cluster: memory, time of a page, time until a page is told of an event.

Only a folder of invented data is taken, such as the demonstration's: events are published into it.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, Final

import httpx2
from uuid6 import uuid7

from infra.local.data_folder import Folder
from services.console import local_cluster, users
from services.console.agency_connection import office
from services.console.publish.kafka_publishing import InboundTopic
from services.sheet.json_lines import FileLine
from services.web.domain.account_rules import Account
from services.web.domain.roles import Role

OPEN: Final = 200
"""Pages that are open at once. Each holds a stream of events."""
_PATHS: Final = ("/", "/figures", "/figures/M1", "/measures", "/grid", "/findings", "/prevention")
_CACHED: Final = 30
_NEW: Final = tuple(f"20{year}-{month:02}" for year in (19, 20) for month in range(1, 13))
"""Periods for which nobody asked before: their answers are in no cache."""
_TOLD: Final = 7
_MEMBER: Final = Account("bench-member", Role.M_AND_E, "sib")
_EXAMPLE: Final = "schemas/examples/bz.atips.training.session_delivered.v1.json"
_AGENCY: Final = "nopcan"
_SECONDS: Final = 60.0


class NotInventedError(Exception):
    """The folder may hold true data."""


def pages(data_dir: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure the pages of the cluster that runs in a folder. Raises `NotInventedError`."""
    if not Folder(data_dir).synthetic.exists():
        raise NotInventedError
    before = os.getloadavg()[0]
    with signed_in(data_dir) as client, ExitStack() as stack:
        say(f"{OPEN} live pages are opened")
        for _ in range(OPEN - 1):
            stack.enter_context(stream(client))
        own = stack.enter_context(stream(client))
        say("pages that nobody asked for before")
        first = [_milliseconds(client, f"{path}?period={period}") for path in _PATHS[1:] for period in _NEW[:12]]
        say("pages that were asked for before")
        for path in _PATHS:
            client.get(path)
        cached = [_milliseconds(client, path) for _ in range(_CACHED) for path in _PATHS]
        memory = _memory(data_dir)
        say("events over Kafka until an open page is told")
        told = list(seconds_until_told(data_dir, client, own))
    return {
        "open_pages": OPEN,
        "memory_mb": round(memory / 1e6, 1),
        "cached_ms": _spread(cached),
        "first_asker_ms": _spread(first),
        "told_seconds": _spread(told, digits=2),
        "load_before_and_after": [round(each, 1) for each in (before, os.getloadavg()[0])],
    }


@contextmanager
def signed_in(data_dir: Path) -> Iterator[httpx2.Client]:
    """Give a client in which a member of the M&E committee is signed in."""
    link = users.add_or_reset_account(data_dir, _MEMBER)
    base = link.partition("/link/")[0]
    with httpx2.Client(
        base_url=base,
        headers={"origin": base},
        timeout=_SECONDS,
        limits=httpx2.Limits(max_connections=OPEN + 10),
        trust_env=False,
    ) as client:
        client.post(link)  # answers with the session and the address of the home page
        yield client


@contextmanager
def stream(client: httpx2.Client) -> Iterator[Iterator[str]]:
    """Open a live page's stream; gives its lines, the first of which has come."""
    with client.stream("GET", "/live") as answer:
        lines = answer.iter_lines()
        next(lines)
        yield lines


def _milliseconds(client: httpx2.Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path).raise_for_status()
    return (time.perf_counter() - began) * 1000


def _memory(data_dir: Path) -> int:
    """Give the resident memory of the process of the pages, without that of the charts."""
    [web] = [
        each["pid"] for each in local_cluster.running_cluster(data_dir).status()["services"] if each["name"] == "web"
    ]
    status = Path(f"/proc/{web}/status").read_text(encoding="ascii")
    [kib] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(kib) * 1024


def seconds_until_told(data_dir: Path, client: httpx2.Client, lines: Iterator[str]) -> Iterator[float]:
    """Yield the seconds from the publishing of an event to the message on an open page that it counts."""
    config, deployment = office(data_dir, _AGENCY).kafka()
    event = json.loads(Path(_EXAMPLE).read_text(encoding="utf-8"))
    with closing(InboundTopic(config, deployment, _AGENCY, timeout=_SECONDS)) as topic:
        for _ in range(_TOLD):
            known = client.get("/v1/status").json()["complete_to"]
            line = FileLine(1, json.dumps(event | {"id": str(uuid7())}).encode())
            began = time.perf_counter()
            sending = Thread(target=lambda line=line: list(topic.publish([line])))
            sending.start()
            while _complete_to(next(lines)) <= known:
                continue
            yield time.perf_counter() - began
            sending.join()


def _complete_to(line: str) -> int:
    """Give the event to which a message says that the figures are complete; 0 for a line between messages."""
    return int(json.loads(line.removeprefix("data: "))["complete_to"]) if line.startswith("data: ") else 0


def _spread(found: list[float], digits: int = 1) -> dict[str, float]:
    ordered = sorted(found)
    return {
        "median": round(median(ordered), digits),
        "p95": round(ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)], digits),
        "most": round(ordered[-1], digits),
    }
