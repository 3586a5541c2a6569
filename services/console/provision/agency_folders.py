"""The folders that agencies are handed, once. Afterwards their keys are not in the data folder any more."""

from pathlib import Path

from infra.local import connection_settings, issued_agency_credentials
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from services.console.agency import connection_files
from services.console.provision.process_folders import database_files, write_private_file

CONNECTION = "connection.json"
DATABASE = "database.dsn"


def hand_out(data_dir: Path, address: str, to: Path) -> tuple[str, ...]:
    """Write the keys of each system into its folder below `to`, then remove them from the data folder.

    Returns the names of these systems. Systems whose keys were handed out before, or whose credential has an end, are
    left out. An agency's main system gets the agency's database login too. `address`: intake's HTTP address, for the
    connection file. A run that was interrupted is completed by a second run.
    """
    folder = Folder(data_dir.absolute())
    here = [
        each
        for each in issued_agency_credentials.read(folder, connection_settings.started(data_dir))
        if each.ends is None and not each.handed_out
    ]
    for each in here:
        of_system = folder_of(to, each)
        write_private_file(of_system / CONNECTION, connection_files.connection(folder, each, address).text())
        database = folder.database(each.agency)
        if each.system == MAIN and database.exists():
            for name, text in database_files(database.read_text(encoding="utf-8").strip(), DATABASE, None).items():
                write_private_file(of_system / name, text)
        with issued_agency_credentials.changing(folder) as kept:
            issued_agency_credentials.keep(kept, issued_agency_credentials.handed_out(each))
        connection_files.remove_keys_of_system(folder, each)
        if each.system == MAIN:
            database.unlink(missing_ok=True)
    return tuple(each.sender for each in here)


def folder_of(to: Path, credential: Credential) -> Path:
    """Return the folder of a system below `to`: clients/AGENCY, or clients/AGENCY/SYSTEM for a further system."""
    of_agency = to / "clients" / credential.agency
    return of_agency if credential.system == MAIN else of_agency / credential.system
