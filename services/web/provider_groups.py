"""The table of the provider's groups: role and agency of each group's members."""

from pathlib import Path

import yaml

from schemas.agencies import AGENCIES
from services.runtime.errors import Halt
from services.web.domain.provider_sign_in_rules import Grant
from services.web.domain.roles import Role


def groups(file: Path) -> dict[str, Grant]:
    """Read a YAML file with the table `groups`: role and agency by name of the provider's group.

    Raises `Halt` if the file cannot be read, the table is missing or empty, or a role or agency is unknown.
    """
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        msg = f"{file.name} cannot be read ({type(error).__name__}), so nobody could sign in. Mend it and start again."
        raise Halt(msg) from None
    rows = read.get("groups") if isinstance(read, dict) else None
    if not isinstance(rows, dict) or not rows:
        msg = f"{file.name} has no table `groups`, so nobody could sign in. Name a role and an agency for each group."
        raise Halt(msg)
    return {str(group): _grant(file.name, str(group), row) for group, row in rows.items()}


def _grant(file: str, group: str, row: object) -> Grant:
    role = row.get("role") if isinstance(row, dict) else None
    agency = row.get("agency") if isinstance(row, dict) else None
    if (
        role not in tuple(Role)
        or agency not in AGENCIES
        or not isinstance(row, dict)
        or len(row) != len(("role", "agency"))
    ):
        msg = f"{file}: group {group} needs a known `role` and a known `agency`, and nothing else."
        raise Halt(msg)
    return Grant(Role(role), str(agency))
