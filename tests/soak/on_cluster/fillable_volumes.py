"""Data volumes that can be filled: each is an ext4 file system of its own, in a file that is mounted by a loop device.

The files are sparse: they take what was written, not their size. Without a journal, because the machine itself stays.
"""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PLACES: Final = {
    "kafka-1": "/var/lib/kafka",
    "kafka-2": "/var/lib/kafka",
    "kafka-3": "/var/lib/kafka",
    "postgres-1": "/var/lib/atips",
    "postgres-2": "/var/lib/atips",
    "prometheus": "/var/lib/atips",
}
"""Every container that keeps data, and the place of its data inside. Services keep none."""
SIZE: Final = 4 << 30
OWNER: Final = 10_001
"""User and group of every container."""
FILLING: Final = "filling"
_BLOCK: Final = 4_096
_LARGEST: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class DataVolumes:
    """The volumes of one deployment, in a folder of this machine."""

    folder: Path

    def place(self, service: str) -> Path:
        """Return the folder on which the service's file system is mounted."""
        return self.folder / service

    def make(self) -> None:
        """Make and mount a new, empty file system for each container that keeps data. Needs root."""
        self.remove()
        for service in PLACES:
            place, image = self.place(service), self._image(service)
            place.mkdir(parents=True, exist_ok=True)
            with image.open("wb") as file:
                file.truncate(SIZE)
            # No block is reserved for root: a full file system is full for everybody.
            _run("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", str(image))
            _run("mount", "-o", "loop", str(image), str(place))
            os.chown(place, OWNER, OWNER)

    def remove(self) -> None:
        """Unmount and delete every file system. No container may use one."""
        for service in PLACES:
            if self.place(service).is_mount():
                _run("umount", str(self.place(service)))
            self._image(service).unlink(missing_ok=True)

    @contextmanager
    def filled(self, service: str) -> Iterator[None]:
        """Leave no free block on the service's volume while the body runs.

        The service may free some meanwhile: `fill` takes them too.
        """
        self.fill(service)
        try:
            yield
        finally:
            self.free(service)

    def fill(self, service: str) -> None:
        """Take every free block."""
        with (self.place(service) / FILLING).open("ab") as filling:
            size = _LARGEST
            while size >= _BLOCK:
                try:
                    os.posix_fallocate(filling.fileno(), os.fstat(filling.fileno()).st_size, size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def free(self, service: str) -> None:
        """Give the blocks back."""
        (self.place(service) / FILLING).unlink(missing_ok=True)

    def refuses(self, service: str) -> bool:
        """Whether the volume refuses a write because it is full."""
        probe = self.place(service) / "probe"
        try:
            with probe.open("wb", buffering=0) as file:
                file.write(bytes(16 * _BLOCK))
                os.fsync(file.fileno())
        except OSError as error:
            return error.errno == errno.ENOSPC
        else:
            return False
        finally:
            probe.unlink(missing_ok=True)

    def _image(self, service: str) -> Path:
        return self.folder / f"{service}.ext4"


def _run(*command: str) -> None:
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
