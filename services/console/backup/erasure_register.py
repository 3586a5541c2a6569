"""The erasure register: a signed file in the keys part of a backup with every erased person and the erasure's event.

An older copy of the keys or of the database lacks later erasures. A restore therefore needs the newest register: it
leaves out the keys of erased persons, and publishes again each erasure that the restored log lacks.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.console.backup import signed_document
from services.console.backup.errors import BackupError

REGISTER: Final = "erasures.json"
TYPE: Final = "bz.atips.person.erased.v1"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure: its key ("SOURCE ID" of the event), the person's id, the event's bytes."""

    key: str
    person: str
    event: bytes = field(repr=False)


def erasure(event: bytes) -> Erasure:
    """Read an erasure from its event's bytes, as they were accepted."""
    plain = orjson.loads(event)
    return Erasure(f"{plain['source']} {plain['id']}", str(plain["data"]["person"]), event)


def write(keys: Path, found: Iterable[Erasure], key: Ed25519PrivateKey) -> tuple[str, ...]:
    """Add the erasures `found` to the register, sign it with `key`, and return the sorted keys of all its erasures.

    An erasure of the register is never removed. `keys`: the keys part of the backup.
    """
    known = {each.key: each for each in _known(keys, key.public_key())}
    known |= {each.key: each for each in found}
    entries = [
        {"key": each.key, "person": each.person, "event": b64encode(each.event).decode("ascii")}
        for _, each in sorted(known.items())
    ]
    signed_document.write(keys / REGISTER, {"erasures": entries}, key)
    return tuple(sorted(known))


def read(keys: Path, public: Ed25519PublicKey, demanded: Iterable[str]) -> Sequence[Erasure]:
    """Return the erasures of the register.

    `demanded`: keys of the erasures that the newest backup names, whichever backup is restored. Raises `BackupError` if
    the register is missing, is not signed by `public`, was changed, or lacks a key of `demanded`.
    """
    try:
        found = _read(keys, public)
    except FileNotFoundError:
        message = (
            f"{keys / REGISTER} is missing. Without the erasure register a restore could bring back what was erased."
            " Nothing was restored. Put the newest register beside the keys."
        )
        raise BackupError(message) from None
    missing = set(demanded) - {each.key for each in found}
    if missing:
        message = (
            f"{keys / REGISTER} is of before: it lacks {len(missing)} erasures that the newest backup names."
            " Nothing was restored. Put the newest register beside the keys."
        )
        raise BackupError(message)
    return found


def _known(keys: Path, public: Ed25519PublicKey) -> Sequence[Erasure]:
    try:
        return _read(keys, public)
    except FileNotFoundError:
        return ()


def _read(keys: Path, public: Ed25519PublicKey) -> list[Erasure]:
    entries = signed_document.read(keys / REGISTER, public)["erasures"]
    return [Erasure(each["key"], each["person"], b64decode(each["event"])) for each in entries]
