"""Stored credentials: which are in force, which overlap for a while, and their names on the broker."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.kafka.rights import access as rights_of
from infra.local import issued_agency_credentials
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from schemas.agencies import SERVICES
from schemas.topics import Deployment

DEPLOYMENT = Deployment("t1", 2, ("bpd", "dhs"))
NOW = datetime(2026, 11, 25, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.make()
    return made


def keep(folder: Folder, *changed: Credential) -> None:
    with issued_agency_credentials.changing(folder) as kept:
        issued_agency_credentials.keep(kept, *changed)


def test_at_first_every_agency_is_its_own_principal(folder: Folder) -> None:
    assert issued_agency_credentials.principals(folder, DEPLOYMENT, NOW) == ("bpd", "dhs", *SERVICES)
    assert issued_agency_credentials.systems(folder, DEPLOYMENT, NOW) == {
        "bpd": [("bpd", "t1.bpd")],
        "dhs": [("dhs", "t1.dhs")],
    }
    assert issued_agency_credentials.agencies(folder) == ()
    first = issued_agency_credentials.current(folder, DEPLOYMENT, "bpd")
    assert first == Credential("bpd")
    assert issued_agency_credentials.current(folder, DEPLOYMENT, "labour") is None


def test_a_rotated_one_stands_beside_the_old_in_the_same_group_until_that_ends(folder: Folder) -> None:
    keep(
        folder,
        Credential("bpd", generation=2),
        *issued_agency_credentials.credentials_ending_at([Credential("bpd")], LATER),
    )
    both = [("bpd", "t1.bpd"), ("bpd.main.2", "t1.bpd")]
    assert issued_agency_credentials.systems(folder, DEPLOYMENT, NOW)["bpd"] == both
    assert issued_agency_credentials.systems(folder, DEPLOYMENT, LATER)["bpd"] == both[1:]
    current = issued_agency_credentials.current(folder, DEPLOYMENT, "bpd")
    assert current is not None
    assert current.principal == "bpd.main.2"
    assert (
        issued_agency_credentials.credentials_to_retire(folder, NOW),
        issued_agency_credentials.former(folder, DEPLOYMENT, LATER),
    ) == ((), ("bpd",))
    assert issued_agency_credentials.principals(folder, DEPLOYMENT, NOW) == ("bpd", "bpd.main.2", "dhs", *SERVICES)
    assert issued_agency_credentials.principals(folder, DEPLOYMENT, LATER) == ("bpd.main.2", "dhs", *SERVICES)
    [due] = issued_agency_credentials.credentials_to_retire(folder, LATER)
    keep(folder, replace(due, retired=True))
    assert issued_agency_credentials.credentials_to_retire(folder, LATER) == ()


def test_what_ends_sooner_ends_sooner() -> None:
    [soon] = issued_agency_credentials.credentials_ending_at([Credential("bpd", ends=NOW)], LATER)
    assert soon.ends == NOW
    [now] = issued_agency_credentials.credentials_ending_at([Credential("bpd", ends=LATER)], NOW)
    assert now.ends == NOW


def test_a_further_system_has_rights_on_topics_of_its_own_in_its_own_group(folder: Folder) -> None:
    keep(folder, Credential("dhs", "famcare"), Credential("labour", "inspections", 3))
    agencies = (*DEPLOYMENT.agencies, *issued_agency_credentials.agencies(folder))
    enlarged = replace(DEPLOYMENT, agencies=agencies, systems=issued_agency_credentials.own_systems(folder))
    systems = issued_agency_credentials.systems(folder, DEPLOYMENT, NOW)
    assert systems["labour/inspections"] == [("labour.inspections.3", "t1.labour.inspections")]
    rights = {
        (right.principal, right.name, right.operation)
        for right in rights_of(enlarged.specs(), enlarged, systems)
        if right.principal in {"dhs.famcare.1", "labour", "labour.inspections.3"}
    }
    assert rights == {
        (principal, name, operation)
        for principal, system in (("dhs.famcare.1", "dhs.famcare"), ("labour.inspections.3", "labour.inspections"))
        for name, operations in (
            (f"t1.inbound.{system}.v1", ("WRITE", "DESCRIBE")),
            (f"t1.delivery.{system}.v1", ("READ", "DESCRIBE")),
            (f"t1.{system}", ("READ",)),
        )
        for operation in operations
    }


def test_a_change_that_fails_keeps_what_was(folder: Folder) -> None:
    keep(folder, Credential("dhs", "famcare"))

    def fail() -> None:
        with issued_agency_credentials.changing(folder) as kept:
            issued_agency_credentials.keep(kept, Credential("bpd", MAIN, 2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert issued_agency_credentials.agencies(folder) == ("dhs",)
    assert (folder.root / "credentials.json").stat().st_mode & 0o777 == 0o600


def test_a_change_waits_for_the_one_before_and_loses_nothing_of_it(folder: Folder) -> None:
    """Else what is read before another command ends a credential would put it in force again."""
    with ThreadPoolExecutor(1) as pool:
        with issued_agency_credentials.changing(folder) as kept:
            second = pool.submit(keep, folder, Credential("dhs", "jail"))
            assert wait([second], 0.05).not_done
            issued_agency_credentials.keep(
                kept, *issued_agency_credentials.credentials_ending_at([Credential("bpd")], NOW)
            )
        second.result(10)
    known = issued_agency_credentials.read(folder, DEPLOYMENT)
    assert [(each.principal, each.ends) for each in known] == [("bpd", NOW), ("dhs.jail.1", None), ("dhs", None)]
