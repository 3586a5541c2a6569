"""Events of bail: police publish them if a magistrate granted the bail, prosecution for every court."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.courts import BailCondition
from schemas.codebook.shared import YesNo
from schemas.envelope import Event
from schemas.fields import CODES, IDS
from schemas.ids import BailId, ChargeId, PersonId
from schemas.justice.shared_fields import InCourt


class BailGranted(InCourt):
    """Bail that a court granted, under conditions."""

    bail: BailId
    charges: Annotated[tuple[ChargeId, ...], IDS] = ()
    conditions: Annotated[tuple[BailCondition, ...], CODES] = ()


class BailGrantedV1(Event):
    """bz.atips.bail.granted.v1."""

    type: Literal["bz.atips.bail.granted.v1"]
    subject: PersonId
    data: BailGranted

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class BailVaried(InCourt):
    """New conditions of a bail. They replace all earlier ones."""

    bail: BailId
    conditions: Annotated[tuple[BailCondition, ...], CODES] = ()


class BailVariedV1(Event):
    """bz.atips.bail.varied.v1."""

    type: Literal["bz.atips.bail.varied.v1"]
    subject: PersonId
    data: BailVaried

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class BailBreached(InCourt):
    """A breach of the conditions of a bail."""

    bail: BailId
    conditions: Annotated[tuple[BailCondition, ...], CODES] = ()
    absconded: YesNo | None = None


class BailBreachedV1(Event):
    """bz.atips.bail.breached.v1."""

    type: Literal["bz.atips.bail.breached.v1"]
    subject: PersonId
    data: BailBreached

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()


class BailRevoked(InCourt):
    """The end of a bail. The person is in custody again."""

    bail: BailId


class BailRevokedV1(Event):
    """bz.atips.bail.revoked.v1."""

    type: Literal["bz.atips.bail.revoked.v1"]
    subject: PersonId
    data: BailRevoked

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()
