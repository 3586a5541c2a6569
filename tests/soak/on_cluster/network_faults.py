"""Faults of the network: one side does not hear the other, packets are lost, a link is slow, answers come late."""

from contextlib import ExitStack
from typing import Final

from infra.cluster.broker_properties import AGENCIES
from tests.cluster.deployment import BROKERS, DATABASES
from tests.soak.on_cluster.container_network import Count, delayed, dropping, sent_by, slowed
from tests.soak.on_cluster.fault_target import FaultTarget, broker
from tests.soak.on_cluster.waiting import hold, wait_until

POSTGRES: Final = 5432
BROKERS_APART_SECONDS: Final = 45.0
AGENCIES_APART_SECONDS: Final = 20.0
DATABASE_APART_SECONDS: Final = 30.0
STANDBY_APART_SECONDS: Final = 15.0
LOSS_SECONDS: Final = 40.0
LOST_OF_A_HUNDRED: Final = 10
LINK: Final = "256kbit"
LATE_SECONDS: Final = 0.5
"""Each way: an answer comes a second late."""


def part_brokers_one_way(target: FaultTarget) -> str:
    """Let a leader hear nothing from another broker, which still hears the leader."""
    leader = target.leader()
    unheard = broker(target.another_broker(leader))
    match = sent_by(target.deployment.addresses(unheard))
    with dropping(target.deployment, broker(leader), match) as dropped:
        count = _held(dropped, BROKERS_APART_SECONDS)
        in_sync = sorted(target.in_sync())
    return f"{broker(leader)} did not hear {unheard}: {count} packets dropped, in sync then: {in_sync}"


def part_agencies_from_a_leader(target: FaultTarget) -> str:
    """Let a leader hear nothing from agencies."""
    leader = broker(target.leader())
    with dropping(target.deployment, leader, f"tcp dport {AGENCIES}") as dropped:
        count = _held(dropped, AGENCIES_APART_SECONDS)
    return f"{leader} did not hear agencies: {count} packets dropped"


def part_a_leader_from_agencies(target: FaultTarget) -> str:
    """Let agencies hear nothing from a leader: it stores their records, and its acknowledgements are lost."""
    leader = broker(target.leader())
    with dropping(target.deployment, leader, f"tcp sport {AGENCIES}", "output") as dropped:
        count = _held(dropped, AGENCIES_APART_SECONDS)
    return f"agencies did not hear {leader}: {count} packets dropped"


def part_a_service_from_the_database(target: FaultTarget) -> str:
    """Let the primary hear nothing from one copy of a service."""
    copy, primary = target.service_copy(), target.deployment.primary()
    with dropping(target.deployment, primary, sent_by(target.deployment.addresses(copy))) as dropped:
        count = _held(dropped, DATABASE_APART_SECONDS)
    return f"{primary} did not hear {copy}: {count} packets dropped"


def part_the_database_from_a_service(target: FaultTarget) -> str:
    """Let one copy of a service hear nothing from the primary: whether a commit was done stays unknown to it."""
    copy, primary = target.service_copy(), target.deployment.primary()
    with dropping(target.deployment, copy, sent_by(target.deployment.addresses(primary))) as dropped:
        count = _held(dropped, DATABASE_APART_SECONDS)
    return f"{copy} did not hear {primary}: {count} packets dropped"


def part_the_standby_one_way(target: FaultTarget) -> str:
    """Let the standby hear nothing from the primary."""
    standby, primary = target.standby(), target.deployment.primary()
    with dropping(target.deployment, standby, sent_by(target.deployment.addresses(primary))) as dropped:
        target.await_silence_over_http()
        count = _held(dropped, STANDBY_APART_SECONDS)
    return f"{standby} did not hear {primary}: {count} packets dropped, and intake acknowledged nothing"


def lose_packets(target: FaultTarget) -> str:
    """Lose a tenth of the packets that come to brokers and databases."""
    match = f"numgen random mod 100 < {LOST_OF_A_HUNDRED}"
    with ExitStack() as faults:
        counts = [faults.enter_context(dropping(target.deployment, each, match)) for each in (*BROKERS, *DATABASES)]
        hold(LOSS_SECONDS)
        lost = [count() for count in counts]
    assert all(lost), f"lost by each: {lost}"
    return f"{sum(lost)} packets to brokers and databases lost"


def slow_a_leader(target: FaultTarget) -> str:
    """Let a leader send 32 KB a second over each of its links."""
    leader = broker(target.leader())
    with slowed(target.deployment, leader, LINK) as waited:
        count = _held(waited, LOSS_SECONDS)
    return f"{leader} sent no more than {LINK}/s: {count} times a packet waited"


def delay_answers(target: FaultTarget) -> str:
    """Let the primary's answers, to services and to the standby, come a second late; a leader's to agencies too."""
    primary, leader = target.deployment.primary(), broker(target.leader())
    with (
        delayed(target.deployment, primary, POSTGRES, LATE_SECONDS) as to_primary,
        delayed(target.deployment, leader, AGENCIES, LATE_SECONDS) as to_leader,
    ):
        hold(LOSS_SECONDS)
        counts = to_primary(), to_leader()
    assert all(counts), f"delayed connections: {counts}"
    return f"connections with answers a second late: {counts[0]} to {primary}, {counts[1]} of agencies to {leader}"


def _held(count: Count, seconds: float) -> int:
    """Wait until the fault has met something, then for the time; returns how much it met."""
    wait_until(lambda: count() > 0, "the fault meets a packet")
    hold(seconds)
    return count()
