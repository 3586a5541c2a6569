"""Bytes of the objects that a Java process needs, asked over HotSpot's attach protocol as `jcmd` does.

The process collects its garbage first, which halts it for some tenths of a second.
"""

import os
import re
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_ATTACH_SECONDS: Final = 20.0
_TOTAL: Final = re.compile(rb"^Total +\d+ +(\d+)", re.MULTILINE)


def live_bytes(pid: int) -> int:
    """Collect the garbage of a JVM and give the bytes that its objects take then.

    Raises `TimeoutError` where the JVM does not answer, `ValueError` where its answer has no total.
    """
    answer = _asked(_attached(pid), "GC.class_histogram")
    total = _TOTAL.search(answer)
    if total is None:
        message = "the class histogram has no total"
        raise ValueError(message)
    return int(total[1])


def _attached(pid: int) -> Path:
    """Return the path of the JVM's socket for commands. The JVM opens it when a signal and a file ask for it."""
    address = Path(f"/proc/{pid}/root/tmp/.java_pid{pid}")
    if not address.exists():
        request = Path(f"/proc/{pid}/cwd/.attach_pid{pid}")
        request.touch()
        try:
            os.kill(pid, signal.SIGQUIT)
            deadline = time.monotonic() + _ATTACH_SECONDS
            while not address.exists():
                if time.monotonic() > deadline:
                    message = f"process {pid} opened no socket for commands within {_ATTACH_SECONDS:.0f} s"
                    raise TimeoutError(message)
                time.sleep(0.05)
        finally:
            with suppress(FileNotFoundError):
                request.unlink()
    return address


def _asked(address: Path, command: str) -> bytes:
    """Give the answer to a diagnostic command: protocol version 1, `jcmd`, the command, two empty arguments."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_ATTACH_SECONDS)
        connection.connect(str(address))
        connection.sendall(b"".join(part.encode() + b"\0" for part in ("1", "jcmd", command, "", "")))
        with connection.makefile("rb") as answer:
            return answer.read()
