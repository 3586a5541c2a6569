"""Attacks, each a process: `python -m tests.soak.attack.attackers NAME DATA_DIR SECONDS`. Loopback addresses only.

Each attack paces itself, and gives way to every other process. It runs on this machine, and must not win by taking the
processor. It prints one JSON object: what it sent, and what it got that it should not have had.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile

import httpx2
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from schemas.ids import Kind
from tests.soak.attack.target import CARELESS, Target
from tests.support.random_events import History, encode

if TYPE_CHECKING:
    import socket
    import ssl

_SEED: Final = 13
_HUGE_SIZE: Final = (1 << 31) - 1
_NUMBERS: Final = 2_000_000
_ITEMS: Final = 125_000
_UNPACKED: Final = 300 << 20
_PAGES: Final = ("/sheets", "/receipts", "/refusals", "/inbox", "/sheets/empty/training.session_delivered")


def _flood(target: Target, values: Callable[[int], bytes], pause: float, batch: int) -> None:
    producer = Producer({**target.kafka, "linger.ms": 5, "queue.buffering.max.messages": 100_000})
    inbound = target.client["kafka"]["inbound"]
    for turn in target.each(pause):
        for number in range(batch):
            with suppress(BufferError, KafkaException):
                producer.produce(inbound, values(turn * batch + number))
                target.done["produced"] += 1
        producer.poll(0.1)
    producer.flush(10)


def empty_objects(target: Target) -> None:
    """Write `{}` by the thousand to one inbound topic."""
    _flood(target, lambda _: b"{}", 1.0, 2_000)


def heavy_over_kafka(target: Target) -> None:
    """Write cheap bytes that are dear to read: lists of items, depth, digits."""
    shapes = (
        b'{"data":{"victims":[' + b'"x",' * _ITEMS + b'"x"]}}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"data":{"count":' + b"9" * 100_000 + b"}}",
        b'{"id":"' + b"a" * 200_000 + b'"}',
    )
    _flood(target, lambda number: shapes[number % len(shapes)], 2.0, 4)


def heavy_over_http(target: Target) -> None:
    """Post a list of two million numbers, and events with as many items as fit."""
    shapes = (b"[" + b"1," * _NUMBERS + b"1]", b'{"data":{"victims":[' + b'"x",' * 50_000 + b'"x"]}}')
    for number in target.each(1.0):
        target.done[str(target.posted(shapes[number % len(shapes)]))] += 1


def too_often(target: Target) -> None:
    """Come ten times as often as one may, and never wait when asked to."""
    for _ in target.each(0.02):
        target.done[str(target.posted(b"{}"))] += 1


def wrong_keys(target: Target) -> None:
    """Guess keys."""
    for number in target.each(0.1):
        status = target.posted(b"{}", authorization=f"Bearer {number:064x}")
        target.done[str(status)] += 1
        if status not in {0, 401, 429, 503}:
            target.done["unauthorised"] += 1


def idle_http(target: Target) -> None:
    """Hold hundreds of TLS connections and a thousand bare ones open, at the door and at the health port."""
    held: list[socket.socket] = []
    places = [target.http, ("127.0.0.1", target.admin_ports["intake"])]
    for number in target.each(0.02):
        with suppress(OSError):
            plain = target.connection(places[number % 2], source="127.0.0.1" if number % 3 else "")
            held.append(target.wrapped(plain) if number % 4 == 0 else plain)
            target.done["connected"] += 1
        for closed in held[:-1_000]:
            closed.close()
        held = held[-1_000:]


def slow_http(target: Target) -> None:
    """Send one byte of a header a second on many connections."""
    held: list[ssl.SSLSocket] = []
    for _ in target.each(0.1):
        with suppress(OSError):
            held.append(target.wrapped(target.connection(target.http)))
            held[-1].sendall(b"POST /v1/events HTTP/1.1\r\nHost: intake\r\nX-")
        for each in list(held[-200:]):
            try:
                each.sendall(b"a")
            except OSError:
                each.close()
                held.remove(each)
        target.done["held"] = max(target.done["held"], len(held))


def smuggle(target: Target) -> None:
    """Send two lengths, and two Authorization headers."""
    key = Path(target.client["http"]["key_file"]).read_text("utf-8").strip()
    heads = (
        f"Authorization: Bearer {key}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        f"Authorization: Bearer {key}\r\nAuthorization: Bearer {'0' * 64}\r\nContent-Length: 2\r\n",
    )
    for number in target.each(0.5):
        with suppress(OSError), target.wrapped(target.connection(target.http)) as open_:
            open_.sendall(f"POST /v1/events HTTP/1.1\r\nHost: intake\r\n{heads[number % 2]}\r\n{{}}\r\n".encode())
            answer = open_.recv(4096).split(b"\r\n", 1)[0]
            target.done[answer.decode("ascii", "replace")] += 1
            if b" 2" in answer[:11]:
                target.done["unauthorised"] += 1


def broker_without_credentials(target: Target) -> None:
    """Announce requests of two gigabytes over TLS, and hold bare connections."""
    held: list[socket.socket] = []
    host, _, port = target.state["kafka"]["bootstrap"].partition(":")
    for number in target.each(0.05):
        with suppress(OSError):
            opened = target.connection((host, int(port)))
            if number % 2:
                opened = target.wrapped(opened)
                opened.sendall(_HUGE_SIZE.to_bytes(4, "big") + b"\x00" * 1024)
            held.append(opened)
            target.done["connected"] += 1
        for closed in held[:-400]:
            closed.close()
        held = held[-400:]


def others_topics(target: Target) -> None:
    """Read what was delivered to others, and write to the log."""
    delivery, log = target.deployment.delivery("dhs"), next(iter(target.deployment.logs))
    failures: list[str] = []
    for _ in target.each(5.0):
        consumer = Consumer({**target.kafka, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
        consumer.assign([TopicPartition(delivery, 0, 0)])
        record = consumer.poll(2.0)
        if record is not None and record.error() is None:
            target.done["unauthorised"] += 1
        consumer.close()
        producer = Producer({**target.kafka, "message.timeout.ms": 3000})
        try:
            producer.produce(log, b"{}", on_delivery=lambda error, _: failures.append(str(error)) if error else None)
        except KafkaException as error:  # the client knows already that it may not
            failures.append(str(error))
        target.done["tried"] += 1
        producer.flush(5)
        if len(failures) < target.done["tried"]:
            target.done["unauthorised"] += 1


def lists(target: Target) -> None:
    """Ask for long lists all the time, and never wait when asked to."""
    paths = ("/v1/receipts?limit=500", "/v1/inbox?limit=500", "/v1/quarantine?limit=500")
    for number in target.each(0.05):
        target.done[str(target.got(paths[number % len(paths)]))] += 1


def handshakes(target: Target) -> None:
    """Do the work of TLS again and again, from many addresses, at intake's door and at the pages."""
    places = (target.http, ("127.0.0.1", target.admin_ports["web.https"]))
    for number in target.each(0.02):
        with suppress(OSError), target.wrapped(target.connection(places[number % 2])):
            target.done["shaken"] += 1


