"""API keys of a data folder's agencies: intake keeps the hash, their systems' folders the key, with files for clients.

Each credential has one of its own, its label being the credential's principal. Intake asks the table at every request,
so that what is given or taken counts at once.
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

from infra.local import access, credentials, existing_servers, pki, process_users
from infra.local.client_files import files_of
from infra.local.cluster import ClusterError
from infra.local.credentials import MAIN, Credential
from infra.local.folder import Folder
from infra.local.protected_files import CLOSED, secret, write_private
from schemas.own_numbers import KEY_BYTES
from services.console.database import connected
from services.intake import own_number_keys
from services.intake.domain.api_keys import ENTROPY_BYTES, hashed, written
from services.intake.store import identities
from services.intake.store.api_keys import Keys
from services.runtime.clock import SystemClock
from services.runtime.errors import Retryable

_KEY, _CURL_CONF, _CLIENT = "api.key", "curl.conf", "client.json"
_PAGES: Final = "pages"
"""The end of the label of a key with which the pages act as an agency."""
_CURL: Final = """\
header = "Authorization: Bearer {key}"
cacert = "{ca}"
connect-to = "{host}:443:{address}:{port}"
noproxy = "*"
"""


@asynccontextmanager
async def table(folder: Folder) -> AsyncIterator[Keys]:
    """Connect in the role that keeps the keys."""
    async with connected(folder, "registrar", "intake") as connection:
        yield Keys(connection)


def ensure(data_dir: Path, address: str) -> None:
    """Let each system in whose credential never had a key here, with the one in its folder or a new one.

    The keys of credentials that end, end with them: a rotation may have been cut short before it came to that. Curl's
    files are written anew, as intake's address may be another. A revoked system stays out. Raises `ClusterError`.
    """
    folder, started = Folder(data_dir.absolute()), access.started(data_dir)
    known = credentials.read(folder, started)
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
    """Let the pages act as each agency that may come in, with a key of their own; gives whether any was made.

    The agency's own key is handed out, and not known here.
    """
    folder = Folder(data_dir.absolute())
    agencies = credentials.admitted(folder, access.started(data_dir))
    made = [asyncio.run(_ensure_pages(folder, agency, address)) for agency in agencies]
    return any(made)


async def _ensure_pages(folder: Folder, agency: str, address: str) -> bool:
    try:
        kept = json.loads(_of_pages(folder, agency).read_text(encoding="utf-8"))["http"]
    except FileNotFoundError:
        kept = {"key": written(secrets.token_bytes(ENTROPY_BYTES))}
    if kept.get("address") != address:
        _tell_pages(folder, agency, {"address": address, "key": kept["key"]})
    async with table(folder) as keys:
        return await keys.add(agency, _hash_of(kept["key"]), label=f"{agency}.{_PAGES}", at=SystemClock().now())


async def give(folder: Folder, credential: Credential, address: str | None, at: datetime) -> None:
    """Give a new credential a key of its own, while the credential is valid. Another command may have ended it."""
    key = written(secrets.token_bytes(ENTROPY_BYTES))
    await _register(folder, {credential.agency})
    async with table(folder) as keys:
        # First: killed in between, the next start lets in what lies there, as it has no other key of this credential.
        write_private(files_of(folder, credential) / _KEY, key + "\n")
        await keys.add(credential.agency, _hash_of(key), label=credential.principal, at=at)
        for each in credentials.read(folder, access.started(folder.root)):
            if each.principal == credential.principal and each.ends is not None:
                await keys.revoke(_hash_of(key), at=each.ends)
    if address is not None:
        _tell(folder, credential, address)


async def take(folder: Folder, agency: str, principals: Collection[str] | None, ends: datetime) -> int:
    """Let the keys of these credentials, or of all of an agency, in until then and no longer; gives how many."""
    async with table(folder) as keys:
        found = [each for each in await keys.list(agency) if each.open_at(ends)]
        taken = [each for each in found if principals is None or each.label in principals]
        for each in taken:
            await keys.revoke(each.hash, at=ends)
    return len(taken)


def key_file(folder: Folder, credential: Credential) -> Path:
    """Give the place of a credential's API key."""
    return files_of(folder, credential) / _KEY


