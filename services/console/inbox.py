"""`atips inbox`: messages that were delivered to an agency, unread ones first, read with the agency's own credential.

On the cluster's machine they come from the agency's delivery topic, on a connected PC from intake's door. The number
after the last message shown is kept. Receipts are left out: `atips publish` and `atips receipts` show those.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final

import orjson
import typer
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition
from rich.table import Table

from infra.local.folder import Folder, write_private
from schemas.times import BELIZE
from services.client.receipt import ClientError
from services.console.acting import the_door
from services.console.office import AgencyName, Office, office
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.say import emit, fail, out

_PREFIX: Final = "bz.atips.delivery."
_SUFFIX: Final = ".v1"
_RECEIPT: Final = "submission"
_SECONDS: Final = 20.0

ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "danger": "DANGER: act on finding {finding} in case {case}",
        "to_answer": "answer referral {referral} from {sender}: accept or reject it",
        "on_call": "emergency {referral} is with {receiver}: stand by to take it",
        "to_take": "nobody has answered referral {referral} yet: you may take it too",
        "restriction": "{by} keeps {kept_from} from case {case} ({reason})",
        "to_refer": "send referral {referral} to {receiver}",
        "move_refused": "your move of referral {referral} was refused ({reason}); it is with {holder}",
        "assigned": "referral {referral} is with {holder}",
        "moved": "referral {referral} is now {state}",
        "late": "late: referral {referral} of {sender} to {receiver}",
        "consent_withdrawn": "consent was withdrawn: stop, and acknowledge {event}",
        "notice": "event about a suspect linked to a victim in your care: {event}",
    }
)
"""By the kind of a message, its sentence; the fields are those of the message's data."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. `unread`: it lies after the last one that was shown."""

    offset: int
    at: datetime
    kind: str
    data: Mapping[str, Any]
    unread: bool

    @property
    def sentence(self) -> str:
        """Say what happened or what to do; a kind that is unknown here is named as it is."""
        known = {name: "–" if value is None else str(value) for name, value in self.data.items()}
        form = ACTIONS.get(self.kind)
        return self.kind if form is None else form.format_map(_Dashes(known))

    def plain(self) -> dict[str, Any]:
        """Give the form for programs."""
        return {
            "offset": self.offset,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "unread": self.unread,
            "text": self.sentence,
            **{name: value for name, value in self.data.items() if value not in (None, [])},
        }


class _Dashes(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def inbox(
    *,
    agency: AgencyName = "",
    unread: Annotated[bool, typer.Option("--unread", help="Only messages that were not shown before.")] = False,
    keep: Annotated[bool, typer.Option("--keep-unread", help="Do not mark the messages as read.")] = False,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List what was delivered to an agency in the last thirty days: referrals, decisions, withdrawals, dangers."""
    at = office(data_dir, agency)
    place = at.root / "inbox" / f"{at.agency}.offset"
    shown = _shown(place)
    records, end = _over_https(at) if at.connection else _over_kafka(at)
    found = ordered(deliveries(records, shown), unread=unread)
    if as_json:
        emit({"inbox": [each.plain() for each in found], "unread": sum(each.unread for each in found)})
    else:
        _print(found)
    if not keep:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(place, f"{end}\n")


def deliveries(records: Iterable[tuple[int, bytes]], shown: int) -> Iterator[Delivery]:
    """Yield the messages among (offset, bytes) records that are no receipts; `shown` is the first unread offset."""
    for offset, value in records:
        event = orjson.loads(value)
        kind = str(event["type"]).removeprefix(_PREFIX).removesuffix(_SUFFIX)
        if _RECEIPT not in kind:
            at = datetime.fromisoformat(event["time"])
            yield Delivery(offset, at, kind, event["data"], unread=offset >= shown)


def ordered(found: Iterable[Delivery], *, unread: bool) -> list[Delivery]:
    """Sort: unread before read, dangers before others, the newest first."""
    kept = [each for each in found if each.unread or not unread]
    return sorted(kept, key=lambda each: (not each.unread, each.kind != "danger", -each.offset))


def _print(found: Sequence[Delivery]) -> None:
    table = Table("", "when", "what", "due", "person")
    for each in found:
        due = each.data.get("due_at")
        table.add_row(
            "new" if each.unread else "",
            _written(each.at),
            each.sentence,
            "" if due is None else _written(datetime.fromisoformat(due)),
            str(each.data.get("person") or ", ".join(each.data.get("persons", ()))),
            style="bold red" if each.kind == "danger" else ("bold" if each.unread else None),
        )
    out().print(table)
    out().print(f"{sum(each.unread for each in found)} unread of {len(found)}", markup=False)


def _written(at: datetime) -> str:
    return f"{at.astimezone(BELIZE):%Y-%m-%d %H:%M}"


def _shown(place: Path) -> int:
    try:
        return int(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return 0


def _over_https(at: Office) -> tuple[list[tuple[int, bytes]], int]:
    with the_door(at.root, at.agency) as door:
        try:
            found = [(number, orjson.dumps(event)) for number, event in door.inbox()]
        except ClientError as error:
            fail(f"intake's door did not answer: {error}")
    return found, max((number + 1 for number, _ in found), default=_shown(at.root / "inbox" / f"{at.agency}.offset"))


def _over_kafka(at: Office) -> tuple[list[tuple[int, bytes]], int]:
    try:
        return _delivered(_settings(Folder(at.root), at.agency))
    except KafkaException as error:
        fail(f"{at.agency}'s delivery topic cannot be read: {error.args[0].name()}")


def _settings(folder: Folder, agency: str) -> tuple[dict[str, Any], str]:
    """Give the client's settings and the delivery topic from the agency's folder; leaves where there is none."""
    path = folder.client(agency)
    try:
        kafka = orjson.loads(path.read_bytes())["kafka"]
    except FileNotFoundError:
        fail(f"{agency} has no credential here: {path}")
    return kafka["config"], kafka["delivery"]


def _delivered(settings: tuple[dict[str, Any], str]) -> tuple[list[tuple[int, bytes]], int]:
    """Read all that the topic has now, and its end. Nothing is committed."""
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
            fail("the broker stopped answering before the end of the topic; nothing was marked as read")
        return found, end
    finally:
        consumer.close()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(inbox)
