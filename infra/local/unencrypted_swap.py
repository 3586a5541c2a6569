"""Check for swap that is not encrypted: memory of a process that the kernel writes there stays on the disk in clear."""

from pathlib import Path
from typing import Final

_SWAPS: Final = Path("/proc/swaps")
_BLOCKS: Final = Path("/sys/class/block")


def unencrypted_swap_areas(swaps: Path = _SWAPS, blocks: Path = _BLOCKS) -> list[str]:
    """Return the devices and files of swap that lie on a disk without encryption; empty if the kernel reports none.

    A device counts as encrypted if its device-mapper id begins with `CRYPT-`, as dm-crypt's do. zram is memory.
    """
    try:
        lines = swaps.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return []
    areas = [line.split()[0] for line in lines if line.strip()]
    return [each for each in areas if not _is_safe(Path(each), blocks)]


def _is_safe(area: Path, blocks: Path) -> bool:
    name = area.resolve().name
    if name.startswith("zram"):
        return True
    try:
        return (blocks / name / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-")
    except OSError:
        return False
