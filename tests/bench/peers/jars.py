"""The peers' jars: exactly those of `peers.lock`, each group a class path of its own, fetched when first asked for."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from infra.local import jars

COMPILER: Final = "compiler"
LOG: Final = "org.slf4j:slf4j-simple:1.7.36"
_POSTGRESQL: Final = "org.postgresql:postgresql:42.7.14"
_FLINK: Final = (
    *("annotations", "cep", "clients", "connector-base", "connector-datagen", "connector-files", "core", "core-api"),
    *("datastream", "datastream-api", "file-sink-common", "hadoop-fs", "json", "metrics-core"),
    *("queryable-state-client-java", "rpc-akka-loader", "rpc-core", "runtime", "streaming-java"),
    *("table-api-bridge-base", "table-api-java", "table-api-java-bridge", "table-common", "table-planner-loader"),
    "table-runtime",
)
"""All named, so that they are of one version: the connectors name others."""
ROOTS: Final[Mapping[str, Sequence[str]]] = {
    COMPILER: ("org.eclipse.jdt:ecj:3.43.0",),  # the bundled Java has none
    "kafka_streams": ("org.apache.kafka:kafka-streams:4.3.1", LOG),
    "flink_sql": (
        *(f"org.apache.flink:flink-{module}:2.2.0" for module in _FLINK),
        "org.apache.flink:flink-connector-kafka:5.0.0-2.2",
        "org.apache.flink:flink-connector-jdbc-core:4.0.0-2.0",
        "org.apache.flink:flink-connector-jdbc-postgres:4.0.0-2.0",
        _POSTGRESQL,
        LOG,
    ),
    "debezium": (
        *(f"org.apache.kafka:connect-{module}:4.3.1" for module in ("api", "json", "runtime", "transforms")),
        "org.apache.kafka:kafka-clients:4.3.1",
        *(f"com.fasterxml.jackson.core:jackson-{module}" for module in ("core:2.21.2", "databind:2.21.2")),
        "com.fasterxml.jackson.core:jackson-annotations:2.21",
        "io.debezium:debezium-connector-jdbc:3.5.0.Final",
        _POSTGRESQL,
        LOG,
    ),
}
_OTHERS: Final = ("com.microsoft.sqlserver", "com.mysql", "com.oracle.database.jdbc", "org.mariadb.jdbc")
"""Drivers of databases that we do not have."""
LOCK: Final = Path(__file__).with_name("peers.lock")


def ensure(group: str) -> tuple[Path, ...]:
    """Give the class path of a peer; `JarError` says which jar cannot be had as locked."""
    into = Path(sys.prefix) / "share" / "atips" / "peers"
    return jars.ensure((group,), into=into, lock=LOCK, known=ROOTS.keys())


if __name__ == "__main__":
    wanted = [jar for jar in jars.resolved(ROOTS) if not jar.coordinate.startswith(_OTHERS)]
    jars.write_lock(LOCK, wanted, "tests.bench.peers.jars")
