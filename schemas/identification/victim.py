"""Events about persons as victims: identified, their status changed, or counted without an identity."""

from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema
from pydantic import StringConstraints as Text
from typing_extensions import override

from schemas.codebook.identification import (
    AgeGroup,
    DecidedBy,
    Exploitation,
    IdentifiedBy,
    Means,
    NewOrCarriedOver,
    RecruiterRelation,
    ReferralSource,
    Sex,
    VictimStatus,
)
from schemas.codebook.prevention import Sector
from schemas.codebook.shared import District, YesNo
from schemas.codebook.trafficking import Act, Control, RecruitmentMethod, SexualExploitationForm, TraffickingScope
from schemas.envelope import Event, entities
from schemas.errors import Reason
from schemas.fields import CODES, MAX_CODES, Count, Country, Listing, Wire, refusal
from schemas.ids import ActivityId, CaseId, PersonId

_IDENTIFIED_AS = (VictimStatus.SUSPECTED, VictimStatus.POTENTIAL, VictimStatus.CONFIRMED)


def _identifies(status: VictimStatus) -> VictimStatus:
    if status not in _IDENTIFIED_AS:
        raise refusal(Reason.UNKNOWN_CODE)
    return status


IdentifiedStatus = Annotated[
    VictimStatus,
    AfterValidator(_identifies),
    WithJsonSchema(
        {"type": "string", "enum": [status.value for status in _IDENTIFIED_AS], "x-code-list": "victim_status"}
    ),
]
"""Status that an identification may state. The other statuses are decided later."""

ProcedureVersion = Annotated[str, Text(pattern="^[0-9]{1,4}(\\.[0-9]{1,2})?$")]
"""Version of the procedure by which a status was decided: a year or a number."""


class VictimIdentified(Wire):
    """A person was identified as a victim; later changes of status are other events."""

    person: PersonId
    case: CaseId | None = None
    status: IdentifiedStatus
    identified_by: IdentifiedBy | None = None
    referral_source: ReferralSource | None = None
    minor_at_exploitation: YesNo | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    acts: Annotated[tuple[Act, ...], CODES] = ()
    means: Annotated[tuple[Means, ...] | None, Listing(MAX_CODES, empty_speaks=True)] = None
    control: Annotated[tuple[Control, ...], CODES] = ()
    recruiter_relation: RecruiterRelation | None = None
    exploiter_relation: RecruiterRelation | None = None
    recruitment_methods: Annotated[tuple[RecruitmentMethod, ...], CODES] = ()
    sectors: Annotated[tuple[Sector, ...], CODES] = ()
    sexual_exploitation_forms: Annotated[tuple[SexualExploitationForm, ...], CODES] = ()
    exploitation_countries: Annotated[tuple[Country, ...], CODES] = ()
    scope: TraffickingScope | None = None
    new_or_carried_over: NewOrCarriedOver | None = None


class VictimIdentifiedV1(Event):
    """bz.atips.victim.identified.v1."""

    type: Literal["bz.atips.victim.identified.v1"]
    subject: PersonId
    data: VictimIdentified

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class VictimStatusChanged(Wire):
    """A new decision on a person's status. It holds from the day of the decision, which is the event's time."""

    person: PersonId
    case: CaseId | None = None
    status: VictimStatus
    decided_by: DecidedBy | None = None
    procedure_version: ProcedureVersion | None = None


class VictimStatusChangedV1(Event):
    """bz.atips.victim.status_changed.v1."""

    type: Literal["bz.atips.victim.status_changed.v1"]
    subject: PersonId
    data: VictimStatusChanged

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class VictimCountedAnonymously(Wire):
    """Victims who refuse to be identified, one or several alike: a number and no persons, now or later."""

    report: ActivityId
    case: CaseId | None = None
    count: Count
    sex: Sex | None = None
    age_group: AgeGroup | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    district: District | None = None


class VictimCountedAnonymouslyV1(Event):
    """bz.atips.victim.counted_anonymously.v1."""

    type: Literal["bz.atips.victim.counted_anonymously.v1"]
    subject: ActivityId
    data: VictimCountedAnonymously

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.report, self.data.case)
