"""What the figures need to know of one person, case or activity; each the result of a fold over its own events.

Intervals are None where the author does not know when. A coded field is None where the author did not speak of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

from schemas.ids import Kind
from schemas.times import Interval

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Profile:
    """Who somebody is, as far as it was said; a later statement replaces only the fields that it speaks of."""

    sex: str | None = None
    citizenship: tuple[str, ...] = ()
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as last filed."""

    filed: Interval | None
    offence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A charge's outcome as last returned."""

    returned: Interval | None
    outcome: str
    counts_n: int | None
    exploitation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonState:
    """One person: as a suspect by the first four fields, as a victim by the last.

    Arrests, charges and verdicts are keyed by their own ids, so that a repeated statement replaces the earlier one.
    """

    suspect: Profile = Profile()
    arrests: Mapping[str, Interval | None] = field(default_factory=dict)
    charges: Mapping[str, Charge] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    named_by: Mapping[tuple[str, str], Interval | None] = field(default_factory=dict)
    """Arrests of others that name this person as a victim: (arrested person, arrest) and when."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An investigation opened into a case."""

    opened: Interval | None
    suspected_offence: str | None
    exploitation: tuple[str, ...]
    district: str | None


@dataclass(frozen=True, slots=True)
class CaseState:
    """One case. `closings` stays empty until a type closes an investigation; the spells take it into account."""

    openings: tuple[Opening, ...] = ()
    closings: tuple[Interval | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Screening:
    """One screening of a person or of a batch; `persons_n` is None where nobody counted persons."""

    happened: Interval | None
    persons_n: int | None
    nationalities: tuple[str, ...]
    requested_by: str | None
    outcome: str | None
    by_witness: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One session of training; `by_witness` where who said so did not organise it."""

    happened: Interval | None
    audience: str | None
    participants_n: int | None
    programmes: tuple[str, ...]
    by_witness: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """One labour inspection, or a batch that an office reports as a number."""

    happened: Interval | None
    inspections_n: int | None
    focus: tuple[str, ...]
    district: str | None
    sector: str | None
    trigger: str | None


@dataclass(frozen=True, slots=True)
class ActivityState:
    """One activity: what it is, as last said by whoever owns the fact."""

    screening: Screening | None = None
    session: Session | None = None
    inspection: Inspection | None = None


State: TypeAlias = PersonState | CaseState | ActivityState

EMPTY: Final[Mapping[Kind, State]] = MappingProxyType(
    {Kind.PERSON: PersonState(), Kind.CASE: CaseState(), Kind.ACTIVITY: ActivityState()}
)


def having(mapping: Mapping[_K, _V], key: _K, value: _V) -> Mapping[_K, _V]:
    """The same mapping with one entry set; the old one is left as it was."""
    return {**mapping, key: value}
