"""Table of sight: which role sees which matter on what ground, and for which purposes a role may ask.

Deny is the default: an agency, a matter or a purpose without a row here opens nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.agencies import PARTNERS, PUBLISHING, agency_of
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.governance import ViewPurpose


class Matter(StrEnum):
    """The subject of a record, by which rights are given."""

    FILE = "file"
    """The case as such, and who is in it."""
    JUSTICE = "justice"
    """Stages and dates of a prosecution."""
    INTELLIGENCE = "intelligence"
    """Reports, operations and investigations."""
    PROTECTION = "protection"
    HEALTH = "health"
    """Medical care and counselling, and consent to it."""
    PLACEMENT = "placement"
    """The place where a person is sheltered."""
    RESTRICTION = "restriction"
    """A statement that an agency may not see a case."""
    WORK = "work"
    """Work of offices that is not about single persons: training, inspections, meetings, plans, closings."""


class AgencyRole(StrEnum):
    """A group of agencies with the same rights."""

    COUNCIL = "council"
    HUMAN_SERVICES = "human_services"
    POLICE = "police"
    PROSECUTION = "prosecution"
    PARTNER = "partner"
    REFERRED = "referred"
    """An agency that sees only its own referrals: Labour, Immigration, Customs, Health, and every other one."""


class Ground(StrEnum):
    """Conditions on which an agency sees another agency's record."""

    OFFICE = "office"
    """No further condition: the role sees every such record."""
    PERSON = "person"
    """The agency holds the person by an accepted referral, or the person consented, or a duty names the agency."""
    CONSENT = "consent"
    """The person consented for this purpose, or a duty names the agency, or the record is of an accepted referral."""
    REFERRAL = "referral"
    """The record is part of a referral that the agency sent or holds."""


_OFFICES: Final[Mapping[str, AgencyRole]] = {
    "council": AgencyRole.COUNCIL,
    "dhs": AgencyRole.HUMAN_SERVICES,
    "bpd": AgencyRole.POLICE,
    "odpp": AgencyRole.PROSECUTION,
}

ROLES: Final[Mapping[str, AgencyRole]] = MappingProxyType(
    {
        **dict.fromkeys(PUBLISHING, AgencyRole.REFERRED),
        **dict.fromkeys(PARTNERS, AgencyRole.PARTNER),
        **_OFFICES,
    }
)
"""Roles by publishing agency. A unit has its agency's role. An agency that is not in the table sees nothing."""

_JUSTICE_SYSTEM: Final[Mapping[Matter, Ground]] = MappingProxyType(
    {
        Matter.FILE: Ground.OFFICE,
        Matter.JUSTICE: Ground.OFFICE,
        Matter.INTELLIGENCE: Ground.OFFICE,
        Matter.PROTECTION: Ground.OFFICE,
        Matter.RESTRICTION: Ground.OFFICE,
        Matter.WORK: Ground.OFFICE,
    }
)

RIGHTS: Final[Mapping[AgencyRole, Mapping[Matter, Ground]]] = MappingProxyType(
    {
        AgencyRole.COUNCIL: MappingProxyType(dict.fromkeys(Matter, Ground.OFFICE)),
        AgencyRole.HUMAN_SERVICES: MappingProxyType(
            {
                Matter.FILE: Ground.OFFICE,
                Matter.JUSTICE: Ground.OFFICE,
                Matter.PROTECTION: Ground.OFFICE,
                Matter.HEALTH: Ground.CONSENT,
                Matter.PLACEMENT: Ground.CONSENT,
                Matter.RESTRICTION: Ground.OFFICE,
                Matter.WORK: Ground.OFFICE,
            }
        ),
        AgencyRole.POLICE: _JUSTICE_SYSTEM,
        AgencyRole.PROSECUTION: _JUSTICE_SYSTEM,
        AgencyRole.PARTNER: MappingProxyType(
            {
                Matter.FILE: Ground.PERSON,
                Matter.JUSTICE: Ground.PERSON,
                Matter.PROTECTION: Ground.PERSON,
                Matter.HEALTH: Ground.CONSENT,
                Matter.PLACEMENT: Ground.CONSENT,
                Matter.WORK: Ground.OFFICE,
            }
        ),
        AgencyRole.REFERRED: MappingProxyType(
            {
                **dict.fromkeys((Matter.PROTECTION, Matter.HEALTH, Matter.PLACEMENT), Ground.REFERRAL),
                Matter.WORK: Ground.OFFICE,
            }
        ),
    }
)
"""By role and matter, the ground on which another agency's record is seen; a matter without a ground is not seen."""

_EVERYBODY: Final = frozenset({ViewPurpose.PROTECTION, ViewPurpose.SUBJECT_REQUEST})

PURPOSES: Final[Mapping[AgencyRole, frozenset[ViewPurpose]]] = MappingProxyType(
    {
        AgencyRole.COUNCIL: _EVERYBODY | {ViewPurpose.AUDIT, ViewPurpose.REPORTING},
        AgencyRole.HUMAN_SERVICES: _EVERYBODY | {ViewPurpose.REPORTING},
        AgencyRole.POLICE: _EVERYBODY | {ViewPurpose.INVESTIGATION, ViewPurpose.REPORTING},
        AgencyRole.PROSECUTION: frozenset(
            {ViewPurpose.INVESTIGATION, ViewPurpose.REPORTING, ViewPurpose.SUBJECT_REQUEST}
        ),
        AgencyRole.PARTNER: _EVERYBODY,
        AgencyRole.REFERRED: _EVERYBODY,
    }
)
"""Purposes for which each role may ask. Audit is only the Council's, investigation only police's and prosecution's."""

