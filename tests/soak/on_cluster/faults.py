"""The faults of the soak: how each is done and ended, and which rows of the fault matrix it tries.

After each the same must hold: nothing lost, nothing twice, `n` without gaps, lag zero. `holds` says what is special.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.soak.on_cluster import broker_faults, database_faults, disk_faults, network_faults, service_faults
from tests.soak.on_cluster.fault_target import FaultTarget


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault. `act` does it, sees that it happened, ends it, and returns what was seen. It raises if nothing was seen.

    `rows`: numbers in the fault matrix.
    """

    name: str
    rows: tuple[str, ...]
    done: str
    ended: str
    holds: str
    act: Callable[[FaultTarget], str]


_PUBLISHING: Final = "agencies publish on"
_WAITING: Final = "nothing is acknowledged meanwhile"
_OTHER: Final = "the work of the other copies goes on"

FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        "leader_chase",
        ("13", "14"),
        "SIGKILL to the leader of an inbound partition, then to the next leader, five times",
        "containers start again by themselves",
        "order and acknowledged records stay",
        broker_faults.chase_the_leader,
    ),
    Fault(
        "too_few_replicas",
        ("15",),
        "two of three brokers stopped until intake answers 503",
        "both started",
        "no acknowledgement by one broker",
        broker_faults.leave_too_few_replicas,
    ),
    Fault(
        "broker_frozen",
        ("16",),
        "the leader's container paused for 60 s",
        "resumed",
        _PUBLISHING,
        broker_faults.freeze_a_leader,
    ),
    Fault(
        "brokers_one_way",
        ("24",),
        "a leader drops all that another broker sends, for 45 s",
        "rule removed",
        _PUBLISHING,
        network_faults.part_brokers_one_way,
    ),
    Fault(
        "agencies_to_broker",
        ("24",),
        "a leader drops all that agencies send, for 20 s",
        "rule removed",
        "records wait at the agencies",
        network_faults.part_agencies_from_a_leader,
    ),
    Fault(
        "broker_to_agencies",
        ("23", "24"),
        "a leader's answers to agencies are dropped, for 20 s",
        "rule removed",
        "a record sent again counts once",
        network_faults.part_a_leader_from_agencies,
    ),
    Fault(
        "service_to_database",
        ("24",),
        "the primary drops all that one copy of a service sends, for 30 s",
        "rule removed",
        _OTHER,
        network_faults.part_a_service_from_the_database,
    ),
    Fault(
        "database_to_service",
        ("8", "24"),
        "one copy of a service drops all that the primary sends, for 30 s",
        "rule removed",
        "a commit of unknown outcome counts once",
        network_faults.part_the_database_from_a_service,
    ),
    Fault(
        "primary_to_standby",
        ("24",),
        "the standby drops all that the primary sends, until nothing is acknowledged and for 15 s more",
        "rule removed",
        _WAITING,
        network_faults.part_the_standby_one_way,
    ),
    Fault(
        "packets_lost",
        ("23",),
        "brokers and databases drop a tenth of the packets that come, for 40 s",
        "rules removed",
        _PUBLISHING,
        network_faults.lose_packets,
    ),
    Fault(
        "slow_link",
        ("23",),
        "a leader sends 256 kbit/s over each link, for 40 s (`tc tbf`)",
        "limit removed",
        _PUBLISHING,
        network_faults.slow_a_leader,
    ),
    Fault(
        "late_answers",
        ("23",),
        "half a second each way before the primary and before a leader's port for agencies, for 40 s (a proxy)",
        "proxy ended, which resets its connections",
        _PUBLISHING,
        network_faults.delay_answers,
    ),
    Fault(
        "primary_killed",
        ("7",),
        "SIGKILL to the primary",
        "starts again by itself",
        _PUBLISHING,
        database_faults.kill_the_primary,
    ),
    Fault(
        "primary_frozen",
        ("3",),
        "the primary's container paused until nothing is acknowledged, and for 25 s more",
        "resumed",
        _WAITING,
        database_faults.freeze_the_primary,
    ),
    Fault(
        "standby_promoted",
        ("12",),
        "primary stopped and standby promoted while batches are in flight",
        "the old primary started; it copies the new one and follows",
        "no acknowledged event is missing on the new primary",
        database_faults.promote_the_standby,
    ),
    Fault(
        "standby_lost",
        ("12",),
        "standby stopped until nothing is acknowledged, and for 15 s more",
        "started",
        _WAITING,
        database_faults.lose_the_standby,
    ),
    Fault(
        "broker_disk_full",
        ("17",),
        "every block of a leader's volume taken, until it is out of sync and for 15 s more",
        "blocks given back; the broker starts again by itself",
        "no false acknowledgement",
        disk_faults.fill_a_leader,
    ),
    Fault(
        "primary_disk_full",
        ("9",),
        "every block of the primary's volume taken, until nothing is acknowledged and for 15 s more",
        "blocks given back",
        _WAITING,
        disk_faults.fill_the_primary,
    ),
    Fault(
        "standby_disk_full",
        ("9",),
        "every block of the standby's volume taken, until nothing is acknowledged and for 15 s more",
        "blocks given back",
        _WAITING,
        disk_faults.fill_the_standby,
    ),
    Fault(
        "metrics_disk_full",
        ("9",),
        "every block of Prometheus' volume taken while 200 events are published",
        "blocks given back",
        _PUBLISHING,
        disk_faults.fill_the_metrics,
    ),
    Fault(
        "copies_killed",
        ("2",),
        "SIGKILL to a copy of a service, by chance, eight times",
        "containers start again by themselves",
        _OTHER,
        service_faults.kill_copies,
    ),
    Fault(
        "copy_frozen",
        ("3",),
        "a copy of a service paused for 20 s, past its sessions",
        "resumed, and fenced where it still writes",
        _OTHER,
        service_faults.freeze_a_copy,
    ),
    Fault(
        "copies_restarted",
        ("6",),
        "SIGTERM to each copy of each service, one after the other",
        "each started and ready before the next",
        _OTHER,
        service_faults.restart_copies,
    ),
    Fault(
        "clocks_ahead",
        ("30",),
        "the clock of the second copy of each service a day ahead for 25 s",
        "clocks set right",
        "no event is accepted by a wrong clock",
        service_faults.set_clocks_ahead,
    ),
    Fault(
        "clocks_back",
        ("30",),
        "the clock of the second copy of each service a day back for 25 s",
        "clocks set right",
        "no event is accepted by a wrong clock",
        service_faults.set_clocks_back,
    ),
    Fault(
        "machine_killed",
        ("2", "7", "13"),
        "SIGKILL to all processes of one of three machines at once",
        "containers start again by themselves",
        _OTHER,
        service_faults.kill_a_machine,
    ),
    Fault(
        "everything_killed",
        ("2", "7", "13"),
        "SIGKILL to every process at once, ten times",
        "all containers start again by themselves",
        "nothing lost",
        service_faults.kill_everything,
    ),
)
BY_NAME: Final[Mapping[str, Fault]] = {each.name: each for each in FAULTS}


def named(text: str) -> list[str]:
    """Return the names in a list such as `broker_frozen,slow_link`. Raises `ValueError` for an unknown one."""
    names = [each.strip() for each in text.split(",") if each.strip()]
    unknown = [each for each in names if each not in BY_NAME]
    if unknown or not names:
        message = f"unknown: {', '.join(unknown) or 'none given'}; there are {', '.join(BY_NAME)}"
        raise ValueError(message)
    return list(dict.fromkeys(names))


def order(names: Sequence[str], seed: int) -> Iterator[str]:
    """Yield names without end: each name once, in an order that the seed gives, then all again in another order."""
    dice = Random(f"faults of {seed}")
    while True:
        yield from dice.sample(names, len(names))


def rows_tried(names: Sequence[str]) -> list[str]:
    """Return the rows of the fault matrix that these faults try, in ascending order."""
    return sorted({row for name in names for row in BY_NAME[name].rows}, key=int)
