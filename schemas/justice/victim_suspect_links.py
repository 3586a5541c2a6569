"""Events that tie a suspect to a victim in a case, and that end such ties."""

from typing import Literal

from typing_extensions import override

from schemas.codebook.justice import Relationship
from schemas.envelope import Event, entities
from schemas.fields import Wire
from schemas.ids import CaseId, PersonId


class VictimSuspectLinked(Wire):
    """A suspect is tied to a victim; an arrest is not needed for it."""

    case: CaseId
    victim: PersonId
    suspect: PersonId
    relationship: Relationship | None = None


class VictimSuspectLinkedV1(Event):
    """bz.atips.victim_suspect.linked.v1."""

    type: Literal["bz.atips.victim_suspect.linked.v1"]
    subject: CaseId
    data: VictimSuspectLinked

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, self.data.victim, self.data.suspect)


class VictimSuspectUnlinked(Wire):
    """The end of all ties between a suspect and a victim, by a link or by any earlier event that names both."""

    case: CaseId
    victim: PersonId
    suspect: PersonId


class VictimSuspectUnlinkedV1(Event):
    """bz.atips.victim_suspect.unlinked.v1."""

    type: Literal["bz.atips.victim_suspect.unlinked.v1"]
    subject: CaseId
    data: VictimSuspectUnlinked

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.case, self.data.victim, self.data.suspect)
