"""The processes of a replay: each hears which it is and is heard; none is left when one fails or nobody listens."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from services.reporting.replay import processes
from services.runtime.errors import Halt

SECONDS: Final = 30.0

_MODULE: Final = """
import asyncio, os, sys
from services.reporting.replay import processes
from services.runtime.errors import Halt

async def work():
    what, pipe, which, of = sys.argv[1:]
    processes.send_to_coordinator({"which": which, "of": of, "pid": os.getpid(), "told": os.environ["TOLD"]})
    if what == "fail" and which == "1":
        open(pipe).close()  # until the other is there
        raise Halt("for a reason")
    if what != "end":
        if which == "0":
            open(pipe, "w").close()
        await asyncio.Event().wait()

sys.exit(processes.run(work()))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """In which processes find the module, and something to tell."""
    (tmp_path / "helper.py").write_text(_MODULE)
    os.mkfifo(tmp_path / "pipe")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path)), "TOLD": "something"}


async def shared(what: str, tmp_path: Path, environment: Mapping[str, str], heard: list[Any]) -> None:
    async with asyncio.timeout(SECONDS):
        await processes.run_in_processes("helper", [what, str(tmp_path / "pipe")], environment, 2, heard.append)


def told(heard: list[Any]) -> list[tuple[str, str, str]]:
    return sorted((each["which"], each["of"], each["told"]) for each in heard)


async def test_each_is_told_which_it_is_of_how_many(tmp_path: Path, environment: dict[str, str]) -> None:
    heard: list[Any] = []
    await shared("end", tmp_path, environment, heard)
    assert told(heard) == [("0", "2", "something"), ("1", "2", "something")]


async def test_where_one_fails_it_is_heard_why_and_the_others_are_not_left(
    tmp_path: Path, environment: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    heard: list[Any] = []
    with pytest.raises(Halt, match="ended: for a reason; the same command goes on"):
        await shared("fail", tmp_path, environment, heard)
    assert capfd.readouterr().err == ""
    assert told(heard) == [("0", "2", "something"), ("1", "2", "something")]
    for each in heard:
        with pytest.raises(ProcessLookupError):
            os.kill(each["pid"], 0)


async def test_one_ends_when_nobody_holds_its_standard_input_any_more(environment: dict[str, str]) -> None:
    """However its coordinator ended: the kernel closes what that had open."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "helper", "wait", "", "1", "2"),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            assert b'"which": "1"' in await process.stdout.readline()
            assert process.returncode is None
            process.stdin.close()
            assert await process.wait() == 1
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
