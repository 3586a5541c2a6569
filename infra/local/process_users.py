"""Users of the processes of a data folder: when root starts it, each program runs as an unprivileged user of its own.

A user is a number. It needs no entry in the machine's list of users, except the database's: initdb needs a name.
When another user starts it, every program runs as that user, and files keep their owner.
"""

from __future__ import annotations

import os
import pwd
import stat
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.local.protected_files import CLOSED, OF_GROUP, PUBLIC, write_public
from schemas.agencies import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from infra.local.data_folder import Folder

DATABASE: Final = "postgres"
BROKER: Final = "kafka"
WITH_A_NAME: Final = "nobody"
FIRST: Final = 60_901
"""Lowest user id (UID) of these users. Debian assigns none from 60,000 on, and systemd keeps 60,706 to 61,183 free."""
PROGRAMS: Final = (BROKER, "migrate", *SERVICES, "web")
"""Programs with a user id each, from `FIRST` on in this order. All other programs share the next higher user id."""
AUTHORITY: Final = "ATIPS_KAFKA_CA"
NO_HOME: Final = "/nonexistent"
"""The home folder of all these users. Libraries look for settings there, and root's home is closed to others."""
PASSING_CAPABILITIES: Final = {"dac_read_search": 2, "dac_override": 1}  # by their numbers in Linux; the weaker first


class UserError(Exception):
    """A program cannot run as its user; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class User:
    """A user and its group, by their numbers."""

    uid: int
    gid: int


def of(program: str) -> User | None:
    """Return the user of a program; None where it runs as the user that starts it."""
    if os.geteuid() != 0:
        return None
    number = FIRST + (PROGRAMS.index(program) if program in PROGRAMS else len(PROGRAMS))
    if program == DATABASE or not all(_is_mapped(Path(f"/proc/self/{kind}_map"), number) for kind in ("uid", "gid")):
        named = pwd.getpwnam(WITH_A_NAME)
        return User(named.pw_uid, named.pw_gid)
    return User(number, number)


def _is_mapped(file: Path, number: int) -> bool:
    """Whether the number is a valid user in this user namespace: a container may have few."""
    rows = [[int(part) for part in line.split()] for line in file.read_text("ascii").splitlines()]
    return any(first <= number < first + count for first, _, count in rows)


def command_prefix(user: User | None, paths: Iterable[Path]) -> list[str]:
    """Return the words (`setpriv …`) to put before a command so that root runs it as the user; none without a user.

    The user must reach `paths`. If a folder on the way is closed to others (root's home), the program keeps the one
    capability that lets it through.
    """
    if user is None:
        return []
    words = ["setpriv", f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups", "--no-new-privs"]
    kept = "-all"
    closed = next(closed_ways(paths), None)
    if closed is not None:
        kept = f"-all,+{_passing_capability(closed)}"
        words.append("--securebits=+no_setuid_fixup")  # else access(2), which initdb asks, does not count capabilities
    return [*words, f"--inh-caps={kept}", f"--ambient-caps={kept}", f"--bounding-set={kept}", "--"]


def python_paths() -> tuple[Path, ...]:
    """Return the paths that each program in Python must reach: the interpreter, its packages and ours."""
    return Path(sys.executable), Path(sysconfig.get_path("purelib")) / "any", Path(__file__)


def closed_ways(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders on the way to the paths through which other users may not pass."""
    for path in paths:
        for parent in path.resolve().parents:
            if not parent.stat().st_mode & stat.S_IXOTH:
                yield parent


def _passing_capability(closed: Path) -> str:
    """Return the weakest capability we hold that lets a process through closed folders. Raises `UserError` without any.

    Containers often hold only one.
    """
    held = _bounding_set()
    for name, bit in PASSING_CAPABILITIES.items():
        if held >> bit & 1:
            return name
    message = f"{closed} is closed to the users that broker, database and services run as: use a data folder elsewhere"
    raise UserError(message)


def _bounding_set() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd"))


def give_to_user(folder: Path, user: User | None) -> None:
    """Make the folder, close it to others, and make the user the owner of it and of its content.

    A folder of an older version belongs to root. Its own owner is changed last, so that an interrupted change is
    repeated.
    """
    folder.mkdir(exist_ok=True, mode=CLOSED)
    folder.chmod(CLOSED)
    if user is not None and folder.stat().st_uid != user.uid:
        for each in folder.rglob("*"):
            os.chown(each, user.uid, user.gid, follow_symlinks=False)
        os.chown(folder, user.uid, user.gid)


def let_read(user: User | None, *files: Path) -> None:
    """Let the user read the files, and no other user. They stay root's, so that the program cannot change them."""
    if user is not None:
        for file in files:
            os.chown(file, 0, user.gid)
            file.chmod(OF_GROUP)


def let_read_named(user: User | None, environment: Mapping[str, str], folder: Folder) -> dict[str, str]:
    """Let the user read the files of the data folder that its environment names; return the environment to use.

    Public files are made readable for everybody. The certificate of an existing Kafka's authority is copied into the
    data folder. Without a user nothing changes.
    """
    found = dict(environment)
    if user is None:
        return found
    found["HOME"] = NO_HOME
    if (theirs := Path(found.get(AUTHORITY, folder.ca))) != folder.ca:
        write_public(folder.other_ca, theirs.read_text(encoding="utf-8"))
        found[AUTHORITY] = str(folder.other_ca)
    named = {file for value in found.values() if (file := Path(value)).is_relative_to(folder.root) and file.is_file()}
    let_read(user, *named.difference(folder.public))
    for file in named.intersection(folder.public):
        file.chmod(PUBLIC)
    return found
