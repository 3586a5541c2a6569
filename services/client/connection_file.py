"""Connection file of one system of an agency: addresses, certificate authority, and the keys for HTTPS and Kafka.

`atips agency add --to FILE` writes it once. The server stores only what is needed to verify these keys.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

VERSION: Final = 1


class NoConnection(Exception):
    """Raised for a file that is no connection file, or is of another version."""


@dataclass(frozen=True, slots=True, repr=False)
class ConnectionFile:
    """Content of a connection file. `repr` does not show it, because it has keys."""

    agency: str
    system: str
    deployment: str
    http: dict[str, Any]
    """Keys `address`, `key` and `ca_pem`, as `Http.read` takes them."""
    kafka: dict[str, Any]
    """Keys `config`, `inbound` and `delivery`, as `Kafka.read` takes them."""
    own_numbers_key: str
    """Secret, as 64 hexadecimal digits, from which ids of the agency's own numbers are made; equal on its machines."""
    pages: dict[str, str] = field(default_factory=dict)
    """Keys `address` and `ca_pem` of the API that `Pages` reads. Empty in a file of an older version."""

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a connection file. Raises `NoConnection` for another file, and `OSError` if it cannot be read."""
        try:
            return cls.parsed(Path(path).read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            message = "it is no connection file of atips"
            raise NoConnection(message) from None

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Parse the text of a connection file. Raises `NoConnection` for another text."""
        try:
            said = json.loads(text)
            found = cls(**{name: said[name] for name in cls.__slots__ if name != "pages" or name in said})
            complete = {"address", "key", "ca_pem"} <= found.http.keys() and "config" in found.kafka
            version = said["version"]
        except (ValueError, KeyError, TypeError, AttributeError):
            complete, version, found = False, VERSION, None
        if version != VERSION:
            message = f"it is of version {version}, and this atips reads version {VERSION}: install a newer one"
            raise NoConnection(message)
        if found is None or not complete:
            message = "it is no connection file of atips"
            raise NoConnection(message)
        return found

    def text(self) -> str:
        """Return the text of the file: JSON of the fields and the version."""
        said = {"version": VERSION} | {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(said, indent=1) + "\n"
