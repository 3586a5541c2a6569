"""Alerts fire in a real Prometheus that scrapes a real service, and are silent while all is well."""

import subprocess
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import asyncpg
import httpx2
import pytest
import yaml

from infra.local.ports import choose
from schemas.ids import Kind
from tests.check.project import ROOT
from tests.support.pipeline import Expired, Pipeline, wait_for
from tests.support.random_events import History, encode

pytestmark = [pytest.mark.promtool, pytest.mark.timeout(240)]

NO_BACKUP = ("BackupUnknown", "")
NO_REPLAY = ("ReplayOld", "")
UNKNOWN = {NO_BACKUP, NO_REPLAY}
"""Here nobody makes backups or compares replays, so that these alerts fire while the service is scraped."""


@pytest.fixture
def ports() -> dict[str, int]:
    return dict(choose(["intake", "prometheus"], {}))


@pytest.fixture
def prometheus(ports: dict[str, int], tmp_path: Path) -> Iterator[httpx2.Client]:
    """Run Prometheus with our rules; it scrapes every two seconds, and no alert waits before it fires."""
    rules = yaml.safe_load((ROOT / "infra/prometheus/alerts.yaml").read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            rule.pop("for", None)
    config = yaml.safe_load((ROOT / "infra/prometheus/prometheus.yaml").read_text())
    config["global"] = {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"}
    targets = tmp_path / "targets"
    targets.mkdir()
    (targets / "atips.yaml").write_text(
        yaml.safe_dump([{"labels": {"service": "intake"}, "targets": [f"127.0.0.1:{ports['intake']}"]}])
    )
    (tmp_path / "alerts.yaml").write_text(yaml.safe_dump(rules))
    (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(config))
    address = f"127.0.0.1:{ports['prometheus']}"
    with (tmp_path / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={tmp_path / 'prometheus.yaml'}",
                f"--storage.tsdb.path={tmp_path / 'series'}",
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            with httpx2.Client(base_url=f"http://{address}", verify=False, trust_env=False) as client:
                yield client
        finally:
            process.terminate()
            process.wait(30)


def firing(prometheus: httpx2.Client) -> set[tuple[str, str]] | None:
    """Give the alerts that fire, each with its agency, check or service; None while Prometheus does not answer."""
    try:
        answer = prometheus.get("/api/v1/query", params={"query": 'ALERTS{alertstate="firing"}'})
    except httpx2.HTTPError:
        return None
    if answer.status_code != httpx2.codes.OK:
        return None
    found = answer.json()["data"]["result"]
    series = [each["metric"] for each in found]
    return {
        (each["alertname"], next((each[name] for name in ("agency", "check", "service") if name in each), ""))
        for each in series
    }


async def test_alerts_fire_for_what_happens_and_are_silent_before(
    pipeline: Pipeline, prometheus: httpx2.Client, ports: dict[str, int]
) -> None:
    intake = pipeline.start("intake", admin_port=str(ports["intake"]), watch_seconds="0.2")

    last: list[object] = []

    def fires(*alerts: tuple[str, str], may: AbstractSet[tuple[str, str]] = frozenset()) -> None:
        """Wait until the alerts fire beside those that always do; those that `may` fire are looked past."""

        def found() -> bool:
            now = firing(prometheus)
            last[:] = [now]
            return now is not None and now - may == {*UNKNOWN, *alerts} - may

        try:
            wait_for(found, "they fire")
        except Expired:
            pytest.fail(f"fire: {last}, should: {alerts}")

    fires()
    history = History(5)
    person, case = history.mint(Kind.PERSON), history.mint(Kind.CASE)
    refused = history.event("victim.identified", "bpd", person, {"person": person, "case": case, "status": "no status"})
    pipeline.publish([("bpd", encode(refused))])
    fires(("NotDelivered", "bpd"))
    pipeline.publish([("bpd", encode({**refused, "data": {**refused["data"], "status": "confirmed"}}))])
    fires()
    server = await asyncpg.connect(pipeline.dsn("postgres", "postgres"))
    name = pipeline.deployment.name
    await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", name
    )
    wait_for(lambda: ("NotReady", "database") in (firing(prometheus) or ()) or None, "a database is missed")
    await server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    await server.close()
    fires()
    intake.kill()
    # What a service that is gone said last is no longer asked: its own series end with it, sooner or later.
    fires(("ServiceGone", "intake"), ("ServiceDown", "intake"), may={NO_REPLAY})
