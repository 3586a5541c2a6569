"""Another machine, as near as one machine comes: a network namespace of its own, in which some ports of ours answer.

`python -m tests.support.network_namespace outside SOCKET PORT` leads a socket file to a port. `… PORT=SOCKET,… COMMAND`
runs inside the namespace: it leads the same ports of its own loopback to the socket files, and runs the command.
"""

import asyncio
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

_HOST: Final = "127.0.0.1"
_SIOCSIFFLAGS: Final = 0x8914
_UP_AND_RUNNING: Final = 0x41
Opened = Callable[[], Coroutine[Any, Any, tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def _outside(path: str, port: int) -> None:
    server = await asyncio.start_unix_server(_leading(lambda: asyncio.open_connection(_HOST, port)), path)
    await server.serve_forever()


def _leading(opened: Opened) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await opened()
        await asyncio.gather(_copy(reader, back), _copy(there, writer))

    return lead


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # the other side is gone
    finally:
        writer.close()


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14s", b"lo", _UP_AND_RUNNING, bytes(14)))


async def _inside(ways: dict[int, str], command: list[str]) -> int:
    _loopback_up()
    for port, path in ways.items():
        await asyncio.start_server(_leading(partial(asyncio.open_unix_connection, path)), _HOST, port)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # that is ours alone
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    return await process.wait()


if __name__ == "__main__":
    if sys.argv[1] == "outside":
        asyncio.run(_outside(sys.argv[2], int(sys.argv[3])))
    pairs = (each.partition("=") for each in sys.argv[1].split(","))
    sys.exit(asyncio.run(_inside({int(port): path for port, _, path in pairs}, sys.argv[2:])))
