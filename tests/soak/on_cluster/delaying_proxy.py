"""`python -m tests.soak.on_cluster.delaying_proxy LISTEN HOST PORT SECONDS`: a TCP proxy that passes all on later.

Each byte waits the same time, in both directions, so that a link seems longer and no slower.
"""

import asyncio
import sys
from contextlib import suppress
from typing import Final

CHUNK: Final = 65_536
CHUNKS: Final = 256
"""Chunks of one direction of a connection that wait at a time. The sender waits while there are so many."""

_Waiting = asyncio.Queue[tuple[float, bytes]]


async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Pass on what comes, each chunk so many seconds after it came, until the sender closes."""
    waiting: _Waiting = asyncio.Queue(CHUNKS)
    sending = asyncio.create_task(_send(waiting, writer))
    now = asyncio.get_running_loop().time
    chunk = b"-"
    while chunk:
        chunk = b""
        with suppress(OSError):
            chunk = await reader.read(CHUNK)
        await waiting.put((now() + seconds, chunk))
    await sending


async def _send(waiting: _Waiting, writer: asyncio.StreamWriter) -> None:
    """Write each chunk at its time, until an empty one. What comes after an error is thrown away."""
    loop = asyncio.get_running_loop()
    is_open = True
    while True:
        due, chunk = await waiting.get()
        is_due = asyncio.Event()
        loop.call_at(due, is_due.set)
        await is_due.wait()
        if not chunk:
            break
        try:
            if is_open:
                writer.write(chunk)
                await writer.drain()
        except OSError:
            is_open = False
    writer.close()


async def main(listen: int, host: str, port: int, seconds: float) -> None:
    """Listen on every address of this network, and say `listening` when that is so."""

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(passed_on(reader, far_writer, seconds), passed_on(far_reader, writer, seconds))

    server = await asyncio.start_server(accepted, "0.0.0.0", listen)  # noqa: S104 - the container's network alone
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
