"""Histories of charges of one suspect, and whether the suspect is certainly free after them."""

from typing import Any, Final

from schemas.ids import Kind, derive

FIRST, SECOND = (derive(Kind.CHARGE, "liberty", name) for name in ("first", "second"))
_APPEAL, _SENTENCE = derive(Kind.APPEAL, "liberty", "a"), derive(Kind.SENTENCE, "liberty", "s")

Step = tuple[int, str, dict[str, Any]]
"""Hours since the step before, the event's type, and what it says of the suspect."""


def filed(charge: str, hours: int = 48) -> Step:
    return hours, "charge.filed", {"charge": charge, "offence": "tip_sex"}


def withdrawn(charge: str, reason: str = "insufficient_evidence", hours: int = 48) -> Step:
    return hours, "charge.withdrawn", {"charge": charge, "reason": reason}


def verdict(charge: str, outcome: str, hours: int = 48) -> Step:
    return hours, "verdict.returned", {"charge": charge, "outcome": outcome}


def punished(charge: str, kind: str) -> Step:
    return 48, "sentence.imposed", {"sentence": _SENTENCE, "charges": [charge], "kinds": [kind]}


def appealed(charge: str, outcome: str) -> Step:
    said = {"appeal": _APPEAL, "charges": [charge], "court": "court_of_appeal", "outcome": outcome}
    return 48, "appeal.decided", said


HISTORIES: Final[dict[str, tuple[list[Step], bool]]] = {
    "withdrawn": ([filed(FIRST), withdrawn(FIRST)], True),
    "withdrawn, and filed again on a later day": ([filed(FIRST), withdrawn(FIRST), filed(FIRST)], True),
    "withdrawn, and filed again at once": ([filed(FIRST), withdrawn(FIRST), filed(FIRST, 1)], False),
    "withdrawn, and another filed on a later day": ([filed(FIRST), withdrawn(FIRST), filed(SECOND)], True),
    "withdrawn, and another filed at once": ([filed(FIRST), withdrawn(FIRST), filed(SECOND, 1)], False),
    "filed again, and found guilty": (
        [filed(FIRST), withdrawn(FIRST), filed(FIRST), verdict(FIRST, "convicted")], False,
    ),
    "another filed later, and found guilty of it": (
        [filed(FIRST), withdrawn(FIRST), filed(SECOND), verdict(SECOND, "convicted")], False,
    ),
    "another filed later, found guilty of it, and fined": (
        [filed(FIRST), withdrawn(FIRST), filed(SECOND), verdict(SECOND, "convicted"), punished(SECOND, "fine")], True,
    ),
    "filed again before another charge ended": (
        [filed(FIRST), filed(SECOND), withdrawn(FIRST), filed(FIRST), withdrawn(SECOND)], False,
    ),
    "replaced by a charge that is still to come": ([filed(FIRST), withdrawn(FIRST, "replaced")], False),
    "one ended before the other was replaced": (
        [filed(FIRST), filed(SECOND), verdict(FIRST, "acquitted"), withdrawn(SECOND, "replaced")], False,
    ),
    "replaced, and the other acquitted": (
        [filed(FIRST), filed(SECOND), withdrawn(SECOND, "replaced"), verdict(FIRST, "acquitted")], True,
    ),
    "guilty on some counts, and acquitted on others": (
        [filed(FIRST), verdict(FIRST, "convicted"), verdict(FIRST, "acquitted")], False,
    ),
    "guilty on some counts, acquitted on others, and fined": (
        [filed(FIRST), verdict(FIRST, "convicted"), verdict(FIRST, "acquitted"), punished(FIRST, "fine")], True,
    ),
    "fined, tried again, and found guilty again": (
        [filed(FIRST), verdict(FIRST, "convicted"), punished(FIRST, "fine"), appealed(FIRST, "retrial_ordered"),
         verdict(FIRST, "convicted")], False,
    ),
    "quashed": ([filed(FIRST), verdict(FIRST, "convicted"), appealed(FIRST, "conviction_quashed")], True),
    "quashed, and found guilty again": (
        [filed(FIRST), verdict(FIRST, "convicted"), appealed(FIRST, "conviction_quashed"), filed(FIRST),
         verdict(FIRST, "convicted")], False,
    ),
}  # fmt: skip
