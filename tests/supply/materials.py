"""The bill of materials (CycloneDX 1.6): every locked Python package and every locked jar."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from infra.local import jars

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = (ROOT / "requirements.lock", jars.LOCK)
_PIN: Final = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,-]+\])?==([^\s;\\]+)", re.MULTILINE)
_MADE_OF: Final = "atips:locks"


class InvalidBomError(Exception):
    """The bill of materials does not follow its schema."""


@dataclass(frozen=True, slots=True)
class Material:
    """A package or a jar at one version; `sha256` is known of a jar, which is one file."""

    url: PackageURL
    sha256: str | None = None

    @property
    def name(self) -> str:
        """Give the package URL as text, as in `pkg:pypi/orjson@3.11.0`."""
        return self.url.to_string()


def digest(*locks: Path) -> str:
    """Hash the locks."""
    found = hashlib.sha256()
    for lock in locks or LOCKS:
        found.update(lock.read_bytes() + b"\0")
    return found.hexdigest()


def packages(lock: str) -> Iterator[Material]:
    """Yield the packages of a text in the form of requirements.lock."""
    for name, version in dict.fromkeys(_PIN.findall(lock)):
        yield Material(PackageURL("pypi", name=name, version=version))


def materials() -> tuple[Material, ...]:
    """Give all of them, in the order of their names."""
    of_java = [
        Material(PackageURL("maven", group, artifact, version, {"classifier": rest[0]} if rest else None), jar.sha256)
        for jar in jars.read_lock()
        for group, artifact, version, *rest in [jar.coordinate.split(":")]
    ]
    of_python = packages(LOCKS[0].read_text(encoding="utf-8"))
    return tuple(sorted((*of_python, *of_java), key=lambda material: material.name))


def written(file: Path) -> bool:
    """Write the bill of materials unless the file is the one of these locks; gives whether it was written.

    Equal locks give equal bytes. Raises `InvalidBomError`.
    """
    of_now = digest()
    if _made_of(file) == of_now:
        return False
    text = _text(of_now)
    if (error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        message = f"{file.name}: {error}"
        raise InvalidBomError(message)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return True


def _made_of(file: Path) -> str | None:
    try:
        properties = json.loads(file.read_text(encoding="utf-8"))["metadata"]["properties"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return next((each["value"] for each in properties if each["name"] == _MADE_OF), None)


def _text(of_now: str) -> str:
    ours = Component(name="atips", version="0.1.0", type=ComponentType.APPLICATION, bom_ref="atips")
    metadata = BomMetaData(component=ours, properties=[Property(name=_MADE_OF, value=of_now)])
    metadata.timestamp = None  # type: ignore[assignment] # the schema asks for none; its moment would change the bytes
    found = [
        Component(
            name=material.url.name,
            group=material.url.namespace,
            version=material.url.version,
            type=ComponentType.LIBRARY,
            bom_ref=material.name,
            purl=material.url,
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=material.sha256)] if material.sha256 else None,
        )
        for material in materials()
    ]
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, of_now), metadata=metadata, components=found)
    bom.register_dependency(ours, found)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"
