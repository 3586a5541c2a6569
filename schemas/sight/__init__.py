"""Sight: the one module that decides who may see what. Services build a `SightState` from their own log and ask.

`table` is the literal table, `state` the frozen value, `decision` the function, `times` when an answer may
change though nothing is said. `consent_history` holds the statements of a person's consent, `consent` the gate.
"""

from schemas.sight.change_times import next_change
from schemas.sight.consent_gap import ConsentGap, consent_gaps
from schemas.sight.consent_gate import lost, may_be_told
from schemas.sight.consent_history import ConsentHistory, Duty
from schemas.sight.decision import (
    AgencySight,
    may_ask,
    purposes_of,
    sees_by_itself,
    sees_every_file,
    sees_every_matter,
    sight_of,
)
from schemas.sight.state import ReferralInSight, Restriction, SeenRecord, SightState
from schemas.sight.table import Matter

__all__ = [
    "AgencySight",
    "ConsentGap",
    "ConsentHistory",
    "Duty",
    "Matter",
    "ReferralInSight",
    "Restriction",
    "SeenRecord",
    "SightState",
    "consent_gaps",
    "lost",
    "may_ask",
    "may_be_told",
    "next_change",
    "purposes_of",
    "sees_by_itself",
    "sees_every_file",
    "sees_every_matter",
    "sight_of",
]
