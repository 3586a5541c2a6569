"""Certificates: made once, for the name they say, renewed before they end, their keys readable by their owner only."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from infra.local import pki
from infra.local.data_folder import Folder

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.make()
    pki.ensure(made, ["dhs", "bpd"], NOW)
    return made


def read(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_the_common_name_is_the_principal(folder: Folder) -> None:
    for principal in ("dhs", "bpd", pki.ADMIN, pki.BROKER):
        certificate = read(folder.certificate(principal))
        assert certificate.subject.rfc4514_string() == f"CN={principal},O=A-TIPs"
        certificate.verify_directly_issued_by(read(folder.ca))


@pytest.mark.parametrize(
    ("server", "hosts"),
    [(pki.BROKER, ["localhost"]), (pki.HTTP, ["localhost", "intake"]), (pki.PAGES, ["localhost", "pages"])],
)
def test_only_servers_may_serve_and_only_on_this_machine(folder: Folder, server: str, hosts: list[str]) -> None:
    extensions = read(folder.certificate(server)).extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ExtendedKeyUsageOID.SERVER_AUTH in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert names.get_values_for_type(x509.DNSName) == hosts
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    usage = read(folder.certificate("dhs")).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_certificate_signs_no_other(folder: Folder) -> None:
    for principal in ("dhs", pki.BROKER):
        extensions = read(folder.certificate(principal)).extensions
        assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert read(folder.ca).extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_certificates_and_keys_belong_together(folder: Folder) -> None:
    for principal in ("dhs", pki.ADMIN, pki.BROKER):
        ssl.create_default_context(cafile=str(folder.ca)).load_cert_chain(
            folder.certificate(principal), folder.key(principal)
        )
    parts = (folder.pki / "broker.pem").read_text(encoding="ascii").count("-----BEGIN ")
    assert parts == 3  # key, certificate, authority


def test_keys_are_their_owners(folder: Folder) -> None:
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in folder.pki.iterdir()}
    assert set(modes.values()) == {"0o600"}


def test_what_is_good_stays(folder: Folder) -> None:
    before = {file.name: file.read_bytes() for file in folder.pki.iterdir()}
    pki.ensure(folder, ["dhs", "bpd"], NOW + timedelta(days=300))
    assert {file.name: file.read_bytes() for file in folder.pki.iterdir()} == before


def test_a_new_principal_gets_one_from_the_same_authority(folder: Folder) -> None:
    before = folder.ca.read_bytes()
    pki.ensure(folder, ["dhs", "bpd", "labour"], NOW)
    assert folder.ca.read_bytes() == before
    name = read(folder.certificate("labour")).subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0]
    assert name.value == "labour"


def test_what_ends_soon_is_renewed(folder: Folder) -> None:
    later = NOW + timedelta(days=700)
    pki.ensure(folder, ["dhs"], later)
    assert read(folder.certificate("dhs")).not_valid_after_utc > later + timedelta(days=600)
    assert read(folder.certificate(pki.BROKER)).not_valid_after_utc > later + timedelta(days=600)
    assert read(folder.ca).not_valid_before_utc < NOW


def test_a_new_authority_renews_all_that_the_old_one_signed(folder: Folder) -> None:
    later = NOW + timedelta(days=3620)
    pki.ensure(folder, ["dhs"], later)
    read(folder.certificate("dhs")).verify_directly_issued_by(read(folder.ca))
    assert read(folder.certificate("dhs")).not_valid_after_utc <= read(folder.ca).not_valid_after_utc
    assert not folder.certificate("bpd").exists()  # not a principal any more: nothing of the old authority is left


def test_what_was_made_ahead_of_its_time_is_made_again_where_the_authority_holds(folder: Folder) -> None:
    pki.ensure(folder, ["dhs", "bpd", "labour"], NOW + timedelta(days=400))
    before = read(folder.ca), read(folder.certificate("dhs"))
    pki.ensure(folder, ["dhs", "bpd", "labour"], NOW)
    assert read(folder.certificate("labour")).not_valid_before_utc < NOW
    assert (read(folder.ca), read(folder.certificate("dhs"))) == before


def test_an_authority_that_holds_later_only_is_said_and_stays(folder: Folder) -> None:
    """The broker ended three times, for a client that was closed already; and whose clock is wrong nobody can tell."""
    before = {file.name: file.read_bytes() for file in folder.pki.iterdir()}
    with pytest.raises(pki.PkiError, match=r"holds from 2025-12-31 23:00 UTC on only, and it is 2025-11-27 00:00"):
        pki.ensure(folder, ["dhs", "bpd"], NOW - timedelta(days=35))
    assert {file.name: file.read_bytes() for file in folder.pki.iterdir()} == before


def test_the_authoritys_key_lies_outside_where_a_setting_says_so_and_need_not_be_there(
    folder: Folder, tmp_path: Path
) -> None:
    outside = tmp_path / "stick.key"
    key = folder.key(pki.AUTHORITY).read_bytes()
    pki.ensure(folder, ["dhs", "bpd"], NOW, outside)
    assert outside.read_bytes() == key
    assert outside.stat().st_mode & 0o777 == 0o600
    assert not folder.key(pki.AUTHORITY).exists()

    outside.rename(tmp_path / "away.key")
    pki.ensure(folder, ["dhs", "bpd"], NOW, outside)
    with pytest.raises(pki.PkiError, match=r"needed to make certificates for labour, and is not at .*stick\.key"):
        pki.ensure(folder, ["dhs", "labour"], NOW, outside)
    with pytest.raises(pki.PkiError, match="needed to make certificates for labour"):
        pki.ensure(folder, ["dhs", "labour"], NOW)
    pki.ensure(folder, ["dhs", "labour"], NOW, tmp_path / "away.key")
    read(folder.certificate("labour")).verify_directly_issued_by(read(folder.ca))


def test_a_new_authority_never_has_its_key_in_the_folder(tmp_path: Path) -> None:
    made = Folder(tmp_path / "data")
    made.make()
    pki.ensure(made, ["dhs"], NOW, tmp_path / "ca.key")
    assert not made.key(pki.AUTHORITY).exists()
    read(made.certificate("dhs")).verify_directly_issued_by(read(made.ca))


def test_an_authority_never_takes_the_place_of_another_folders(folder: Folder, tmp_path: Path) -> None:
    """Its clients would trust what two clusters issue, and the first could renew nothing any more."""
    outside = tmp_path / "stick.key"
    pki.ensure(folder, ["dhs"], NOW, outside)
    first, second = outside.read_bytes(), Folder(tmp_path / "second")
    second.make()
    with pytest.raises(pki.PkiError, match="holds the key of another authority"):
        pki.ensure(second, ["dhs"], NOW, outside)
    assert outside.read_bytes() == first
    assert not second.ca.exists()
    pki.ensure(folder, ["dhs"], NOW + pki.AUTHORITY_LIFE, outside)
    assert outside.read_bytes() != first, "renewed by its own folder"


def test_another_key_outside_is_not_written_over(folder: Folder, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    other.write_text("another", encoding="ascii")
    with pytest.raises(pki.PkiError, match="holds another key"):
        pki.ensure(folder, ["dhs"], NOW, other)
    assert folder.key(pki.AUTHORITY).exists()
    assert other.read_text(encoding="ascii") == "another"
