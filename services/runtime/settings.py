"""Settings of every service, from `ATIPS_*` environment variables. A service adds its own in its settings.py."""

import os
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from typing_extensions import override

from schemas.agencies import PUBLISHING
from schemas.topics import Deployment

PREFIX: Final = "ATIPS_"

# Variables of the same prefix that other parts read (the console, the local cluster): known, so not refused here.
FOREIGN: Final = frozenset(
    {"ATIPS_DATA_DIR", "ATIPS_CA_KEY_FILE", "ATIPS_TOKEN", "ATIPS_TOKEN_FILE", "ATIPS_CONNECTION"}
)


class UnknownSetting(ValueError):
    """An `ATIPS_*` variable that no setting has: with a misspelt name a setting would silently keep its default."""


class DatabaseSettings(BaseSettings):
    """Settings of a migration: the database alone."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    postgres_dsn_file: Path
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def names(cls) -> frozenset[str]:
        """Give the names of the environment variables that set a field."""
        return frozenset(
            str(field.validation_alias or f"{PREFIX}{name.upper()}").upper() for name, field in cls.model_fields.items()
        )

    def postgres_dsn(self) -> str:
        """Read the data source name; it holds a password and is never logged."""
        return self.postgres_dsn_file.read_text().strip()


class ProcessSettings(DatabaseSettings):
    """Settings of every service process: the deployment, the database, the admin port, the clock."""

    deployment_name: str = Field(default="atips", validation_alias="ATIPS_DEPLOYMENT")
    partitions: int = 4
    generation: int = Field(default=1, ge=1)
    """Generation of the log's topics (`atips generation`)."""
    agencies: Annotated[tuple[str, ...], NoDecode] = PUBLISHING
    systems: Annotated[tuple[str, ...], NoDecode] = ()
    """Systems with topics of their own, as agency/system."""

    # A session of the database that is silent for this long, in a transaction or as the relay, is ended. Another copy
    # goes on in its place.
    silent_session_seconds: float = Field(default=10.0, gt=0)

    # How long a statement may take. It holds the acceptance line meanwhile; a batch that takes longer is tried in
    # halves. A batch of 5,000 records needs a second, on a machine under load ten.
    statement_seconds: float = Field(default=60.0, gt=0)

    # The port of health and metrics. A few callers at once are enough (a scraper, a supervisor, a person); when there
    # is no room the oldest connection gives way. A probe of 1.5 s leaves time for the answer within 2 s. A loop that
    # has not turned for 30 s is no long batch any more: a supervisor that watches `/livez` may end the process.
    admin_host: str = "127.0.0.1"
    admin_port: int = 0
    admin_connections: int = Field(default=32, ge=1)
    probe_seconds: float = Field(default=1.5, gt=0)
    silent_loop_seconds: float = Field(default=30.0, gt=0)
    # How often facts of the service's tables are read for its metrics. Alarms wait for a minute or more, and a reading
    # costs a handful of queries.
    watch_seconds: float = Field(default=15.0, gt=0)
    # Address of a collector of traces (OTLP over HTTP), such as http://127.0.0.1:4318/v1/traces. Without one, none.
    trace_endpoint: str = ""
    clock_file: Path | None = None
    failpoint: str = ""

    @field_validator("agencies", "systems", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises `UnknownSetting` with the names of unknown `ATIPS_*` variables."""
        known = cls.names() | FOREIGN
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            msg = f"unknown settings: {', '.join(unknown)}"
            raise UnknownSetting(msg)
        return cls()

    def certificates(self) -> dict[str, Path]:
        """Give the certificate files that this process uses, by use such as `kafka_ca`."""
        return {}

    def deployment(self) -> Deployment:
        """Give the names and the shape of this deployment's topics."""
        return Deployment(
            name=self.deployment_name,
            partitions=self.partitions,
            agencies=self.agencies,
            systems=self.systems,
            generation=self.generation,
        )


class Settings(ProcessSettings):
    """Settings of a service that uses Kafka: addresses, credentials (always as files), and a few numbers."""

    kafka_bootstrap: str
    kafka_security: Literal["SASL_SSL", "SSL"] = "SASL_SSL"
    kafka_ca: Path
    kafka_username: str | None = None
    kafka_password_file: Path | None = None
    kafka_certificate: Path | None = None
    kafka_key: Path | None = None

    # How many records one transaction takes at most: more amortise the commit, and wait for it longer.
    batch_records: int = Field(default=5_000, ge=1)

    # How many bytes of records one transaction takes at most, so that a batch of large ones does not fill the memory.
    batch_bytes: int = Field(default=8 * 1024 * 1024, ge=1)

    # For how long a position may not move although there is something to read; then the service is not ready.
    stands_seconds: float = Field(default=60.0, gt=0)

    @override
    def certificates(self) -> dict[str, Path]:
        """Give the broker's authority, and this principal's own certificate where it has one."""
        used = {"kafka_ca": self.kafka_ca, "kafka": self.kafka_certificate}
        return {**super().certificates(), **{use: file for use, file in used.items() if file is not None}}

    def kafka(self) -> dict[str, str | int | float | bool]:
        """Give librdkafka's connection settings for this principal; holds a password and is never logged."""
        config: dict[str, str | int | float | bool] = {
            "bootstrap.servers": self.kafka_bootstrap,
            "security.protocol": self.kafka_security,
            "ssl.ca.location": str(self.kafka_ca),
            # A broker that comes back is found at once; the default backs off up to ten seconds.
            "reconnect.backoff.max.ms": 1000,
            # A request is written in several pieces. With Nagle's algorithm each waits for the acknowledgement of the
            # one before.
            "socket.nagle.disable": True,
        }
        if self.kafka_security == "SASL_SSL" and self.kafka_username and self.kafka_password_file:
            config |= {
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.username": self.kafka_username,
                "sasl.password": self.kafka_password_file.read_text().strip(),
            }
        if self.kafka_security == "SSL" and self.kafka_certificate and self.kafka_key:
            config |= {
                "ssl.certificate.location": str(self.kafka_certificate),
                "ssl.key.location": str(self.kafka_key),
            }
        return config


class DecidingSettings(Settings):
    """Settings of a service that decides under Faust."""

    session_seconds: float = Field(default=10.0, gt=0)
    """A worker without a heartbeat for this long loses its partitions. A thread of its own sends the heartbeats."""
