"""`atips run`: an end that nobody asked for ends all and is a failure; an end that was asked for is none."""

import asyncio
import os
import signal
import sys

import pytest
import typer

from services.console import run
from services.console.service_settings import SERVICES

LIVES = "import signal; signal.signal(signal.SIGTERM, lambda *_: exit(0)); print('up', flush=True); signal.pause()"
ENDS = "exit(0)"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[asyncio.subprocess.Process]:
    """Let the script in a service's environment stand for the service."""
    begun: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()

    async def spawn(_name: str, environment: dict[str, str]) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", environment["script"], stdout=asyncio.subprocess.PIPE
        )
        if environment["script"] == LIVES and process.stdout is not None:
            await process.stdout.readline()
        await begun.put(process)
        return process

    monkeypatch.setattr(run, "_spawn", spawn)
    return begun


async def test_a_service_that_ends_by_itself_ends_the_others_and_is_a_failure(
    started: asyncio.Queue[asyncio.subprocess.Process], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run._run({"intake": {"script": LIVES}, "reporting": {"script": ENDS}}) == 1
    assert [(await started.get()).returncode for _ in range(2)] == [0, 0]
    assert "reporting ended by itself" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_all_cleanly(
    started: asyncio.Queue[asyncio.subprocess.Process], number: signal.Signals
) -> None:
    running = asyncio.create_task(run._run({"intake": {"script": LIVES}, "reporting": {"script": LIVES}}))
    processes = [await started.get() for _ in range(2)]
    os.kill(os.getpid(), number)
    assert await running == 0
    assert [process.returncode for process in processes] == [0, 0]


def test_all_means_every_service_once() -> None:
    assert run.chosen(["all", "intake"]) == SERVICES
    assert run.chosen(["reporting", "intake", "reporting"]) == ("reporting", "intake")


def test_a_name_that_no_service_has_is_wrong_use() -> None:
    with pytest.raises(typer.Exit) as left:
        run.chosen(["intake", "outtake"])
    assert left.value.exit_code == 2
