"""Settings of every service, from environment variables `ATIPS_*`. A service adds its own in its settings.py."""

import os
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from typing_extensions import override

from schemas.agencies import PUBLISHING
from schemas.topics import Deployment

PREFIX: Final = "ATIPS_"

ANSWER_MILLISECONDS: Final = 10_000
"""How long a Kafka client waits for an answer of a broker."""

# Variables of the same prefix that other parts read (the console, the local cluster): known, so not refused here.
FOREIGN: Final = frozenset(
    {"ATIPS_DATA_DIR", "ATIPS_CA_KEY_FILE", "ATIPS_TOKEN", "ATIPS_TOKEN_FILE", "ATIPS_CONNECTION"}
)


class UnknownSetting(ValueError):
    """Raised for `ATIPS_*` variables that no setting has. A misspelt setting would silently keep its default."""


class DatabaseSettings(BaseSettings):
    """Settings of the migrations: the database only."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    postgres_dsn_file: Path
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def names(cls) -> frozenset[str]:
        """Return the names of the environment variables that set a field."""
        return frozenset(
            str(field.validation_alias or f"{PREFIX}{name.upper()}").upper() for name, field in cls.model_fields.items()
        )

    def postgres_dsn(self) -> str:
        """Return the data source name, read from its file. It has a password and is never logged."""
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

    # Seconds after which a silent session of the database, in a transaction or as the relay, is ended. Another copy
    # then does its work.
    silent_session_seconds: float = Field(default=10.0, gt=0)

    # Seconds for one statement, which may hold the acceptance line. A batch that takes longer is tried in halves. One
    # of 5,000 records needs one second, or ten on a machine under load.
    statement_seconds: float = Field(default=60.0, gt=0)

    # The port of health and metrics. A few callers at once are enough (a scraper, a supervisor, a person). Beyond the
    # limit the oldest connection is ended. A probe of 1.5 s leaves time for the answer within 2 s. An event loop that
    # is blocked for 30 s is faulty, not busy: a supervisor that watches `/livez` may end the process.
    admin_host: str = "127.0.0.1"
    admin_port: int = 0
    admin_connections: int = Field(default=32, ge=1)
    probe_seconds: float = Field(default=1.5, gt=0)
    silent_loop_seconds: float = Field(default=30.0, gt=0)
    # Seconds between two readings of the metrics from the service's tables. Alarms wait for a minute or more, and a
    # reading costs a few queries.
    watch_seconds: float = Field(default=15.0, gt=0)
    # Address of a collector of traces (OTLP over HTTP), such as http://127.0.0.1:4318/v1/traces. Empty: no traces.
    trace_endpoint: str = ""
    clock_file: Path | None = None
    failpoint: str = ""

    @field_validator("agencies", "systems", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value

    @classmethod
    def load(cls) -> Self:
        """Return the settings in the environment. Raises `UnknownSetting` that names unknown `ATIPS_*` variables."""
        known = cls.names() | FOREIGN
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            msg = f"unknown settings: {', '.join(unknown)}"
            raise UnknownSetting(msg)
        return cls()

    def certificates(self) -> dict[str, Path]:
        """Return the certificate files that this process uses, by their use, such as `kafka_ca`."""
        return {}

    def deployment(self) -> Deployment:
        """Return the names and partition counts of this deployment's topics."""
        return Deployment(
            name=self.deployment_name,
            partitions=self.partitions,
            agencies=self.agencies,
            systems=self.systems,
            generation=self.generation,
        )


class Settings(ProcessSettings):
    """Settings of a service that uses Kafka: addresses, credentials (always as files), and limits."""

    kafka_bootstrap: str
    kafka_security: Literal["SASL_SSL", "SSL"] = "SASL_SSL"
    kafka_ca: Path
    kafka_username: str | None = None
    kafka_password_file: Path | None = None
    kafka_certificate: Path | None = None
    kafka_key: Path | None = None

    # Records of one transaction at most. More of them share the cost of a commit, but wait for it longer.
    batch_records: int = Field(default=5_000, ge=1)

    # Bytes of records of one transaction at most, so that a batch of large records does not fill the memory.
    batch_bytes: int = Field(default=8 * 1024 * 1024, ge=1)

    # Seconds that a position may stay although there are records to read; beyond it the service is not ready.
    stands_seconds: float = Field(default=60.0, gt=0)

    @override
    def certificates(self) -> dict[str, Path]:
        """Return the broker's authority (`kafka_ca`), and this principal's own certificate (`kafka`) if it has one."""
        used = {"kafka_ca": self.kafka_ca, "kafka": self.kafka_certificate}
        return {**super().certificates(), **{use: file for use, file in used.items() if file is not None}}

    def kafka(self) -> dict[str, str | int | float | bool]:
        """Return librdkafka's connection settings for this principal. They have a password and are never logged."""
        config: dict[str, str | int | float | bool] = {
            "bootstrap.servers": self.kafka_bootstrap,
            "security.protocol": self.kafka_security,
            "ssl.ca.location": str(self.kafka_ca),
            # A broker that comes back is found at once; the default backs off up to ten seconds.
            "reconnect.backoff.max.ms": 1000,
            # A broker that is frozen keeps its connections. After this time they are closed, and another leader is
            # asked; the defaults are 60 and 30 seconds.
            "socket.timeout.ms": ANSWER_MILLISECONDS,
            "socket.connection.setup.timeout.ms": ANSWER_MILLISECONDS,
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
    """Settings of a service that decides, whose topic is read under Faust."""

    session_seconds: float = Field(default=10.0, gt=0)
    """Seconds without a heartbeat after which a worker loses its partitions. A separate thread sends the heartbeats."""
