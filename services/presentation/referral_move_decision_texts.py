"""Texts on the referral service's decision about a move: its effect, its reason, and who holds the referral."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from schemas.codebook.dated_groups_and_labels import labels_on
from schemas.codebook.referral import MoveRefusal, ReferralState, Urgency
from schemas.sight import ConsentGap
from services.client.referral_state import Referral
from services.presentation.bilingual_text import Words
from services.referral.domain.move_table import MOVES

_REASONS: Final[Mapping[MoveRefusal, Words]] = MappingProxyType(
    {
        MoveRefusal.TAKEN_BY_ANOTHER: Words("another agency took it first", "otra institución la tomó antes"),
        MoveRefusal.NOT_THE_SENDER: Words(
            "only the agency that sent it may do that", "solo puede hacerlo la institución que la envió"
        ),
        MoveRefusal.NOT_THE_RECEIVER: Words(
            "that is not yours to take: nobody here sent it to you",
            "no le corresponde tomarla: nadie se la envió a usted",
        ),
        MoveRefusal.NOT_OPEN: Words(
            "the referral is not open for that any more", "la remisión ya no está abierta para eso"
        ),
        MoveRefusal.CONSENT_MISSING: Words(
            "nobody has recorded a consent that lets the receiver be told of the person",
            "nadie ha registrado un consentimiento que permita informar sobre la persona a quien recibe",
        ),
        MoveRefusal.CONFLICT_OF_INTEREST: Words(
            "the receiver is kept out of the case", "a quien recibe no se le permite ver el caso"
        ),
    }
)
_GAPS: Final[Mapping[ConsentGap, Words]] = MappingProxyType(
    {
        ConsentGap.AGE_UNKNOWN: Words(
            "your agency has recorded no age, so the person counts as a child",
            "su institución no ha registrado la edad, así que la persona cuenta como menor de edad",
        ),
        ConsentGap.NO_CONSENT: Words(
            "your agency has recorded no consent, or not the one that the referral names",
            "su institución no ha registrado un consentimiento, o no el que nombra la remisión",
        ),
        ConsentGap.RECIPIENT: Words(
            "your consent does not name the receiver among the recipients",
            "su consentimiento no nombra entre los destinatarios a quien recibe",
        ),
        ConsentGap.PURPOSE: Words(
            "your consent does not name the purpose of the service",
            "su consentimiento no nombra la finalidad del servicio",
        ),
        ConsentGap.GUARDIAN: Words(
            "the person counts as a child: a named guardian consents, or Human Services records a determination",
            "la persona cuenta como menor de edad: consiente una persona tutora nombrada, o Servicios Humanos registra "
            "una determinación",
        ),
        ConsentGap.PERSON: Words(
            "the person is an adult: only the person's own consent counts",
            "la persona es adulta: solo cuenta su propio consentimiento",
        ),
        ConsentGap.EXPIRED: Words("your consent is over", "su consentimiento venció"),
        ConsentGap.TAKEN_BACK: Words(
            "your agency has recorded that the consent was refused or taken back",
            "su institución ha registrado que el consentimiento se negó o se retiró",
        ),
        ConsentGap.OTHER_RECORDS: Words(
            "what your agency recorded would be enough, but another record stands against it: ask Human Services",
            "lo que registró su institución bastaría, pero otro registro se opone: consulte a Servicios Humanos",
        ),
    }
)
"""Text for the sender about each gap of a consent."""
_MISSING: Final = Words("What is missing: {gaps}.", "Lo que falta: {gaps}.")
_IN_EFFECT: Final = Words("In effect. {held}", "Tiene efecto. {held}")
_REFUSED: Final = Words(
    "REFUSED: {why} ({code}). Your move has no effect. {held}",
    "RECHAZADO: {why} ({code}). Su paso no tiene efecto. {held}",
)
_WAITS: Final = Words(
    "Kept, without effect yet: a move before it is missing. {held}",
    "Guardado, aún sin efecto: falta un paso anterior. {held}",
)
_NOT_KNOWN: Final = Words(
    "Kept, without effect: {agency} has not been told of any referral {referral}. If a message about it is still on "
    "its way, your move counts once that has come.",
    "Guardado, sin efecto: {agency} no ha sido informada de ninguna remisión {referral}. Si un mensaje sobre ella aún "
    "está en camino, su paso contará cuando llegue.",
)
"""Text for an id that does not exist, or for a referral that the agency does not know of."""
_UNDECIDED: Final = Words("Not decided yet: look with {look}", "Aún no se ha decidido: consulte {look}")
_HELD: Final = Words("{holder} holds referral {referral}.", "{holder} tiene la remisión {referral}.")
_HELD_BY_NOBODY: Final = Words("Nobody holds referral {referral}.", "Nadie tiene la remisión {referral}.")
_STATE: Final = Words(" Its state: {state}.", " Su estado: {state}.")
_SENT: Final = "bz.atips.referral.sent.v1"
_NO_REASON: Final = Words("no reason was given", "no se dio un motivo")


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """The decision about a move of an agency. `effect`: in_effect, refused, waits or undecided.

    `holder`: code of the agency that holds the referral. `missing`: codes of the consent's gaps.
    """

    referral: str
    agency: str
    effect: str
    reason: str | None = None
    holder: str | None = None
    state: str | None = None
    missing: Sequence[str] = ()

    @property
    def made(self) -> bool:
        """Whether the move is in effect."""
        return self.effect == "in_effect"

    def plain(self) -> dict[str, Any]:
        """Convert the decision to a dict for JSON."""
        return {"effect": self.effect, "reason": self.reason, "holder": self.holder, "state": self.state} | (
            {"missing": list(self.missing)} if self.missing else {}
        )

    def sentences(self, lang: str = "en", *, look: str | None = None, holder: str | None = None) -> str:
        """Return the text of the decision: what happened, who holds the referral, and what to do.

        `look`: where to find a later decision, instead of the command. `holder`: the holder's name instead of its code.
        """
        state = holder_text(self.referral, holder or self.holder, self.state, lang)
        match self.effect:
            case "in_effect":
                return _IN_EFFECT.of(lang).format(held=state)
            case "refused":
                why = reason_text(self.reason, lang)
                told = " ".join(filter(None, (consent_gaps_text(self.missing, lang), state)))
                return _REFUSED.of(lang).format(why=why, code=self.reason, held=told)
            case "waits" if self.holder is None and self.state is None:
                return unknown(self.referral, self.agency, lang)
            case "waits":
                return _WAITS.of(lang).format(held=state)
            case _:
                command = f"atips referral show {self.referral} --agency {self.agency}"
                return _UNDECIDED.of(lang).format(look=look or command)


def unknown(referral: str, agency: str, lang: str = "en") -> str:
    """Return the sentence for a referral that an agency does not know of."""
    return _NOT_KNOWN.of(lang).format(referral=referral, agency=agency)


def holder_text(referral: str, holder: str | None, state: str | None, lang: str = "en") -> str:
    """Return the sentences on who holds a referral and on its state.

    `holder`: None means that nobody holds it. `state`: for None the second sentence is left out.
    """
    form = _HELD_BY_NOBODY if holder is None else _HELD
    how = "" if state is None else _STATE.of(lang).format(state=state_text(state, lang))
    return form.of(lang).format(referral=referral, holder=holder) + how


def state_text(state: str, lang: str = "en") -> str:
    """Return the text of a referral's state; an unknown state is its own text."""
    found = next((each for each in ReferralState if each.value == state), None)
    return state if found is None else (found.es if lang == "es" else found.en).lower()


