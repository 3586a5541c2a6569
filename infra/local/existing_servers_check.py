"""The check of existing servers: their needs, and what provisioning would change. The check itself changes nothing.

It uses the comparisons of provisioning: `infra.local.provision` has what is wanted, `infra.kafka` and
`infra.postgres` return the differences.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import asyncpg
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from infra.check_row import Check, CheckState
from infra.kafka import cluster_difference, quotas, rights, topics
from infra.kafka import server_requirements as kafka_needs
from infra.kafka.rights import ProvisionError
from infra.local import connection_settings
from infra.local.provision import passwords_kept, users_to_set, wanted_on_kafka
from infra.postgres import provision_dry_run, roles
from infra.postgres import server_requirements as postgres_needs
from schemas.agencies import PUBLISHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infra.local.data_folder import Folder
    from infra.postgres.provision_dry_run import DatabaseChange

_HOW: Final = {"new": "to make", "other": "to change", "gone": "to take away"}
BLOCKING: Final = frozenset({"version", "administrator", "primary", "authorizer", "features"})
"""Subjects of needs without which the servers cannot be asked what provisioning would change."""


def kafka(folder: Folder, state: dict[str, Any]) -> Iterator[Check]:
    """Check the Kafka cluster that `state` (content of state.json) names, and yield a row for each checked item.

    If it does not answer, the last row says so. Changes are compared only if no requirement of `BLOCKING` is missing.
    """
    settings = connection_settings.admin_of(state)
    admin = AdminClient({**settings, "log_level": 0})
    try:
        found = list(kafka_needs.checks(kafka_needs.read(admin, settings), state["kafka"]["existing"]["replication"]))
        yield from found
        if not _blocks(found):
            yield from cluster_difference.checks(_on_kafka(admin, folder, state))
    except KafkaException as error:
        text = f"{state['kafka']['existing']['admin_bootstrap']} does not answer: {error.args[0].name()}"
        yield Check(kafka_needs.SERVER, "reached", CheckState.MISSING, text)
    except ProvisionError as error:
        yield Check(kafka_needs.SERVER, "reached", CheckState.MISSING, str(error))


def _on_kafka(admin: AdminClient, folder: Folder, state: dict[str, Any]) -> cluster_difference.ClusterDifference:
    wanted, existing = wanted_on_kafka(folder, state), rights.existing_access(admin)
    present = quotas.existing(connection_settings.admin_of(state), sorted({each.kind for each in wanted.quotas}))
    return cluster_difference.ClusterDifference(
        topics=topics.compare(wanted.specs, topics.read(admin, [spec.name for spec in wanted.specs])),
        users=users_to_set(admin, folder, state, wanted),
        former=frozenset(right for right in existing if right.principal in wanted.former),
        rights=rights.compare(existing, wanted.rights, wanted.deployment),
        quotas=quotas.compare(present, wanted.quotas),
    )


def database(folder: Folder, state: dict[str, Any]) -> Iterator[Check]:
    """Check the database server that `state` (content of state.json) names, and yield a row for each checked item.

    If it does not answer, the last row says so. Changes are compared only if no requirement of `BLOCKING` is missing.
    """
    dsn = Path(state["postgres"]["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    name = state["postgres"]["database"]
    try:
        found = list(postgres_needs.checks(asyncio.run(_facts(dsn)), time.time()))
        yield from found
        if not _blocks(found):
            yield from _in_database(dsn, name, folder, state)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield Check(postgres_needs.SERVER, "reached", CheckState.MISSING, f"it does not answer: {type(error).__name__}")


async def _facts(dsn: str) -> postgres_needs.DatabaseFacts:
    server = await asyncpg.connect(dsn)
    try:
        return await postgres_needs.read(server, (*roles.ROLES, *map(roles.login_of, PUBLISHING)))
    finally:
        await server.close()


def _in_database(dsn: str, name: str, folder: Folder, state: dict[str, Any]) -> Iterator[Check]:
    passwords, agencies = passwords_kept(folder, state)
    found = asyncio.run(provision_dry_run.rehearse(dsn, name, passwords, agencies))
    yield from grouped(found)
    is_new = any((each.kind, each.how) == ("database", "new") for each in found)
    if not is_new and not folder.read_state():
        text = (
            f"the database {name} is there already, and this data folder is new: its agencies' keys would open nothing"
            " any more. Bring the data folder back from its backup, or give another --deployment"
        )
        yield Check(postgres_needs.SERVER, "data folder", CheckState.MISSING, text)


def grouped(found: Iterable[DatabaseChange]) -> Iterator[Check]:
    """Yield a row for each kind of change, with the names of the changed things."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for each in found:
        kinds.setdefault((each.kind, each.how), []).append(each.name)
    for (kind, how), names in kinds.items():
        text = cluster_difference.listed(names, _HOW[how])
        yield Check(postgres_needs.SERVER, kind, CheckState.CHANGE, text)


def _blocks(found: Iterable[Check]) -> bool:
    return any(each.state is CheckState.MISSING and each.subject in BLOCKING for each in found)
