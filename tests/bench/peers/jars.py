"""The peers' jars: exactly those of `peers.lock`, each group a class path of its own, fetched when first asked for."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from infra.local import jars

COMPILER: Final = "compiler"
LOG: Final = "org.slf4j:slf4j-simple:1.7.36"
ROOTS: Final[Mapping[str, Sequence[str]]] = {
    COMPILER: ("org.eclipse.jdt:ecj:3.43.0",),  # the bundled Java has none
    "kafka_streams": ("org.apache.kafka:kafka-streams:4.3.1", LOG),
}
LOCK: Final = Path(__file__).with_name("peers.lock")


def ensure(group: str) -> tuple[Path, ...]:
    """Give the class path of a peer; `JarError` says which jar cannot be had as locked."""
    into = Path(sys.prefix) / "share" / "atips" / "peers"
    return jars.ensure((group,), into=into, lock=LOCK, known=ROOTS.keys())


if __name__ == "__main__":
    jars.write_lock(LOCK, jars.resolved(ROOTS), "tests.bench.peers.jars")
