"""Settings: only what is known, secrets only from files, one principal's connection settings for librdkafka."""

from pathlib import Path

import pytest

from services.runtime.settings import Settings, UnknownSetting


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "password").write_text("s3cret-canary\n")
    (tmp_path / "dsn").write_text("postgresql://reporting:s3cret-canary@127.0.0.1:1/atips\n")
    for name, value in {
        "ATIPS_KAFKA_BOOTSTRAP": "127.0.0.1:9092",
        "ATIPS_KAFKA_CA": str(tmp_path / "ca.crt"),
        "ATIPS_KAFKA_USERNAME": "reporting",
        "ATIPS_KAFKA_PASSWORD_FILE": str(tmp_path / "password"),
        "ATIPS_POSTGRES_DSN_FILE": str(tmp_path / "dsn"),
        "ATIPS_DEPLOYMENT": "t1",
        "ATIPS_AGENCIES": "dhs,bpd",
        "ATIPS_PARTITIONS": "3",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.usefixtures("environment")
def test_reads_the_environment() -> None:
    settings = Settings.load()
    deployment = settings.deployment()
    assert (deployment.name, deployment.partitions, deployment.agencies) == ("t1", 3, ("dhs", "bpd"))
    kafka = settings.kafka()
    assert kafka["sasl.username"] == "reporting"
    assert kafka["sasl.password"] == "s3cret-canary"
    assert settings.postgres_dsn().startswith("postgresql://")


@pytest.mark.usefixtures("environment")
def test_shows_no_secret_in_its_representation() -> None:
    assert "s3cret-canary" not in repr(Settings.load())


@pytest.mark.usefixtures("environment")
def test_refuses_a_misspelt_setting_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATIPS_PARTITION", "4")
    with pytest.raises(UnknownSetting, match="ATIPS_PARTITION"):
        Settings.load()


@pytest.mark.usefixtures("environment")
def test_a_client_certificate_replaces_the_password(monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    monkeypatch.setenv("ATIPS_KAFKA_SECURITY", "SSL")
    monkeypatch.setenv("ATIPS_KAFKA_CERTIFICATE", str(environment / "reporting.crt"))
    monkeypatch.setenv("ATIPS_KAFKA_KEY", str(environment / "reporting.key"))
    kafka = Settings.load().kafka()
    assert "sasl.password" not in kafka
    assert kafka["ssl.key.location"] == str(environment / "reporting.key")
