"""Events about a person: identified as a suspect, the profile in either role, and death."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.identification import (
    AgeGroup,
    Exploitation,
    Gender,
    IdentifiedBy,
    PersonRole,
    Sex,
    Vulnerability,
)
from schemas.codebook.shared import District
from schemas.codebook.trafficking import PerpetratorRole, PublicOffice, SuspectKind
from schemas.envelope import Event, entities
from schemas.fields import CODES, IDS, Citizenship, Wire
from schemas.ids import CaseId, PersonId


class SuspectIdentified(Wire):
    """A person was identified as a suspect."""

    person: PersonId
    case: CaseId | None = None
    exploitation: Annotated[tuple[Exploitation, ...], CODES] = ()
    perpetrator_roles: Annotated[tuple[PerpetratorRole, ...], CODES] = ()
    identified_by: IdentifiedBy | None = None
    suspect_kind: SuspectKind | None = None
    public_office: PublicOffice | None = None


class SuspectIdentifiedV1(Event):
    """bz.atips.suspect.identified.v1."""

    type: Literal["bz.atips.suspect.identified.v1"]
    subject: PersonId
    data: SuspectIdentified

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class PersonProfileRecorded(Wire):
    """A person's coded profile. Each profile replaces the one before it."""

    person: PersonId
    case: CaseId | None = None
    role: PersonRole
    sex: Sex | None = None
    gender: Gender | None = None
    age_group: AgeGroup | None = None
    citizenship: Annotated[tuple[Citizenship, ...], CODES] = ()
    district: District | None = None
    vulnerabilities: Annotated[tuple[Vulnerability, ...], CODES] = ()


class PersonProfileRecordedV1(Event):
    """bz.atips.person.profile_recorded.v1."""

    type: Literal["bz.atips.person.profile_recorded.v1"]
    subject: PersonId
    data: PersonProfileRecorded

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, self.data.case)


class PersonDeceasedRecorded(Wire):
    """The death of a person, at the time at which it happened. Proceedings against the person abate."""

    person: PersonId
    cases: Annotated[tuple[CaseId, ...], IDS] = ()


class PersonDeceasedRecordedV1(Event):
    """bz.atips.person.deceased_recorded.v1."""

    type: Literal["bz.atips.person.deceased_recorded.v1"]
    subject: PersonId
    data: PersonDeceasedRecorded

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person, *self.data.cases)
