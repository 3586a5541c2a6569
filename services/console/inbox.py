"""`atips inbox`: messages that were delivered to an agency, unread ones first, read with the agency's own credential.

On the cluster's machine they come from the agency's delivery topic, on a connected PC from intake over HTTPS. A file
keeps the number after the last message shown. Receipts are left out: see `atips publish` and `atips receipts`.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import orjson
import typer
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from schemas.times import BELIZE
from services.client.inbox import CASE_TRACKER, REFERRAL
from services.client.receipt_and_errors import ClientError
from services.console import terminal_layout
from services.console.agency_connection import AgencyName, Office, fail_without_credential, office
from services.console.options import DEFAULT, AsJson, DataDir, LangOption
from services.console.output import emit, fail, out
from services.console.send_as_agency import open_intake_client
from services.console.terminal_layout import INDENT, joined, wrapped
from services.presentation.bilingual_text import Language, Words
from services.presentation.messages_to_agencies import Delivery, deliveries, ordered
from services.presentation.referral_move_decision_texts import state_text

_SECONDS: Final = 20.0
_LISTS: Final = 2
_NEW: Final = Words("NEW", "NUEVO")
_DUE: Final = Words("due {at}", "vence {at}")
_COUNT: Final = Words("{unread} unread of {all}", "{unread} sin leer de {all}")


class ReceivedMessages(NamedTuple):
    """Messages of one source: `records` are pairs of (number, JSON bytes); `end` is the number after the last one.

    Over Kafka a number is the message's offset, and `end` the end of the topic. Over HTTPS `end` is None without
    messages.
    """

    records: list[tuple[int, bytes]]
    end: int | None


def inbox(
    *,
    agency: AgencyName = "",
    unread: Annotated[bool, typer.Option("--unread", help="Only messages that were not shown before.")] = False,
    keep: Annotated[bool, typer.Option("--keep-unread", help="Do not mark the messages as read.")] = False,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List what was delivered to an agency in the last thirty days: referrals, decisions, withdrawals, dangers."""
    at = office(data_dir, agency)
    place = at.root / "inbox" / f"{at.agency}.offset"
    received = _over_https(at) if at.connection else [_over_kafka(at)]
    lists = list(zip(received, _shown(place), strict=False))
    every = [each for one, shown in lists for each in deliveries(one.records, shown)]
    found = ordered(every, unread=unread)
    if as_json:
        told = [plain(each) for each in found]
        emit({"inbox": told, "unread": sum(each.unread for each in found), "all": len(every)})
    else:
        _print(found, len(every), lang)
    if not keep:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        ends = (str(shown if one.end is None else one.end) for one, shown in lists)
        write_private(place, " ".join(ends) + "\n")


def plain(each: Delivery) -> dict[str, Any]:
    """Return a message as a dict for JSON. It has `over` (true) only if a later message ended the matter."""
    return {
        "offset": each.offset,
        "at": each.at.isoformat(),
        "kind": each.kind,
        "unread": each.unread,
        **({"over": True} if each.over else {}),
        "text": each.sentence(),
        **{name: value for name, value in each.data.items() if value not in (None, [])},
    }


def _print(found: Sequence[Delivery], every: int, lang: Language = Language.EN) -> None:
    """Print the messages, and below them the numbers of unread and of all delivered messages."""
    console = out()
    for each in found:
        style = "bold red" if each.endangers else "bold" if each.unread else None
        terminal_layout.show(console, lines(each, lang), style)
    count = _COUNT.of(lang).format(unread=sum(each.unread for each in found), all=every)
    console.print(count, markup=False)


def lines(each: Delivery, lang: Language = Language.EN) -> Iterator[str]:
    """Yield a message's lines of at most 80 columns: time and sentence, due time, and the id of each person."""
    state = each.data.get("state")
    sentence = each.sentence(lang, {} if state is None else {"state": state_text(state, lang)})
    yield from wrapped(joined((_NEW.of(lang) if each.unread else None, _written(each.at), sentence)), "")
    due = each.data.get("due_at")
    if due is not None and not each.over:
        yield INDENT + _DUE.of(lang).format(at=_written(datetime.fromisoformat(due)))
    for person in (each.data.get("person"), *each.data.get("persons", ())):
        if person is not None:
            yield f"{INDENT}{person}"


def _written(at: datetime) -> str:
    return f"{at.astimezone(BELIZE):%Y-%m-%d %H:%M}"


def _shown(place: Path) -> tuple[int, ...]:
    """Return for each list of messages the first number that was not shown yet; 0 if the file has none for the list.

    A file of an older version has a number for the first list only.
    """
    try:
        kept = [int(each) for each in place.read_text(encoding="utf-8").split()]
    except FileNotFoundError:
        kept = []
    return (*kept, *[0] * _LISTS)[:_LISTS]


def _over_https(at: Office) -> list[ReceivedMessages]:
    """Return two lists: messages of the referral service and of the case tracker, each with its own numbering."""
    with open_intake_client(at.root, at.agency) as door:
        try:
            every = list(door.inbox())
        except ClientError as error:
            fail(f"Intake did not answer: {error}. Nothing was marked as read. Try again later.")
    lists = ([each for each in every if each.source == source] for source in (REFERRAL, CASE_TRACKER))
    return [
        ReceivedMessages(
            [(each.number, orjson.dumps(each.event)) for each in one],
            max((each.number + 1 for each in one), default=None),
        )
        for one in lists
    ]


def _over_kafka(at: Office) -> ReceivedMessages:
    try:
        return ReceivedMessages(*_delivered(_settings(Folder(at.root), at.agency)))
    except KafkaException as error:
        fail(f"{at.agency}'s delivery topic cannot be read: {error.args[0].name()}")


def _settings(folder: Folder, agency: str) -> tuple[dict[str, Any], str]:
    """Return the Kafka client settings and the delivery topic of the agency. Exits with 1 without its credential."""
    try:
        kafka = orjson.loads(folder.client(agency).read_bytes())["kafka"]
    except FileNotFoundError:
        fail_without_credential(folder.root, agency)
    return kafka["config"], kafka["delivery"]


def _delivered(settings: tuple[dict[str, Any], str]) -> tuple[list[tuple[int, bytes]], int]:
    """Return all messages of the delivery topic as (offset, bytes), and the topic's end offset. Nothing is committed.

    `settings`: client settings and name of the topic. Exits with 1 if the broker stops answering.
    """
    config, topic = settings
    consumer = Consumer(
        {**config, "log_level": 0, "enable.auto.commit": False, "auto.offset.reset": "error", "fetch.wait.max.ms": 50}
    )
    try:
        begin, end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=_SECONDS)
        consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING if begin == end else begin)])
        found: list[tuple[int, bytes]] = []
        deadline, reached = time.monotonic() + _SECONDS, begin
        while reached < end and time.monotonic() < deadline:
            for record in consumer.consume(500, 0.2):
                offset, value = record.offset(), record.value()
                if record.error() is None and offset is not None and offset < end:
                    reached, deadline = offset + 1, time.monotonic() + _SECONDS
                    found += [] if value is None else [(offset, bytes(value))]
        if reached < end:
            fail(
                "The broker stopped answering before the end of the topic. Nothing was marked as read. Try again later."
            )
        return found, end
    finally:
        consumer.close()


def register(app: typer.Typer) -> None:
    """Add the command `inbox` to the app."""
    app.command()(inbox)
