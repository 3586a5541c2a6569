"""Names of the kinds of ids, and the nearest kinds for an unknown one in a request for a shared id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.errors import Reason
from schemas.ids import Kind
from schemas.nearest_codes import near, plain
from services.intake.domain.receipt import Detail, RefusedPlace

NAMES: Final[Mapping[Kind, tuple[str, str]]] = MappingProxyType(
    {
        Kind.PERSON: ("person", "persona"),
        Kind.CASE: ("case", "caso"),
        Kind.ACTIVITY: ("activity", "actividad"),
        Kind.NEED: ("need", "necesidad"),
        Kind.ARREST: ("arrest", "detención"),
        Kind.CHARGE: ("charge", "cargo"),
        Kind.BAIL: ("bail", "fianza"),
        Kind.HEARING: ("hearing", "audiencia"),
        Kind.SENTENCE: ("sentence", "sentencia"),
        Kind.RESTITUTION: ("restitution", "restitución"),
        Kind.PAYMENT: ("payment", "pago"),
        Kind.APPEAL: ("appeal", "apelación"),
        Kind.REFERRAL: ("referral", "remisión"),
        Kind.SERVICE: ("service", "servicio"),
        Kind.PLACEMENT: ("placement in shelter", "ingreso en albergue"),
    }
)
"""Name of each kind of id, as a pair (English, Spanish)."""

_LABELS: Final = {plain(text): frozenset({kind.value}) for kind in Kind for text in (kind.value, *NAMES[kind])}
_EN: Final = ", ".join(f"{kind} ({NAMES[kind][0]})" for kind in Kind)
_ES: Final = ", ".join(f"{kind} ({NAMES[kind][1]})" for kind in Kind)


def unknown_kind(pointer: str, given: object) -> RefusedPlace:
    """Return the refusal of an unknown kind of id, with all kinds and those that the text `given` may mean.

    The text itself is not repeated. Example: "person" has the nearest kind `per`.
    """
    nearest = near(given, _LABELS) if isinstance(given, str) else ()
    did_you_mean = Detail(
        en=f"Did you mean {' or '.join(nearest)}? " if nearest else "",
        es=f"¿Quiso decir {' o '.join(nearest)}? " if nearest else "",
    )
    return RefusedPlace(
        rule=Reason.UNKNOWN_CODE.value,
        pointer=pointer,
        permitted=tuple(kind.value for kind in Kind),
        nearest=nearest or None,
        detail=Detail(
            en=f"{did_you_mean.en}A kind is one of: {_EN}.", es=f"{did_you_mean.es}Un tipo es uno de: {_ES}."
        ),
    )
