"""The settings that each service takes from the environment of a command that starts it.

Services are started by one command, from one environment, and each refuses a setting that it does not have.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from infra.local.settings import for_service, inherited
from services.console.say import wrong
from services.runtime.settings import FOREIGN, PREFIX, DatabaseSettings

SERVICES: Final = ("intake", "referral", "case_tracker", "reporting", "web")

# Read by commands alone.
_OF_COMMANDS: Final = FOREIGN | {"ATIPS_DISCLOSURE_FILE"}

# Addresses and credentials come from the data folder, or name the servers that others run.
_OF_THE_CLUSTER: Final = ("ATIPS_KAFKA_", "ATIPS_POSTGRES_")


def taken(service: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the variables of an environment that set something in a service.

    The service's settings are imported only when a variable may be one: most people set none.
    """
    asked = _asked(environment)
    return tuple(sorted(asked & _names(service))) if asked else ()


def environment_of(service: str) -> dict[str, str]:
    """Give a process of a service our environment, without the settings that the service does not have."""
    ours = inherited()
    return for_service(ours, taken(service, ours))


def taken_by_migration(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the variables of an environment that set something in the step that makes the services' tables."""
    return tuple(sorted(_asked(environment) & DatabaseSettings.names()))


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Leave with 2 for a variable of ours that nothing reads: a misspelt setting would be a silent default."""
    asked = _asked(environment)
    unknown = sorted(asked.difference(*map(_names, SERVICES))) if asked else []
    if unknown:
        wrong(f"{', '.join(unknown)}: no service has a setting of this name. The list: docs/limits.md")


def _asked(environment: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        name
        for name in environment
        if name.startswith(PREFIX) and not name.startswith(_OF_THE_CLUSTER) and name not in _OF_COMMANDS
    )


def _names(service: str) -> frozenset[str]:
    found: frozenset[str] = import_module(f"services.{service}.settings").Settings.names()
    return found
