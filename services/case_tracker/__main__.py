"""`python -m services.case_tracker`: decides about cases, publishes due findings, sends messages to agencies."""

import asyncio
import sys

import asyncpg

from services.case_tracker.handlers import SERVICE, Decider
from services.case_tracker.settings import Settings
from services.case_tracker.store import Store
from services.runtime import process
from services.runtime.deciding import service_process
from services.runtime.source_code_hash import code_version


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run until `stop` is set."""

    def build(pool: asyncpg.Pool) -> tuple[Store, Decider]:
        store = Store(pool, patience_seconds=settings.patience_seconds)
        return store, Decider(settings.deployment(), store, code_version("schemas", "services.case_tracker.domain"))

    await service_process.serve(settings, stop, SERVICE, build)


if __name__ == "__main__":
    sys.exit(process.run(SERVICE.author, Settings.load(), main))
