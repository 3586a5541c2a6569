"""API keys follow the credentials at each start: what was cut short between broker and door is brought about."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaError, KafkaException
from typer.testing import CliRunner

from infra.local import agency_credential_changes, database_logins, issued_agency_credentials
from infra.local.agency_credential_changes import CredentialChangeError
from infra.local.cluster import ClusterError
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from infra.local.protected_files import write_private
from infra.local.supervisor_plan import deployment_to_plain
from schemas.topics import Deployment
from services.console import api_keys, local_cluster
from services.console.__main__ import app
from services.console.database import connected
from services.intake.domain.api_keys import hash_of_key
from services.intake.own_number_secret_encryption import decrypt_secret, key_id
from services.intake.store.api_keys import ApiKey, Keys
from services.intake.store.own_number_ids import agency_key
from services.web.accounts import Accounts
from services.web.domain.account_rules import Account
from services.web.domain.roles import Role
from services.web.intake_client import IntakeClient, NoKey
from tests.support.database import Server

NOW = datetime.now(UTC)
DOOR = "https://127.0.0.1:1"
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=24)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder as a supervisor leaves it, as far as keys look."""
    made = Folder(tmp_path / "data")
    made.make()
    write_private(made.ca, "-----BEGIN CERTIFICATE-----\n")
    kafka = {"bootstrap": "127.0.0.1:1", "mtls": "127.0.0.1:2", "ca": str(made.ca), "existing": None}
    made.write_state({"deployment": deployment_to_plain(Deployment("t1", 1, ("bpd",))), "kafka": kafka})
    return made


async def started_after(folder: Folder, server: Server, *known: tuple[Credential, ...]) -> tuple[ApiKey, ...]:
    """The keys after as many starts, each with other credentials."""
    async with server.copy() as name:
        write_private(folder.dsn_file("registrar"), server.dsn("registrar", name) + "\n")
        for each in known:
            with issued_agency_credentials.changing(folder) as kept:
                issued_agency_credentials.keep(kept, *each)
            await asyncio.to_thread(api_keys.ensure, folder.root, DOOR)
        async with api_keys.table(folder) as table:
            return await table.list()


async def test_a_rotation_cut_short_ends_the_old_key_all_the_same(folder: Folder, server: Server) -> None:
    rotated = Credential("bpd", ends=SOON), Credential("bpd", generation=2)
    found = await started_after(folder, server, (Credential("bpd"),), rotated, rotated)
    assert {key.label: key.revoked_at for key in found} == {"bpd": SOON, "bpd.main.2": None}


async def test_intake_gets_each_agency_s_secret_encrypted_and_keeps_the_first(folder: Folder, server: Server) -> None:
    handed = replace(Credential("bpd"), handed_out=True)
    async with server.copy() as name:
        write_private(folder.dsn_file("registrar"), server.dsn("registrar", name) + "\n")
        with issued_agency_credentials.changing(folder) as kept:
            issued_agency_credentials.keep(kept, handed)
        await asyncio.to_thread(api_keys.ensure, folder.root, DOOR)
        kept_first = folder.own_numbers_key("bpd").read_text().strip()
        identity_key = bytes.fromhex(folder.identity_key.read_text())
        write_private(folder.dsn_file("identity"), server.dsn("identity", name) + "\n")
        async with connected(folder, "identity", "identity") as connection:
            found = await agency_key(connection, "bpd", key_id(identity_key))
            assert found is not None
            assert decrypt_secret(identity_key, "bpd", found) == bytes.fromhex(kept_first)
            assert await agency_key(connection, "dhs", key_id(identity_key)) is None
            write_private(folder.own_numbers_key("bpd"), "ab" * 32 + "\n")  # lost, and made again
            await asyncio.to_thread(api_keys.ensure, folder.root, DOOR)
            assert await agency_key(connection, "bpd", key_id(identity_key)) == found


async def test_the_pages_get_the_key_and_the_secret_that_makes_ids(folder: Folder, server: Server) -> None:
    await started_after(folder, server, (Credential("bpd"),))
    file = folder.web_keys / "bpd.json"
    said = json.loads(file.read_text())
    assert said["http"]["key"] == folder.api_key("bpd").read_text().strip()
    assert said["own_numbers_key"] == folder.own_numbers_key("bpd").read_text().strip()
    assert IntakeClient(folder.web_keys).own_numbers("bpd").key == bytes.fromhex(said["own_numbers_key"])
    with pytest.raises(NoKey):
        IntakeClient(folder.web_keys).own_numbers("dhs")


async def test_a_key_that_ended_sooner_did(folder: Folder, server: Server) -> None:
    ending = [(Credential("bpd", ends=at),) for at in (None, SOON, LATER)]
    [key] = await started_after(folder, server, *ending)
    assert (key.label, key.revoked_at) == ("bpd", SOON)


