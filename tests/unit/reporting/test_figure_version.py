"""The version of the figures covers every source that makes cells out of bytes."""

from importlib.resources import files
from pathlib import Path

import pytest

from services.reporting import figure_version


def test_any_changed_source_gives_another_version(tmp_path: Path) -> None:
    (tmp_path / "codebook").mkdir()
    sources = {"a.py": b"x = 1", "codebook/b.py": b"y = 2"}
    hashes = set()
    for change in (sources, {**sources, "codebook/b.py": b"y = 3"}, {**sources, "c.py": b""}):
        for name, source in change.items():
            (tmp_path / name).write_bytes(source)
        hashes.add(figure_version.hash_of_packages({"schemas": tmp_path}))
    (tmp_path / "notes.txt").write_text("not a source")
    hashes.add(figure_version.hash_of_packages({"schemas": tmp_path}))
    assert len(hashes) == 3


CODE = b"""class Person:
    def sex(self):
        return "female"
"""


@pytest.mark.parametrize(
    ("written", "same"),
    [
        (CODE.replace(b"class", b"# Who it is.\nclass"), True),
        (CODE.replace(b"Person:", b"Person:  # a person"), True),
        (b'"""Persons."""\n' + CODE.replace(b":\n    def", b':\n    """Somebody."""\n\n    def'), True),
        (CODE.replace(b"        return", b'        """As last said."""\n        return'), True),
        (CODE.replace(b'"female"', b"(\n            'female'\n        )"), True),
        (CODE.replace(b"female", b"male"), False),
        (CODE.replace(b"sex", b"gender"), False),
        (CODE.replace(b'return "female"', b'"female"'), False),
        (CODE + b"x = '# not a comment'", False),
    ],
    ids=range(9),
)
def test_what_is_said_about_the_code_makes_no_other_version(tmp_path: Path, written: bytes, *, same: bool) -> None:
    hashes = set()
    for source in (CODE, written):
        (tmp_path / "person.py").write_bytes(source)
        hashes.add(figure_version.hash_of_packages({"schemas": tmp_path}))
    assert len(hashes) == (1 if same else 2)


def test_it_is_the_same_for_every_worker_and_covers_both_packages() -> None:
    assert figure_version.figure_version() == figure_version.hash_of_packages(
        {"services.reporting.domain": files("services.reporting.domain"), "schemas": files("schemas")}
    )
    assert len(figure_version.figure_version()) == 64
