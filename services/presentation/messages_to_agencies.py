"""Messages delivered to an agency, with a sentence for each kind: what happened, or what the agency must do."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import orjson

from schemas.catalogue import CATALOGUE
from schemas.codebook.case import RestrictionReason
from schemas.codebook.dated_groups_and_labels import labels_on
from services.presentation.bilingual_text import Words

_PREFIX: Final = "bz.atips.delivery."
_SUFFIX: Final = ".v1"
_RECEIPT: Final = "submission"

DANGER: Final = "danger"
NOTICE: Final = "notice"
"""Kind of a message about an event of a suspect. Its `reason` is the event's type."""
RESTRICTION: Final = "restriction"
"""Kind of a message about a restriction of a case. Its `reason` is a code of `RestrictionReason`."""
DANGER_OVER: Final = "danger_over"

ACTIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        DANGER: Words(
            "DANGER: {danger} It is finding {finding}, case {case}",
            "PELIGRO: {danger} Es el hallazgo {finding}, caso {case}",
        ),
        DANGER_OVER: Words(
            "over: finding {finding} of case {case} is closed. You need not act on its danger any more",
            "terminado: el hallazgo {finding} del caso {case} está cerrado. Ya no tiene que actuar por ese peligro",
        ),
        "to_answer": Words(
            "answer referral {referral} from {sender}: accept or reject it",
            "responda la remisión {referral} de {sender}: acéptela o recházela",
        ),
        "on_call": Words(
            "emergency {referral} was sent to {receiver}: you are on call, and may not take it now. Help "
            "{receiver} answer in time. If another message says that you may take it too, you may from then on; "
            "else only if {sender} cancels it and sends it to you",
            "la emergencia {referral} se envió a {receiver}: usted está de guardia y no puede tomarla ahora. Ayude a "
            "{receiver} a responder a tiempo. Si otro mensaje dice que usted también puede tomarla, podrá desde "
            "entonces; si no, solo si {sender} la cancela y se la envía a usted",
        ),
        "to_take": Words(
            "nobody has answered referral {referral} to {receiver} yet: you may take it too, from now on",
            "nadie ha respondido la remisión {referral} a {receiver}: usted también puede tomarla, desde ahora",
        ),
        "no_longer_open": Words(
            "referral {referral} to {receiver} needs no answer any more: you need not act, and can no longer take it",
            "la remisión {referral} a {receiver} ya no necesita respuesta: usted no tiene que actuar y ya no puede "
            "tomarla",
        ),
        RESTRICTION: Words(
            "{by} keeps {kept_from} from case {case} ({reason})",
            "{by} impide a {kept_from} ver el caso {case} ({reason})",
        ),
        "to_refer": Words(
            "send referral {referral} to {receiver} under this id: one sent under a new id leaves this one open",
            "envíe la remisión {referral} a {receiver} con este número: otra con un número nuevo deja esta abierta",
        ),
        "move_refused": Words(
            "your move of referral {referral} was refused ({reason}); it is with {holder}",
            "su paso en la remisión {referral} fue rechazado ({reason}); la tiene {holder}",
        ),
        "moved_after_end": Words(
            "{by} accepted or started referral {referral}, which is not open: that has no effect, but {by} may act on "
            "it. Agree with {by} who cares for the person, and refer again if {by} is to",
            "{by} aceptó o inició la remisión {referral}, que no está abierta: no tiene efecto, pero {by} puede "
            "estar actuando. Acuerde con {by} quién atiende a la persona y remita de nuevo si será {by}",
        ),
        "assigned": Words("referral {referral} is with {holder}", "la remisión {referral} está con {holder}"),
        "moved": Words("referral {referral} is now {state}", "la remisión {referral} está ahora: {state}"),
        "late": Words(
            "late: referral {referral} of {sender} to {receiver}",
            "con retraso: remisión {referral} de {sender} a {receiver}",
        ),
        "consent_withdrawn": Words(
            "consent was withdrawn: stop, and acknowledge it. It is event {event}",
            "se retiró el consentimiento: deténgase y acuse recibo. Es el evento {event}",
        ),
        NOTICE: Words(
            "{type} of a suspect linked to a victim in your care. It is event {event}",
            "{type} de una persona sospechosa vinculada a una víctima a su cuidado. Es el evento {event}",
        ),
    }
)
"""Sentence of each kind of message. Placeholders are fields of the message's data, and `danger` of `DANGERS`.

`type`: the name of the event's type.
"""

