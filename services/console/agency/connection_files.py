"""Connection files: all keys of one system in one file. The server then keeps only verifiers and hashes of the keys."""

import json
from pathlib import Path

from infra.local import (
    agency_kafka_tool_settings,
    connection_settings,
    deployment_on_existing_servers,
    issued_agency_credentials,
)
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from infra.local.protected_files import secret, write_new
from schemas.own_number_ids import KEY_BYTES
from services.client.connection_file import ConnectionFile
from services.console import api_keys, local_cluster
from services.console.output import fail, fail_wrong_usage


def must_name_destination(root: Path, to: Path | None, *, keep: bool) -> None:
    """Exit with 2 unless exactly one of `to` (write the keys into this file) and `keep` (leave them here) is given.

    In a data folder of invented data neither is needed, and the keys stay in it. Exits with 1 if `to` exists or cannot
    be written. Call it before any key is made.
    """
    if to is not None and keep:
        fail_wrong_usage("Give --to or --keep, not both: keys that are handed out are not kept here.")
    if to is not None:
        try_out(to)
    elif not keep and not Folder(root).synthetic.exists():
        fail_wrong_usage(
            "Nothing was made: it would leave an agency's keys on this server. Give --to FILE to write them into a"
            " connection file that you hand over, or --keep for a program on this machine."
        )


def try_out(path: Path) -> None:
    """Exit with 1 if the file exists or cannot be written. The check creates the file and removes it again."""
    try:
        write_new(path, b"")
    except FileExistsError:
        fail(f"{path} exists already and is not overwritten. Give another --to.")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}. Nothing was made.")
    path.unlink()


def hand_out(root: Path, made: Credential, address: str, to: Path) -> None:
    """Write a credential's connection file `to`, readable by its owner alone, and remove its keys from the data folder.

    `address`: intake's HTTPS address. The credential is recorded as handed out. `FileExistsError` is raised if `to`
    exists.
    """
    folder = Folder(root)
    write_new(to, connection(folder, made, address).text().encode())
    with issued_agency_credentials.changing(folder) as kept:
        issued_agency_credentials.keep(kept, issued_agency_credentials.handed_out(made))
    remove_keys_of_system(folder, made)


def connection(folder: Folder, made: Credential, address: str) -> ConnectionFile:
    """Build the connection file of a system from the keys that the data folder still holds."""
    deployment = connection_settings.started(folder.root)
    kafka = connection_settings.of_principal(folder.root, made.principal)
    authority = Path(str(kafka.pop("ssl.ca.location"))).read_text(encoding="utf-8")
    own = folder.ca.read_text(encoding="utf-8") if folder.ca.exists() else authority
    return ConnectionFile(
        agency=made.agency,
        system=made.system,
        deployment=deployment.name,
        http={
            "address": address,
            "key": api_keys.key_file(folder, made).read_text(encoding="utf-8").strip(),
            "ca_pem": own,
        },
        kafka={
            "config": {**kafka, "ssl.ca.pem": authority, "group.id": issued_agency_credentials.group(deployment, made)},
            "inbound": deployment.inbound(made.sender),
            "delivery": deployment.delivery(made.sender),
        },
        pages={"address": local_cluster.pages_over_tls(folder.root) or "", "ca_pem": own},
        own_numbers_key=secret(folder.own_numbers_key(made.agency), entropy=KEY_BYTES),
    )


def remove_keys_of_system(folder: Folder, made: Credential) -> None:
    """Remove a system's password, private key, certificate, API key and client settings from the data folder.

    The broker keeps a verifier of the password, and intake a hash of the API key.
    """
    for path in (folder.password_file(made.principal), folder.key(made.principal), folder.certificate(made.principal)):
        path.unlink(missing_ok=True)
    # Not the key of the pages where the folder was provisioned: there the pages use an API key of their own.
    api_keys.delete_key_files(folder, [made], pages=not deployment_on_existing_servers.is_provisioned(folder.root))
    for name in (agency_kafka_tool_settings.JAVA, agency_kafka_tool_settings.KCAT):
        (agency_kafka_tool_settings.files_of(folder, made) / name).unlink(missing_ok=True)


def instructions(made: Credential, to: Path, address: str) -> str:
    """Return the text that tells the operator to hand the file over and the office how to use it."""
    system = "" if made.system == MAIN else f", system {made.system}"
    return (
        f"{made.agency}{system}: {to} holds its keys for {address} and Kafka. It is written once:"
        f" no copy is kept here. Hand it over, then delete it. There: atips connect {json.dumps(to.name)}"
    )
