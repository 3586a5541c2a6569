"""The data folder: the paths of all files of a cluster, and their modes."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.protected_files import CLOSED, PASSABLE, write_private, write_public

MEMORY = Path("/dev/shm")  # noqa: S108 - the mount itself; what is made in it has a name of its own and is private
ROOM = 4 << 30  # more than a demo or a test run fills, the database's journal included


def throwaway(memory: Path = MEMORY, room: int = ROOM) -> Path:
    """Make a temporary data folder and return its path: in TMPDIR if set, else in memory if it has `room` free bytes.

    A new database has three hundred files, a new deployment as many; on some machines' disks that takes a second.
    """
    try:
        fits = "TMPDIR" not in os.environ and shutil.disk_usage(memory).free >= room
        made = Path(tempfile.mkdtemp(prefix="atips-", dir=memory if fits else None))
    except OSError:  # no such mount, or not ours to write
        made = Path(tempfile.mkdtemp(prefix="atips-"))
    made.chmod(PASSABLE)
    return made


@dataclass(frozen=True, slots=True)
class Folder:
    """The paths of everything in a data folder."""

    root: Path

    def make(self) -> None:
        """Make the folders that are missing, and set modes that keep others from reading secrets."""
        if not self.root.exists():
            self.root.mkdir(parents=True)
            self.root.chmod(PASSABLE)
        reached = PASSABLE if os.geteuid() == 0 else CLOSED
        modes = dict.fromkeys((self.clients, self.log), CLOSED) | dict.fromkeys(
            (self.secrets, self.web_keys, self.pki, self.kafka), reached
        )
        for made, mode in modes.items():
            made.mkdir(exist_ok=True, mode=CLOSED)
            made.chmod(mode)

    @property
    def secrets(self) -> Path:  # noqa: D102 - the names say it
        return self.root / "secrets"

    @property
    def web_keys(self) -> Path:
        """The folder with agencies' API keys for the pages: a file for each agency whose key is kept here."""
        return self.secrets / "web"

    @property
    def pki(self) -> Path:  # noqa: D102
        return self.root / "pki"

    @property
    def clients(self) -> Path:  # noqa: D102
        return self.root / "clients"

    @property
    def kafka(self) -> Path:  # noqa: D102
        return self.root / "kafka"

    @property
    def postgres(self) -> Path:  # noqa: D102
        return self.root / "postgres"

    @property
    def log(self) -> Path:  # noqa: D102
        return self.root / "log"

    @property
    def lock(self) -> Path:
        """The lock file, locked as long as any process of the cluster lives. It holds the supervisor's pid."""
        return self.root / "lock"

    @property
    def synthetic(self) -> Path:
        """Marker file of a folder with invented data: only there may services use another clock than the system's."""
        return self.root / "synthetic"

    @property
    def ca(self) -> Path:
        """The certificate of the authority, with which clients check the broker's certificate."""
        return self.pki / "ca.crt"

    @property
    def public(self) -> tuple[Path, ...]:
        """Files without a secret that several programs read."""
        return self.ca, self.other_ca, self.clock, self.systems

    @property
    def other_ca(self) -> Path:
        """The certificate of the authority of a Kafka that others run, as our services read it."""
        return self.pki / "others-ca.pem"

    @property
    def clock(self) -> Path:
        """The file from which services of a folder of invented data read the time. `set_clock` makes it."""
        return self.root / "clock"

    def set_clock(self, at: str) -> None:
        """Set the time of the services to an instant (RFC 3339), or with an empty text to the present."""
        write_public(self.clock, f"{at}\n")

    def password_file(self, principal: str) -> Path:
        """File with the principal's SCRAM password on Kafka."""
        return self.secrets / f"{principal}.password"

    def dsn_file(self, role: str) -> Path:
        """The file with the DSN of a database role, which includes the password."""
        return self.secrets / f"{role}.dsn"

    def certificate(self, principal: str) -> Path:
        """File with the principal's client certificate (PEM)."""
        return self.pki / f"{principal}.crt"

    def key(self, principal: str) -> Path:
        """File with the private key of the principal's certificate (PEM)."""
        return self.pki / f"{principal}.key"

    @property
    def quarantine_key(self) -> Path:
        """File with the key (32 bytes in hex) under which intake encrypts refused submissions."""
        return self.secrets / "quarantine.key"

    @property
    def identity_key(self) -> Path:
        """File with the key (32 bytes in hex) from which intake derives ids of agencies' own numbers.

        Equal keys give equal ids.
        """
        return self.secrets / "identity.key"

    def api_key(self, agency: str) -> Path:
        """File with the agency's API key for intake over HTTPS."""
        return self.clients / agency / "api.key"

    def curl(self, agency: str) -> Path:
        """File with settings of curl for the agency (`curl -K`)."""
        return self.clients / agency / "curl.conf"

    def client(self, agency: str) -> Path:
        """File with the client library's settings for the agency, over Kafka and over HTTPS."""
        return self.clients / agency / "client.json"

    def database(self, agency: str) -> Path:
        """The file with the DSN of the agency's login to the database, which includes the password."""
        return self.clients / agency / "database.dsn"

    @property
    def systems(self) -> Path:
        """The file of the systems that this deployment adds, which intake reads."""
        return self.root / "systems.json"

    @property
    def doors(self) -> Path:
        """File with the addresses of intake and pages that run on other machines (`infra.local.public_addresses`)."""
        return self.root / "doors.json"

    def own_numbers_key(self, agency: str) -> Path:
        """File with the agency's key (32 bytes in hex) from which ids of its own numbers are derived.

        Equal keys give equal ids.
        """
        return self.secrets / f"{agency}.own-numbers.key"

    def sent(self, agency: str) -> Path:
        """File of the rows that the agency published from sheets. Numbers of refused rows are in a file beside it."""
        return self.root / "sheets" / f"{agency}.jsonl"

    def given_ids(self, agency: str) -> Path:
        """JSON file of an agency: by the id that a sheet would derive, the id that intake assigned; no own numbers."""
        return self.root / "sheets" / f"{agency}.ids.json"

    @property
    def unanswered(self) -> Path:
        """The folder of moves whose answer no command has shown yet."""
        return self.root / "unanswered"

    def read_state(self) -> dict[str, Any]:
        """Read the supervisor's last state; empty before its first start."""
        try:
            state: dict[str, Any] = json.loads((self.root / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return state

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace the state in one step: a reader sees the old one or the new one."""
        write_private(self.root / "state.json", json.dumps(state, indent=1) + "\n")
