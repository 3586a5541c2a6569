"""The data folder: secrets never readable by others, never half written; a state replaced at once."""

import os
import resource
import secrets
from pathlib import Path

import pytest

from infra.local.data_folder import Folder, throwaway
from infra.local.protected_files import secret, write_new, write_private


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "deep" / "data")
    made.make()
    return made


def test_a_secret_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "secret", "text")
    finally:
        os.umask(before)
    assert mode(tmp_path / "secret") == "0o600"


def test_writing_replaces_an_open_file_by_a_private_one(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o644)
    write_private(file, "new")
    assert (file.read_text(encoding="utf-8"), mode(file)) == ("new", "0o600")
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_private(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(file, "\ud800")
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_secret_is_made_once_and_is_different_each_time(tmp_path: Path) -> None:
    first = secret(tmp_path / "one")
    assert secret(tmp_path / "one") == first
    assert secret(tmp_path / "two") != first
    assert len(secret(tmp_path / "key", entropy=32)) == 64


def test_of_two_first_uses_both_get_the_secret_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, others = tmp_path / "secret", list[str]()

    def made_meanwhile(entropy: int) -> str:
        monkeypatch.undo()
        others.append(secret(path))
        return secrets.token_hex(entropy)

    monkeypatch.setattr(secrets, "token_hex", made_meanwhile)
    assert secret(path) == path.read_text(encoding="utf-8").strip() == others[0]
    assert (mode(path), list(tmp_path.iterdir())) == ("0o600", [path])


def test_a_new_file_is_private_and_never_another_s(tmp_path: Path) -> None:
    file = tmp_path / "new"
    write_new(file, b"text")
    assert (file.read_bytes(), mode(file)) == (b"text", "0o600")
    with pytest.raises(FileExistsError):
        write_new(file, b"other")
    assert file.read_bytes() == b"text"


def test_of_a_new_file_for_which_there_is_no_room_nothing_stays(tmp_path: Path) -> None:
    file, unlimited = tmp_path / "new", resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, unlimited[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_new(file, b"text" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("starter", "reached"), [(0, "0o711"), (1000, "0o700")], ids=["root", "a user"])
def test_folders_are_closed_but_on_the_way_to_what_a_program_of_another_user_reads(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, starter: int, reached: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: starter)
    folder.secrets.chmod(0o755)
    folder.make()
    assert {mode(folder.clients), mode(folder.log)} == {"0o700"}
    assert {mode(folder.secrets), mode(folder.pki), mode(folder.kafka)} == {reached}
    assert mode(folder.root) == "0o711"


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    Folder(tmp_path).make()
    assert mode(tmp_path) == "0o700"


def test_state_is_read_as_written_and_empty_at_first(folder: Folder) -> None:
    assert folder.read_state() == {}
    folder.write_state({"ports": {"kafka": 1}})
    assert folder.read_state() == {"ports": {"kafka": 1}}


def test_what_is_gone_with_the_run_lies_in_memory_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, disk = tmp_path / "memory", tmp_path / "disk"
    memory.mkdir()
    disk.mkdir()
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(disk))
    made = throwaway(memory, room=1)
    assert (made.parent, mode(made)) == (memory, "0o711")
    assert throwaway(memory, room=1 << 60).parent == disk
    assert throwaway(tmp_path / "no such mount", room=1).parent == disk
    monkeypatch.setenv("TMPDIR", str(disk))
    assert throwaway(memory, room=1).parent == disk
