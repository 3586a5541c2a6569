"""Decision of sight: whether an agency sees a record, for a purpose, in a given state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from schemas.agencies import agency_of
from schemas.codebook.governance import ViewPurpose
from schemas.sight.consent_gate import has_lost_consent, may_be_told
from schemas.sight.sight_table import (
    BY_DUTY,
    CONSENT_FOR,
    FIELDS_OF,
    NEEDED,
    NEVER_SHUT_OUT,
    PURPOSES,
    RIGHTS,
    AgencyRole,
    Ground,
    Matter,
    role_of,
)
from schemas.sight.state import SeenRecord, SightState
from schemas.times import belize_day

_NONE: Final[Mapping[Matter, Ground]] = MappingProxyType({})
_ANY_TIME: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Time for states without restriction, consent or age, in which no answer depends on the time."""


@dataclass(frozen=True, slots=True)
class AgencySight:
    """An agency's sight in a given state. Call `sees` for each record."""

    agency: str
    role: AgencyRole | None
    shut_out: bool
    """Whether the agency may see nothing of the case."""
    lost: frozenset[str]
    """Persons who withdrew consent from the agency, or refused it."""
    held: frozenset[str]
    """Persons whom the agency holds by an accepted referral."""
    own: frozenset[str]
    """Referrals that the agency sent, or received or accepted and that have not ended."""
    accepted: frozenset[str]
    """Referrals that the agency accepted and that have not ended."""
    state: SightState

    def may_ask(self, purpose: ViewPurpose) -> bool:
        """Whether the agency's role may ask for this purpose."""
        return self.role is not None and purpose in PURPOSES[self.role]

    def sees(self, record: SeenRecord, purpose: ViewPurpose) -> bool:
        """Whether the agency sees a record for a purpose."""
        return purpose in self.purposes_of(record)

    def sees_for_any(self, record: SeenRecord) -> bool:
        """Whether the agency sees a record for any purpose of its role; used for lists and messages."""
        return bool(self.purposes_of(record))

    def purposes_of(self, record: SeenRecord) -> frozenset[ViewPurpose]:
        """Return the purposes for which the agency sees a record; its own records for every purpose of its role."""
        if self.shut_out or self.role is None:
            return frozenset()
        if record.agency == self.agency:
            return PURPOSES[self.role]
        if record.matter is None or not self._is_open(record, record.matter):
            return frozenset()
        return _opened(self.role, record.matter)

    def _is_open(self, record: SeenRecord, matter: Matter) -> bool:
        """Whether the agency sees another agency's record, for any purpose."""
        if record.keeps_out == self.agency and self.agency not in NEVER_SHUT_OUT:
            return False
        return (record.is_move and record.referral in self.own) or self._has_ground(record, matter)

    def hidden_fields(self, record: SeenRecord, naming: Iterable[tuple[str, frozenset[str]]]) -> frozenset[str]:
        """Return the fields of a visible record that the agency may not read. `naming`: (field, persons named in it).

        These are fields of a matter that its role never sees. For partners they are also fields that name other persons
        than the record's own whom the partner does not hold.
        """
        if record.agency == self.agency or self.role is None:
            return frozenset()
        unseen = _unseen_fields(self.role)
        if self._rights().get(Matter.FILE) is Ground.OFFICE:
            return unseen
        return unseen.union(
            name for name, persons in naming if not all(map(self._may_be_named, persons - record.about))
        )

    def _rights(self) -> Mapping[Matter, Ground]:
        return _NONE if self.role is None else RIGHTS[self.role]

    def _has_ground(self, record: SeenRecord, matter: Matter) -> bool:
        match self._rights().get(matter):
            case Ground.OFFICE:
                return True
            case Ground.PERSON:
                return self._holds_the_person_of(record, matter)
            case Ground.CONSENT:
                return self._is_of_accepted(record) or (
                    bool(record.about) and all(self._may_learn(person, matter) for person in record.about)
                )
            case Ground.REFERRAL:
                return self._is_of_accepted(record)
            case None:
                return False

    def _is_of_accepted(self, record: SeenRecord) -> bool:
        return record.referral in self.accepted and self.lost.isdisjoint(record.persons)

    def _holds_the_person_of(self, record: SeenRecord, matter: Matter) -> bool:
        """Whether the agency holds each person of a record or, for a suspect's record, a victim whom the record names.

        A record that names nobody belongs to the case: an agency that holds anybody in the case sees it.
        """
        if not record.persons:
            return bool(self.held)
        about = record.about - self.state.suspects
        if about:
            return all(self._holds(person, matter) for person in about)
        return any(self._holds(person, matter) for person in record.beside - self.state.suspects)

    def _holds(self, person: str, matter: Matter) -> bool:
        return person in self.held or self._may_learn(person, matter)

    def _may_learn(self, person: str, matter: Matter) -> bool:
        """Whether a duty, or the person's consent recorded by another agency, lets the agency learn of the person."""
        if self.role is None:
            return False
        words, day = self.state.of(person), belize_day(self.state.now)
        if words.is_minor(day) and matter in BY_DUTY.get(self.role, frozenset()):
            return True
        if person in self.lost:
            return False
        return may_be_told(words, self.agency, CONSENT_FOR.get(matter, frozenset()), day, not_by=self.agency)

    def _may_be_named(self, person: str) -> bool:
        return person in self.state.suspects or self._holds(person, Matter.FILE)


