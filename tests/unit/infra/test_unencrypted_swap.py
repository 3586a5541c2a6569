"""Swap areas that lie on a disk in clear."""

from pathlib import Path

import pytest

from infra.local import unencrypted_swap

HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.mark.parametrize(
    ("areas", "found"),
    [
        ([], []),
        (["/dev/sda2"], ["/dev/sda2"]),
        (["/swapfile"], ["/swapfile"]),
        (["/dev/zram0"], []),
        (["/dev/dm-0", "/dev/dm-1"], ["/dev/dm-1"]),
    ],
)
def test_only_encrypted_swap_and_memory_are_safe(tmp_path: Path, areas: list[str], found: list[str]) -> None:
    swaps, blocks = tmp_path / "swaps", tmp_path / "block"
    swaps.write_text(HEAD + "".join(f"{each} partition\t1048572\t0\t-2\n" for each in areas), encoding="utf-8")
    for name, uuid in (("dm-0", "CRYPT-LUKS2-1f-swap"), ("dm-1", "LVM-a-b")):
        (blocks / name / "dm").mkdir(parents=True)
        (blocks / name / "dm" / "uuid").write_text(uuid, encoding="ascii")
    assert unencrypted_swap.unencrypted_swap_areas(swaps, blocks) == found


def test_where_the_kernel_does_not_say_nothing_is_claimed(tmp_path: Path) -> None:
    assert unencrypted_swap.unencrypted_swap_areas(tmp_path / "none", tmp_path) == []
