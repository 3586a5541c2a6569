"""Users of programs: started by root, each runs as one of its own, and reads its own secrets alone."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import pytest

from infra.local import environment_variables, pki, process_users
from infra.local.data_folder import Folder, throwaway
from infra.local.process_users import PROGRAMS, User, UserError
from infra.local.protected_files import OF_GROUP, write_private

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def folder() -> Iterator[Folder]:
    """Make a data folder that others can pass."""
    made = Folder(throwaway())
    made.make()
    yield made
    rmtree(made.root)


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_a_user_keeps_being_who_he_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert process_users.of("intake") is None
    assert process_users.command_prefix(None, [Path("/any/file")]) == []


@pytest.mark.usefixtures("root")
def test_each_program_has_a_user_of_its_own_and_no_one_is_root() -> None:
    programs = (*PROGRAMS, process_users.DATABASE, "any other")
    found = {program: process_users.of(program) for program in programs}
    assert len(set(found.values())) == len(programs)
    assert not {None, User(0, 0)}.intersection(found.values())


@pytest.mark.usefixtures("root")
def test_where_few_numbers_are_users_all_run_as_the_one_with_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_users, "_is_mapped", lambda _file, _number: False)
    assert {process_users.of(program) for program in PROGRAMS} == {process_users.of(process_users.DATABASE)}


def test_a_number_is_a_user_where_the_container_maps_it(tmp_path: Path) -> None:
    file = tmp_path / "uid_map"
    file.write_text("         0    1000          1\n    60000  100000        910\n", encoding="ascii")
    assert [process_users._is_mapped(file, number) for number in (0, 1, 59_999, 60_000, 60_909, 60_910)] == [
        True, False, False, True, True, False,
    ]  # fmt: skip


def test_a_program_keeps_no_right_where_every_folder_can_be_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_users, "closed_ways", lambda _paths: iter(()))
    words = process_users.command_prefix(User(7, 8), [Path("/any")])
    assert words[:3] == ["setpriv", "--reuid=7", "--regid=8"]
    assert {"--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--clear-groups", "--no-new-privs"} <= {
        *words
    }


def test_a_closed_folder_on_the_way_costs_one_capability(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_users, "closed_ways", lambda _paths: iter([Path("/root")]))
    monkeypatch.setattr(process_users, "_bounding_set", lambda: 0b110)
    assert "--ambient-caps=-all,+dac_read_search" in process_users.command_prefix(User(7, 8), [Path("/any/file")])


def test_closed_ways_are_found(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    assert closed in set(process_users.closed_ways([closed / "data"]))
    closed.chmod(0o711)
    assert closed not in set(process_users.closed_ways([closed / "data"]))


def test_the_weaker_capability_is_taken_first_and_none_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for held, wanted in ((0b110, "dac_read_search"), (0b100, "dac_read_search"), (0b010, "dac_override")):
        monkeypatch.setattr(process_users, "_bounding_set", lambda held=held: held)
        assert process_users._passing_capability(Path("/root")) == wanted
    monkeypatch.setattr(process_users, "_bounding_set", lambda: 0)
    with pytest.raises(UserError, match="/root is closed"):
        process_users._passing_capability(Path("/root"))


def readers(file: Path) -> set[str]:
    """Give the programs whose user can read the file."""
    return {
        program
        for program in (*PROGRAMS, process_users.DATABASE)
        if subprocess.run(
            [*process_users.command_prefix(process_users.of(program), [file]), "cat", str(file)],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    }


if AS_ROOT:

    def test_a_secret_is_read_by_its_program_alone_also_after_it_was_replaced(folder: Folder) -> None:
        file, other = folder.password_file("intake"), folder.key("ca")
        for secret in (file, other):
            write_private(secret, "secret")
        environment = {"ATIPS_KAFKA_PASSWORD_FILE": str(file), "ATIPS_PARTITIONS": "4", "ATIPS_X": str(folder.root)}
        assert readers(file) == set()
        process_users.let_read_named(process_users.of("intake"), environment, folder)
        assert (readers(file), readers(other)) == ({"intake"}, set())
        write_private(file, "another secret")
        assert (readers(file), file.stat().st_uid, file.stat().st_mode & 0o777) == ({"intake"}, 0, OF_GROUP)

    def test_no_program_reads_the_authority_s_key_and_the_broker_alone_its_own(folder: Folder) -> None:
        outside = folder.root / "stick.key"  # as on a stick that everybody can reach
        for authority_key in (None, outside):
            pki.ensure(folder, ["intake"], datetime(2026, 1, 1, tzinfo=UTC), authority_key)
            process_users.let_read(process_users.of("kafka"), folder.pki / "broker.pem")
            assert readers(authority_key or folder.key(pki.AUTHORITY)) == set()
            assert readers(folder.pki / "broker.pem") == {"kafka"}
        assert not folder.key(pki.AUTHORITY).exists()
        assert environment_variables.CA_KEY_FILE not in environment_variables.for_service(
            {environment_variables.CA_KEY_FILE: str(outside)}
        )

    def test_what_is_no_secret_is_read_by_every_program_also_after_it_was_replaced(folder: Folder) -> None:
        write_private(folder.ca, "certificate")
        folder.set_clock("2024-12-31T00:00:00Z")
        environment = {"ATIPS_KAFKA_CA": str(folder.ca), "ATIPS_CLOCK_FILE": str(folder.clock)}
        process_users.let_read_named(process_users.of("intake"), environment, folder)
        folder.set_clock("2025-01-01T00:00:00Z")
        assert readers(folder.ca) == readers(folder.clock) == {*PROGRAMS, process_users.DATABASE}

    def test_a_certificate_of_another_authority_is_handed_on_where_only_root_can_read_it(
        folder: Folder, tmp_path: Path
    ) -> None:
        theirs = tmp_path / "their-ca.crt"  # in a folder that is closed to others
        write_private(theirs, "certificate")
        found = process_users.let_read_named(process_users.of("intake"), {"ATIPS_KAFKA_CA": str(theirs)}, folder)
        assert Path(found["ATIPS_KAFKA_CA"]).is_relative_to(folder.root)
        assert "intake" in readers(Path(found["ATIPS_KAFKA_CA"]))

    def test_a_folder_of_root_s_becomes_the_program_s_also_where_that_was_interrupted(folder: Folder) -> None:
        data = folder.kafka / "data"
        (data / "topic").mkdir(parents=True)
        (data / "topic" / "segment").touch()
        user = process_users.of("kafka")
        assert user is not None
        os.chown(data / "topic", user.uid, user.gid)  # as one left it that was ended meanwhile
        process_users.give_to_user(data, user)
        assert {each.stat().st_uid for each in (data, *data.rglob("*"))} == {user.uid}
        assert data.stat().st_mode & 0o777 == 0o700
