"""The addresses at which offices reach intake and the pages of a deployment whose services run elsewhere.

They stand in connection files, and their hosts in the certificates of intake and the pages. A local cluster has none:
its services listen on the loopback address.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.local import pki
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

INTAKE = "https://intake:8443"
PAGES = "https://web:8444"


class AddressError(ValueError):
    """A text is not an address of the form `https://HOST:PORT`."""


@dataclass(frozen=True, slots=True)
class PublicAddresses:
    """The addresses of intake and the pages, as `https://host:port`.

    `inside`: those of intake for the pages, if others: one for each copy, separated by commas.
    """

    intake: str = INTAKE
    pages: str = PAGES
    inside: str | None = None

    def __post_init__(self) -> None:
        """Raise `AddressError` for an address that is not of the form `https://HOST:PORT`."""
        for address in (self.intake, self.pages, *self.for_pages.split(",")):
            parts = urlsplit(address)
            try:
                right = parts.scheme == "https" and bool(parts.hostname) and parts.port is not None
            except ValueError:
                right = False
            if not right or parts.path or parts.query or parts.username:
                message = f"{address}: an address is written https://HOST:PORT"
                raise AddressError(message)

    @property
    def for_pages(self) -> str:
        """Return the addresses at which the pages reach intake, separated by commas."""
        return self.inside or self.intake

    def names(self) -> Mapping[str, Sequence[str]]:
        """Return, by certificate (`pki.HTTP`, `pki.PAGES`), the hosts that it must name."""
        of_intake = (self.intake, *self.for_pages.split(","))
        return {pki.HTTP: [_host(each) for each in of_intake], pki.PAGES: [_host(self.pages)]}


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def read(data_dir: Path) -> PublicAddresses | None:
    """Return the stored addresses; None for the folder of a local cluster."""
    try:
        return PublicAddresses(**json.loads(Folder(data_dir).doors.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def keep(data_dir: Path, doors: PublicAddresses) -> None:
    """Store the addresses in the data folder for later commands."""
    if read(data_dir) != doors:
        write_private(Folder(data_dir).doors, json.dumps(asdict(doors)) + "\n")
