"""Signed JSON files: an Ed25519 signature covers the document with sorted keys. Writes are atomic."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.local.data_folder import Folder
from infra.local.protected_files import secret, write_private
from services.console.backup.errors import BackupError

KEY_FILE: Final = "backup.key"
"""File among a data folder's secrets with the signing key's seed: 32 bytes in hex, made at the first backup."""
PUBLIC_FILE: Final = "backup.pub"
"""File in the keys part of a backup with the public key: 32 bytes in hex. A restore trusts this key and no other."""
_SEED_BYTES: Final = 32


def signing_key(folder: Folder) -> Ed25519PrivateKey:
    """Return the private key that signs the folder's backups; it is created and stored on first use."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret(folder.secrets / KEY_FILE, entropy=_SEED_BYTES)))


def public_key(folder: Folder) -> Ed25519PublicKey | None:
    """Return the public part of the folder's signing key; None before the first backup."""
    return signing_key(folder).public_key() if (folder.secrets / KEY_FILE).exists() else None


def write_public_key(keys: Path, key: Ed25519PublicKey) -> None:
    """Write the public key into the keys part. Raises `BackupError` if another key is there."""
    file = keys / PUBLIC_FILE
    if file.exists() and file.read_text(encoding="ascii").strip() != _hex(key):
        message = f"{keys} holds the keys of another deployment's backups: name another folder with --keys-to."
        raise BackupError(message)
    write_private(file, _hex(key) + "\n")


def read_public_key(keys: Path) -> Ed25519PublicKey:
    """Read the public key that checks a backup, from the folder of its keys.

    Raises `BackupError` if the key's file is missing or is no public key.
    """
    file = keys / PUBLIC_FILE
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(file.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        message = f"{file} is missing: {keys} is no keys part of a backup. Name the folder of --keys-to."
    except ValueError:
        message = f"{file} is no public key: it was changed. Take another copy of the keys part."
    raise BackupError(message)


def write(file: Path, document: Mapping[str, Any], key: Ed25519PrivateKey) -> None:
    """Replace the file by the document and its signature."""
    signature = key.sign(_canonical(document)).hex()
    whole = {"signed": document, "key": _hex(key.public_key()), "signature": signature}
    write_private(file, orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n")


def read(file: Path, key: Ed25519PublicKey) -> dict[str, Any]:
    """Read a signed document and return it without its signature.

    Raises `BackupError` if the document was changed or another key signed it, and `FileNotFoundError` without a file.
    """
    try:
        whole = orjson.loads(file.read_bytes())
        document: dict[str, Any] = whole["signed"]
        said, signature = str(whole["key"]), bytes.fromhex(whole["signature"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        message = f"{file} is no signed document: it was changed. Take another copy of the backup."
        raise BackupError(message) from None
    if said != _hex(key):
        message = f"{file} was signed by another key: these keys belong to another backup. Name its own keys part."
        raise BackupError(message)
    try:
        key.verify(signature, _canonical(document))
    except InvalidSignature:
        message = f"{file} was changed after it was signed. Take another copy of the backup."
        raise BackupError(message) from None
    return document


def _canonical(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes_raw().hex()