def forget(folder: Folder, taken: Collection[Credential], *, pages: bool = True) -> None:
    """Remove the files of systems that were shut out, or whose keys were handed out; with `pages` the pages' too."""
    for each in taken:
        for name in (_KEY, _CURL_CONF, _CLIENT):
            (files_of(folder, each) / name).unlink(missing_ok=True)
        if each.system == MAIN and pages:
            _of_pages(folder, each.agency).unlink(missing_ok=True)


async def _register(folder: Folder, agencies: Collection[str]) -> None:
    """Let intake make ids of the agencies' own numbers as their sheets do. It keeps the secret encrypted."""
    identity_key = bytes.fromhex(secret(folder.identity_key, entropy=KEY_BYTES))
    async with connected(folder, "registrar", "identity") as connection:
        for agency in sorted(agencies):
            own = bytes.fromhex(secret(folder.own_numbers_key(agency), entropy=KEY_BYTES))
            await identities.register(
                connection, agency, own_number_keys.close(identity_key, agency, own), SystemClock().now()
            )


async def _agree(folder: Folder, current: Collection[Credential], ends: Mapping[str, datetime]) -> None:
    """Have the keys agree with the credentials: those in force, and by their principals those that end."""
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
                    file.unlink()  # an earlier credential's: whoever gave this one its own was ended before
                    await keys.add(each.agency, _hashed(file), label=each.principal, at=at)


def _hashed(path: Path) -> bytes:
    """Give the hash of the key in the file; one is made where there is none."""
    if not path.exists():
        for above in (path.parent.parent, path.parent):
            above.mkdir(exist_ok=True, mode=CLOSED)
        write_private(path, written(secrets.token_bytes(ENTROPY_BYTES)) + "\n")
    try:
        return _hash_of(path.read_text(encoding="utf-8").strip())
    except ValueError:
        message = f"{path} holds no API key: remove it for a new one"
        raise ClusterError(message) from None


def _hash_of(key: str) -> bytes:
    found = hashed(key)
    if found is None:
        message = "not an API key"
        raise ValueError(message)
    return found


def _tell(folder: Folder, credential: Credential, address: str) -> None:
    """Write what curl needs, and what our own client does, over either door."""
    files = files_of(folder, credential)
    if not (files / _KEY).exists():
        return
    deployment, ca = access.started(folder.root), str(folder.ca.absolute())
    kafka = access.client(folder.root, credential.principal, mtls=True) or access.client(
        folder.root, credential.principal
    )
    said = {
        "http": {"address": address, "ca": ca, "key_file": str((files / _KEY).absolute())},
        "kafka": {
            "config": {**kafka, "group.id": credentials.group(deployment, credential)},
            "inbound": deployment.inbound(credential.sender),
            "delivery": deployment.delivery(credential.sender),
        },
    }
    write_private(files / _CLIENT, json.dumps(said, indent=1) + "\n")
    key = (files / _KEY).read_text(encoding="utf-8").strip()
    quoted = json.dumps(ca, ensure_ascii=False)[1:-1]  # curl takes quotation marks and backslashes as JSON does
    if credential.system == MAIN and not existing_servers.is_provisioned(folder.root):
        _tell_pages(folder, credential.agency, {"address": address, "key": key})
    door = urlsplit(address)
    conf = _CURL.format(key=key, ca=quoted, host=pki.HTTP_HOST, address=door.hostname, port=door.port)
    write_private(files / _CURL_CONF, conf)


def _of_pages(folder: Folder, agency: str) -> Path:
    return folder.web_keys / f"{agency}.json"


def _tell_pages(folder: Folder, agency: str, http: dict[str, str]) -> None:
    """Write what the process of the pages acts with as the agency, readable by that program alone."""
    file = _of_pages(folder, agency)
    said = {
        "http": http | {"ca_pem": folder.ca.read_text(encoding="utf-8")},
        "own_numbers_key": secret(folder.own_numbers_key(agency), entropy=KEY_BYTES),
    }
    write_private(file, json.dumps(said) + "\n")
    process_users.let_read(process_users.of("web"), file)
