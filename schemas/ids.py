"""Opaque ids of entities and their parts: `<kind>-<26 characters of base 32><check>`.

An id has 128 random bits and a check character (ISO/IEC 7064 hybrid system, modulus 32). So no name can become a key,
and a mistyped id is refused. There is one canonical form, in lower case. Other texts are refused and not repeated.
"""

import hashlib
import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache, reduce
from operator import getitem
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas.errors import Reason

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, which are misread or spell words."""

MODULUS: Final = len(ALPHABET)
BODY: Final = 26
"""Characters for 128 bits in groups of five, big-endian; the first one has three bits and so is 0 to 7."""

KNOWN_CHECKS: Final = 65_536
"""Size of the caches of checked ids and of their bits: a batch repeats few ids."""


class Kind(StrEnum):
    """Kinds of ids. Persons, cases and activities are entities; the others are parts of a person's state."""

    PERSON = "per"
    CASE = "cas"
    ACTIVITY = "act"
    NEED = "ned"
    ARREST = "arr"
    CHARGE = "chg"
    BAIL = "bai"
    HEARING = "hrg"
    SENTENCE = "snt"
    RESTITUTION = "rst"
    PAYMENT = "pay"
    APPEAL = "apl"
    REFERRAL = "ref"
    SERVICE = "svc"
    PLACEMENT = "plc"


ENTITY_KINDS: Final = (Kind.PERSON, Kind.CASE, Kind.ACTIVITY)

_KINDS: Final = {kind.value: kind for kind in Kind}
_TO_PYTHON_DIGITS: Final = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_PAIRS: Final = tuple(first + second for first in ALPHABET for second in ALPHABET)
_SHIFTS: Final = range(5 * (BODY - 2), -1, -10)
FORM: Final = re.compile(rf"(?:{'|'.join(Kind)})-[0-7][{ALPHABET}]{{{BODY}}}")
"""Pattern of an id without its check character."""


def _automaton() -> tuple[dict[str, Any], ...]:
    """Return the states of the hybrid system: each maps a character to the next state, and "" to its own number.

    With `reduce` a text is then followed without a line of Python for each character.
    """
    states: tuple[dict[str, Any], ...] = tuple({"": number} for number in range(MODULUS))
    for number, state in enumerate(states):
        for value, character in enumerate(ALPHABET):
            state[character] = states[(_following(number) + value) % MODULUS]
    return states


def _following(state: int) -> int:
    return ((state or MODULUS) * 2) % (MODULUS + 1)


_BEGINNING: Final = _automaton()[MODULUS // 2]


def _checksum(characters: str) -> int:
    state: int = reduce(getitem, characters, _BEGINNING)[""]
    return state


def _written(kind: Kind, number: int) -> str:
    body = "".join([_PAIRS[number >> shift & 0x3FF] for shift in _SHIFTS])
    check = ALPHABET[(1 - _following(_checksum(body))) % MODULUS]
    return f"{kind.value}-{body}{check}"


def mint(kind: Kind, entropy: bytes) -> str:
    """Return a new id from 16 bytes of a cryptographic random source. Raises `ValueError` for another length."""
    if len(entropy) != 16:  # noqa: PLR2004 - 128 bits
        message = "an id is minted from sixteen bytes"
        raise ValueError(message)
    return _written(kind, int.from_bytes(entropy, "big"))


def derive(kind: Kind, *parts: str) -> str:
    """Return the id that follows from public parts, equal for everybody; not for anything about a person."""
    return mint(kind, hashlib.sha256("\x1f".join(parts).encode()).digest()[:16])


@lru_cache(maxsize=KNOWN_CHECKS)
def _is_written_well(text: str) -> bool:
    return FORM.fullmatch(text) is not None and _checksum(text[4:]) == 1


def is_id(text: str, *kinds: Kind) -> bool:
    """Whether a text is a canonical id, and of one of `kinds` if any are given."""
    return _is_written_well(text) and (not kinds or text[:3] in kinds)


def kind_of(text: str) -> Kind:
    """Return the kind of an id. Raises `ValueError` if `text` is no id; the message does not contain the text."""
    if not _is_written_well(text):
        message = "not an id"
        raise ValueError(message)
    return _KINDS[text[:3]]


@lru_cache(maxsize=KNOWN_CHECKS)
def bits(text: str) -> UUID:
    """Return the 128 bits of an id, as the ledger stores them.

    Raises `ValueError` if `text` is no id; the message does not contain the text.
    """
    if not _is_written_well(text):
        message = "not an id"
        raise ValueError(message)
    return UUID(int=int(text[4:-1].translate(_TO_PYTHON_DIGITS), 32))


def from_bits(kind: Kind, value: UUID) -> str:
    """Return the id of a kind with these bits: the inverse of `bits`."""
    return _written(kind, value.int)


def _checker(*kinds: Kind) -> Callable[[str], str]:
    prefixes = frozenset(kind.value for kind in kinds)

    def check(text: str) -> str:
        if not (_is_written_well(text) and text[:3] in prefixes):
            raise PydanticCustomError(Reason.BAD_ID.value, "not an id of this kind")
        return text

    return check


def _json_schema(*kinds: Kind) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": rf"^({'|'.join(kinds)})-[0-7][{ALPHABET}]{{{BODY}}}$"})


PersonId = Annotated[str, AfterValidator(_checker(Kind.PERSON)), _json_schema(Kind.PERSON)]
CaseId = Annotated[str, AfterValidator(_checker(Kind.CASE)), _json_schema(Kind.CASE)]
ActivityId = Annotated[str, AfterValidator(_checker(Kind.ACTIVITY)), _json_schema(Kind.ACTIVITY)]
NeedId = Annotated[str, AfterValidator(_checker(Kind.NEED)), _json_schema(Kind.NEED)]
ArrestId = Annotated[str, AfterValidator(_checker(Kind.ARREST)), _json_schema(Kind.ARREST)]
ChargeId = Annotated[str, AfterValidator(_checker(Kind.CHARGE)), _json_schema(Kind.CHARGE)]
BailId = Annotated[str, AfterValidator(_checker(Kind.BAIL)), _json_schema(Kind.BAIL)]
HearingId = Annotated[str, AfterValidator(_checker(Kind.HEARING)), _json_schema(Kind.HEARING)]
SentenceId = Annotated[str, AfterValidator(_checker(Kind.SENTENCE)), _json_schema(Kind.SENTENCE)]
RestitutionId = Annotated[str, AfterValidator(_checker(Kind.RESTITUTION)), _json_schema(Kind.RESTITUTION)]
PaymentId = Annotated[str, AfterValidator(_checker(Kind.PAYMENT)), _json_schema(Kind.PAYMENT)]
AppealId = Annotated[str, AfterValidator(_checker(Kind.APPEAL)), _json_schema(Kind.APPEAL)]
ReferralId = Annotated[str, AfterValidator(_checker(Kind.REFERRAL)), _json_schema(Kind.REFERRAL)]
ServiceId = Annotated[str, AfterValidator(_checker(Kind.SERVICE)), _json_schema(Kind.SERVICE)]
PlacementId = Annotated[str, AfterValidator(_checker(Kind.PLACEMENT)), _json_schema(Kind.PLACEMENT)]
EntityId = Annotated[str, AfterValidator(_checker(*ENTITY_KINDS)), _json_schema(*ENTITY_KINDS)]
