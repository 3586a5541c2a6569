"""The Ed25519 key with which a deployment signs its releases, and the signed files."""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.local.data_folder import Folder
from infra.local.protected_files import secret, write_new
from services.console.output import fail_wrong_usage
from services.reporting.release.registry import KeptRelease
from services.reporting.release.signature import sign_release

KEY_FILE: Final = "releases.key"
"""File among a data folder's secrets with the signing key's seed: 32 bytes in hex, made at the first publication."""
PUBLIC_FILE: Final = "releases.pub"
"""File beside the releases with the public key: 32 bytes in hex. The Council hands it out to check releases."""
_SEED_BYTES: Final = 32


def signing_key(folder: Folder) -> Ed25519PrivateKey:
    """Return the private key that signs the folder's releases; it is created and stored on first use."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret(folder.secrets / KEY_FILE, entropy=_SEED_BYTES)))


def write_signed(folder: Folder, releases: Path, kept: KeptRelease, name: str) -> None:
    """Write the signed envelope NAME.dsse of a release and the public key into `releases`, unless they are there."""
    key = signing_key(folder)
    for path, content in (
        (releases / f"{name}.dsse", sign_release(kept.document, key)),
        (releases / PUBLIC_FILE, f"{key.public_key().public_bytes_raw().hex()}\n".encode()),
    ):
        if not path.exists():
            write_new(path, content)


def read_public_key(file: Path) -> Ed25519PublicKey:
    """Read a public key. Exits with 2 when the file holds none."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(file.read_text(encoding="ascii").strip()))
    except (OSError, ValueError):
        fail_wrong_usage(
            f"{file} holds no public key of releases, which has 64 hexadecimal digits. Give the file {PUBLIC_FILE}."
        )
