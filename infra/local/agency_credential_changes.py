"""Credentials of agencies' systems, added, rotated and revoked while everything runs.

A change is stored in the data folder first, then made on the broker. If it is interrupted, the next command, the
supervisor or the next start completes it. If the broker refuses to add a credential, it is ended in the data folder
too, and the same command can be tried again.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka.admin import AdminClient

from infra.kafka import provision as kafka
from infra.kafka import quotas, rights, topics
from infra.local import (
    agency_kafka_tool_settings,
    connection_settings,
    environment_variables,
    issued_agency_credentials,
    pki,
)
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import Credential
from infra.local.protected_files import secret, write_public

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from schemas.topics import Deployment


class CredentialChangeError(Exception):
    """A credential to add exists, one to change does not exist, or a certificate fails. The message says which."""


def add(data_dir: Path, agency: str, system: str, now: datetime) -> Credential:
    """Create and return a credential of an agency's system, its first or one after a revocation, with its topics.

    Raises `CredentialChangeError` if the system has a credential.
    """
    folder = Folder(data_dir)
    with issued_agency_credentials.on_broker(folder):
        with issued_agency_credentials.changing(folder) as kept:
            known = _of(folder, connection_settings.started(data_dir), agency, system)
            if any(each.ends is None for each in known):
                message = f"{agency}/{system} has a credential: rotate it, or add another system"
                raise CredentialChangeError(message)
            made = Credential(agency, system, _next(known))
            _write_secrets(data_dir, made)
            issued_agency_credentials.keep(kept, made)
        with _undone(folder, made, {}, now):
            _give_access(data_dir, made, now)
    return made


def rotate(data_dir: Path, agency: str, system: str, overlap: timedelta, now: datetime) -> Credential:
    """Create and return a new credential of an agency's system; its present ones stay valid for `overlap`.

    Raises `CredentialChangeError` if the system has no credential.
    """
    folder = Folder(data_dir)
    with issued_agency_credentials.on_broker(folder):
        with issued_agency_credentials.changing(folder) as kept:
            known = _of(folder, connection_settings.started(data_dir), agency, system)
            if all(each.ends is not None for each in known):
                message = f"{agency}/{system} has no credential: add one"
                raise CredentialChangeError(message)
            made = Credential(agency, system, _next(known))
            _write_secrets(data_dir, made)
            ended = issued_agency_credentials.credentials_ending_at(known, now + overlap)
            issued_agency_credentials.keep(kept, made, *ended)
        with _undone(folder, made, dict(zip(ended, known, strict=True)), now):
            _give_access(data_dir, made, now)
    retire(data_dir, now)
    return made


def revoke(data_dir: Path, agency: str, system: str | None, now: datetime) -> tuple[Credential, ...]:
    """End every valid credential of a system at `now`, and return these credentials.

    `system`: None means all systems of the agency. The broker refuses the credentials from then on. Raises
    `CredentialChangeError` if there is none.
    """
    folder = Folder(data_dir)
    with issued_agency_credentials.changing(folder) as kept:
        known = _of(folder, connection_settings.started(data_dir), agency, system)
        taken = tuple(each for each in known if each.active(now))
        if not taken:
            message = f"{agency}{f'/{system}' if system else ''} has no credential"
            raise CredentialChangeError(message)
        issued_agency_credentials.keep(kept, *issued_agency_credentials.credentials_ending_at(taken, now))
    retire(data_dir, now)
    return taken


def retire(data_dir: Path, now: datetime) -> tuple[Credential, ...]:
    """Take away the rights and passwords of credentials that have ended by `now`; return these credentials."""
    folder = Folder(data_dir)
    with issued_agency_credentials.on_broker(folder):
        over = issued_agency_credentials.credentials_to_retire(folder, now)
        if not over:
            return ()
        principals = [each.principal for each in over]
        admin = AdminClient({**connection_settings.admin(data_dir), "log_level": 0})
        rights.drop_access(admin, principals)
        kafka.close_users(admin, principals)
        with issued_agency_credentials.changing(folder) as kept:
            issued_agency_credentials.keep(kept, *(replace(each, retired=True) for each in over))
        agency_kafka_tool_settings.write(data_dir)
        return over


@contextmanager
def _undone(folder: Folder, made: Credential, before: Mapping[Credential, Credential], now: datetime) -> Iterator[None]:
    """End the new credential if the block raises, and restore the earlier ones unless they were changed meanwhile."""
    try:
        yield
    except Exception:  # whatever it is, it is raised again
        with issued_agency_credentials.changing(folder) as kept:
            untouched = [each for each in kept.values() if each in before]
            issued_agency_credentials.keep(
                kept,
                *(before[each] for each in untouched),
                *issued_agency_credentials.credentials_ending_at((made,), now),
            )
        raise


def _of(folder: Folder, deployment: Deployment, agency: str, system: str | None) -> tuple[Credential, ...]:
    found = issued_agency_credentials.read(folder, deployment)
    return tuple(each for each in found if each.agency == agency and system in {None, each.system})


def _next(known: Sequence[Credential]) -> int:
    return max((each.generation for each in known), default=0) + 1


def _write_secrets(data_dir: Path, made: Credential) -> None:
    """Make password and certificate before the credential is stored: a reader of a credential finds its files."""
    folder = Folder(data_dir)
    secret(folder.password_file(made.principal))
    if not folder.read_state()["kafka"]["existing"]:
        try:
            pki.ensure(
                folder,
                [made.principal],
                pki.today(),
                environment_variables.authority_key(environment_variables.inherited()),
            )
        except pki.PkiError as error:
            raise CredentialChangeError(str(error)) from None


def _give_access(data_dir: Path, made: Credential, now: datetime) -> None:
    folder, deployment = Folder(data_dir), connection_settings.deployment(data_dir)
    existing = folder.read_state()["kafka"]["existing"]
    admin = AdminClient({**connection_settings.admin(data_dir), "log_level": 0})
    everything = deployment.specs(existing["replication"] if existing else 1)
    specs = [spec for spec in everything if made.sender in (*spec.producers, *spec.consumers)]
    kafka.make_users(admin, {made.principal: secret(folder.password_file(made.principal))})
    quotas.settle(connection_settings.admin(data_dir), quotas.of_principals([made.principal], ()))
    systems = issued_agency_credentials.systems(folder, connection_settings.started(data_dir), now)
    rights.add_access(admin, rights.access(specs, deployment, systems))
    # Only now: intake reads an inbound topic as soon as it sees one, and must have its rights by then.
    topics.make_topics(admin, specs)
    topics.check_topics(admin, specs)
    # Last: from here on intake answers the system on its own topic.
    _note(folder, made)
    agency_kafka_tool_settings.write(data_dir)


def _note(folder: Folder, made: Credential) -> None:
    """List a system other than `main` in the file `systems` for intake, as one with a key of its own."""
    if made.system == issued_agency_credentials.MAIN:
        return
    try:
        said = json.loads(folder.systems.read_text(encoding="utf-8"))
    except FileNotFoundError:
        said = {}
    said["own_keys"] = sorted({*said.get("own_keys", ()), f"{made.agency}/{made.system}"})
    write_public(folder.systems, json.dumps(said, indent=1) + "\n")


def main(arguments: Sequence[str]) -> None:
    """Retire the credentials that have ended, in the data folder that is named."""
    retire(Path(arguments[0]), pki.today())


if __name__ == "__main__":
    main(sys.argv[1:])
