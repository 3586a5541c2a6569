"""Ports of a folder's services are kept from one start to the next, and chosen anew if they cannot be read."""

from pathlib import Path

import pytest

from services.console import local_cluster


@pytest.mark.parametrize("left", [None, "", '{"intake": 27'])
def test_ports_that_nobody_can_read_are_none(tmp_path: Path, left: str | None) -> None:
    """As when the machine stopped before the file was on disk: the next start must not end there."""
    if left is not None:
        (tmp_path / "admin.json").write_text(left, encoding="utf-8")
    assert (local_cluster.admin_ports(tmp_path), local_cluster.http_address(tmp_path)) == ({}, None)


def test_ports_are_told_of_the_services_and_of_the_door(tmp_path: Path) -> None:
    (tmp_path / "admin.json").write_text('{"intake": 1, "intake.http": 2, "another": 3}', encoding="utf-8")
    assert (local_cluster.admin_ports(tmp_path), local_cluster.http_address(tmp_path)) == (
        {"intake": 1},
        "https://127.0.0.1:2",
    )
