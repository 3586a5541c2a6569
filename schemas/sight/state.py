"""The frozen value that a service builds from its log to ask about sight: referrals, consents, ages, restrictions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from schemas.agencies import house
from schemas.sight.consent_history import ConsentHistory
from schemas.sight.table import NEVER_SHUT_OUT, PROTECTING, RESTRICTED_FOR, Matter


class ShutsOut(Protocol):
    """A decision of the referral service on statements of consent that this log does not hold."""

    def shuts_out(self, agency: str) -> bool:
        """Whether an agency is to see nothing of the person."""
        ...


@dataclass(frozen=True, slots=True)
class Restriction:
    """An agency kept from a case from `since` until before `until`; None: for good."""

    kept_from: str
    since: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the agency is kept out at a time."""
        return self.since <= now and (self.until is None or now < self.until)


def restrictions(said: Iterable[tuple[str, str, datetime]]) -> tuple[Restriction, ...]:
    """Give the restrictions that follow from (who says it, who is kept out, when that agency first said so).

    One agency's word holds for `RESTRICTED_FOR`, once. The word of a second agency makes it last. An agency of
    `PROTECTING` is kept out only from the second word on; one of `NEVER_SHUT_OUT` never is.
    """
    first: dict[str, dict[str, datetime]] = {}
    for author, kept_from, at in said:
        words = first.setdefault(house(kept_from), {})
        words[house(author)] = min(at, words.get(house(author), at))
    return tuple(
        each
        for kept_from, words in sorted(first.items())
        if kept_from not in NEVER_SHUT_OUT
        for each in _of(kept_from, sorted(words.values()))
    )


def _of(kept_from: str, words: Sequence[datetime]) -> list[Restriction]:
    """Give the restrictions that follow from the first statement of each agency, the earliest first."""
    lasting = [Restriction(kept_from, words[1], None)] if len(words) > 1 else []
    alone = [] if kept_from in PROTECTING else [Restriction(kept_from, words[0], words[0] + RESTRICTED_FOR)]
    return [*alone, *lasting]


@dataclass(frozen=True, slots=True)
class ReferralInSight:
    """A referral as it stands. The receiver and the holder are told of the person until it has `ended`."""

    id: str
    person: str
    sender: str | None
    """The agency that alone sent it; None where more than one says so."""
    receivers: frozenset[str]
    """Agencies that another agency asked, or that the referral service let accept."""
    accepted_by: frozenset[str]
    """Agencies among them that accepted and still hold it, or have completed it."""
    ended: bool
    """Rejected, cancelled, entered in error or handed back."""


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """The facts about one agency's record on which sight depends."""

    house: str
    """The agency whose word it is."""
    matter: Matter | None
    about: frozenset[str] = frozenset()
    """The persons whose data it is."""
    beside: frozenset[str] = frozenset()
    """Other persons whom it names."""
    referral: str | None = None
    """The referral that it is part of."""
    is_move: bool = False
    """Whether it is a move of that referral, not a service provided on it."""
    keeps_out: str | None = None
    """The agency that it keeps from the case."""

    @property
    def persons(self) -> frozenset[str]:
        """Give all persons whom the record names."""
        return self.about | self.beside


_NO_WORDS: Final = ConsentHistory()


@dataclass(frozen=True, slots=True)
class SightState:
    """All that a decision about sight depends on, besides who asks, for what, and the record."""

    now: datetime
    referrals: tuple[ReferralInSight, ...] = ()
    words: Mapping[str, ConsentHistory] = field(default_factory=lambda: MappingProxyType({}))
    """By person, what was said of consent, of age, and of suspects tied to the person."""
    shut_out: Mapping[str, tuple[ShutsOut, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By person, what the referral service says of words on consent that this log does not hold."""
    suspects: frozenset[str] = frozenset()
    """Persons who are suspects and nothing else: whose own data no partner holds."""
    restrictions: tuple[Restriction, ...] = ()

    def of(self, person: str) -> ConsentHistory:
        """Give the statements on a person's consent."""
        return self.words.get(person, _NO_WORDS)

    def kept_from(self) -> frozenset[str]:
        """Give the agencies that see nothing of the case now."""
        return frozenset(each.kept_from for each in self.restrictions if each.holds(self.now))
