"""Faults of a container's network, made inside its network namespace: lost packets, a slow link, late answers.

nftables drops packets and `tbf` slows a link. Answers are delayed by a proxy of our own in front of a port, so that a
kernel without `netem` will do.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from tests.cluster.container_engine import EngineError
from tests.cluster.deployment import ROOT, Deployment
from tests.soak.on_cluster.waiting import hold

TABLE: Final = "atips_soak"
PROXY_PORT_OFFSET: Final = 10_000
"""The proxy of a port listens at the port plus this."""
_RESET_SECONDS: Final = 2.0
_COMMAND_SECONDS: Final = 60.0

Count = Callable[[], int]
"""Return how many packets, or connections, a fault has met so far."""


def inside(deployment: Deployment, service: str, *command: str, check: bool = True) -> str:
    """Run a program of this machine in the network of a container; returns its output. Raises `EngineError`."""
    target = str(deployment.pid(service))
    done = deployment.engine.run(
        ["nsenter", "--net", "--target", target, *command], check=check, seconds=_COMMAND_SECONDS
    )
    return done.stdout


def clear(deployment: Deployment, service: str) -> None:
    """Take away the rules of every fault in a container's network; nothing happens if there are none."""
    if deployment.pid(service) > 0:
        inside(deployment, service, "nft", "delete", "table", "ip", TABLE, check=False)
        for link in _links(deployment, service):
            inside(deployment, service, "tc", "qdisc", "del", "dev", link, "root", check=False)


def sent_by(addresses: Iterable[str]) -> str:
    """Return the match of nftables for packets that come from one of the addresses.

    >>> sent_by(["10.89.0.2", "10.89.1.2"])
    'ip saddr { 10.89.0.2, 10.89.1.2 }'
    """
    return f"ip saddr {{ {', '.join(addresses)} }}"


def drop_rules(chain: str, match: str) -> str:
    """Return nft's commands that drop and count the packets that match in the chain `input` or `output`."""
    return (
        f"add table ip {TABLE}; add counter ip {TABLE} dropped; "
        f"add chain ip {TABLE} {chain} {{ type filter hook {chain} priority -300; policy accept; }}; "
        f"add rule ip {TABLE} {chain} {match} counter name dropped drop"
    )


def packets_in(text: str) -> int:
    """Return the sum of the packets in the counters that nft lists."""
    return sum(map(int, re.findall(r"packets (\d+)", text)))


@contextmanager
def dropping(deployment: Deployment, service: str, match: str, chain: str = "input") -> Iterator[Count]:
    """Drop the packets that match, while the body runs. `match`: of nftables, such as `tcp dport 5432`."""
    inside(deployment, service, "nft", drop_rules(chain, match))
    try:
        yield lambda: _counted(deployment, service)
    finally:
        clear(deployment, service)


@contextmanager
def slowed(deployment: Deployment, service: str, rate: str) -> Iterator[Count]:
    """Send no more than `rate` (of tc, such as `256kbit`) over each link of the container, while the body runs."""
    links = _links(deployment, service)
    if not links:
        message = f"{service} has no link"
        raise EngineError(message)
    limit = ("tbf", "rate", rate, "burst", "4kb", "latency", "1s")

    def count() -> int:
        said = inside(deployment, service, "tc", "-s", "qdisc", "show", check=False)
        return sum(map(int, re.findall(r"overlimits (\d+)", said)))

    try:
        for link in links:
            inside(deployment, service, "tc", "qdisc", "add", "dev", link, "root", *limit)
        yield count
    finally:
        clear(deployment, service)


@contextmanager
def delayed(deployment: Deployment, service: str, port: int, seconds: float) -> Iterator[Count]:
    """Delay every byte that goes into a port and that comes back by so many seconds, while the body runs.

    Connections that are there already are reset when they are used next, so that their clients open new ones.
    """
    place = str(port + PROXY_PORT_OFFSET)
    command = ("-m", "tests.soak.on_cluster.delaying_proxy", place, deployment.addresses(service)[0], str(port))
    process = subprocess.Popen(
        ["nsenter", "--net", "--target", str(deployment.pid(service)), sys.executable, *command, str(seconds)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdout is None or process.stdout.readline() != "listening\n":
            message = f"the proxy before port {port} of {service} does not listen"
            raise EngineError(message)
        inside(deployment, service, "nft", _reset_rules(port))
        hold(_RESET_SECONDS)
        inside(deployment, service, "nft", _redirect_rules(port))
        yield lambda: _counted(deployment, service)
    finally:
        # First the proxy: its last packets, which end the connections, need the rule that turns them back.
        process.kill()
        process.wait()
        hold(_RESET_SECONDS)
        clear(deployment, service)
        if process.stdout is not None:
            process.stdout.close()


def _reset_rules(port: int) -> str:
    return (
        f"add table ip {TABLE}; "
        f"add chain ip {TABLE} refusing {{ type filter hook input priority -300; policy accept; }}; "
        f"add rule ip {TABLE} refusing tcp dport {port} reject with tcp reset"
    )


def _redirect_rules(port: int) -> str:
    return (
        f"flush chain ip {TABLE} refusing; add counter ip {TABLE} redirected; "
        f"add chain ip {TABLE} turned {{ type nat hook prerouting priority -100; policy accept; }}; "
        f"add rule ip {TABLE} turned tcp dport {port} counter name redirected redirect to :{port + PROXY_PORT_OFFSET}"
    )


def _counted(deployment: Deployment, service: str) -> int:
    return packets_in(inside(deployment, service, "nft", "list", "table", "ip", TABLE, check=False))


def _links(deployment: Deployment, service: str) -> list[str]:
    """Return the names of the container's links to its networks, such as `eth0`."""
    said = inside(deployment, service, "ip", "-o", "link", check=False)
    return re.findall(r"^\d+: (\w+)@", said, flags=re.MULTILINE)
