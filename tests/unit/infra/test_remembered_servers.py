"""A data folder remembers its servers, so that a forgotten variable starts no empty second one."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.local import remembered_servers
from infra.local.cluster import Cluster, ClusterError
from infra.local.environment_variables import ExistingKafka
from infra.local.supervisor_plan import StartPlan
from schemas.topics import Deployment

KAFKA = ExistingKafka("broker.example:9093", Path("ca.crt"), "broker.example:9094")


def plan(folder: Path, kafka: ExistingKafka | None = None, postgres: Path | None = None) -> StartPlan:
    found = StartPlan(folder, Deployment(), attached=False, throwaway=False, parent=1)
    return replace(found, existing_kafka=kafka, existing_postgres=postgres)


@pytest.mark.parametrize(
    ("kafka", "postgres", "variable"),
    [(KAFKA, None, "ATIPS_KAFKA_BOOTSTRAP"), (None, Path("/etc/dsn"), "ATIPS_POSTGRES_ADMIN_DSN_FILE")],
)
def test_a_forgotten_variable_is_named_with_what_it_was(
    tmp_path: Path, kafka: ExistingKafka | None, postgres: Path | None, variable: str
) -> None:
    remembered_servers.remember(plan(tmp_path, kafka, postgres))
    assert remembered_servers.difference(plan(tmp_path, kafka, postgres)) is None
    told = remembered_servers.difference(plan(tmp_path)) or ""
    was = kafka.bootstrap if kafka else str(postgres)
    assert f"export {variable}={was}" in told
    remembered_servers.remember(plan(tmp_path))  # the first counts
    assert remembered_servers.difference(plan(tmp_path)) == told


def test_a_folder_with_its_own_servers_is_given_no_others(tmp_path: Path) -> None:
    assert remembered_servers.difference(plan(tmp_path, KAFKA)) is None
    remembered_servers.remember(plan(tmp_path))
    assert "Unset ATIPS_KAFKA_BOOTSTRAP" in (remembered_servers.difference(plan(tmp_path, KAFKA)) or "")


def test_a_start_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in remembered_servers.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    remembered_servers.remember(plan(tmp_path, postgres=Path("/etc/dsn")))
    with pytest.raises(ClusterError, match="Nothing was started"):
        Cluster.start(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name in {"postgres", "state.json"}] == []
