"""The plan of a cluster, sent to its supervisor through a pipe and never on a command line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.environment_variables import ExistingKafka
from infra.local.supervised_command import Command
from schemas.topics import Deployment

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class StartPlan:
    """Values with which a supervisor starts a cluster.

    `prepare`: commands that need only the database, because the broker may not run yet. `parent`: process with whose
    end an `attached` cluster ends.
    """

    data_dir: Path
    deployment: Deployment
    attached: bool
    throwaway: bool
    parent: int
    prepare: tuple[Command, ...] = ()
    services: tuple[Command, ...] = ()
    existing_kafka: ExistingKafka | None = None
    existing_postgres: Path | None = None
    broker: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Write the plan as one line of JSON."""
        plain = {
            "data_dir": str(self.data_dir),
            "deployment": deployment_to_plain(self.deployment),
            "attached": self.attached,
            "throwaway": self.throwaway,
            "parent": self.parent,
            "prepare": [command.to_plain() for command in self.prepare],
            "services": [command.to_plain() for command in self.services],
            "existing_kafka": self.existing_kafka.to_plain() if self.existing_kafka else None,
            "broker": dict(self.broker),
            "existing_postgres": str(self.existing_postgres) if self.existing_postgres else None,
        }
        return json.dumps(plain)

    @classmethod
    def from_json(cls, line: str) -> StartPlan:
        """Make the plan from the line that `to_json` returned."""
        plain = json.loads(line)
        return cls(
            data_dir=Path(plain["data_dir"]),
            deployment=deployment_from_plain(plain["deployment"]),
            attached=plain["attached"],
            throwaway=plain["throwaway"],
            parent=plain["parent"],
            prepare=tuple(map(Command.from_plain, plain["prepare"])),
            services=tuple(map(Command.from_plain, plain["services"])),
            existing_kafka=ExistingKafka.from_plain(plain["existing_kafka"]) if plain["existing_kafka"] else None,
            broker=plain["broker"],
            existing_postgres=Path(plain["existing_postgres"]) if plain["existing_postgres"] else None,
        )


def deployment_to_plain(deployment: Deployment) -> dict[str, Any]:
    """Return the deployment as JSON-ready values, for the pipe and for state.json."""
    return {
        "name": deployment.name,
        "partitions": deployment.partitions,
        "agencies": list(deployment.agencies),
        "generation": deployment.generation,
    }


def deployment_from_plain(plain: Mapping[str, Any]) -> Deployment:
    """Make the deployment from the values that `deployment_to_plain` returned."""
    generation = plain.get("generation", 1)  # what was written before there were generations has none
    return Deployment(plain["name"], plain["partitions"], tuple(plain["agencies"]), generation=generation)
