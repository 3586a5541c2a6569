"""A PostgreSQL server whose processes stand still for as long as a block lasts: connections stay, nothing answers."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg


@asynccontextmanager
async def frozen(dsn: str) -> AsyncIterator[None]:
    """Stop the server's processes, and let them go on when the block is left. `dsn` is any way into the server."""
    connection = await asyncpg.connect(dsn)
    try:
        postmaster = _parent(await connection.fetchval("SELECT pg_backend_pid()"))
    finally:
        await connection.close()
    assert postmaster
    stopped = [postmaster]
    os.kill(postmaster, signal.SIGSTOP)  # first, so that it starts no other
    try:
        for process in _children(postmaster):
            os.kill(process, signal.SIGSTOP)
            stopped.append(process)
        yield
    finally:
        for process in reversed(stopped):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def _parent(process: int) -> int | None:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return None
    return int(fields[1])


def _children(process: int) -> list[int]:
    found = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
    return [each for each in found if _parent(each) == process]
