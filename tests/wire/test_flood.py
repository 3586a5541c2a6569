"""One client floods its topic with cheap and dear bytes: the others hardly wait, and intake's memory stays small."""

import itertools
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from confluent_kafka import Message, Producer

from infra.local import connection_settings
from tests.support.pipeline import Pipeline, Service, wait_for
from tests.unit.intake.samples import training

LOUD = "bpd"
HONEST = ("dhs", "odpp", "labour")
SECONDS = 5
"""How long each half lasts."""
USUAL = 10
"""Events a second that a client usually brings; the loud one brings ten times as many."""
MOST_GROWN = 150 * 1024 * 1024
"""Bytes by which intake may grow: what is read ahead, prepared and in flight, and as much again for the heap."""

REFUSED = b"{}"
DEAR = orjson.dumps({"type": "bz.atips.victim.identified.v1", "data": {"acts": ["x"] * 125_000}})
LARGE = b'{"a":"' + b"x" * 900_000 + b'"}'


class Client:
    """Publishes for several agencies, each at a steady rate."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.producer = Producer({**connection_settings.admin(pipeline.cluster.data_dir), "linger.ms": 0})
        self._made = itertools.count(1)
        self.sent: dict[str, dict[int, int]] = {agency: {} for agency in (LOUD, *HONEST)}
        """When each record of an agency was written, in ms of the broker's clock, by its offset."""

    def send(self, agency: str, value: bytes) -> None:
        def written(error: object, message: Message) -> None:
            assert error is None
            self.sent[agency][message.offset() or 0] = message.timestamp()[1]

        self.producer.produce(self._pipeline.deployment.inbound(agency), value, on_delivery=written)
        self.producer.poll(0)

    def usual(self, loud: Sequence[bytes] = ()) -> None:
        """Have honest clients send at their usual rate, and the loud one its own ten times as fast."""
        rest, begun = list(loud), time.monotonic()
        for step in range(SECONDS * USUAL):
            for agency in HONEST:
                self.send(agency, orjson.dumps(training(next(self._made), source=f"{agency}/register")))
            for value in rest[:10]:
                self.send(LOUD, value)
            del rest[:10]
            left = begun + (step + 1) / USUAL - time.monotonic()
            if left > 0:
                self.producer.poll(left)
        assert self.producer.flush(60) == 0

    def answered(self, *agencies: str) -> bool:
        """Whether each of their records has a receipt."""
        return all(len(self._receipts(agency)) >= len(self.sent[agency]) for agency in agencies)

    def p99(self, first: dict[str, int]) -> float:
        """Give the seconds from a record to its receipt that a hundredth exceed, from these offsets on."""
        waited = []
        for agency in HONEST:
            receipts = self._receipts(agency)
            waited += [receipts[at] - sent for at, sent in self.sent[agency].items() if at >= first.get(agency, 0)]
        return sorted(waited)[len(waited) * 99 // 100] / 1000

    def cleared(self, agency: str, first: dict[str, int]) -> float:
        """Give the seconds from an agency's first record to its last receipt, from these offsets on."""
        sent = [at for offset, at in self.sent[agency].items() if offset >= first[agency]]
        return (max(self._receipts(agency).values()) - min(sent)) / 1000

    def ends(self) -> dict[str, int]:
        """Give the offset after the last record of each agency."""
        return {agency: len(sent) for agency, sent in self.sent.items()}

    def _receipts(self, agency: str) -> dict[int, int]:
        receipts = self._pipeline.read(self._pipeline.deployment.delivery(agency))
        return {json.loads(each.value())["data"]["inbound"]["offset"]: each.timestamp()[1] for each in receipts}


def memory(service: Service) -> int:
    """Give how much memory a process has, in bytes."""
    fields: dict[str, Any] = dict(
        line.split(":", 1) for line in Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    )
    return int(fields["VmRSS"].split()[0]) * 1024


@pytest.mark.timeout(300)
async def test_ten_times_the_usual_rate_and_an_attack_leave_the_others_as_they_were(pipeline: Pipeline) -> None:
    intake = pipeline.start("intake", share_refusals_per_second="500", share_seconds_at_once="5")
    client = Client(pipeline)
    client.send(LOUD, REFUSED)
    wait_for(lambda: client.answered(LOUD), "intake is there")
    client.usual()
    wait_for(lambda: client.answered(*HONEST), "the quiet half is answered")
    quiet, first = client.p99({}), client.ends()

    client.usual(loud=[REFUSED] * (SECONDS * USUAL * 10))
    wait_for(lambda: client.answered(*HONEST), "the loud half is answered")
    loud, first = client.p99(first), client.ends()

    before = memory(intake)
    for value in [*[DEAR] * 60, *[LARGE] * 60, *[REFUSED] * 6_000]:
        client.send(LOUD, value)
    client.usual()
    wait_for(lambda: client.answered(*HONEST), "the honest are answered beside an attack")
    attacked = client.p99(first)
    wait_for(lambda: client.answered(LOUD), "the attack is refused", 120)
    whole = client.cleared(LOUD, first)
    grown = memory(intake) - before
    logging.getLogger(__name__).info(
        "p99 %.3f, %.3f, %.3f s; %d MiB, attack %.1f s", quiet, loud, attacked, grown >> 20, whole
    )
    # Below half a second a machine that does other things decides.
    assert loud <= 2 * max(quiet, 0.25)
    # However fast the machine is: whoever stood behind the attack would wait until all of it is refused.
    assert attacked < max(5, whole / 3)
    assert grown < MOST_GROWN
    assert intake.running
    receipts = [receipt for agency in HONEST for receipt in pipeline.receipts(agency)]
    assert {receipt["status"] for receipt in receipts} <= {"accepted", "duplicate"}
