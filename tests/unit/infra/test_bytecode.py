"""Sources are compiled by root before services run that cannot do it."""

import os
import sys
from pathlib import Path

import pytest

from infra.local import bytecode


@pytest.mark.parametrize(("starter", "made"), [(0, True), (1000, False)])
def test_sources_are_compiled_where_services_run_as_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter: int, made: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: starter)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "good.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "services" / "bad.py").write_text("x =\n", encoding="utf-8")
    bytecode.ensure(tmp_path)
    assert [each.name.partition(".")[0] for each in tmp_path.rglob("*.pyc")] == (["good"] if made else [])
