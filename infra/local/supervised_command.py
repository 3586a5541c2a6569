"""A command for the cluster to run: a step before the services, or a service."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Command:
    """A process that the supervisor runs with the environment of a principal on Kafka and a role on PostgreSQL.

    In `StartPlan.prepare` it runs once, when the database is ready, and the start fails where it fails. As a service it
    is started again whenever it ends. `environment` is added to the variables of `connection_settings.environment`.
    `settings`: names of ATIPS_* variables that it takes from the environment in which the cluster is started.

    When root starts the cluster it runs as a user of its own (`infra.local.process_users`). With `as_starter` it runs
    as root, because it needs the whole data folder.
    """

    name: str
    argv: tuple[str, ...]
    principal: str | None = None
    role: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    as_starter: bool = False

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that it opens: the values of its variables that end in `_PORT`."""
        return tuple(int(value) for name, value in self.environment.items() if name.endswith("_PORT"))

    def to_plain(self) -> dict[str, Any]:
        """Return the command as JSON-ready values, for the pipe to the supervisor."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Command:
        """Make the command from the values that `to_plain` returned."""
        return cls(**{**plain, "argv": tuple(plain["argv"]), "settings": tuple(plain["settings"])})
