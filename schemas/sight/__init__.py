"""Sight: decides which agency may see which record, for which purpose. No other module decides that.

A service builds a `SightState` from its own log and asks `sight_of`. `sight_table` has the rights of roles, `state` the
frozen state, `decision` the function. `change_times` has the moments at which an answer may change without a new event.
`consent_history` has the statements on a person's consent, and `consent_gate` decides what they open.
"""

from schemas.sight.change_times import next_change
from schemas.sight.consent_gaps import ConsentGap, consent_gaps
from schemas.sight.consent_gate import has_lost_consent, may_be_told
from schemas.sight.consent_history import ConsentHistory, Duty
from schemas.sight.decision import (
    AgencySight,
    agencies_by_sight,
    may_ask,
    purposes_of,
    sees_by_itself,
    sees_every_file,
    sees_every_matter,
    sight_of,
)
from schemas.sight.sight_table import Matter
from schemas.sight.state import ReferralInSight, Restriction, SeenRecord, SightState

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
    "agencies_by_sight",
    "consent_gaps",
    "has_lost_consent",
    "may_ask",
    "may_be_told",
    "next_change",
    "purposes_of",
    "sees_by_itself",
    "sees_every_file",
    "sees_every_matter",
    "sight_of",
]
