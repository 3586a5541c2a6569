"""The declaration of a figure: everything about it in one place, so that no number is shown without its meaning."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Generic, NamedTuple, Self, TypeVar

from schemas.ids import Kind

S = TypeVar("S")

ALWAYS: Final = date.min
NEVER: Final = date.max
"""The two infinities of a cell's dates; PostgreSQL's `-infinity` and `infinity`."""

PERSON: Final = "person"
"""The dimension that tells persons apart; cells hold a mark in place of the id, another one in each breakdown."""

MEMBER: Final = "member"
"""The dimension that tells apart a group, or a person of a group (`group|person`). Cells hold marks, as of persons."""

SCOPE: Final = "scope"
"""The dimension that says whether something is a batch or an item, of which agency, days and person, and what holds of
it (`totals`). Cells hold a mark of the person."""

BETWEEN: Final = "|"
"""Stands between the parts of a value of `MEMBER` or `SCOPE`; the person is the last."""

ABSENT: Final = "absent"
"""The dimension's value where the author did not speak of it; `unknown` and `not_asked` are answers."""


class Unit(StrEnum):
    """The unit of a figure. Unlike units never add."""

    PERSONS = "persons"
    CASES = "cases"
    COUNTS = "counts"
    DAYS = "days"
    CHARGES = "charges"
    HEARINGS = "hearings"
    APPEALS = "appeals"
    MONTHS = "months"
    MONEY = "belize_cents"
    OPERATIONS = "operations"
    REPORTS = "reports"
    UNIDENTIFIED = "unidentified_victims"
    INSPECTIONS = "inspections"
    VIOLATIONS = "violations"
    MINUTES = "minutes"
    NATIONALITIES = "nationalities"
    PARTICIPATIONS = "participations"
    SESSIONS = "sessions"
    MEETINGS = "meetings"
    ATTENDANCES = "attendances"
    BODIES = "bodies"
    ACTIVITIES = "activities"
    CONTACTS = "contacts"
    ASSETS = "assets"
    PROJECTS = "projects"
    OUTPUTS = "outputs"
    SHELTERS = "shelters"
    AREAS = "areas"
    OBJECTIVES = "objectives"
    INDICATORS = "indicators"
    YEARS = "years"
    ROLES = "roles"
    DATASETS = "datasets"
    MILESTONES = "milestones"
    COMMITTEES = "committees"
    SEATS = "seats"
    REFERRALS = "referrals"
    NEEDS = "needs"
    WITHDRAWALS = "withdrawals"
    ACKNOWLEDGEMENTS = "acknowledgements"
    SERVICES = "services"
    PLACEMENTS = "placements"
    CLAIMS = "claims"
    CLOSINGS = "closings"
    CONTRADICTIONS = "contradictions"
    FACTS = "facts"
    ANSWERS = "answers"


class Nature(StrEnum):
    """Whether a figure counts what happened in a period, what was there at its end, or reads a level.

    A figure of the registry counts no events: it is read from the literal table of agencies.
    """

    FLOW = "flow"
    STOCK = "stock"
    GAUGE = "gauge"
    REGISTRY = "registry"


class DateRole(StrEnum):
    """The date of a fact that places it in a period."""

    OCCURRED = "occurred"
    DECIDED = "decided"
    RECORDED = "recorded"


class Reader(StrEnum):
    """The way in which a period's amount is read from cells (`readers`)."""

    SUM = "sum"
    RUNNING_SUM = "running_sum"
    ACTIVE = "active"
    NONZERO = "nonzero"
    COHORT = "cohort"
    """Each person once who belongs at the period's end to a group that began in the period (`cohorts`)."""
    LARGEST = "largest"
    """The largest amount that one value of the dimension looked over has in the period."""
    TOTALS = "totals"
    """Batches and the items that lie within them, of which the larger counts (`totals`)."""
    MAXIMUM = "maximum"
    QUANTILE = "quantile"


FLOWING: Final = frozenset(
    {
        Reader.SUM,
        Reader.NONZERO,
        Reader.COHORT,
        Reader.LARGEST,
        Reader.TOTALS,
        Reader.QUANTILE,
    }
)
"""The readers of what lies within a period."""


class Area(StrEnum):
    """The four areas of the strategy."""

    PREVENTION = "prevention"
    PROTECTION = "protection"
    PROSECUTION = "prosecution"
    PARTNERSHIP = "partnership"


