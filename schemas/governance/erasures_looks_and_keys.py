"""The services' records about data: erased persons, looks at records, keys of agencies."""

from typing import Annotated, Literal

from pydantic import StringConstraints as Text
from typing_extensions import override

from schemas.codebook.governance import ErasureReason, KeyRevocation, ViewPurpose
from schemas.envelope import Event, entities
from schemas.fields import IDS, AgencyCode, KeyId, Wire
from schemas.ids import ActivityId, EntityId, Kind, PersonId, derive
from schemas.times import Day

PublicKey = Annotated[str, Text(pattern="^[A-Za-z0-9+/]{43}=$")]
"""Public Ed25519 key: 32 bytes in base64."""

Account = Annotated[str, Text(pattern="^[0-9a-f]{32}$")]
"""Random id of an account, never a name; only the agency knows whose account it is."""


def key_of(agency: str, key: str) -> str:
    """Return the id of the activity under which events about an agency's signing key are filed."""
    return derive(Kind.ACTIVITY, "key", agency, key)


class PersonErased(Wire):
    """The erasure of a person's sealed data: nobody can read them again. Counted facts stay."""

    person: PersonId
    reason: ErasureReason


class PersonErasedV1(Event):
    """bz.atips.person.erased.v1."""

    type: Literal["bz.atips.person.erased.v1"]
    subject: PersonId
    data: PersonErased

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.person)


class AccessViewed(Wire):
    """A look of an agency's member at records of these persons and cases, for a purpose."""

    view: ActivityId
    agency: AgencyCode
    account: Account | None = None
    purpose: ViewPurpose
    viewed: Annotated[tuple[EntityId, ...], IDS] = ()


class AccessViewedV1(Event):
    """bz.atips.access.viewed.v1."""

    type: Literal["bz.atips.access.viewed.v1"]
    subject: ActivityId
    data: AccessViewed

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.view, *self.data.viewed)


class KeyRegistered(Wire):
    """A key that signs for the agency from now on."""

    agency: AgencyCode
    key: KeyId
    public_key: PublicKey
    valid_from: Day | None = None


class KeyRegisteredV1(Event):
    """bz.atips.key.registered.v1."""

    type: Literal["bz.atips.key.registered.v1"]
    subject: ActivityId | None = None
    data: KeyRegistered

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(key_of(self.data.agency, self.data.key))


class KeyRevoked(Wire):
    """A revoked key. Later signatures by it are not the agency's."""

    agency: AgencyCode
    key: KeyId
    reason: KeyRevocation


class KeyRevokedV1(Event):
    """bz.atips.key.revoked.v1."""

    type: Literal["bz.atips.key.revoked.v1"]
    subject: ActivityId | None = None
    data: KeyRevoked

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(key_of(self.data.agency, self.data.key))
