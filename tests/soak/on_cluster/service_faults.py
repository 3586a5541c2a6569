"""Faults of services: copies killed, frozen, restarted, with wrong clocks; a machine or everything killed at once."""

import time
from typing import Final

from tests.cluster.deployment import ALL, MACHINES, PAIRS, PROCESSES, START_SECONDS
from tests.soak.on_cluster.fault_target import FaultTarget
from tests.soak.on_cluster.service_clocks import ASKING, COPIES
from tests.soak.on_cluster.waiting import hold, wait_until

KILLS: Final = 8
FROZEN_SECONDS: Final = 20.0
"""Longer than the database and the brokers wait for a silent process (infra/compose.yaml)."""
TIMES: Final = 10
CLOCK_SECONDS: Final = 25.0
_DAY_SECONDS: Final = 86_400
_TOLERANCE_SECONDS: Final = 3_600
_AHEAD: Final = (
    "SELECT count(*) FROM intake.inbox WHERE accepted_at > extract(epoch FROM clock_timestamp()) * 1000 + 300000"
)
"""Events with a time of acceptance more than five minutes ahead of the database's."""


def kill_copies(target: FaultTarget) -> str:
    """Kill a copy of a service, by chance, eight times."""
    killed = [_killed(target) for _ in range(KILLS)]
    return f"killed: {', '.join(killed)}"


def _killed(target: FaultTarget) -> str:
    copy = target.service_copy()
    wait_until(lambda: target.deployment.pid(copy) > 1, f"{copy} runs")
    before = target.deployment.pid(copy)
    target.deployment.kill(copy)
    target.await_pid(copy, before)
    return copy


def freeze_a_copy(target: FaultTarget) -> str:
    """Stop a copy of a service until its sessions have ended, then let it go on as if nothing had happened."""
    copy = target.service_copy()
    target.deployment.pause(copy)
    try:
        assert target.deployment.health(copy) is None, f"{copy} answers"
        hold(FROZEN_SECONDS)
    finally:
        target.deployment.resume(copy)
    return f"{copy} was frozen for {FROZEN_SECONDS:.0f} s"


def restart_copies(target: FaultTarget) -> str:
    """End each copy of each service in order, and start it again, one after the other."""
    deployment = target.deployment
    copies = [copy for pair in PAIRS for copy in target.dice.sample(pair, len(pair))]
    for copy in copies:
        before = deployment.pid(copy)
        deployment.engine.podman("restart", "--time", "30", deployment.name(copy))
        deployment.await_ready([copy])
        assert deployment.pid(copy) != before, f"{copy} was not restarted"
    return f"restarted one by one: {', '.join(copies)}"


def kill_a_machine(target: FaultTarget) -> str:
    """Kill every process of one of three machines at once, by chance."""
    machine = target.dice.choice(MACHINES)
    before = {each: target.deployment.pid(each) for each in machine}
    target.deployment.kill(*machine)
    for each in machine:
        target.await_pid(each, before[each])
    return f"killed at once: {', '.join(machine)}"


def kill_everything(target: FaultTarget) -> str:
    """Kill every process of the deployment at once, ten times."""
    times = [_killed_everything(target) for _ in range(TIMES)]
    return f"next acknowledgement after {', '.join(f'{each:.0f} s' for each in times)}"


def _killed_everything(target: FaultTarget) -> float:
    deployment = target.deployment
    before = {each: deployment.pid(each) for each in ALL}
    began = time.monotonic()
    deployment.kill(*ALL)
    target.offices.await_more(2, START_SECONDS)
    acknowledged = time.monotonic() - began
    deployment.await_ready(PROCESSES, START_SECONDS)
    alive = [each for each in ALL if deployment.pid(each) in {0, before[each]}]
    assert not alive, f"not killed and started again: {', '.join(alive)}"
    return acknowledged


def set_clocks_ahead(target: FaultTarget) -> str:
    """Set the clock of the second copy of each service a day ahead."""
    return _with_clocks(target, _DAY_SECONDS)


def set_clocks_back(target: FaultTarget) -> str:
    """Set the clock of the second copy of each service a day back."""
    return _with_clocks(target, -_DAY_SECONDS)


def _with_clocks(target: FaultTarget, seconds: int) -> str:
    clocks = target.clocks
    try:
        for copy in COPIES:
            clocks.set(copy, seconds)
        for copy in COPIES:
            _await_clock(target, copy, seconds)
        wait_until(lambda: not target.deployment.is_ready(COPIES[0]), f"{COPIES[0]} is not ready")
        said = target.deployment.health(COPIES[0])
        hold(CLOCK_SECONDS)
        ((ahead,),) = target.deployment.sql(_AHEAD)
    finally:
        for copy in COPIES:
            clocks.set(copy, 0)
    assert ahead == "0", f"{ahead} events were accepted by a wrong clock"
    return f"clocks of {', '.join(COPIES)} by {seconds} s; {COPIES[0]}: {said}"


def _await_clock(target: FaultTarget, copy: str, seconds: int) -> None:
    """Wait until the container's clock is that far from this machine's."""

    def is_set() -> bool:
        there = float(target.deployment.execute(copy, *ASKING))
        return abs(there - time.time() - seconds) < _TOLERANCE_SECONDS

    wait_until(is_set, f"the clock of {copy} is set")
