"""Systems of agencies come and go while everything runs: principal, password, certificate, rights, topics, files.

What is to be is kept in the data folder first, then made on the broker: whatever is killed in between is brought about
by the next command, by the supervisor, which takes the rights of what has ended, or by the next start. What the broker
cannot make now is not to be, and the same command tries anew.
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
from infra.local import client_files, connection_settings, credentials, pki, settings
from infra.local.credentials import Credential
from infra.local.folder import Folder
from infra.local.protected_files import secret, write_public

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from schemas.topics import Deployment


class EnrolmentError(Exception):
    """The enrolment is impossible: the credential exists already, or it does not exist."""


def add(data_dir: Path, agency: str, system: str, now: datetime) -> Credential:
    """Give a system of an agency its first credential, or one again after it was revoked; topics where it has none."""
    folder = Folder(data_dir)
    with credentials.on_broker(folder):
        with credentials.changing(folder) as kept:
            known = _of(folder, connection_settings.started(data_dir), agency, system)
            if any(each.ends is None for each in known):
                message = f"{agency}/{system} has a credential: rotate it, or add another system"
                raise EnrolmentError(message)
            made = Credential(agency, system, _next(known))
            _write_secrets(data_dir, made)
            credentials.keep(kept, made)
        with _undone(folder, made, {}, now):
            _enrol(data_dir, made, now)
    return made


def rotate(data_dir: Path, agency: str, system: str, overlap: timedelta, now: datetime) -> Credential:
    """Give a system another credential; those that it has go on for the overlap."""
    folder = Folder(data_dir)
    with credentials.on_broker(folder):
        with credentials.changing(folder) as kept:
            known = _of(folder, connection_settings.started(data_dir), agency, system)
            if all(each.ends is not None for each in known):
                message = f"{agency}/{system} has no credential: add one"
                raise EnrolmentError(message)
            made = Credential(agency, system, _next(known))
            _write_secrets(data_dir, made)
            ended = credentials.ended(known, now + overlap)
            credentials.keep(kept, made, *ended)
        with _undone(folder, made, dict(zip(ended, known, strict=True)), now):
            _enrol(data_dir, made, now)
    retire(data_dir, now)
    return made


def revoke(data_dir: Path, agency: str, system: str | None, now: datetime) -> tuple[Credential, ...]:
    """End every credential of a system, or of all, at once, and give them; the broker refuses them from then on."""
    folder = Folder(data_dir)
    with credentials.changing(folder) as kept:
        known = _of(folder, connection_settings.started(data_dir), agency, system)
        taken = tuple(each for each in known if each.active(now))
        if not taken:
            message = f"{agency}{f'/{system}' if system else ''} has no credential"
            raise EnrolmentError(message)
        credentials.keep(kept, *credentials.ended(taken, now))
    retire(data_dir, now)
    return taken


def retire(data_dir: Path, now: datetime) -> tuple[Credential, ...]:
    """Take the rights of what has ended, then close its passwords; gives what was retired."""
    folder = Folder(data_dir)
    with credentials.on_broker(folder):
        over = credentials.due(folder, now)
        if not over:
            return ()
        principals = [each.principal for each in over]
        admin = AdminClient({**connection_settings.admin(data_dir), "log_level": 0})
        rights.drop_access(admin, principals)
        kafka.close_users(admin, principals)
        with credentials.changing(folder) as kept:
            credentials.keep(kept, *(replace(each, retired=True) for each in over))
        client_files.write(data_dir)
        return over


@contextmanager
def _undone(folder: Folder, made: Credential, before: Mapping[Credential, Credential], now: datetime) -> Iterator[None]:
    """End credentials that cannot be made, and restore the earlier state, unless the system was revoked meanwhile."""
    try:
        yield
    except Exception:  # whatever it is, it is raised again
        with credentials.changing(folder) as kept:
            untouched = [each for each in kept.values() if each in before]
            credentials.keep(kept, *(before[each] for each in untouched), *credentials.ended((made,), now))
        raise


def _of(folder: Folder, deployment: Deployment, agency: str, system: str | None) -> tuple[Credential, ...]:
    found = credentials.read(folder, deployment)
    return tuple(each for each in found if each.agency == agency and system in {None, each.system})


def _next(known: Sequence[Credential]) -> int:
    return max((each.generation for each in known), default=0) + 1


def _write_secrets(data_dir: Path, made: Credential) -> None:
    """Make password and certificate before anything names them. A reader of a credential then finds its files."""
    folder = Folder(data_dir)
    secret(folder.password_file(made.principal))
    if not folder.read_state()["kafka"]["existing"]:
        try:
            pki.ensure(folder, [made.principal], pki.today(), settings.authority_key(settings.inherited()))
        except pki.PkiError as error:
            raise EnrolmentError(str(error)) from None


def _enrol(data_dir: Path, made: Credential, now: datetime) -> None:
    folder, deployment = Folder(data_dir), connection_settings.deployment(data_dir)
    existing = folder.read_state()["kafka"]["existing"]
    admin = AdminClient({**connection_settings.admin(data_dir), "log_level": 0})
    everything = deployment.specs(existing["replication"] if existing else 1)
    specs = [spec for spec in everything if made.sender in (*spec.producers, *spec.consumers)]
    kafka.make_users(admin, {made.principal: secret(folder.password_file(made.principal))})
    quotas.settle(connection_settings.admin(data_dir), quotas.of_principals([made.principal], ()))
    systems = credentials.systems(folder, connection_settings.started(data_dir), now)
    rights.add_access(admin, rights.access(specs, deployment, systems))
    # Only now: intake reads an inbound topic as soon as it sees one, and must have its rights by then.
    topics.make_topics(admin, specs)
    topics.check_topics(admin, specs)
    # Last: from here on intake answers the system on its own topic.
    _note(folder, made)
    client_files.write(data_dir)


def _note(folder: Folder, made: Credential) -> None:
    """Enrol a system that comes in with a key of its own, for intake. What else the file says stays."""
    if made.system == credentials.MAIN:
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
