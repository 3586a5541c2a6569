"""Ids of persons, cases and other things by an agency's own numbers. Sheets and intake derive equal ids.

An id is HMAC-SHA-256 of the number under the agency's secret. Nobody without the secret finds a number by trying. One
secret gives equal ids on any machine.
"""

import hashlib
import hmac
from typing import Final, Literal, TypeAlias, get_args

from schemas.ids import Kind, mint

KEY_BYTES: Final = 32

ActivityRegister: TypeAlias = Literal[
    "asset",
    "conference",
    "dataset",
    "finding",
    "inspection",
    "legislation",
    "meeting",
    "operation",
    "output",
    "policy",
    "project",
    "report",
    "screening",
    "session",
    "strategy",
    "tenure",
    "view",
]
"""Sorts of activities. Each sort has its own register: session 17 is not inspection 17."""
ACTIVITY_REGISTERS: Final[tuple[str, ...]] = get_args(ActivityRegister)

_SEPARATOR: Final = "\x1f"


def own_id(key: bytes, agency: str, kind: Kind, register: str, number: str) -> str:
    """Return the id for a number of one of the agency's registers; capital letters make no difference.

    `key`: the agency's secret. `register`: the sort of an activity; empty for every other kind.
    """
    said = _SEPARATOR.join((agency, kind.value, register, number.casefold()))
    return mint(kind, hmac.digest(key, said.encode(), hashlib.sha256)[:16])