def move_text(event_type: str, lang: str = "en") -> str:
    """Return the name of a move: the state to which it leads, such as "accepted". An unknown type is its own name."""
    rule = MOVES.get(event_type)
    if rule is not None:
        return state_text(rule.leads_to.value, lang)
    return state_text(ReferralState.SENT.value, lang) if event_type == _SENT else event_type


_EFFECTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "in_effect": Words("in effect", "tiene efecto"),
        "refused": Words("refused", "rechazado"),
        "waits": Words("waits", "en espera"),
    }
)


def effect_text(effect: str, lang: str = "en") -> str:
    """Return the text of a move's effect; an unknown effect, from a later version, is its own text."""
    found = _EFFECTS.get(effect)
    return effect if found is None else found.of(lang)


def urgency_text(urgency: str | None, lang: str = "en") -> str:
    """Return the text of an urgency: in English its code, in Spanish its label, and a dash for None."""
    found = next((labels_on(each, None)[1].lower() for each in Urgency if each.value == urgency), None)
    return found if found is not None and lang == "es" else urgency or "–"


def reason_text(reason: str | None, lang: str = "en") -> str:
    """Return the text of a refusal's reason; an unknown reason, from a later version, is its own text."""
    found = next((text for code, text in _REASONS.items() if code.value == reason), None)
    return found.of(lang) if found is not None else reason or _NO_REASON.of(lang)


def consent_gaps_text(missing: Sequence[str], lang: str = "en") -> str:
    """Return a sentence that lists the reasons why a consent is not sufficient; empty if there are none.

    `missing`: codes of `ConsentGap`. An unknown code is printed as it is.
    """
    known = {code.value: text.of(lang) for code, text in _GAPS.items()}
    return _MISSING.of(lang).format(gaps="; ".join(known.get(each, each) for each in missing)) if missing else ""


def decision(referral: str, agency: str, move: str, found: Referral | None) -> ShownDecision:
    """Find the decision about a move (source/id) in a referral as its agency sees it. None: no referral was read."""
    effect = None if found is None else found.effect_of(move)
    if found is None or effect is None:
        return ShownDecision(referral, agency, "undecided")
    return ShownDecision(referral, agency, effect.effect, effect.reason, found.holder, found.state, effect.missing)
