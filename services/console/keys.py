"""Each agency of a data folder gets an API key with its first start: intake keeps the hash, its folder the key."""

import asyncio
import secrets
from pathlib import Path
from typing import Final

import asyncpg

from infra.local import access, pki, ports
from infra.local.cluster import ClusterError
from infra.local.folder import CLOSED, Folder, write_private
from services.intake.domain.keys import ENTROPY_BYTES, hashed, written
from services.intake.store.keys import Keys
from services.runtime.clock import SystemClock

LABEL: Final = "first start"

_CURL: Final = """\
header = "Authorization: Bearer {key}"
cacert = "{ca}"
connect-to = "{host}:443:{address}:{port}"
noproxy = "*"
"""


def ensure(data_dir: Path, port: int) -> None:
    """Let each agency in that never had a key here, with the one in its folder or a new one; say it to curl as well.

    An agency whose keys were all revoked stays out.
    """
    folder, agencies = Folder(data_dir.absolute()), access.deployment(data_dir).agencies
    for agency in agencies:
        (folder.clients / agency).mkdir(exist_ok=True, mode=CLOSED)
    asyncio.run(_let_in(folder, agencies))
    for agency in agencies:
        if folder.api_key(agency).exists():
            _tell_curl(folder, agency, port)


async def _let_in(folder: Folder, agencies: tuple[str, ...]) -> None:
    dsn = folder.dsn_file("owner").read_text(encoding="utf-8").strip()
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "intake"})
    try:
        keys = Keys(connection)
        known = {key.agency for key in await keys.list()}
        for agency in agencies:
            if agency not in known:
                await keys.add(agency, _hashed(folder.api_key(agency)), label=LABEL, at=SystemClock().now())
    finally:
        await connection.close()


def _hashed(path: Path) -> bytes:
    """Give the hash of the key in the file; one is made where there is none."""
    if not path.exists():
        write_private(path, written(secrets.token_bytes(ENTROPY_BYTES)) + "\n")
    found = hashed(path.read_text(encoding="utf-8").strip())
    if found is None:
        message = f"{path} holds no API key: remove it for a new one"
        raise ClusterError(message)
    return found


def _tell_curl(folder: Folder, agency: str, port: int) -> None:
    key = folder.api_key(agency).read_text(encoding="utf-8").strip()
    write_private(
        folder.curl(agency), _CURL.format(key=key, ca=folder.ca, host=pki.HTTP_HOST, address=ports.HOST, port=port)
    )
