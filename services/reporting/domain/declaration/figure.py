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
"""Open start and open end of a cell's days. `ALWAYS` is stored as PostgreSQL's `-infinity`, `NEVER` as `infinity`."""

PERSON: Final = "person"
"""Dimension that distinguishes persons. Cells hold a hash of the person's id, which differs in each breakdown."""

MEMBER: Final = "member"
"""Dimension that distinguishes groups (`group`) or persons within groups (`group|person`). Cells hold both as hashes,
which differ in each breakdown, as for `PERSON`."""

SCOPE: Final = "scope"
"""Dimension of a batch or an item (`batch_and_item_totals`): `batch` or `item`, first day, last day, agency, codes and
person, joined by `BETWEEN`. Cells hold a hash of the person's id."""

BETWEEN: Final = "|"
"""Separator between the parts of a value of `MEMBER` or `SCOPE`. The person, if there is one, is the last part."""

ABSENT: Final = "absent"
"""Value of a dimension that the author of the event did not state. `unknown` and `not_asked` are stated answers."""


class Unit(StrEnum):
    """The unit of a figure's amounts. Amounts of different units are never added."""

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
    """Kind of amount.

    FLOW: facts that happened in the period. STOCK: things in force on its last day; with `Reader.ACTIVE`, on any of its
    days. GAUGE: a level, such as a maximum. REGISTRY: counts no events; it reads the tables of agencies and censuses in
    the code (`figures.committees_partners_and_population`).
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
    """The way in which a period's amount is computed from cells. `read.amounts_from_cells` implements each."""

    SUM = "sum"
    """Sum of the cells whose days lie within the period."""
    RUNNING_SUM = "running_sum"
    """Sum of the cells whose days include the period's last day."""
    ACTIVE = "active"
    """Sum of the cells whose days overlap with the period."""
    NONZERO = "nonzero"
    """Number of values of the dimension `Figure.over` whose sum over the cells within the period is not zero."""
    COHORT = "cohort"
    """Number of persons who belong, at the period's end, to a group that began in the period (`read.cohort_reader`)."""
    LARGEST = "largest"
    """The largest amount in the period among the values of the dimension `Figure.over`."""
    TOTALS = "totals"
    """Sum of batches and items; of a batch and its items, only the larger number counts (`batch_and_item_totals`)."""
    MAXIMUM = "maximum"
    """The largest value, as a number, of `Figure.over` among the cells whose days include the period's last day."""
    LATEST = "latest"
    """Sum of the cells whose days include the period's last day, of the greatest value of `Figure.over` alone.

    It is the greatest of all rows of a breakdown, so a later strategy replaces every row of an earlier one."""
    QUANTILE = "quantile"
    """The median of the durations that ended within the period."""


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
"""Readers that use only the cells whose days lie within the period."""


class Area(StrEnum):
    """The four areas of the strategy."""

    PREVENTION = "prevention"
    PROTECTION = "protection"
    PROSECUTION = "prosecution"
    PARTNERSHIP = "partnership"


class SeenBy(StrEnum):
    """A committee whose members may see a figure's exact amounts."""

    OPERATIONS = "operations"
    IEC = "iec"
    M_AND_E = "m_and_e"


JUSTICE: Final = (SeenBy.OPERATIONS, SeenBy.M_AND_E)
EVERY_COMMITTEE: Final = (SeenBy.OPERATIONS, SeenBy.IEC, SeenBy.M_AND_E)

FIRST_REPORT: Final = date(2024, 1, 1)
"""First day of the first reporting year that the definitions were written for."""

VERSION_2_FROM: Final = date(2026, 11, 30)
"""First day on which definitions of version 2 were used. A report published before this day uses version 1."""


class Days(NamedTuple):
    """A span of days in Belize time. Both `first` and `last` are included."""

    first: date
    last: date


UNDATED_FLOW: Final = Days(ALWAYS, NEVER)
UNDATED_STOCK: Final = Days(NEVER, NEVER)
"""Days of cells for facts without a date: `UNDATED_FLOW` for flows, `UNDATED_STOCK` for stocks. No period has them."""


class _Counted(NamedTuple):
    when: Days | None
    amount: int | None
    said: tuple[tuple[str, tuple[str, ...]], ...]
    asof: Days | None
    twice: bool
    under_way: bool


class Counted(_Counted):
    """One item: a thing that a figure counts in an entity's state.

    `when`, of a flow: the days that the fact may lie on. `when`, of a stock: the days on which the thing is surely in
    force. None: nobody knows. `amount`: None if nobody counted it. `said`: pairs of a dimension's name and its values.
    `asof`, of a flow: the item counts only in periods whose last day is one of these days. `twice`: only a witness
    published the fact, so the owner may have published it under another id; figures that add up amounts show how many.
    `under_way`: the thing has begun and not ended on the days `when` (`durations`).
    """

    # A plain tuple: two entities mostly count equal items, and tuples are compared without running Python code.
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
        """Create an item. `dims` maps the name of each dimension to its values."""
        return tuple.__new__(cls, (when, amount, tuple(dims.items()) if dims else (), asof, twice, under_way))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure(Generic[S]):
    """One row of the table of figures. By default its amount is the sum of what happened in a period.

    `entity`: the kind of entity whose states are counted, None for a figure of the registry. `counted`: returns the
    items of a state. `breakdowns`: the combinations of dimensions by which it can be read, `()` first. `over`: the
    dimension whose values the readers NONZERO, COHORT, LARGEST, TOTALS, MAXIMUM, LATEST and QUANTILE use. `distinct`:
    an entity counts at most once in any period. `part_of`: number of the figure that contains this one. `version`
    rises with every change of the definition; `valid_from` is the first day of that version.
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
    """The names of the dimensions of cells, sorted: those of each breakdown.

    A cohort has one kind of cells, with the dimensions of all breakdowns: its reader leaves names out (`kept_for`).
    """
    dimensions: frozenset[str] = field(init=False, repr=False)
    """All names of dimensions in `kept`."""

    def __post_init__(self) -> None:
        """Compute `kept` and `dimensions` once: they are needed for the cells of every entity."""
        kept = tuple(tuple(sorted(self.keys(breakdown))) for breakdown in self.breakdowns)
        dimensions = frozenset().union(*kept)
        if self.reader is Reader.COHORT:
            kept = (tuple(sorted(dimensions)),)
        object.__setattr__(self, "kept", kept)
        object.__setattr__(self, "dimensions", dimensions)

    @property
    def undated(self) -> Days:
        """Return the days of cells for facts without a date. No period contains them.

        A cohort has those of a stock: its cells hold the days on which a person belongs to a group.
        """
        return UNDATED_FLOW if self.reader in FLOWING and self.reader is not Reader.COHORT else UNDATED_STOCK

    def keys(self, by: tuple[str, ...]) -> frozenset[str]:
        """Return the names of the dimensions that the breakdown `by` needs: those in `by`, and `over` if set."""
        return frozenset(by) if self.over is None else frozenset((*by, self.over))

    def kept_for(self, by: tuple[str, ...]) -> frozenset[str]:
        """Return the names of the dimensions of the cells from which the declared breakdown `by` is read.

        They are `keys(by)`, and for a cohort the names of all its breakdowns.
        """
        return self.dimensions if self.reader is Reader.COHORT else self.keys(by)
