"""The project as its guards see it: its root, its files, and its tools run as `make check` runs them."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("schemas", "services", "infra", "tests")


def pyproject() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def files() -> list[Path]:
    """Give the files that are tracked or would be, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = {Path(name) for name in listed.split("\0") if name}
    return sorted(path for path in found if (ROOT / path).is_file())


def sources() -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in ROOMS]


def tool(name: str, *arguments: str, cwd: Path = ROOT, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment; its output is both streams in one."""
    return subprocess.run(
        [str(Path(sys.executable).with_name(name)), *arguments],
        cwd=cwd,
        check=False,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