DANGERS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "bail_without_no_contact": Words(
            "a suspect is on bail, and no condition forbids contact with a victim tied to them. Ask the court for that "
            "condition, and make the victim safe.",
            "un sospechoso está bajo fianza y ninguna condición le prohíbe el contacto con una víctima vinculada. Pida "
            "esa condición al tribunal y ponga a salvo a la víctima.",
        ),
        "family_is_suspect": Words(
            "a victim is with family, or in touch with it, of whom somebody is a suspect. Make the victim safe, and "
            "record shelter or a plan that protects.",
            "una víctima está con su familia, o en contacto con ella, y alguien de ella es sospechoso. Ponga a salvo a "
            "la víctima y registre albergue o un plan que proteja.",
        ),
        "guardian_is_suspect": Words(
            "a guardian who consented is tied to the child as a suspect. That consent opens nothing: share no more on "
            "it, and record another guardian's consent or a best-interest determination.",
            "un tutor que consintió está vinculado al menor como sospechoso. Ese consentimiento no autoriza nada: no "
            "comparta más con él y registre el de otro tutor o una determinación del interés superior.",
        ),
        "hearing_missed": Words(
            "the day of a hearing has passed, and nobody said what became of it. Ask the court, and record it.",
            "pasó el día de una audiencia y nadie dijo qué fue de ella. Pregunte al tribunal y regístrelo.",
        ),
        "victim_deported": Words(
            "a victim was deported, or is ordered to leave. Tell the prosecution and Human Services.",
            "se deportó a una víctima, o se le ordenó salir. Avise a la fiscalía y a Servicios Humanos.",
        ),
        "victim_is_suspect": Words(
            "one agency alone found a victim and a suspect to be one person. Police and Human Services must both say "
            "so, or the merge must be taken back.",
            "una sola institución dijo que una víctima y un sospechoso son la misma persona. Deben decirlo la policía "
            "y Servicios Humanos, o la fusión debe retirarse.",
        ),
        "victim_prosecuted": Words(
            "a victim was arrested or charged. Tell the prosecution and Human Services.",
            "se detuvo o acusó a una víctima. Avise a la fiscalía y a Servicios Humanos.",
        ),
        "victim_unprotected": Words(
            "a suspect is free, and a victim tied to them has no shelter and no plan that protects. Make the victim "
            "safe, and record shelter or a plan.",
            "un sospechoso está libre y una víctima vinculada no tiene albergue ni plan que proteja. Ponga a salvo a "
            "la víctima y registre albergue o un plan.",
        ),
    }
)
"""Sentence of each danger: what has happened and what to do, by its finding's code. Later versions may have more."""
_OTHER_DANGER: Final = Words(
    "a record shows that somebody is in danger. Open the finding to see what has happened, and make the person safe.",
    "un registro muestra que alguien está en peligro. Abra el hallazgo para ver qué pasó y ponga a salvo a la persona.",
)
_ON_CALL_AND_SECOND: Final = Words(
    "emergency {referral} was sent to {receiver}: you are on call, and may take it too, from now on",
    "la emergencia {referral} se envió a {receiver}: usted está de guardia y también puede tomarla, desde ahora",
)
"""Sentence of an `on_call` message whose reason is `SECOND`: the agency may also take the referral."""
_TAKEN: Final = Words(
    "another agency has taken referral {referral} to {receiver}: you need not act, and can no longer take it",
    "otra institución tomó la remisión {referral} a {receiver}: usted no tiene que actuar y ya no puede tomarla",
)
"""Sentence of a `no_longer_open` message about a referral that another agency accepted; it does not say which."""
_OVER: Final = Words(
    "over: referral {referral} to {receiver} needs no answer any more, and you need not act",
    "terminado: la remisión {referral} a {receiver} ya no necesita respuesta y usted no tiene que actuar",
)
"""Sentence in place of a request or an invitation that a later message has ended."""
_CLOSED_DANGER: Final = Words(
    "over: finding {finding} of case {case} is closed. Open it to see why",
    "terminado: el hallazgo {finding} del caso {case} está cerrado. Ábralo para ver por qué",
)
"""Sentence in place of a danger whose finding is closed now."""
_TYPE: Final = Words("“{name}”", "«{name}»")
_OTHER_TYPE: Final = Words("an event", "un hecho")
"""Text in place of a type's name, for a type of a later version."""
_ENDS_INVITATION: Final = "no_longer_open"
_ENDED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {"on_call": _ENDS_INVITATION, "to_take": _ENDS_INVITATION, "to_answer": _ENDS_INVITATION, DANGER: DANGER_OVER}
)
"""Kind of the later message that ends a message of each kind, if both are about one matter."""
_MATTERS: Final[Mapping[str, str]] = MappingProxyType({_ENDS_INVITATION: "referral", DANGER_OVER: "finding"})
"""Field that names the matter of a message that ends others."""
SECOND: Final = "second"
"""Reason in messages to an agency that may accept a referral sent to another agency."""
_REFUSED_TO_STRANGER: Final = Words(
    "your move of referral {referral} was refused ({reason}): it has no effect",
    "su paso en la remisión {referral} fue rechazado ({reason}): no tiene efecto",
)
"""Sentence of a `move_refused` message without a holder: the agency may not know the holder, or there is none."""


