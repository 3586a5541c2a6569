"""The data folder: where everything that a local cluster keeps lies, and who may read it.

Secrets are written to a new file of mode 600, which then gets its name: never half, never readable by others even
for a moment.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE = 0o600
CLOSED = 0o700
PASSABLE = 0o711  # programs must reach what is theirs; they can list nothing on the way
OF_GROUP = 0o640  # a secret that one program reads, which runs as a user of its own (infra.local.process_users)
PUBLIC = 0o644
MEMORY = Path("/dev/shm")  # noqa: S108 - the mount itself; what is made in it has a name of its own and is private
ROOM = 4 << 30  # more than a demo or a test run fills, the database's journal included


def throwaway(memory: Path = MEMORY, room: int = ROOM) -> Path:
    """Make a folder for what is gone with the run: in memory where there is room, unless TMPDIR says where.

    A new database is three hundred files, a new deployment as many; on some machines' disks that takes a second.
    """
    try:
        fits = "TMPDIR" not in os.environ and shutil.disk_usage(memory).free >= room
        made = Path(tempfile.mkdtemp(prefix="atips-", dir=memory if fits else None))
    except OSError:  # no such mount, or not ours to write
        made = Path(tempfile.mkdtemp(prefix="atips-"))
    made.chmod(PASSABLE)
    return made


def write_private(path: Path, text: str) -> None:
    """Replace the file at once; only its owner can ever read it, and the one program that could read it before."""
    with _written(path, text) as whole:
        with suppress(FileNotFoundError):
            before = path.stat()
            if os.geteuid() == 0 and stat.S_IMODE(before.st_mode) == OF_GROUP:
                os.chown(whole, 0, before.st_gid)
                whole.chmod(OF_GROUP)
        whole.replace(path)


def keep_private(path: Path, text: str) -> bool:
    """Write a private file unless it is there with this text; gives whether it was written."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    write_private(path, text)
    return True


def write_public(path: Path, text: str) -> None:
    """Replace the file at once by one that everybody may read: it holds no secret."""
    with _written(path, text) as whole:
        whole.chmod(PUBLIC)
        whole.replace(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there before; only its owner can ever read it. Raises `FileExistsError`.

    Where there is no room for all of it, nothing stays: half a file would be taken for the whole.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def secret(path: Path, *, entropy: int = 24) -> str:
    """Give the secret kept in the file, made at random on first use: of two at once the first makes it for both."""
    if not path.exists():
        write_first(path, secrets.token_hex(entropy) + "\n")
    return path.read_text(encoding="utf-8").strip()


def write_first(path: Path, text: str) -> None:
    """Write the file as a whole unless it is there: of two at once the first has written it for both."""
    with _written(path, text) as whole, suppress(FileExistsError):
        path.hardlink_to(whole)


@contextmanager
def _written(path: Path, text: str) -> Iterator[Path]:
    """Write the text beside the file, as a whole, to be given its name; what has no other name by then is gone."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Folder:
    """The names of everything in a data folder."""

    root: Path

    def make(self) -> None:
        """Make what is missing, with the modes that keep secrets in."""
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
        """The folder of what the pages act with: a file for each agency whose key for HTTP is kept here."""
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
        """Locked as long as any process of the cluster lives; holds the supervisor's pid."""
        return self.root / "lock"

    @property
    def synthetic(self) -> Path:
        """Present in folders of invented data only: such a folder may live on another clock than the system's."""
        return self.root / "synthetic"

    @property
    def ca(self) -> Path:
        """The certificate that clients check the broker against."""
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
        """Have the services live at an instant (RFC 3339), or with an empty text in the present again."""
        write_public(self.clock, f"{at}\n")

    def password_file(self, principal: str) -> Path:
        """The principal's SCRAM password on Kafka."""
        return self.secrets / f"{principal}.password"

    def dsn_file(self, role: str) -> Path:
        """The role's way into the database, password and all."""
        return self.secrets / f"{role}.dsn"

    def certificate(self, principal: str) -> Path:
        """The principal's client certificate."""
        return self.pki / f"{principal}.crt"

    def key(self, principal: str) -> Path:
        """The private key of the principal's certificate."""
        return self.pki / f"{principal}.key"

    @property
    def quarantine_key(self) -> Path:
        """32 bytes in hex, under which intake encrypts what it refuses."""
        return self.secrets / "quarantine.key"

    @property
    def identity_key(self) -> Path:
        """32 bytes in hex, under which intake makes ids of agencies' own numbers: the same key gives the same ids."""
        return self.secrets / "identity.key"

    def api_key(self, agency: str) -> Path:
        """The agency's key for HTTP."""
        return self.clients / agency / "api.key"

    def curl(self, agency: str) -> Path:
        """Settings of curl for the agency (`curl -K`)."""
        return self.clients / agency / "curl.conf"

    def client(self, agency: str) -> Path:
        """The client library's settings for the agency, for either door."""
        return self.clients / agency / "client.json"

    def database(self, agency: str) -> Path:
        """The agency's way into the database, password and all."""
        return self.clients / agency / "database.dsn"

    @property
    def systems(self) -> Path:
        """The systems that this deployment adds, as intake reads them."""
        return self.root / "systems.json"

    @property
    def doors(self) -> Path:
        """The addresses of intake and the pages, where the services run elsewhere (`infra.local.doors`)."""
        return self.root / "doors.json"

    def own_numbers_key(self, agency: str) -> Path:
        """32 bytes in hex, under which the agency's own numbers become ids: the same file gives the same ids."""
        return self.secrets / f"{agency}.own-numbers.key"

    def sent(self, agency: str) -> Path:
        """The file of rows that the agency published from sheets."""
        return self.root / "sheets" / f"{agency}.jsonl"

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
        """Replace the state at once: a reader sees the old one or the new one."""
        write_private(self.root / "state.json", json.dumps(state, indent=1) + "\n")
