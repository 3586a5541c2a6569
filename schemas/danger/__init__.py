"""Danger to victims: whether a suspect is free, bail is in force, a victim is safe, an act against them still stands.

The case tracker asks with the facts of one case, the referral service with those of one person. Both get one answer.
"""

from schemas.danger.acts_against_victim import deports, is_let_go, is_over_for_victim
from schemas.danger.bail_in_force import bail_allowing_contact
from schemas.danger.facts_by_id import NAMES, FactsById, HasEvent, IndexedFacts, ids_named, name_of
from schemas.danger.protection import is_protected, left_without_shelter
from schemas.danger.suspect_at_liberty import end_of_prison_terms, last_freeing_fact

__all__ = [
    "NAMES",
    "FactsById",
    "HasEvent",
    "IndexedFacts",
    "bail_allowing_contact",
    "deports",
    "end_of_prison_terms",
    "ids_named",
    "is_let_go",
    "is_over_for_victim",
    "is_protected",
    "last_freeing_fact",
    "left_without_shelter",
    "name_of",
]
