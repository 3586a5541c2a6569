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
    """Raised for a file that is not a connection file, or is of another version."""


@dataclass(frozen=True, slots=True, repr=False)
class ConnectionFile:
    """The content of a connection file. `repr` does not show it, because it holds keys."""

    agency: str
    system: str
    deployment: str
    http: dict[str, Any]
    """`address`, `key`, `ca_pem`: as `Http.read` takes them."""
    kafka: dict[str, Any]
    """`config`, `inbound`, `delivery`: as `Kafka.read` takes them."""
    own_numbers_key: str
    """Key, as 64 hexadecimal digits, by which the agency's own numbers become ids; equal on all of its machines."""
    pages: dict[str, str] = field(default_factory=dict)
    """`address` and `ca_pem` of the API that `Pages` reads. Empty in a file of an older version."""

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a connection file. Raises `NoConnection`, and `OSError` if it cannot be read."""
        try:
            return cls.parsed(Path(path).read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            message = "it is no connection file of atips"
            raise NoConnection(message) from None

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Parse the text of a connection file. Raises `NoConnection`."""
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
        """Return the text of the file: JSON with the version."""
        said = {"version": VERSION} | {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(said, indent=1) + "\n"