class _Dashes(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to an agency. `kind`: such as `to_answer`. `unread`: it was not shown before.

    `over`: nobody need act on it any more. It asks the agency to answer a referral, or invites it to take another
    agency's, and a later message ended that; or it tells of a danger whose finding is closed.
    """

    offset: int
    at: datetime
    kind: str
    data: Mapping[str, Any]
    unread: bool = False
    over: bool = False

    @property
    def endangers(self) -> bool:
        """Whether the message tells of a danger that is not over."""
        return self.kind == DANGER and not self.over

    def sentence(self, lang: str = "en", named: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the message's sentence. `named`: texts that replace fields, such as an agency's name for its code.

        The sentence of an unknown kind, from a later version, is the kind itself.
        """
        known = {name: "–" if value is None else str(value) for name, value in self.data.items()} | dict(named)
        known["danger"] = DANGERS.get(str(self.data.get("code")), _OTHER_DANGER).of(lang)
        known["type"] = _type_text(self.data.get("reason"), lang)
        if self.kind == RESTRICTION and "reason" not in named:
            known["reason"] = _reason_text(self.data.get("reason"), lang)
        form = ACTIONS.get(self.kind)
        if self.kind == "move_refused" and self.data.get("holder") is None:
            form = _REFUSED_TO_STRANGER
        if self.kind == "on_call" and self.data.get("reason") == SECOND:
            form = _ON_CALL_AND_SECOND
        if self.kind == _ENDS_INVITATION and self.data.get("state") is not None:
            form = _TAKEN
        if self.over:
            form = _CLOSED_DANGER if self.kind == DANGER else _OVER
        return self.kind if form is None else form.of(lang).format_map(_Dashes(known))


def _type_text(event_type: str | None, lang: str) -> str:
    kind = CATALOGUE.get(event_type or "")
    if kind is None:
        return _OTHER_TYPE.of(lang)
    return _TYPE.of(lang).format(name=kind.es if lang == "es" else kind.en)


def _reason_text(reason: str | None, lang: str) -> str:
    """Return the label of a restriction's reason; an unknown code, from a later version, as it is."""
    found = next((each for each in RestrictionReason if each.value == reason), None)
    return reason or "–" if found is None else Words(*labels_on(found, None)).of(lang)


def deliveries(records: Iterable[tuple[int, bytes | Mapping[str, Any]]], shown: int = 0) -> Iterator[Delivery]:
    """Yield the messages among (offset, event) records; receipts are skipped. `shown`: the first unread offset.

    The records are one list, in the order of their offsets.
    """
    found = list(_read(records, shown))
    ended = {(each.kind, each.data.get(_MATTERS[each.kind])): each.offset for each in found if each.kind in _MATTERS}
    for each in found:
        end = _ENDED_BY.get(each.kind)
        matter = None if end is None else (end, each.data.get(_MATTERS[end]))
        yield replace(each, over=matter in ended and ended[matter] > each.offset)


def with_closed_dangers(found: Iterable[Delivery], closed: Container[str]) -> Iterator[Delivery]:
    """Yield the messages, with `over` at each danger whose finding is among the closed ones."""
    for each in found:
        over = each.over or (each.kind == DANGER and each.data.get("finding") in closed)
        yield replace(each, over=over)


def _read(records: Iterable[tuple[int, bytes | Mapping[str, Any]]], shown: int) -> Iterator[Delivery]:
    for offset, value in records:
        event = orjson.loads(value) if isinstance(value, bytes) else value
        kind = str(event["type"]).removeprefix(_PREFIX).removesuffix(_SUFFIX)
        if _RECEIPT not in kind:
            at = datetime.fromisoformat(event["time"])
            yield Delivery(offset, at, kind, event["data"], unread=offset >= shown)


def ordered(found: Iterable[Delivery], *, unread: bool = False) -> list[Delivery]:
    """Sort messages: unread before read, dangers that are not over before others, the newest first.

    `unread`: only unread ones.
    """
    kept = [each for each in found if each.unread or not unread]
    return sorted(kept, key=lambda each: (not each.unread, not each.endangers, -each.at.timestamp(), -each.offset))
