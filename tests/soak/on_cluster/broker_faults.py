"""Faults of brokers: the leader killed again and again, two of three away, one frozen."""

from typing import Final

from services.client.receipt_and_errors import Later
from tests.cluster.publishing import Office, Offices
from tests.soak.on_cluster.fault_target import FaultTarget, broker
from tests.soak.on_cluster.waiting import hold, wait_until

CHASES: Final = 5
FROZEN_SECONDS: Final = 60.0
OTHER_LEADER_SECONDS: Final = 120.0
NO_ACKNOWLEDGEMENT_SECONDS: Final = 10.0
UNAVAILABLE: Final = "503"


def chase_the_leader(target: FaultTarget) -> str:
    """Kill the leader of an inbound partition, then the next leader, five times."""
    killed = [_killed_leader(target) for _ in range(CHASES)]
    return f"leaders killed one after the other: {', '.join(map(str, killed))}"


def _killed_leader(target: FaultTarget) -> int:
    # A leader without another replica in sync has nobody who could lead after it.
    wait_until(lambda: len(target.in_sync()) > 1, "two replicas are in sync", OTHER_LEADER_SECONDS)
    leader = target.leader()
    wait_until(lambda: target.deployment.pid(broker(leader)) > 1, f"{broker(leader)} runs")
    target.deployment.kill(broker(leader))
    wait_until(lambda: target.leader() != leader, f"another than {broker(leader)} leads", OTHER_LEADER_SECONDS)
    return leader


def leave_too_few_replicas(target: FaultTarget) -> str:
    """Stop the leader and another broker, until neither door acknowledges."""
    leader = target.leader()
    lost = [broker(leader), broker(target.another_broker(leader))]
    over_kafka = target.offices.over_kafka
    asking = Office.of(target.deployment, "dhs")
    target.deployment.lose(*lost)
    try:
        wait_until(
            lambda: over_kafka.silence() >= NO_ACKNOWLEDGEMENT_SECONDS,
            f"nothing is acknowledged over Kafka for {NO_ACKNOWLEDGEMENT_SECONDS:.0f} s",
        )
        before = len(over_kafka)
        seconds = wait_until(lambda: _is_refused(asking, target.offices), "intake answers 503", 120)
        acknowledged = len(over_kafka) - before
    finally:
        target.deployment.start(*lost)
        for door in asking.doors:
            door.close()
    assert acknowledged == 0, f"{acknowledged} records were acknowledged by one broker of three"
    return f"without {' and '.join(lost)} Kafka acknowledged nothing; intake answered 503 after {seconds:.0f} s more"


def _is_refused(office: Office, offices: Offices) -> bool:
    """Submit an event once; whether the answer is that intake is not available."""
    raw = next(raw for agency, raw in offices.history().events(10_000) if agency == office.agency)
    try:
        office.submit(raw, 0)
    except Later as refusal:
        return UNAVAILABLE in str(refusal)
    offices.over_http.note(raw)
    return False


def freeze_a_leader(target: FaultTarget) -> str:
    """Stop every thread of a broker that leads, without ending it, for a minute."""
    leader = target.leader()
    target.deployment.pause(broker(leader))
    try:
        left = wait_until(lambda: target.has_left(leader), f"{broker(leader)} is out of sync", FROZEN_SECONDS)
        hold(FROZEN_SECONDS - left)
    finally:
        target.deployment.resume(broker(leader))
    return f"{broker(leader)}, frozen for {FROZEN_SECONDS:.0f} s, was out of sync after {left:.1f} s"
