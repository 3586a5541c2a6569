"""Code lists that several event types share."""

from enum import StrEnum
from typing import Final

CODEBOOK_VERSION: Final = "1"
"""Raised when a code is added; a code never changes meaning and never goes."""


class YesNo(StrEnum):
    """An answer to a question with two answers, or why there is none."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class District(StrEnum):
    """Belize's six districts: as near as a public record may place anything."""

    BELIZE = "belize"
    CAYO = "cayo"
    COROZAL = "corozal"
    ORANGE_WALK = "orange_walk"
    STANN_CREEK = "stann_creek"
    TOLEDO = "toledo"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class CountBasis(StrEnum):
    """What a count without persons counts; `estimate` says that nobody counted."""

    PERSONS = "persons"
    PARTICIPATIONS = "participations"
    SESSIONS = "sessions"
    INSPECTIONS = "inspections"
    ESTIMATE = "estimate"


class Classification(StrEnum):
    """Who may see a record beyond its publisher."""

    PUBLIC = "public"
    COMMITTEE = "committee"
    RESTRICTED = "restricted"
