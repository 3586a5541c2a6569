"""Start a deployment whose volumes can be filled and whose clocks can be set, soak it, and remove all of it again."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from types import MappingProxyType
from typing import Final

from rich.console import Console

from tests.cluster.container_engine import Engine, say
from tests.cluster.deployment import COMPOSE, ROOT, RUNNING, Deployment, started
from tests.cluster.publishing import Offices
from tests.soak.on_cluster import compose_file, service_clocks
from tests.soak.on_cluster.fault_target import FaultTarget
from tests.soak.on_cluster.fillable_volumes import PLACES, DataVolumes
from tests.soak.on_cluster.run import ClusterSoak
from tests.soak.on_cluster.service_clocks import ServiceClocks

FOLDER: Final = ROOT / "build" / "soak"
PROGRAMS: Final = MappingProxyType(
    {"nft": "nftables", "tc": "iproute2", "nsenter": "util-linux", "mkfs.ext4": "e2fsprogs"}
)
"""Programs that faults need, each with Debian's package."""


def soak_cluster(minutes: float, seed: int, names: Sequence[str], console: Console) -> list[str]:
    """Try faults on a deployment for so many minutes, print what was seen, and return what is wrong."""
    engine = Engine.ready(PROGRAMS)
    say(f"seed {seed}, {minutes:g} minutes of {', '.join(names)}")
    with _deployed(engine) as (deployment, volumes, clocks):
        offices = Offices.of(deployment)
        try:
            target = FaultTarget(deployment, offices, volumes, clocks, Random(f"targets of {seed}"))
            soak = ClusterSoak(target, names, seed)
            broken = soak.run(minutes)
        finally:
            offices.close()
        console.print(soak.table())
    return broken


@contextmanager
def _deployed(engine: Engine) -> Iterator[tuple[Deployment, DataVolumes, ServiceClocks]]:
    """Start everything, and remove it at the end, unless ATIPS_CLUSTER_RUNNING says that it stays (see `started`)."""
    file = FOLDER / "compose.yaml"
    deployment = Deployment(engine, str(file))
    volumes, clocks = DataVolumes(FOLDER / "volumes"), ServiceClocks(FOLDER / "clocks")
    kept = RUNNING in os.environ
    if not (kept and deployment.left()):
        deployment.remove()
        volumes.make()
        clocks.make()
        file.write_text(_compose_text(volumes, clocks), encoding="utf-8")
    try:
        with started(deployment):
            yield deployment, volumes, clocks
    finally:
        if not kept:
            volumes.remove()


def _compose_text(volumes: DataVolumes, clocks: ServiceClocks) -> str:
    mounted = {service: (volumes.place(service), PLACES[service]) for service in PLACES}
    set_by = {copy: clocks.place(copy) for copy in service_clocks.COPIES}
    return compose_file.with_places((ROOT / COMPOSE).read_text(encoding="utf-8"), mounted, set_by)
