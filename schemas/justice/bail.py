"""Bail: police publish it where a magistrate grants it, prosecution everywhere."""

from typing import Annotated, Literal

from typing_extensions import override

from schemas.codebook.courts import BailCondition
from schemas.codebook.shared import YesNo
from schemas.envelope import Event
from schemas.fields import CODES, IDS
from schemas.ids import BailId, ChargeId, PersonId
from schemas.justice.shared_fields import InCourt


class BailGranted(InCourt):
    """A court let somebody wait in freedom, under conditions."""

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
    """The conditions that hold from now on, all of them."""

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
    """Conditions that were not kept."""

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
    """Bail has ended, and somebody is back in custody."""

    bail: BailId


class BailRevokedV1(Event):
    """bz.atips.bail.revoked.v1."""

    type: Literal["bz.atips.bail.revoked.v1"]
    subject: PersonId
    data: BailRevoked

    @override
    def concerns(self) -> tuple[str, ...]:
        return self.data.named()
