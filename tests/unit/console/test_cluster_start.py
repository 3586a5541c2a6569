"""Permitted places of the certificate authority's key when a cluster is started for the first time."""

from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.environment_variables import CA_KEY_FILE
from services.console.__main__ import app


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Starts that were not refused, by whether the data are invented."""
    found: list[bool] = []

    def start(*_: object, synthetic: bool, **__: object) -> NoReturn:
        found.append(synthetic)
        message = "as far as this"
        raise ClusterError(message)

    monkeypatch.setattr(Cluster, "start", start)
    monkeypatch.delenv(CA_KEY_FILE, raising=False)
    return found


def said(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 1
    return " ".join(done.stderr.split())


@pytest.mark.parametrize("within", [None, "ca.key", "pki/ca.key", "../data/ca.key"])
def test_a_new_cluster_for_real_data_wants_its_authority_s_key_elsewhere(
    within: str | None, tmp_path: Path, started: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    if within is not None:
        monkeypatch.setenv(CA_KEY_FILE, str(folder / within))
    told = said("up", "--data-dir", str(folder))
    assert "Set ATIPS_CA_KEY_FILE to a file outside of" in told
    assert started == []
    assert not folder.exists()


def test_with_a_file_elsewhere_it_starts(tmp_path: Path, started: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CA_KEY_FILE, str(tmp_path / "stick.key"))
    assert "as far as this" in said("up", "--data-dir", str(tmp_path / "data"))
    assert started == [False]


def test_a_cluster_that_has_its_authority_and_a_demo_start_without(tmp_path: Path, started: list[bool]) -> None:
    folder = Folder(tmp_path / "data")
    folder.make()
    folder.ca.write_text("a certificate", encoding="ascii")
    assert "as far as this" in said("up", "--data-dir", str(folder.root))
    assert "as far as this" in said("demo", "--data-dir", str(tmp_path / "demo"))
    assert started == [False, True]
