"""Systems of a deployment: a built-in table, with additions from a file that is read again when it changes."""

# The file: {"own_keys": ["bpd/jail"], "enrolled": ["dhs/clinic"], "numbers": {"dhs/clinic": "K[0-9]{4}"},
#            "changes": [["bpd/register", "bpd/jail"]]}
# `own_keys` is kept by `atips agency add`; the Council writes the others.

import re
from pathlib import Path
from types import MappingProxyType

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.fields import Source
from services.intake.domain.systems import MAIN, REGISTER_NUMBER, SYSTEMS, Systems

log = structlog.get_logger()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    own_keys: tuple[Source, ...] = ()
    enrolled: tuple[Source, ...] = ()
    numbers: dict[Source, re.Pattern[str]] = {}
    changes: tuple[tuple[Source, Source], ...] = ()


class SystemsFile:
    """Systems of a deployment: a built-in table, with additions from a file.

    A call returns the systems, and reads the file again if it has changed. A mistake in the file raises `ValueError`
    when the object is created. Later the mistake is logged, and the earlier systems stay in force.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._systems = SYSTEMS
        if path is not None and path.exists():
            self._seen, self._systems = _stamp(path), _read(path)

    def __call__(self) -> Systems:
        """Return the systems; read the file again first if it has changed."""
        if self._path is None:
            return self._systems
        try:
            stamp = _stamp(self._path)
            if stamp != self._seen:
                self._systems, self._seen = _read(self._path), stamp
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            log.warning("systems stay as they were", error=type(error).__name__)
        return self._systems


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> Systems:
    try:
        file = _File.model_validate_json(path.read_bytes())
    except ValidationError as error:
        message = f"{path}: {error.error_count()} mistakes"
        raise ValueError(message) from None
    number = re.compile(REGISTER_NUMBER)
    own_keys = frozenset(each for each in file.own_keys if not each.endswith(f"/{MAIN}"))
    added = {source: file.numbers.get(source, number) for source in (*own_keys, *file.enrolled)}
    enrolled = {**SYSTEMS.enrolled, **file.numbers, **added}
    return Systems(MappingProxyType(enrolled), own_keys, SYSTEMS.changes.union(file.changes))
