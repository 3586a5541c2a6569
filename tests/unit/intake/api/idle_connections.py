"""Connections that say nothing: `python -m tests.unit.intake.api.idle_connections DOOR ADMIN` until its input ends.

They come from sixteen addresses of this machine: 500 over TLS and 1,100 bare ones to the door, 1,100 bare ones to the
admin port. One that is ended is opened again. Prints how many are open once all have been, and when its input ends how
many were.
"""

import asyncio
import ssl
import sys
from contextlib import suppress

from infra.local import ports

TLS, BARE = 500, 1_100
ADDRESSES = 16
AGAIN_SECONDS = 3.0


class Opened:
    """How many connections were opened, and whether all of them have been."""

    def __init__(self) -> None:
        self.count = 0
        self.all = asyncio.Event()
        self.ended = asyncio.Event()

    def note(self) -> None:
        """Count one more."""
        self.count += 1
        if self.count == TLS + 2 * BARE:
            self.all.set()


async def hold(port: int, number: int, tls: ssl.SSLContext | None, opened: Opened) -> None:
    """Keep one connection open, and open it again when it is ended."""
    address = f"127.0.1.{number % ADDRESSES + 1}"
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(ports.HOST, port, ssl=tls, local_addr=(address, 0))
            opened.note()
            with suppress(OSError):
                await reader.read()
            writer.transport.abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(AGAIN_SECONDS):
                await opened.ended.wait()


async def main(door: int, admin: int) -> None:
    """Hold them all until the input ends."""
    careless = ssl.create_default_context()
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    opened = Opened()
    holding = [hold(door, number, careless, opened) for number in range(TLS)]
    holding += [hold(door, number, None, opened) for number in range(BARE)]
    holding += [hold(admin, number, None, opened) for number in range(BARE)]
    tasks = [asyncio.create_task(each) for each in holding]
    await opened.all.wait()
    print(opened.count, flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    print(opened.count, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
