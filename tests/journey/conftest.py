"""A user's own cluster, made with the `atips` command in a folder of its own, shared by the journeys."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.local.environment_variables import CA_KEY_FILE
from services.console.__main__ import app

ROOT = Path(__file__).resolve().parents[2]
ATIPS = Path(sys.executable).with_name("atips")
_FREE = frozenset({"examples", "codes", "reasons", "template"})
"""Commands that need no data folder."""
_OF_PROCESSES = frozenset({"up", "down", "sql"})
"""Commands that start what outlives them, or become another program."""


def lines_of(page: str) -> list[str]:
    """Give the commands of a page of the docs, each in one line."""
    text = (ROOT / "docs/users" / page).read_text(encoding="utf-8").replace("\\\n", "")
    found: list[str] = []
    fence = ""
    for line in text.splitlines():
        if line.startswith("```"):
            fence = "" if fence else line
        elif fence == "```" and line:
            found.append(line)
    return found


def line_of(page: str, words: str, **given: str) -> str:
    """Give the command of a page of the docs that has or begins with these words behind `atips`.

    `given` are names that stand in place of those of the page. Example: `PERSON="per-…"`.
    """
    rest = {each: each.partition("atips ")[2] for each in lines_of(page) if "atips " in each}
    found = [each for each, said in rest.items() if said == words] or [
        each for each, said in rest.items() if said.startswith(words)
    ]
    assert len(found) == 1, f"{page} has {len(found)} commands that begin with: atips {words}"
    [line] = found
    for name, value in given.items():
        assert re.search(rf"\b{name}\b", line), f"{page}: {name} is not in: {line}"
        line = re.sub(rf"\b{name}\b", lambda _, value=value: value, line)  # type: ignore[misc]
    return line


def invoked(words: Sequence[str], settings: Mapping[str, str]) -> Result:
    """Run `atips` with these words, in a thread: a browser that a test has open keeps a loop in its own."""
    outside = {name: None for name in os.environ if name.startswith("ATIPS_")} | dict(settings)
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(CliRunner().invoke, app, list(words), env=outside).result()
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception  # a person would see a trace
    return done


@dataclass(frozen=True, slots=True)
class User:
    """Somebody at a terminal in the project's folder, with a data folder."""

    data_dir: Path

    def run(
        self,
        command: Sequence[str | bytes],
        *,
        stdin: bytes = b"",
        code: int | None = 0,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Run a command as typed; gives what it prints, and demands its exit code unless that is None."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")} | dict(
            settings
        )
        done = subprocess.run(
            command, cwd=ROOT, env=environment, input=stdin, capture_output=True, timeout=280, check=False
        )
        if code is not None:
            assert done.returncode == code, done.stderr.decode()[-2000:]
        return done.stdout.decode()

    @property
    def key_outside(self) -> dict[str, str]:
        """The setting without which no folder of real data is started first."""
        return {CA_KEY_FILE: str(self.data_dir.with_name(f"{self.data_dir.name} ca.key"))}

    def atips(self, *arguments: str, code: int | None = 0) -> str:
        """Run `atips` on the data folder, as at a terminal in the project's folder; gives what it prints.

        It runs in this process, which has read all modules: a process of its own takes a second to read them.
        """
        words = [*arguments, "--data-dir", str(self.data_dir)]
        if arguments[0] in _OF_PROCESSES:
            return self.run([str(ATIPS), *words], code=code, settings=self.key_outside)
        with chdir(ROOT):
            done = invoked(words, self.key_outside)
        if code is not None:
            assert done.exit_code == code, done.output[-2000:]
        return done.stdout

    def typed(self, line: str, code: int | None = 0) -> str:
        """Run a line of the docs in this process and in the folder of the test; gives what it prints.

        Demands its exit code unless that is None.
        """
        return self._typed(line, code).output

    def told(self, line: str, code: int | None = 0) -> Any:  # noqa: ANN401 - JSON
        """Run a line of the docs as a program does; gives the JSON that it prints, of several lines a list."""
        said = [json.loads(each) for each in self._typed(f"{line} --json", code).stdout.splitlines()]
        return said[0] if len(said) == 1 else said

    def _typed(self, line: str, code: int | None) -> Result:
        _, *words = shlex.split(line)
        alone = words[0] in _FREE or words[:2] == ["export", "catalogue"]
        done = invoked(words if alone else [*words, "--data-dir", str(self.data_dir)], self.key_outside)
        assert code in {None, done.exit_code}, (line, done.output)
        return done

    def officer(self, agency: str, role: str = "officer") -> list[str]:
        """Give the words that make a command read as an account of an agency: its token, which may look at cases."""
        file = self.data_dir / f"{role}-{agency}.token"
        if not file.exists():
            name = f"{role}.{agency}".replace("_", "-")
            self.atips("users", "add", name, "--role", role, "--agency", agency)
            self.atips("users", "token", name, "--days", "2", "--cases", "--to", str(file))
        return ["--token-file", str(file)]

    def status(self, *, code: int | None = None) -> dict[str, Any]:
        """Give `atips status --json`, ready or not: on a busy machine a service may not answer in time."""
        printed = self.atips("status", "--json", code=code)
        assert printed, "status --json ended without an answer"
        found: dict[str, Any] = json.loads(printed)
        return found

    def figure(self, number: str, period: str = "2024") -> int:
        """Give one figure's amount."""
        answer = json.loads(self.atips("figures", "--number", number, "--period", period, "--json"))
        return int(answer["figures"][0]["amount"])

    def publish(self, agency: str, *lines: bytes, code: int = 0) -> list[dict[str, Any]]:
        """Publish lines from a file as an agency; gives the verdicts."""
        file = self.data_dir / "lines.jsonl"
        file.write_bytes(b"".join(line + b"\n" for line in lines))
        printed = self.atips("publish", str(file), "--agency", agency, "--json", code=code)
        return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture(scope="package")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """A user who has just typed `atips up`, on a folder as people name them."""
    somebody = User(tmp_path_factory.mktemp("journey") / "Señora B's figures, 2024")
    settings = {"ATIPS_HTTP_IN_FLIGHT": "199", "ATIPS_WEB_UPLOAD_SECONDS": "500"}
    up = [str(ATIPS), "up", "--data-dir", str(somebody.data_dir)]
    somebody.run(up, settings=settings | somebody.key_outside)
    yield somebody
    somebody.atips("down", code=None)
