"""`python -m services.referral`: decides about referrals, publishes passed deadlines, sends messages to agencies."""

import asyncio
import sys

import asyncpg

from services.referral.handlers import SERVICE, Decider
from services.referral.metrics_from_tables import FACTS
from services.referral.settings import Settings
from services.referral.store import Store
from services.runtime import process
from services.runtime.clock import clock as clock_of
from services.runtime.deciding import service_process
from services.runtime.source_code_hash import code_version


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and run until `stop` is set."""
    policy = settings.policy(clock_of(settings.clock_file).now())

    def build(pool: asyncpg.Pool) -> tuple[Store, Decider]:
        store = Store(pool)
        version = code_version("schemas", "services.referral.domain")
        return store, Decider(settings.deployment(), store, policy, version)

    await service_process.serve(settings, stop, SERVICE, build, facts=FACTS, patience=settings.patience_seconds)


if __name__ == "__main__":
    sys.exit(process.run(SERVICE.author, Settings.load(), main))
