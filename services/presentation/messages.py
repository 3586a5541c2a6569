"""Messages that are delivered to an agency: for each kind the sentence that says what happened or what to do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import orjson

from services.presentation.words import Words

_PREFIX: Final = "bz.atips.delivery."
_SUFFIX: Final = ".v1"
_RECEIPT: Final = "submission"

DANGER: Final = "danger"

ACTIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        DANGER: Words(
            "DANGER: act on finding {finding} in case {case}",
            "PELIGRO: actúe sobre el hallazgo {finding} del caso {case}",
        ),
        "to_answer": Words(
            "answer referral {referral} from {sender}: accept or reject it",
            "responda la remisión {referral} de {sender}: acéptela o recházela",
        ),
        "on_call": Words(
            "emergency {referral} is with {receiver}: stand by to take it",
            "la emergencia {referral} está con {receiver}: prepárese para tomarla",
        ),
        "to_take": Words(
            "nobody has answered referral {referral} yet: you may take it too",
            "nadie ha respondido la remisión {referral}: usted también puede tomarla",
        ),
        "restriction": Words(
            "{by} keeps {kept_from} from case {case} ({reason})",
            "{by} impide a {kept_from} ver el caso {case} ({reason})",
        ),
        "to_refer": Words("send referral {referral} to {receiver}", "envíe la remisión {referral} a {receiver}"),
        "move_refused": Words(
            "your move of referral {referral} was refused ({reason}); it is with {holder}",
            "su paso en la remisión {referral} fue rechazado ({reason}); la tiene {holder}",
        ),
        "assigned": Words("referral {referral} is with {holder}", "la remisión {referral} está con {holder}"),
        "moved": Words("referral {referral} is now {state}", "la remisión {referral} está ahora: {state}"),
        "late": Words(
            "late: referral {referral} of {sender} to {receiver}",
            "con retraso: remisión {referral} de {sender} a {receiver}",
        ),
        "consent_withdrawn": Words(
            "consent was withdrawn: stop, and acknowledge {event}",
            "se retiró el consentimiento: deténgase y acuse recibo de {event}",
        ),
        "notice": Words(
            "event about a suspect linked to a victim in your care: {event}",
            "hecho sobre una persona sospechosa vinculada a una víctima a su cuidado: {event}",
        ),
    }
)
"""By the kind of a message, its sentence; the fields are those of the message's data."""


class _Dashes(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. `unread`: it lies after the last one that was shown."""

    offset: int
    at: datetime
    kind: str
    data: Mapping[str, Any]
    unread: bool = False

    def sentence(self, lang: str = "en", named: Mapping[str, str] = MappingProxyType({})) -> str:
        """Say what happened or what to do. `named`: words in place of fields, such as an agency's name for its code.

        A kind that is unknown here is named as it is.
        """
        known = {name: "–" if value is None else str(value) for name, value in self.data.items()} | dict(named)
        form = ACTIONS.get(self.kind)
        return self.kind if form is None else form.of(lang).format_map(_Dashes(known))


def deliveries(records: Iterable[tuple[int, bytes | Mapping[str, Any]]], shown: int = 0) -> Iterator[Delivery]:
    """Yield the messages that are no receipts, of (number, event) records; `shown` is the first unread number."""
    for offset, value in records:
        event = orjson.loads(value) if isinstance(value, bytes) else value
        kind = str(event["type"]).removeprefix(_PREFIX).removesuffix(_SUFFIX)
        if _RECEIPT not in kind:
            at = datetime.fromisoformat(event["time"])
            yield Delivery(offset, at, kind, event["data"], unread=offset >= shown)


def ordered(found: Iterable[Delivery], *, unread: bool = False) -> list[Delivery]:
    """Sort: unread before read, dangers before others, the newest first. `unread`: leave the others out."""
    kept = [each for each in found if each.unread or not unread]
    return sorted(kept, key=lambda each: (not each.unread, each.kind != DANGER, -each.at.timestamp(), -each.offset))
