"""API keys of agencies' systems: intake's table has the hash, the system's folder the key and files for clients.

Each credential has its own key, labelled with the credential's principal. Intake looks the key up at every request, so
a new or revoked key takes effect at once.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from infra.local import (
    connection_settings,
    deployment_on_existing_servers,
    issued_agency_credentials,
    pki,
    process_users,
)
from infra.local.agency_kafka_tool_settings import files_of
from infra.local.cluster import ClusterError
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from infra.local.protected_files import CLOSED, secret, write_private
from schemas.own_number_ids import KEY_BYTES
from services.console.database import connected
from services.intake import own_number_secret_encryption
from services.intake.domain.api_keys import ENTROPY_BYTES, hash_of_key, key_from_entropy
from services.intake.store import own_number_ids
from services.intake.store.api_keys import Keys
from services.runtime.clock import SystemClock
from services.runtime.errors import Retryable

_KEY, _CURL_CONF, _CLIENT = "api.key", "curl.conf", "client.json"
_PAGES: Final = "pages"
"""End of the label of an API key with which the pages act as an agency: AGENCY.pages."""
_CURL: Final = """\
header = "Authorization: Bearer {key}"
cacert = "{ca}"
connect-to = "{host}:443:{address}:{port}"
noproxy = "*"
"""


@asynccontextmanager
async def table(folder: Folder) -> AsyncIterator[Keys]:
    """Yield the table of API keys, in the database role `registrar`. Raises `Retryable` without an answer."""
    async with connected(folder, "registrar", "intake") as connection:
        yield Keys(connection)


def ensure(data_dir: Path, address: str) -> None:
    """Register an API key for each valid credential that never had one: the key in its folder, or a new one.

    A key of a credential that ends gets the same end, which an interrupted rotation may not have set. The files for
    clients are rewritten with intake's `address`. A revoked system gets no key. Raises `ClusterError`.
    """
    folder, started = Folder(data_dir.absolute()), connection_settings.started(data_dir)
    known = issued_agency_credentials.read(folder, started)
    current = [each for each in known if each.ends is None and not each.handed_out]
    try:
        asyncio.run(_register(folder, {each.agency for each in known}))
        asyncio.run(_agree(folder, current, {each.principal: each.ends for each in known if each.ends is not None}))
    except Retryable as error:
        message = f"PostgreSQL does not answer: {error}"
        raise ClusterError(message) from None
    for each in current:
        _tell(folder, each, address)


def ensure_pages(data_dir: Path, address: str) -> bool:
    """Register an API key of the pages for each agency that may publish; returns whether any was new.

    The pages need a key of their own because the agency's key is handed out and not stored here.
    """
    folder = Folder(data_dir.absolute())
    agencies = issued_agency_credentials.admitted(folder, connection_settings.started(data_dir))
    made = [asyncio.run(_ensure_pages(folder, agency, address)) for agency in agencies]
    return any(made)


async def _ensure_pages(folder: Folder, agency: str, address: str) -> bool:
    try:
        kept = json.loads(_of_pages(folder, agency).read_text(encoding="utf-8"))["http"]
    except FileNotFoundError:
        kept = {"key": key_from_entropy(secrets.token_bytes(ENTROPY_BYTES))}
    if kept.get("address") != address:
        _tell_pages(folder, agency, {"address": address, "key": kept["key"]})
    async with table(folder) as keys:
        return await keys.add(agency, _hash_of(kept["key"]), label=f"{agency}.{_PAGES}", at=SystemClock().now())


async def create_api_key(folder: Folder, credential: Credential, address: str | None, at: datetime) -> None:
    """Create and register the API key of a new credential, and write the credential's files.

    The key ends when the credential ends. `address`: intake's HTTPS address for the client files; None writes no
    client files. `at`: time from which the key is valid.
    """
    key = key_from_entropy(secrets.token_bytes(ENTROPY_BYTES))
    await _register(folder, {credential.agency})
    async with table(folder) as keys:
        # The file first: if this is killed in between, the next start registers the key in the file.
        write_private(files_of(folder, credential) / _KEY, key + "\n")
        await keys.add(credential.agency, _hash_of(key), label=credential.principal, at=at)
        for each in issued_agency_credentials.read(folder, connection_settings.started(folder.root)):
            if each.principal == credential.principal and each.ends is not None:
                await keys.revoke(_hash_of(key), at=each.ends)
    if address is not None:
        _tell(folder, credential, address)


async def end_api_keys(folder: Folder, agency: str, principals: Collection[str] | None, ends: datetime) -> int:
    """Set the end of an agency's API keys to `ends`, and return how many keys were changed.

    `principals`: only keys with these labels; None means all keys of the agency. Keys that end before `ends` stay.
    """
    async with table(folder) as keys:
        found = [each for each in await keys.list(agency) if each.open_at(ends)]
        taken = [each for each in found if principals is None or each.label in principals]
        for each in taken:
            await keys.revoke(each.hash, at=ends)
    return len(taken)


def key_file(folder: Folder, credential: Credential) -> Path:
    """Return the path of a credential's API key."""
    return files_of(folder, credential) / _KEY


