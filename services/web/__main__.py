"""`python -m services.web`: serves the pages, and SQL over TLS, until SIGTERM or SIGINT."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.charts.drawn_charts import Charts
from services.export.standards.records.policy import policy as record_policy
from services.referral.settings import policy_of
from services.reporting.council_input_tables import plan
from services.reporting.figure_version import figure_version
from services.runtime import admin_port, health, http_server, postgres, process, tls
from services.runtime.clock import SystemClock
from services.runtime.clock import clock as clock_of
from services.runtime.council_table_file import check_review_date
from services.runtime.errors import Halt, Retryable
from services.runtime.listener import open_listening_sockets
from services.runtime.running_copies import Presence
from services.web import sql_client_tls_proxy
from services.web.account_concurrent_request_limit import AccountRequestLimit
from services.web.api.app import application
from services.web.api.dependencies import Parts
from services.web.cached_figures import Figures
from services.web.identity_provider import Provider
from services.web.intake_client import IntakeClient
from services.web.officer_data import Officers
from services.web.passwords import Passwords
from services.web.settings import Settings
from services.web.state_of_services import Operations
from services.web.store import Store
from services.web.uploads_in_memory import Uploads

SERVICE = "web"
_PURGE_SECONDS: Final = 3600.0


async def main(settings: Settings, stop: asyncio.Event) -> None:
    """Build the adapters and serve until `stop` is set."""
    at_provider = settings.provider()
    pool = await postgres.pool(settings, SERVICE)
    door = IntakeClient(settings.web_agency_keys)
    try:
        clock = clock_of(settings.clock_file)
        check_review_date("records", record_policy().review_by, None, clock.now())
        figures, charts = Figures(pool, clock, figure_version()), Charts()
        parts = Parts(
            figures=figures,
            charts=charts,
            store=Store(pool),
            officers=Officers(pool),
            door=door,
            passwords=Passwords(),
            clock=clock,
            policy=policy_of(settings.policy_file),
            token=lambda: secrets.token_urlsafe(32),
            secure=False,
            uploads=Uploads(settings.upload_limits()),
            turns=AccountRequestLimit(settings.web_requests_at_once, settings.web_requests_waiting),
            forms=settings.form_limits(),
            plan=plan(settings.plan_file),
            operations=Operations(pool, settings.watched()),
            # Tokens of the provider are checked by the machine's clock; `clock` may be shifted for invented data.
            provider=None if at_provider is None else Provider(at_provider, SystemClock()),
        )
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(admin_port.serving(settings, {"database": health.database(pool)}))
            presence = Presence(pool, SERVICE, settings)
            await presence.begin(stop)
            await charts.begin()
            for port, certificate in settings.listens():
                await stack.enter_async_context(_served(settings, parts, port, certificate))
            await stack.enter_async_context(_sql(settings))
            try:
                kept = timedelta(days=settings.web_ended_days)
                await process.run_tasks_together(
                    stop, presence.run(stop), figures.poll(stop), _purging(parts, kept, stop), _until(stop)
                )
            finally:
                await parts.reports.close()
                await charts.close()
    finally:
        door.close()
        await pool.close()


def _served(
    settings: Settings, parts: Parts, port: int, certificate: tls.Certificate | None
) -> AbstractAsyncContextManager[None]:
    """Serve the pages on one port, over TLS if a certificate is given. Raises `Halt` if the port cannot be bound."""
    try:
        listening = open_listening_sockets(settings.web_host, port)
    except OSError as error:
        msg = f"the pages cannot be served on port {port}: {error.strerror}"
        raise Halt(msg) from None
    context = None if certificate is None else tls.tls_context(certificate)
    return http_server.serving(
        application(replace(parts, secure=context is not None)), listening, settings.bounds(), tls=context
    )


@asynccontextmanager
async def _sql(settings: Settings) -> AsyncIterator[None]:
    """Serve SQL over TLS if a port and a certificate are set. Raises `Halt` if the port cannot be bound."""
    if settings.web_sql_port is None or settings.web_certificate is None:
        yield
        return
    context = tls.tls_context(tls.Certificate(settings.web_certificate, settings.web_key))
    server = sql_client_tls_proxy.SqlServer.of(settings.postgres_dsn())
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(
                sql_client_tls_proxy.serving(settings.web_host, settings.web_sql_port, context, server)
            )
        except OSError as error:
            msg = f"SQL over TLS cannot be served on port {settings.web_sql_port}: {error.strerror}"
            raise Halt(msg) from None
        yield


async def _purging(parts: Parts, kept: timedelta, stop: asyncio.Event) -> None:
    """Background task that deletes sessions and links that ended more than `kept` ago, hourly until `stop` is set.

    Ignores `Retryable` errors: the next hour tries again.
    """
    while not stop.is_set():
        with suppress(Retryable):
            await parts.store.purge(kept, parts.now())
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _PURGE_SECONDS)


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


if __name__ == "__main__":
    sys.exit(process.run(SERVICE, Settings.load(), main))
