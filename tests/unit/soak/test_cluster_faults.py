"""Faults of the soak on the cluster: their table, their order, their rules and files, without any container."""

import asyncio
import os
import re
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

import pytest
import yaml

from tests.cluster.delays import Delays
from tests.cluster.deployment import ALL, COMPOSE, PROCESSES, ROOT
from tests.soak.__main__ import asked_for
from tests.soak.on_cluster import compose_file, container_network, delaying_proxy, faults, service_clocks
from tests.soak.on_cluster.fillable_volumes import PLACES
from tests.soak.on_cluster.run import ClusterSoak, Outcome

if TYPE_CHECKING:
    from tests.soak.on_cluster.fault_target import FaultTarget

TEXT = (ROOT / COMPOSE).read_text(encoding="utf-8")
PAGE = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")


def test_each_fault_says_how_it_is_done_and_ended_and_what_must_hold() -> None:
    assert len(faults.BY_NAME) == len(faults.FAULTS)
    for fault in faults.FAULTS:
        assert re.fullmatch(r"[a-z_]+", fault.name)
        assert all((fault.done, fault.ended, fault.holds)), fault.name
        assert fault.rows, fault.name
        assert all(1 <= int(row) <= 42 for row in fault.rows), fault.name
    assert len({fault.act for fault in faults.FAULTS}) == len(faults.FAULTS)


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda fault: fault.name)
def test_the_page_of_the_cluster_lists_the_fault_with_its_rows(fault: faults.Fault) -> None:
    assert f"| `{fault.name}` | {', '.join(fault.rows)} |" in PAGE


def test_a_seed_gives_an_order_in_which_each_round_has_each_fault_once() -> None:
    names = list(faults.BY_NAME)
    orders = [list(islice(faults.order(names, seed), 3 * len(names))) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    rounds = [orders[0][start : start + len(names)] for start in range(0, len(orders[0]), len(names))]
    assert all(sorted(each) == sorted(names) for each in rounds)
    assert rounds[0] != rounds[1]


def test_the_command_line_chooses_faults_minutes_and_seed() -> None:
    asked = asked_for(["--cluster", "--minutes", "15", "--seed", "3", "--faults", "slow_link, broker_frozen,slow_link"])
    assert (asked.cluster, asked.minutes, asked.seed) == (True, 15.0, 3)
    assert asked.faults == ["slow_link", "broker_frozen"]
    assert asked_for(["--cluster"]).faults == list(faults.BY_NAME)
    assert not asked_for([]).cluster


@pytest.mark.parametrize("text", ["nothing_of_ours", "", "slow_link,nothing_of_ours"])
def test_an_unknown_fault_is_refused_with_those_that_there_are(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        asked_for(["--cluster", "--faults", text])
    assert "broker_frozen" in capsys.readouterr().err


def test_rows_are_in_ascending_order_and_each_is_there_once() -> None:
    tried = faults.rows_tried(["primary_disk_full", "leader_chase", "broker_to_agencies"])
    assert tried == ["9", "13", "14", "23", "24"]
    assert faults.rows_tried(["standby_promoted", "standby_lost"]) == ["12"]


def test_volumes_and_clocks_are_folders_and_all_else_stays() -> None:
    volumes = {service: (Path("/of/volumes") / service, place) for service, place in PLACES.items()}
    clocks = {copy: Path("/of/clocks") / copy for copy in service_clocks.COPIES}
    before, made = yaml.safe_load(TEXT), yaml.safe_load(compose_file.with_places(TEXT, volumes, clocks))
    assert set(before["volumes"]) - set(made["volumes"]) == set(PLACES)
    assert made["networks"] == before["networks"]
    for name, service in made["services"].items():
        old = before["services"][name]
        assert {key for key in old if service[key] != old[key]} <= {"volumes", "environment"}, name
        assert ("PYTHONPATH" in service.get("environment", {})) == (name in clocks), name
        if name in PLACES:
            assert f"/of/volumes/{name}:{PLACES[name]}" in service["volumes"]
        if name in clocks:
            assert f"/of/clocks/{name}:{service_clocks.INSIDE}:ro" in service["volumes"]
            assert set(old["volumes"]) < set(service["volumes"])


def test_every_container_that_writes_to_a_volume_of_its_own_can_be_filled() -> None:
    """Services write none: their volumes are read only. What is written once, before all others, is not filled."""
    services = yaml.safe_load(TEXT)["services"]
    assert set(services) - {"keys"} == set(ALL)
    writing = {name for name in ALL if any(not each.endswith(":ro") for each in services[name].get("volumes", ()))}
    assert writing - {"provision"} == set(PLACES)
    assert set(service_clocks.COPIES) < set(PROCESSES)


def test_dropped_packets_are_counted_from_what_nft_lists() -> None:
    assert container_network.sent_by(["10.89.0.2", "10.89.1.2"]) == "ip saddr { 10.89.0.2, 10.89.1.2 }"
    rules = container_network.drop_rules("output", "tcp sport 9095")
    assert "hook output" in rules
    assert rules.endswith("add rule ip atips_soak output tcp sport 9095 counter name dropped drop")
    listed = "table ip atips_soak {\n\tcounter dropped {\n\t\tpackets 42 bytes 2520\n\t}\n}\n"
    assert container_network.packets_in(listed) == 42
    assert container_network.packets_in("") == 0


def test_a_fault_that_was_not_seen_is_broken_and_one_that_was_not_tried_is_named() -> None:
    seen = Outcome(faults.BY_NAME["slow_link"], seen="kafka-1 sent less", delays=Delays(over_http=3.25))
    unseen = Outcome(faults.BY_NAME["broker_frozen"], wrong=["broker_frozen: Late: kafka-2 is out of sync"])
    assert seen.line().startswith("slow_link: kafka-1 sent less; judged 0.0 s")
    assert "over_http 3.2 s" in seen.line()
    assert "not seen" in unseen.line()
    assert unseen.line().endswith("kafka-2 is out of sync")
    soak = ClusterSoak(cast("FaultTarget", None), list(faults.BY_NAME), 1, [seen, unseen])
    table = soak.table()
    assert list(table.columns[-1].cells) == ["holds", "BROKEN"]
    assert "leader_chase" in str(table.caption)
    assert "slow_link" not in str(table.caption)
    assert "rows 16, 23" in str(table.title)


async def test_the_proxy_passes_on_all_bytes_in_order_and_late() -> None:
    """Half a second there and back, for a megabyte: the delay is of the link, not of each chunk."""
    sent = Random(1).randbytes(1 << 20)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await delaying_proxy.passed_on(reader, writer, 0.25)

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        began = asyncio.get_running_loop().time()
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        passing = asyncio.create_task(reader.readexactly(len(sent)))
        writer.write(sent[:1000])
        await writer.drain()
        writer.write(sent[1000:])
        writer.write_eof()
        assert await passing == sent
        took = asyncio.get_running_loop().time() - began
        writer.close()
        await writer.wait_closed()
    assert 0.25 <= took < 5


def test_a_clock_of_a_service_is_off_by_what_its_file_says(tmp_path: Path) -> None:
    clocks = service_clocks.ServiceClocks(tmp_path)
    clocks.make()
    place = clocks.place(service_clocks.COPIES[0])
    for seconds in (0, 86_400, -86_400):
        clocks.set(service_clocks.COPIES[0], seconds)
        environment = {**os.environ, "PYTHONPATH": f"{place}{os.pathsep}{ROOT}"}
        command = [sys.executable, *service_clocks.ASKING[1:]]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert abs(float(done.stdout) - time.time() - seconds) < 60