def pages(target: Target) -> None:
    """Read pages and files without pause as a clerk, and upload a workbook that unpacks to hundreds of megabytes."""
    book = BytesIO()
    with ZipFile(book, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(_UNPACKED))
    with closing(target.clerk()) as client:
        for number in target.each(0.05):
            with suppress(httpx2.HTTPError):
                if number % 100 == 0:
                    form = re.search(r'name="form_token" value="([^"]+)"', client.get("/sheets").text)
                    answer = client.post(
                        "/sheets",
                        data={"form_token": "" if form is None else form[1]},
                        files={"file": ("book.xlsx", book.getvalue())},
                    )
                else:
                    answer = client.get(_PAGES[number % len(_PAGES)])
                target.done[str(answer.status_code)] += 1


def passwords(target: Target) -> None:
    """Guess the password of an account at the pages."""
    base = f"http://127.0.0.1:{target.admin_ports['web.http']}"
    for number in target.each(0.1):
        with suppress(httpx2.HTTPError):
            form = {"account": "careless", "password": f"{number:016x}"}
            answer = httpx2.post(f"{base}/sign-in", data=form, headers={"origin": base}, timeout=20, trust_env=False)
            target.done[str(answer.status_code)] += 1
            if answer.status_code == httpx2.codes.SEE_OTHER:
                target.done["unauthorised"] += 1


def merges(target: Target) -> None:
    """Publish rightly made events without end: one activity becomes the same as ever more others, and is told again."""
    history = History(_SEED)
    first = history.mint(Kind.ACTIVITY)
    for _ in target.each(0.25):
        data = {"activity": first, "same_as": history.mint(Kind.ACTIVITY), "reason": "statement"}
        event = history.event("activity.merged", CARELESS, first, data)
        target.done[str(target.posted(encode(event)))] += 1


def crowds(target: Target) -> None:
    """Come in crowds, each client slow in sending what it announced, so that every turn at the door is taken."""
    key = Path(target.client["http"]["key_file"]).read_text("utf-8").strip()
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: intake\r\nAuthorization: Bearer {key}\r\n"
        "Content-Type: application/cloudevents+json\r\nContent-Length: 20000\r\n\r\n"
    ).encode()
    held: list[ssl.SSLSocket] = []
    for _ in target.each(0.05):
        with suppress(OSError):
            held.append(target.wrapped(target.connection(target.http)))
            held[-1].sendall(head + b'{"data":')
            target.done["announced"] += 1
        for closed in held[:-100]:
            closed.close()
        held = held[-100:]


def producer_numbers(target: Target) -> None:
    """Take ever new numbers of idempotent producers, and ever new consumer groups with long names."""
    inbound = target.client["kafka"]["inbound"]
    for number in target.each(1.0):
        with suppress(KafkaException):
            producer = Producer({**target.kafka, "enable.idempotence": True, "message.timeout.ms": 3000})
            producer.produce(inbound, b"{}")
            producer.flush(3)
            group = f"{target.kafka['group.id']}{number}{'x' * 200}"
            consumer = Consumer({**target.kafka, "group.id": group})
            consumer.subscribe([target.client["kafka"]["delivery"]])
            consumer.poll(0.5)
            consumer.close()
            target.done["taken"] += 1


ATTACKS: Final[Mapping[str, Callable[[Target], None]]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            empty_objects,
            heavy_over_kafka,
            heavy_over_http,
            too_often,
            wrong_keys,
            idle_http,
            slow_http,
            smuggle,
            broker_without_credentials,
            others_topics,
            lists,
            handshakes,
            pages,
            passwords,
            merges,
            crowds,
            producer_numbers,
        )
    }
)


def main() -> None:
    """Run one attack for so many seconds."""
    name, data_dir, seconds = sys.argv[1:]
    target = Target(Path(data_dir), float(seconds))
    ATTACKS[name](target)
    print(json.dumps({name: dict(target.done)}))  # noqa: T201 - its one answer


if __name__ == "__main__":
    main()