NEEDED: Final[Mapping[ViewPurpose, frozenset[Matter]]] = MappingProxyType(
    {
        ViewPurpose.PROTECTION: frozenset(Matter) - {Matter.INTELLIGENCE},
        ViewPurpose.INVESTIGATION: frozenset(Matter) - {Matter.HEALTH, Matter.PLACEMENT},
        ViewPurpose.REPORTING: frozenset({Matter.FILE, Matter.JUSTICE, Matter.WORK}),
        ViewPurpose.AUDIT: frozenset(Matter),
        ViewPurpose.SUBJECT_REQUEST: frozenset(Matter) - {Matter.INTELLIGENCE, Matter.RESTRICTION},
    }
)
"""By purpose, the matters whose records it opens."""

CONSENT_FOR: Final[Mapping[Matter, frozenset[ConsentPurpose]]] = MappingProxyType(
    {
        Matter.FILE: frozenset({ConsentPurpose.PROTECTION_SERVICES}),
        Matter.JUSTICE: frozenset({ConsentPurpose.PROTECTION_SERVICES}),
        Matter.PROTECTION: frozenset({ConsentPurpose.PROTECTION_SERVICES}),
        Matter.HEALTH: frozenset({ConsentPurpose.HEALTH_CARE}),
        Matter.PLACEMENT: frozenset({ConsentPurpose.PROTECTION_SERVICES}),
    }
)
"""By matter, the purposes that a consent must name so that its recipient sees a record of the matter."""

BY_DUTY: Final[Mapping[AgencyRole, frozenset[Matter]]] = MappingProxyType(
    {AgencyRole.HUMAN_SERVICES: frozenset({Matter.HEALTH, Matter.PLACEMENT})}
)
"""By role, matters of a child, or a person of unknown age, that it sees without consent, as it protects them."""

FIELDS_OF: Final[Mapping[str, Matter]] = MappingProxyType({"operation": Matter.INTELLIGENCE})
"""By field, its matter, if that differs from the record's: the operation in which an arrest was made."""

NEVER_SHUT_OUT: Final = frozenset({"council"})
"""Agencies that no statement can keep from a case."""

PROTECTING: Final = frozenset({"dhs"})
"""Agencies that are kept from a case only once a second agency states it."""

RESTRICTED_FOR: Final = timedelta(days=30)
"""Time for which one agency's statement keeps another from a case; a second agency's statement makes it last.

Thirty days are enough for the Council, which is told at once, to hear both sides. Longer would let one agency decide.
"""

DETERMINED_FOR: Final = timedelta(days=92)
"""Longest time for which a determination of a child's best interest opens data, whatever review date it states.

Three months: a child's circumstances change, and a distant date would make a determination that nobody looks at again.
"""

MATTER_OF_TYPE: Final[Mapping[str, Matter]] = MappingProxyType(
    {
        "report": Matter.INTELLIGENCE,
        "operation": Matter.INTELLIGENCE,
        "investigation": Matter.INTELLIGENCE,
        "screening": Matter.INTELLIGENCE,
        "suspect": Matter.JUSTICE,
        "victim_suspect": Matter.JUSTICE,
        "arrest": Matter.JUSTICE,
        "bail": Matter.JUSTICE,
        "charge": Matter.JUSTICE,
        "court": Matter.JUSTICE,
        "indictment": Matter.JUSTICE,
        "trial": Matter.JUSTICE,
        "verdict": Matter.JUSTICE,
        "sentence": Matter.JUSTICE,
        "restitution": Matter.JUSTICE,
        "appeal": Matter.JUSTICE,
        "case": Matter.FILE,
        "case.access_restricted": Matter.RESTRICTION,
        "victim": Matter.FILE,
        "person": Matter.FILE,
        "finding": Matter.FILE,
        "consent": Matter.PROTECTION,
        "referral": Matter.PROTECTION,
        "need": Matter.PROTECTION,
        "plan": Matter.PROTECTION,
        "service": Matter.PROTECTION,
        "immigration": Matter.PROTECTION,
        "repatriation": Matter.PROTECTION,
        "shelter": Matter.PLACEMENT,
        "training": Matter.WORK,
        "labour": Matter.WORK,
        "awareness": Matter.WORK,
        "project": Matter.WORK,
        "output": Matter.WORK,
        "coordination": Matter.WORK,
        "strategy": Matter.WORK,
        "objective": Matter.WORK,
        "policy": Matter.WORK,
        "legislation": Matter.WORK,
        "role": Matter.WORK,
        "dataset": Matter.WORK,
        "unit": Matter.WORK,
        "activity": Matter.WORK,
        "period": Matter.WORK,
        "figure": Matter.WORK,
    }
)
"""Matters by a type's short name (`case.access_restricted`), else by its first word (`case`)."""


def matter_of_type(name: str) -> Matter | None:
    """Return the matter of a type by its short name; None for a type without a row."""
    return MATTER_OF_TYPE.get(name) or MATTER_OF_TYPE.get(name.partition(".")[0])


def role_of(agency: str) -> AgencyRole | None:
    """Return the role of an agency; None for an unknown agency. A unit has its agency's role."""
    return ROLES.get(agency_of(agency))
