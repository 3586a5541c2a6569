"""The ATIPS_* settings that each service gets from the environment of the command that starts it.

One command starts several services from one environment, and each service refuses a setting that it does not have.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from infra.local.environment_variables import for_service, inherited
from services.console.output import fail_wrong_usage
from services.runtime.settings import FOREIGN, PREFIX, DatabaseSettings

SERVICES: Final = ("intake", "referral", "case_tracker", "reporting", "web")

# Variables that only commands read.
_OF_COMMANDS: Final = FOREIGN | {"ATIPS_DISCLOSURE_FILE"}

# Prefixes of addresses and credentials: they come from the data folder, or name existing servers.
_OF_THE_CLUSTER: Final = ("ATIPS_KAFKA_", "ATIPS_POSTGRES_")


def settings_names_of(service: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sorted names of the environment's variables that are settings of a service.

    The service's settings are imported only if a variable may be one, as the import takes time.
    """
    asked = _asked(environment)
    return tuple(sorted(asked & _names(service))) if asked else ()


def environment_of(service: str) -> dict[str, str]:
    """Return this process's environment without the settings that the service does not have."""
    ours = inherited()
    return for_service(ours, settings_names_of(service, ours))


def migration_settings_names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sorted names of the environment's variables that are settings of the migration step."""
    return tuple(sorted(_asked(environment) & DatabaseSettings.names()))


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Exit with 2 for an ATIPS_* variable that no service reads: a misspelt setting would be ignored silently."""
    asked = _asked(environment)
    unknown = sorted(asked.difference(*map(_names, SERVICES))) if asked else []
    if unknown:
        fail_wrong_usage(f"{', '.join(unknown)}: no service has a setting of this name. The list: docs/limits.md")


def _asked(environment: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        name
        for name in environment
        if name.startswith(PREFIX) and not name.startswith(_OF_THE_CLUSTER) and name not in _OF_COMMANDS
    )


def _names(service: str) -> frozenset[str]:
    found: frozenset[str] = import_module(f"services.{service}.settings").Settings.names()
    return found
