"""An agency's developer with the agency developer's page alone: its lines run as they stand, over either door."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journey.conftest import ROOT, User

pytestmark = pytest.mark.timeout(600)  # many commands, and whoever comes first makes the cluster

PAGE = (ROOT / "docs/users/agency-developer.md").read_text(encoding="utf-8")
[LINES] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("door", ["Http", "Kafka"])
def test_the_lines_of_the_page_publish_an_event(user: User, tmp_path: Path, door: str) -> None:
    (tmp_path / ".atips").symlink_to(user.data_dir)
    done = subprocess.run(
        [sys.executable, "-c", LINES.replace("Http", door)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert re.fullmatch(r"accepted [0-9]+ [0-9a-f-]{36} None None\n", done.stdout), done.stderr
    assert oct((tmp_path / "spool.db").stat().st_mode & 0o777) == "0o600"
    assert LINES.count("\n") <= 11
