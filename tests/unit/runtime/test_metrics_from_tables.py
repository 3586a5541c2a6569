"""Facts of tables become metrics, and labels that are gone do not stay behind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from prometheus_client import CollectorRegistry, Gauge
from starlette.testclient import TestClient

from services.runtime import certificate_expiry, health, metrics
from services.runtime.errors import Retryable
from services.runtime.metrics import REGISTRY
from services.runtime.metrics_from_tables import TableMetric, TableWatch
from tests.support.stopped_clock import StoppedClock

NOW: Final = datetime(2024, 5, 1, 12, tzinfo=UTC)
CLOCK: Final = StoppedClock(NOW)


def gauge(*labels: str) -> Gauge:
    return Gauge("tried", "A gauge of a test", labels, registry=CollectorRegistry())


def values(of: Gauge) -> dict[tuple[str, ...], float]:
    return {tuple(sample.labels.values()): sample.value for metric in of.collect() for sample in metric.samples}


async def test_rows_are_labels_and_a_value(pool: asyncpg.Pool) -> None:
    found = gauge("kind", "urgency")
    fact = TableMetric(found, "SELECT * FROM (VALUES ('answer', 'soon', 2), ('start', 'none', 1)) AS told")
    await TableWatch(pool, CLOCK, [fact], seconds=60).read_metrics()
    assert values(found) == {("answer", "soon"): 2, ("start", "none"): 1}


async def test_what_is_no_longer_told_is_taken_away(pool: asyncpg.Pool) -> None:
    found = gauge("agency")
    await TableWatch(pool, CLOCK, [TableMetric(found, "SELECT 'bpd', 3")], seconds=60).read_metrics()
    await TableWatch(pool, CLOCK, [TableMetric(found, "SELECT 'dhs', 1 WHERE false")], seconds=60).read_metrics()
    assert values(found) == {}


async def test_one_value_needs_no_label_and_may_depend_on_the_time(pool: asyncpg.Pool) -> None:
    found = gauge()
    fact = TableMetric(found, "SELECT extract(epoch FROM $1::timestamptz)", dated=True)
    await TableWatch(pool, CLOCK, [fact], seconds=60).read_metrics()
    assert values(found) == {(): NOW.timestamp()}


async def test_a_fact_changes_nothing(pool: asyncpg.Pool) -> None:
    fact = TableMetric(gauge(), "WITH gone AS (DELETE FROM outbox RETURNING 1) SELECT count(*) FROM gone")
    with pytest.raises(Retryable, match="ReadOnly"):
        await TableWatch(pool, CLOCK, [fact], seconds=60).read_metrics()


async def test_a_fact_that_may_not_be_read_keeps_no_other_from_being_told(pool: asyncpg.Pool) -> None:
    refused, found = gauge(), gauge()
    facts = [TableMetric(refused, "SELECT count(*) FROM pg_stat_get_activity(NULL)"), TableMetric(found, "SELECT 1")]
    await TableWatch(pool, CLOCK, facts, seconds=60).read_metrics()
    assert (values(refused), values(found)) == ({(): 0}, {(): 1})


def test_a_scrape_tells_which_check_fails() -> None:
    async def broken() -> str | None:
        return "no broker"

    async def sound() -> str | None:
        return None

    with TestClient(health.app({"broken": broken, "sound": sound})) as client:
        text = client.get("/metrics").text
    assert 'atips_check_failing{check="broken"} 1.0' in text
    assert 'atips_check_failing{check="sound"} 0.0' in text


def test_the_expiry_of_a_certificate_is_read_at_each_scrape(tmp_path: Path) -> None:
    file = tmp_path / "own.crt"
    certificate_expiry.expose_expiry_metrics({"tried": file})
    assert REGISTRY.get_sample_value(_EXPIRES, {"use": "tried"}) == 0
    file.write_bytes(certificate(NOW + timedelta(days=30)))
    assert REGISTRY.get_sample_value(_EXPIRES, {"use": "tried"}) == (NOW + timedelta(days=30)).timestamp()
    metrics.CERTIFICATE_EXPIRES.remove("tried")


_EXPIRES: Final = "atips_certificate_expires_timestamp_seconds"


def certificate(until: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tried")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(until - timedelta(days=60))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
