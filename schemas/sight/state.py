"""State of a case for questions of sight, which a service builds from its log: referrals, consents, restrictions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from schemas.agencies import agency_of
from schemas.sight.consent_history import ConsentHistory
from schemas.sight.sight_table import NEVER_SHUT_OUT, PROTECTING, RESTRICTED_FOR, Matter


class ShutsOut(Protocol):
    """Port: a decision of the referral service on statements of consent that this log does not have."""

    def shuts_out(self, agency: str) -> bool:
        """Whether an agency may see nothing of the person."""
        ...


@dataclass(frozen=True, slots=True)
class Restriction:
    """An agency that may not see a case, from `since` (inclusive) to `until` (exclusive; None: for good)."""

    kept_from: str
    since: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the restriction holds at a time."""
        return self.since <= now and (self.until is None or now < self.until)


def restrictions(said: Iterable[tuple[str, str, datetime]]) -> tuple[Restriction, ...]:
    """Return the restrictions that follow from statements: (author, agency to be kept from the case, time).

    A statement of one agency holds for `RESTRICTED_FOR`, once, from its first time. A second agency's statement makes
    it last for good. An agency of `PROTECTING` is kept out only from the second statement on, one of `NEVER_SHUT_OUT`
    never.
    """
    first: dict[str, dict[str, datetime]] = {}
    for author, kept_from, at in said:
        words = first.setdefault(agency_of(kept_from), {})
        words[agency_of(author)] = min(at, words.get(agency_of(author), at))
    return tuple(
        each
        for kept_from, words in sorted(first.items())
        if kept_from not in NEVER_SHUT_OUT
        for each in _of(kept_from, sorted(words.values()))
    )


def _of(kept_from: str, words: Sequence[datetime]) -> list[Restriction]:
    """Return the restrictions of an agency from the times of other agencies' first statements, the earliest first."""
    lasting = [Restriction(kept_from, words[1], None)] if len(words) > 1 else []
    alone = [] if kept_from in PROTECTING else [Restriction(kept_from, words[0], words[0] + RESTRICTED_FOR)]
    return [*alone, *lasting]


@dataclass(frozen=True, slots=True)
class ReferralInSight:
    """The state of a referral. The receiver and the holder may learn of the person until it has `ended`."""

    id: str
    person: str
    sender: str | None
    """The agency that sent it; None if more than one agency says that it did."""
    receivers: frozenset[str]
    """Agencies that another agency asked to accept it, or that the referral service allowed to accept it."""
    accepted_by: frozenset[str]
    """Receivers that accepted it and still hold it, or have completed it."""
    ended: bool
    """Whether the referral was rejected, cancelled, entered in error or handed back."""


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """The properties of one agency's record on which sight depends."""

    agency: str
    """The agency whose record it is."""
    matter: Matter | None
    about: frozenset[str] = frozenset()
    """The persons whose data it holds."""
    beside: frozenset[str] = frozenset()
    """Other persons whom the record names."""
    referral: str | None = None
    """The referral that the record is part of."""
    is_move: bool = False
    """Whether the record is a move of that referral, and not a service provided on it."""
    keeps_out: str | None = None
    """The agency that the record keeps from the case."""

    @property
    def persons(self) -> frozenset[str]:
        """All persons whom the record names."""
        return self.about | self.beside


_NO_WORDS: Final = ConsentHistory()


@dataclass(frozen=True, slots=True)
class SightState:
    """Everything that a decision about sight depends on, except the agency, the purpose and the record."""

    now: datetime
    referrals: tuple[ReferralInSight, ...] = ()
    words: Mapping[str, ConsentHistory] = field(default_factory=lambda: MappingProxyType({}))
    """By person, the statements of consent and age, and the suspects tied to the person."""
    shut_out: Mapping[str, tuple[ShutsOut, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By person, the referral service's decisions on statements of consent that this log does not have."""
    suspects: frozenset[str] = frozenset()
    """Persons who are only suspects, and whose own data no partner holds."""
    restrictions: tuple[Restriction, ...] = ()

    def of(self, person: str) -> ConsentHistory:
        """Return the statements on a person's consent; an empty history for an unknown person."""
        return self.words.get(person, _NO_WORDS)

    def kept_from(self) -> frozenset[str]:
        """Return the agencies that may not see the case now."""
        return frozenset(each.kept_from for each in self.restrictions if each.holds(self.now))
