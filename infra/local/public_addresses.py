"""The addresses at which offices reach intake and the pages of a deployment whose services run elsewhere.

They stand in connection files, and their hosts in the certificates of both doors. A local cluster has none kept here:
its doors are on the loopback address.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.local import pki
from infra.local.folder import Folder
from infra.local.protected_files import write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INTAKE = "https://intake:8443"
PAGES = "https://web:8444"


class DoorError(ValueError):
    """The text is no address of a door over HTTPS."""


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """Two addresses, as `https://host:port`; `inside` is intake's for the pages, where that is another."""

    intake: str = INTAKE
    pages: str = PAGES
    inside: str | None = None

    def __post_init__(self) -> None:
        """Raise `DoorError` for a text that is no such address."""
        for address in (self.intake, self.pages, self.for_pages):
            parts = urlsplit(address)
            try:
                right = parts.scheme == "https" and bool(parts.hostname) and parts.port is not None
            except ValueError:
                right = False
            if not right or parts.path or parts.query or parts.username:
                message = f"{address}: an address is written https://HOST:PORT"
                raise DoorError(message)

    @property
    def for_pages(self) -> str:
        """Give the address at which the pages reach intake."""
        return self.inside or self.intake

    def names(self) -> Mapping[str, str]:
        """Give the host that each certificate must name."""
        return {pki.HTTP: urlsplit(self.intake).hostname or "", pki.PAGES: urlsplit(self.pages).hostname or ""}


def read(data_dir: Path) -> PublicAddresses | None:
    """Give the addresses that were kept; None on a folder of a local cluster."""
    try:
        return PublicAddresses(**json.loads(Folder(data_dir).doors.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def keep(data_dir: Path, doors: PublicAddresses) -> None:
    """Keep the addresses for later commands."""
    if read(data_dir) != doors:
        write_private(Folder(data_dir).doors, json.dumps(asdict(doors)) + "\n")