@asynccontextmanager
async def two_commands(folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Keys]:
    """The table of a folder in which bpd has a credential with its key, and commands that find no broker."""
    async with server.copy() as name:
        write_private(folder.dsn_file("registrar"), server.dsn("registrar", name) + "\n")
        await asyncio.to_thread(api_keys.ensure, folder.root, DOOR)
        monkeypatch.setattr(local_cluster, "running_cluster", lambda _: SimpleNamespace(data_dir=folder.root))
        monkeypatch.setattr(local_cluster, "http_address", lambda _: None)
        monkeypatch.setattr(database_logins, "shut_login", lambda *_: None)
        monkeypatch.setattr(database_logins, "renew_login", lambda *_: None)
        async with api_keys.table(folder) as table:
            yield table


def kept(folder: Folder, *changed: Credential) -> None:
    with issued_agency_credentials.changing(folder) as every:
        issued_agency_credentials.keep(every, *changed)


async def typed(*arguments: str, folder: Folder, code: int = 0) -> str:
    done = await asyncio.to_thread(CliRunner().invoke, app, ["agency", *arguments, "--data-dir", str(folder.root)])
    assert done.exit_code == code, done.output
    return done.output


async def test_a_rotation_beside_another_ends_what_was_before_it_alone(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, third = Credential("bpd", generation=2), Credential("bpd", generation=3)

    def rotated(*_: object) -> Credential:
        kept(folder, Credential("bpd", ends=SOON), replace(second, ends=LATER), third)
        asyncio.run(api_keys.create_api_key(folder, third, None, NOW))
        return second

    async with two_commands(folder, server, monkeypatch) as table:
        monkeypatch.setattr(agency_credential_changes, "rotate", rotated)
        await typed("rotate", "bpd", "--keep", folder=folder)
        ends = {key.label: key.revoked_at for key in await table.list()}
        assert (ends["bpd.main.2"], ends["bpd.main.3"]) == (LATER, None)
        assert ends["bpd"] is not None


@pytest.mark.parametrize("only", [(), ("--system", MAIN)], ids=" ".join)
async def test_who_is_shut_out_while_a_key_is_made_is_let_in_by_no_key(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch, only: tuple[str, ...]
) -> None:
    second = Credential("bpd", generation=2)

    def revoked(*_: object) -> tuple[Credential, ...]:
        asyncio.run(api_keys.create_api_key(folder, second, None, NOW))  # of a rotation that did not know yet
        kept(folder, Credential("bpd", ends=NOW), replace(second, ends=NOW))
        return (second,)

    async with two_commands(folder, server, monkeypatch) as table:
        monkeypatch.setattr(agency_credential_changes, "revoke", revoked)
        await typed("revoke", "bpd", *only, folder=folder)
        await api_keys.create_api_key(folder, second, None, NOW)  # of one that found it kept, and was slower still
        assert [key.label for key in await table.list() if key.open_at(LATER)] == []


@pytest.mark.parametrize(("owner", "step"), [(api_keys, "write_private"), (Keys, "add")], ids=["file", "table"])
async def test_after_a_key_that_was_cut_short_the_next_start_lets_in_what_lies_in_the_folder(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch, owner: object, step: str
) -> None:
    def killed(*_: object, **_named: object) -> None:
        raise KeyboardInterrupt

    second = Credential("bpd", generation=2)
    async with two_commands(folder, server, monkeypatch) as table:
        kept(folder, Credential("bpd", ends=SOON), second)
        with monkeypatch.context() as ending:
            ending.setattr(owner, step, killed)
            with pytest.raises(KeyboardInterrupt):
                await api_keys.create_api_key(folder, second, None, NOW)
        await asyncio.to_thread(api_keys.ensure, folder.root, DOOR)
        [of_second] = [key for key in await table.list() if key.label == "bpd.main.2"]
        assert hash_of_key(folder.api_key("bpd").read_text().strip()) == of_second.hash


async def test_a_revocation_that_was_killed_at_its_last_step_is_done_by_the_next(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_commands(folder, server, monkeypatch):
        await api_keys.end_api_keys(folder, "bpd", None, NOW)
        kept(folder, Credential("bpd", ends=NOW, retired=True))
        assert folder.api_key("bpd").exists()
        assert "has no credential" in await typed("revoke", "bpd", folder=folder, code=1)
        assert not folder.api_key("bpd").exists()


async def test_whoever_shuts_an_agency_out_is_told_which_accounts_of_its_people_are_open(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by attack: officers of an agency that was shut out went on seeing its cases, and nobody was told."""
    async with two_commands(folder, server, monkeypatch):
        async with connected(folder, "registrar", "web") as registrar:
            for name, agency in (("ana", "bpd"), ("unit", "atips_pu"), ("gone", "bpd"), ("other", "dhs")):
                assert await Accounts(registrar).add(Account(name, Role.OFFICER, agency))
            assert await Accounts(registrar).disable("gone", NOW)
        kept(folder, Credential("bpd", ends=NOW, retired=True))
        monkeypatch.setattr(agency_credential_changes, "revoke", lambda *_: (Credential("bpd"),))
        said = await typed("revoke", "bpd", folder=folder)
        assert "ana, unit. For each: atips users disable NAME" in said
        assert json.loads(await typed("revoke", "bpd", "--json", folder=folder))["accounts"] == ["ana", "unit"]


@pytest.mark.parametrize("command", ["add", "rotate"])
async def test_keys_are_kept_here_only_where_somebody_says_so_or_all_is_invented(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch, command: str, tmp_path: Path
) -> None:
    def made(*_: object) -> Credential:
        message = "asked to make it"
        raise CredentialChangeError(message)

    async with two_commands(folder, server, monkeypatch):
        monkeypatch.setattr(agency_credential_changes, command, made)
        to = str(tmp_path / "bpd.json")
        assert "--to FILE" in await typed(command, "bpd", folder=folder, code=2)
        assert "not both" in await typed(command, "bpd", "--keep", "--to", to, folder=folder, code=2)
        for where in (["--keep"], ["--to", to]):
            assert "asked to make it" in await typed(command, "bpd", *where, folder=folder, code=1)
        folder.synthetic.touch()
        assert "asked to make it" in await typed(command, "bpd", folder=folder, code=1)


@pytest.mark.parametrize("command", ["add", "rotate"])
async def test_whoever_gets_no_key_is_told_how_to_get_one(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    async with two_commands(folder, server, monkeypatch):
        write_private(folder.dsn_file("registrar"), "postgresql://registrar@127.0.0.1:1/t1\n")
        monkeypatch.setattr(agency_credential_changes, command, lambda *_: Credential("bpd", "jail", 2))
        said = await typed(command, "bpd", "--system", "jail", "--keep", folder=folder, code=1)
        assert said.startswith("PostgreSQL does not answer: ")
        assert said.endswith("API keys are as they were. Once it answers: atips agency rotate bpd --system jail\n")


@pytest.mark.parametrize(("command", "then"), [("rotate", "Do it again."), ("revoke", "as soon as that answers.")])
async def test_a_broker_that_is_away_is_named_with_what_comes_of_the_command(
    folder: Folder, server: Server, monkeypatch: pytest.MonkeyPatch, command: str, then: str
) -> None:
    def away(*_: object) -> None:
        raise KafkaException(KafkaError(KafkaError._TRANSPORT))

    async with two_commands(folder, server, monkeypatch):
        monkeypatch.setattr(agency_credential_changes, command, away)
        where = ("--keep",) if command == "rotate" else ()
        said = await typed(command, "bpd", *where, folder=folder, code=1)
        assert said.startswith("Kafka does not answer: _TRANSPORT. ")
        assert said.endswith(f"{then}\n")


def test_a_start_whose_database_is_gone_again_says_so(folder: Folder) -> None:
    write_private(folder.dsn_file("registrar"), "postgresql://registrar@127.0.0.1:1/t1\n")
    with pytest.raises(ClusterError, match="PostgreSQL does not answer: "):
        api_keys.ensure(folder.root, DOOR)


async def test_the_pages_get_an_agency_s_key_for_http_alone_and_lose_it_when_it_is_handed_out(
    folder: Folder, server: Server
) -> None:
    [key] = await started_after(folder, server, (Credential("bpd"),))
    file = folder.web_keys / "bpd.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    assert said.keys() == {"http", "own_numbers_key"}
    assert said["http"].keys() == {"address", "key", "ca_pem"}
    assert hash_of_key(said["http"]["key"]) == key.hash
    assert file.stat().st_mode & 0o077 in {0, 0o040}
    api_keys.delete_key_files(folder, [Credential("bpd", system="jail")])
    assert file.exists()
    api_keys.delete_key_files(folder, [Credential("bpd")])
    assert not file.exists()


@pytest.mark.parametrize(
    "words", [["receipts"], ["inbox"], ["publish", "one.json"], ["publish", "one.json", "--via", "http"]], ids=" ".join
)
def test_each_command_says_alike_that_keys_were_handed_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    with issued_agency_credentials.changing(folder) as kept:
        issued_agency_credentials.keep(kept, issued_agency_credentials.handed_out(Credential("bpd")))
    monkeypatch.setattr(local_cluster, "running_cluster", lambda _: SimpleNamespace(data_dir=folder.root))
    monkeypatch.chdir(folder.root)
    (folder.root / "one.json").write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(app, [*words, "--agency", "bpd", "--data-dir", str(folder.root)])
    assert done.exit_code == 1
    assert done.stderr == (
        "bpd's keys were handed out in a connection file and are not kept here: atips connect FILE\n"
    )
