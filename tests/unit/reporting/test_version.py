"""The version of the figures covers every source that makes cells out of bytes."""

from importlib.resources import files
from pathlib import Path

from services.reporting import version


def test_any_changed_source_gives_another_version(tmp_path: Path) -> None:
    (tmp_path / "codebook").mkdir()
    sources = {"a.py": b"x = 1", "codebook/b.py": b"y = 2"}
    hashes = set()
    for change in (sources, {**sources, "codebook/b.py": b"y = 3"}, {**sources, "c.py": b""}):
        for name, source in change.items():
            (tmp_path / name).write_bytes(source)
        hashes.add(version.hashed({"schemas": tmp_path}))
    (tmp_path / "notes.txt").write_text("not a source")
    hashes.add(version.hashed({"schemas": tmp_path}))
    assert len(hashes) == 3


def test_it_is_the_same_for_every_worker_and_covers_both_packages() -> None:
    assert version.figure_version() == version.hashed(
        {"services.reporting.domain": files("services.reporting.domain"), "schemas": files("schemas")}
    )
    assert len(version.figure_version()) == 64