class SeenBy(StrEnum):
    """A committee whose members may see a figure exactly."""

    OPERATIONS = "operations"
    IEC = "iec"
    M_AND_E = "m_and_e"


JUSTICE: Final = (SeenBy.OPERATIONS, SeenBy.M_AND_E)
EVERY_COMMITTEE: Final = (SeenBy.OPERATIONS, SeenBy.IEC, SeenBy.M_AND_E)

FIRST_REPORT: Final = date(2024, 1, 1)
"""First day of the first reporting year that the definitions were written for."""

MENDED: Final = date(2026, 11, 30)
"""First day on which the definitions of version 2 were used: a report published before it holds those of version 1."""


class Days(NamedTuple):
    """Belize days, both included."""

    first: date
    last: date


UNDATED_FLOW: Final = Days(ALWAYS, NEVER)
UNDATED_STOCK: Final = Days(NEVER, NEVER)


class _Counted(NamedTuple):
    when: Days | None
    amount: int | None
    said: tuple[tuple[str, tuple[str, ...]], ...]
    asof: Days | None
    twice: bool
    under_way: bool


class Counted(_Counted):
    """One thing that a figure counts in an entity's state: when (None: nobody knows), how much (None: nobody counted).

    For a flow `when` is the days that the fact may lie on; for a stock the days on which it surely is in force.
    `said` are its dimensions with their values. `asof`, of a flow: the fact counts only in periods whose last day is
    one of these, as what had become of it by then. `twice`: only a witness told it, so that its owner may have told it
    under another id; figures of sums say so. `under_way`: it has begun and not ended on these days (`durations`).
    """

    # A plain tuple: two entities mostly count the same things, and that is seen without a line of Python.
    __slots__ = ()

    def __new__(
        cls,
        when: Days | None,
        amount: int | None = 1,
        dims: Mapping[str, tuple[str, ...]] | None = None,
        asof: Days | None = None,
        *,
        twice: bool = False,
        under_way: bool = False,
    ) -> Self:
        """Make one; `dims` are its dimensions by name."""
        return tuple.__new__(cls, (when, amount, tuple(dims.items()) if dims else (), asof, twice, under_way))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure(Generic[S]):
    """One row of the table of figures; where it says nothing else, a sum over what happened in a period.

    `breakdowns` are the combinations of dimensions that may be asked for, `()` first. `over` is the dimension whose
    values the readers nonzero, cohort, largest, totals, maximum and quantile look at. `distinct` says that an
    entity counts once in any period.
    `entity` is None for a figure of the registry.
    `part_of` is the figure that already contains this one. `version` rises with every change of the definition.
    """

    number: str
    name: str
    en: str
    es: str
    entity: Kind | None
    unit: Unit
    nature: Nature = Nature.FLOW
    date_role: DateRole = DateRole.OCCURRED
    reader: Reader = Reader.SUM
    counted: Callable[[S], Iterable[Counted]]
    area: Area
    seen_by: tuple[SeenBy, ...] = JUSTICE
    breakdowns: tuple[tuple[str, ...], ...] = ((),)
    over: str | None = None
    distinct: bool = False
    part_of: str | None = None
    version: int = 1
    valid_from: date = FIRST_REPORT
    kept: tuple[tuple[str, ...], ...] = field(init=False, repr=False)
    """The dimensions of its cells, sorted, for each breakdown."""
    dimensions: frozenset[str] = field(init=False, repr=False)
    """All of these."""

    def __post_init__(self) -> None:
        """Work out once what every entity's cells need."""
        kept = tuple(tuple(sorted(self.keys(breakdown))) for breakdown in self.breakdowns)
        object.__setattr__(self, "kept", kept)
        object.__setattr__(self, "dimensions", frozenset().union(*kept))

    @property
    def undated(self) -> Days:
        """Give the span of cells for facts without a date. It lies in no period.

        The cells of a cohort are the days on which a person belongs to a group, which is a stock.
        """
        return UNDATED_FLOW if self.reader in FLOWING and self.reader is not Reader.COHORT else UNDATED_STOCK

    def keys(self, by: tuple[str, ...]) -> frozenset[str]:
        """The dimensions of the cells that answer a breakdown."""
        return frozenset(by) if self.over is None else frozenset((*by, self.over))