def _opened(role: AgencyRole, matter: Matter) -> frozenset[ViewPurpose]:
    """Return the purposes of a role that need a matter's records."""
    return frozenset(each for each in PURPOSES[role] if matter in NEEDED[each])


def _unseen_fields(role: AgencyRole) -> frozenset[str]:
    """Return the fields of a matter that a role never sees."""
    return frozenset(name for name, matter in FIELDS_OF.items() if matter not in RIGHTS[role])


def sight_of(viewer: str, state: SightState) -> AgencySight:
    """Return an agency's sight in a state; a unit has its agency's sight."""
    agency = agency_of(viewer)
    day = belize_day(state.now)
    gone = frozenset(
        person
        for person in state.words.keys() | state.shut_out.keys()
        if has_lost_consent(state.of(person), agency, day)
        or any(each.shuts_out(agency) for each in state.shut_out.get(person, ()))
    )
    open_to = [each for each in state.referrals if not each.ended and each.person not in gone]
    accepted = [each for each in open_to if agency in each.accepted_by]
    own = {each.id for each in open_to if agency in each.receivers or agency in each.accepted_by}
    own.update(each.id for each in state.referrals if each.sender == agency)
    return AgencySight(
        agency=agency,
        role=role_of(agency),
        shut_out=agency in state.kept_from(),
        lost=gone,
        held=frozenset(each.person for each in accepted),
        own=frozenset(own),
        accepted=frozenset(each.id for each in accepted),
        state=state,
    )


def agencies_by_sight(
    agencies: Iterable[str], state: SightState, records: Iterable[SeenRecord]
) -> tuple[tuple[str, ...], ...]:
    """Return agencies in groups whose members have equal sight of these records in this state, at any time.

    An answer depends on an agency by its role and by its name. So agencies of one role that neither the state nor a
    record names are alike. Statements that only take away from an agency what others do not have are left out.
    """
    named = _named_agencies(state).union(*((each.agency, each.keeps_out) for each in records))
    groups: dict[str | AgencyRole | None, list[str]] = {}
    for agency in agencies:
        groups.setdefault(agency if agency in named else role_of(agency), []).append(agency)
    return tuple(map(tuple, groups.values()))


def _named_agencies(state: SightState) -> frozenset[str | None]:
    """Return the agencies that take part in a referral, receive by a consent, or are ever kept from the case."""
    referrals = ((each.sender, *each.receivers, *each.accepted_by) for each in state.referrals)
    recipients = (map(agency_of, each.data.recipients) for words in state.words.values() for each in words.consents)
    return frozenset(each.kept_from for each in state.restrictions).union(*referrals, *recipients)


def sees_by_itself(agency: str, record: SeenRecord, purpose: ViewPurpose) -> bool:
    """Return whether an agency sees a record if no referral, consent or restriction is known.

    If that is not certain, it does not. It sees its own records, and records that name no person. An agency that sees
    every matter sees all that its purpose needs; a record without a matter only for a purpose that needs every matter.
    """
    viewer = sight_of(agency, SightState(_ANY_TIME))
    if sees_every_matter(agency):
        everything = viewer.may_ask(purpose) and frozenset(Matter) == NEEDED[purpose]
        return everything or viewer.sees(record, purpose)
    return (record.agency == viewer.agency or not record.persons) and viewer.sees(record, purpose)


def may_ask(agency: str, purpose: ViewPurpose) -> bool:
    """Whether an agency's role may ask for a purpose."""
    return purpose in purposes_of(agency)


def purposes_of(agency: str) -> frozenset[ViewPurpose]:
    """Return the purposes for which an agency may ask; empty for an unknown agency."""
    role = role_of(agency)
    return frozenset() if role is None else PURPOSES[role]


def sees_every_matter(agency: str) -> bool:
    """Whether an agency sees the records of every matter by its office, as the Council does."""
    role = role_of(agency)
    return role is not None and all(RIGHTS[role].get(matter) is Ground.OFFICE for matter in Matter)


def sees_every_file(agency: str) -> bool:
    """Whether an agency sees the file of every case by its office, so that it may be told of any person in a case."""
    role = role_of(agency)
    return role is not None and RIGHTS[role].get(Matter.FILE) is Ground.OFFICE
