"""Credentials of agencies' systems: principal and end of validity.

Every agency has a credential for its `main` system from the first start, with its code as principal. Changes since are
stored in the data folder. The broker keeps one password for a principal and does not know revoked certificates. So a
rotated credential is another principal beside the old one, and a credential that has ended has no rights.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from infra.local.protected_files import PRIVATE, write_private
from schemas.agencies import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from infra.kafka.rights import Systems
    from infra.local.data_folder import Folder
    from schemas.topics import Deployment

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential of an agency's system. It is valid until `ends`; None: it has no end yet.

    `retired`: its rights were taken away. `handed_out`: its keys were written into a connection file, and are not kept
    here.
    """

    agency: str
    system: str = MAIN
    generation: int = 1
    ends: datetime | None = None
    retired: bool = False
    handed_out: bool = False

    @property
    def principal(self) -> str:
        """The name of the principal on the broker: the agency's code, or such as `dhs.main.2`."""
        if self.system == MAIN and self.generation == 1:
            return self.agency
        return f"{self.agency}.{self.system}.{self.generation}"

    @property
    def sender(self) -> str:
        """The name under which the system sends: its agency's, or agency/system where it has topics of its own."""
        return self.agency if self.system == MAIN else f"{self.agency}/{self.system}"

    def active(self, now: datetime) -> bool:
        """Whether the credential is valid at a time."""
        return self.ends is None or now < self.ends


def group(deployment: Deployment, credential: Credential) -> str:
    """Return the consumer group of a system. All its credentials share it, so that a new one continues reading."""
    name = credential.agency if credential.system == MAIN else f"{credential.agency}.{credential.system}"
    return deployment.group(name)


def read(folder: Folder, deployment: Deployment) -> tuple[Credential, ...]:
    """Return every credential, also ended ones, sorted by agency, system and generation.

    `deployment`: the one that the folder was started for (`connection_settings.started`). Its agencies have a first
    credential that is not stored.
    """
    kept = _kept(folder)
    first = [Credential(agency) for agency in deployment.agencies]
    return tuple(sorted((*kept.values(), *(each for each in first if _key(each) not in kept)), key=_key))


def agencies(folder: Folder) -> tuple[str, ...]:
    """Return the agencies of stored credentials."""
    return tuple(dict.fromkeys(each.agency for each in _kept(folder).values()))


def current(folder: Folder, deployment: Deployment, agency: str, system: str = MAIN) -> Credential | None:
    """Return a system's credential that has no end; None where it never had one, or the last one was revoked."""
    found = (each for each in read(folder, deployment) if (each.agency, each.system) == (agency, system))
    return next((each for each in found if each.ends is None), None)


def admitted(folder: Folder, deployment: Deployment) -> tuple[str, ...]:
    """Return the agencies of which some system has a credential in force."""
    return tuple(dict.fromkeys(each.agency for each in read(folder, deployment) if each.ends is None))


def systems(folder: Folder, deployment: Deployment, now: datetime) -> Systems:
    """Return by sender the (principal, group) pairs of its valid credentials, from which rights are made.

    A sender is an agency, or a system with topics of its own.
    """
    known = read(folder, deployment)
    return {
        sender: [
            (each.principal, group(deployment, each)) for each in known if each.sender == sender and each.active(now)
        ]
        # An agency that has systems of their own alone has no principal itself.
        for sender in dict.fromkeys(name for each in known for name in (each.agency, each.sender))
    }


def own_systems(folder: Folder) -> tuple[str, ...]:
    """Return the systems other than `main`, sorted, as agency/system. Those without valid credentials are included."""
    return tuple(sorted({each.sender for each in _kept(folder).values() if each.system != MAIN}))


def principals(folder: Folder, deployment: Deployment, now: datetime) -> tuple[str, ...]:
    """Return the principals with a valid password and certificate: of valid credentials, and of our services."""
    active = [each.principal for each in read(folder, deployment) if each.active(now)]
    return (*active, *SERVICES)


def former(folder: Folder, deployment: Deployment, now: datetime) -> tuple[str, ...]:
    """Return the principals of credentials that have ended."""
    return tuple(each.principal for each in read(folder, deployment) if not each.active(now))


@contextmanager
def changing(folder: Folder) -> Iterator[dict[tuple[str, str, int], Credential]]:
    """Yield the stored credentials as a dict to change, under a lock. Write it when the block ends without an error.

    A key is (agency, system, generation).
    """
    with _alone(folder, ".credentials.lock"):
        kept = _kept(folder)
        yield kept
        rows = [_plain(each) for each in sorted(kept.values(), key=_key)]
        write_private(_file(folder), json.dumps(rows, indent=1) + "\n")


@contextmanager
def on_broker(folder: Folder) -> Iterator[None]:
    """Hold the lock for changes of rights on the broker.

    Read the stored credentials inside the block: otherwise a slow process grants rights that another has revoked.
    """
    with _alone(folder, ".rights.lock"):
        yield


@contextmanager
def _alone(folder: Folder, name: str) -> Iterator[None]:
    """Hold a lock while the body runs; wait for another holder. The kernel frees the lock of a killed holder."""
    descriptor = os.open(folder.root / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def keep(kept: dict[tuple[str, str, int], Credential], *changed: Credential) -> None:
    """Put credentials into `kept` (of `changing`), each in place of its earlier state."""
    kept.update({_key(each): each for each in changed})


def handed_out(credential: Credential) -> Credential:
    """Return a copy of the credential that is marked as handed out."""
    return replace(credential, handed_out=True)


def handed_out_principals(folder: Folder, deployment: Deployment) -> frozenset[str]:
    """Return the principals whose keys were handed out."""
    return frozenset(each.principal for each in read(folder, deployment) if each.handed_out)


def credentials_ending_at(credentials: Iterable[Credential], at: datetime) -> tuple[Credential, ...]:
    """Return copies of credentials that end at `at`. One that ends sooner keeps its end."""
    return tuple(replace(each, ends=at if each.ends is None else min(at, each.ends)) for each in credentials)


def credentials_to_retire(folder: Folder, now: datetime) -> tuple[Credential, ...]:
    """Return the credentials that have ended by `now` and are not retired: their rights may still exist."""
    return tuple(each for each in _kept(folder).values() if not each.retired and not each.active(now))


def _file(folder: Folder) -> Path:
    return folder.root / "credentials.json"


def _key(each: Credential) -> tuple[str, str, int]:
    return each.agency, each.system, each.generation


def _kept(folder: Folder) -> dict[tuple[str, str, int], Credential]:
    try:
        rows: list[dict[str, Any]] = json.loads(_file(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    found = [_credential(row) for row in rows]
    return {_key(each): each for each in found}


def _credential(row: Mapping[str, Any]) -> Credential:
    return Credential(**{**row, "ends": row["ends"] and datetime.fromisoformat(row["ends"])})


def _plain(each: Credential) -> dict[str, Any]:
    return {
        "agency": each.agency,
        "system": each.system,
        "generation": each.generation,
        "ends": each.ends and each.ends.isoformat(),
        "retired": each.retired,
        "handed_out": each.handed_out,
    }