def delete_key_files(folder: Folder, taken: Collection[Credential], *, pages: bool = True) -> None:
    """Remove the files of these credentials: API key, settings for curl, and settings for the project's client.

    With `pages`, the key with which the pages act as an agency is removed too, if the agency's main system is in
    `taken`. The keys stay registered in intake: see `end_api_keys`.
    """
    for each in taken:
        for name in (_KEY, _CURL_CONF, _CLIENT):
            (files_of(folder, each) / name).unlink(missing_ok=True)
        if each.system == MAIN and pages:
            _of_pages(folder, each.agency).unlink(missing_ok=True)


async def _register(folder: Folder, agencies: Collection[str]) -> None:
    """Store each agency's secret for own numbers in intake, encrypted, so that intake derives ids as sheets do."""
    identity_key = bytes.fromhex(secret(folder.identity_key, entropy=KEY_BYTES))
    async with connected(folder, "registrar", "identity") as connection:
        for agency in sorted(agencies):
            own = bytes.fromhex(secret(folder.own_numbers_key(agency), entropy=KEY_BYTES))
            await own_number_ids.register(
                connection,
                agency,
                own_number_secret_encryption.encrypt_secret(identity_key, agency, own),
                SystemClock().now(),
            )


async def _agree(folder: Folder, current: Collection[Credential], ends: Mapping[str, datetime]) -> None:
    """Add missing API keys of `current` credentials, and end the keys of credentials that end (`ends` by principal)."""
    async with table(folder) as keys:
        found = await keys.list()
        for key in found:
            if key.label in ends:
                await keys.revoke(key.hash, at=ends[key.label])
        known = {(key.agency, key.label) for key in found}
        for each in current:
            if (each.agency, each.principal) not in known:
                file, at = files_of(folder, each) / _KEY, SystemClock().now()
                if not await keys.add(each.agency, _hashed(file), label=each.principal, at=at):
                    file.unlink()  # the key of an earlier credential: an interrupted command wrote no new one
                    await keys.add(each.agency, _hashed(file), label=each.principal, at=at)


def _hashed(path: Path) -> bytes:
    """Return the hash of the API key in the file; a new key is written if there is none. Raises `ClusterError`."""
    if not path.exists():
        for above in (path.parent.parent, path.parent):
            above.mkdir(exist_ok=True, mode=CLOSED)
        write_private(path, key_from_entropy(secrets.token_bytes(ENTROPY_BYTES)) + "\n")
    try:
        return _hash_of(path.read_text(encoding="utf-8").strip())
    except ValueError:
        message = f"{path} holds no API key: remove it for a new one"
        raise ClusterError(message) from None


def _hash_of(key: str) -> bytes:
    found = hash_of_key(key)
    if found is None:
        message = "not an API key"
        raise ValueError(message)
    return found


def _tell(folder: Folder, credential: Credential, address: str) -> None:
    """Write a credential's files for curl and for the project's client, over HTTPS and Kafka.

    For the main system of a local cluster, the file of the pages is written too. Does nothing without an API key.
    """
    files = files_of(folder, credential)
    if not (files / _KEY).exists():
        return
    deployment, ca = connection_settings.started(folder.root), str(folder.ca.absolute())
    kafka = connection_settings.client(folder.root, credential.principal, mtls=True) or connection_settings.client(
        folder.root, credential.principal
    )
    said = {
        "http": {"address": address, "ca": ca, "key_file": str((files / _KEY).absolute())},
        "kafka": {
            "config": {**kafka, "group.id": issued_agency_credentials.group(deployment, credential)},
            "inbound": deployment.inbound(credential.sender),
            "delivery": deployment.delivery(credential.sender),
        },
    }
    write_private(files / _CLIENT, json.dumps(said, indent=1) + "\n")
    key = (files / _KEY).read_text(encoding="utf-8").strip()
    quoted = json.dumps(ca, ensure_ascii=False)[1:-1]  # curl takes quotation marks and backslashes as JSON does
    if credential.system == MAIN and not deployment_on_existing_servers.is_provisioned(folder.root):
        _tell_pages(folder, credential.agency, {"address": address, "key": key})
    door = urlsplit(address)
    conf = _CURL.format(key=key, ca=quoted, host=pki.HTTP_HOST, address=door.hostname, port=door.port)
    write_private(files / _CURL_CONF, conf)


def _of_pages(folder: Folder, agency: str) -> Path:
    return folder.web_keys / f"{agency}.json"


def _tell_pages(folder: Folder, agency: str, http: dict[str, str]) -> None:
    """Write the file with which the pages act as an agency (address, key, secret), readable by their process only."""
    file = _of_pages(folder, agency)
    said = {
        "http": http | {"ca_pem": folder.ca.read_text(encoding="utf-8")},
        "own_numbers_key": secret(folder.own_numbers_key(agency), entropy=KEY_BYTES),
    }
    write_private(file, json.dumps(said) + "\n")
    process_users.let_read(process_users.of("web"), file)
