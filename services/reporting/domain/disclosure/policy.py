"""The disclosure policy, a YAML file of the Council: the amounts each edition of a release shows, and who may release.

Figures that the file does not name are withheld from the public. After the review date no release is made.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.fields import AgencyCode, FigureNumber
from schemas.ids import Kind
from schemas.yaml_table import TableFault, read
from services.reporting.domain.declaration.figure import Figure, Nature, Reader
from services.reporting.domain.disclosure.codes_of_rows import CODES_OF_ROWS
from services.reporting.domain.figures.all_figures import FIGURES

_VERSION_LENGTH: Final = 16
_SMALLEST_ALLOWED: Final = 5
_NARROWEST_ALLOWED: Final = 5
_FEWEST_YEARS: Final = 3
_MOST_YEARS: Final = 5
_SINGLE: Final = frozenset({Reader.QUANTILE, Reader.MAXIMUM, Reader.LARGEST})
"""Readers whose amount may be that of a single person."""

OTHERS: Final = "others"
"""Row of a table for all values without their own row. Without it a missing row would disclose an amount of 0."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ReleasingRole(StrEnum):
    """Roles of accounts that the policy may allow to take steps of a release: the pages' roles that see figures."""

    OPERATIONS = "operations"
    IEC = "iec"
    M_AND_E = "m_and_e"
    AUDITOR = "auditor"


class ReleaseSteps(_Strict):
    """Roles of accounts that may take each step of a release."""

    prepare: Annotated[tuple[ReleasingRole, ...], Field(min_length=1)]
    approve: Annotated[tuple[ReleasingRole, ...], Field(min_length=1)]
    publish: Annotated[tuple[ReleasingRole, ...], Field(min_length=1)]
    withdraw: Annotated[tuple[ReleasingRole, ...], Field(min_length=1)]


class CouncilPolicy(_Strict):
    """Rules of the council's edition: exact amounts, in breakdowns of at most `most_dimensions` dimensions.

    `without`: dimensions that no breakdown has, because they name single records.
    """

    most_dimensions: Annotated[int, Field(ge=1, le=3)]
    without: tuple[str, ...]


class ValueRenewal(StrEnum):
    """How often the values that `me_read` sees are computed anew."""

    LIVE = "live"
    """Shortly after each change of the figures."""
    QUARTERLY = "quarterly"
    """Once in each quarter of a year, so that the late facts of three months appear together."""


class LateFacts(StrEnum):
    """Whether a value that was shown changes when facts of its period are published later."""

    LIVE = "live"
    """The value changes at once. The difference between two readings may be a single late person."""
    GATHERED = "gathered"
    """The value stays until at least `CommitteePolicy.smallest` late facts have changed it, and the rest beside it."""


class CommitteePolicy(_Strict):
    """Rules for the values that `me_read` sees.

    `exact`: figures without persons at risk, shown exactly in each breakdown. `smallest`: a smaller number is shown as
    a band, and fewer late facts than this change no shown number. `fewest_of_a_rate`: a rate or median of fewer persons
    or things is not shown. `revision`: raising this number shows all values anew once.
    """

    renewed: ValueRenewal = ValueRenewal.LIVE
    late_facts: LateFacts = LateFacts.GATHERED
    revision: Annotated[int, Field(ge=1)] = 1
    smallest: Annotated[int, Field(ge=_SMALLEST_ALLOWED)] = _SMALLEST_ALLOWED
    fewest_of_a_rate: Annotated[int, Field(ge=2 * _SMALLEST_ALLOWED)] = 2 * _SMALLEST_ALLOWED
    exact: tuple[FigureNumber, ...] = ()


class ExactFigures(_Strict):
    """Figures that the public's edition shows exactly, in total and by one dimension at most.

    `by`: that dimension, if any. `because`: the reason.
    """

    figures: Annotated[tuple[FigureNumber, ...], Field(min_length=1)]
    by: tuple[str, ...] = ()
    because: str


class ProtectedTable(_Strict):
    """A table of the public's edition: the sum of one figure over several years, by one dimension.

    `years`: number of years that are added up. `both`: rows that must all be large enough, else no row is shown.
    A row is large enough if neither it nor the rest of the sum is below `DisclosurePolicy.smallest`.
    """

    figure: FigureNumber
    by: str
    rows: Annotated[tuple[str, ...], Field(min_length=1)]
    years: Annotated[int, Field(ge=_FEWEST_YEARS, le=_MOST_YEARS)]
    both: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_its_rows(self) -> Self:
        if OTHERS in self.rows or len(set(self.rows)) != len(self.rows) or not set(self.both) <= set(self.rows):
            message = "rows are different values, and both are rows"
            raise ValueError(message)
        return self


class PublicDurations(_Strict):
    """Medians of durations over the last `years` years, rounded to `rounded_to`.

    A median of fewer than `DisclosurePolicy.smallest` durations is withheld.
    """

    figures: Annotated[tuple[FigureNumber, ...], Field(min_length=1)]
    years: Annotated[int, Field(ge=_FEWEST_YEARS, le=_MOST_YEARS)]
    rounded_to: Annotated[int, Field(ge=5)]


class ReceivedThings(_Strict):
    """A figure of things, such as services, and the figure of the persons who received at least one of them.

    By definition there are never more persons than things, and with at least one thing there is at least one person.
    """

    things: FigureNumber
    persons: FigureNumber


class PublicPolicy(_Strict):
    """Rules of the public's edition.

    `totals`: figures shown for each year, exactly if the amount is at least `DisclosurePolicy.smallest`, otherwise as a
    band. `revised`: totals that each revision shows anew; other totals keep their old amount while the change is small.
    """

    exact: tuple[ExactFigures, ...]
    totals: tuple[FigureNumber, ...]
    revised: tuple[FigureNumber, ...] = ()
    tables: tuple[ProtectedTable, ...]
    durations: tuple[PublicDurations, ...] = ()
    equal: tuple[tuple[FigureNumber, ...], ...] = ()
    """Groups of figures that have equal amounts by definition. Outsiders know the definitions."""
    received: tuple[ReceivedThings, ...] = ()


class DisclosurePolicy(_Strict):
    """The whole policy. `owner` is responsible for it until `review_by`, inclusive.

    `smallest`: a smaller amount is not shown exactly, nor one whose whole exceeds it by less. `narrowest`: least width
    of the bounds of a protected amount. `solver_seconds`: time limit of one question to the solver; an unanswered
    question refuses the release.
    """

    owner: AgencyCode
    review_by: date
    smallest: Annotated[int, Field(ge=_SMALLEST_ALLOWED)]
    narrowest: Annotated[int, Field(ge=_NARROWEST_ALLOWED)]
    solver_seconds: Annotated[float, Field(gt=0, le=600)]
    steps: ReleaseSteps
    council: CouncilPolicy
    committee: CommitteePolicy = CommitteePolicy()
    public: PublicPolicy

    @property
    def version(self) -> str:
        """Return the first 16 hex digits of the SHA-256 of the policy."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:_VERSION_LENGTH]

    def overdue(self, day: date) -> bool:
        """Whether `day` is after `review_by`."""
        return day > self.review_by


def parse_disclosure_policy(text: str) -> DisclosurePolicy:
    """Parse the policy from YAML text. Raises `schemas.yaml_table.WrongTable`, which names the wrong line."""
    return read(text, DisclosurePolicy, _faults)


def _faults(policy: DisclosurePolicy) -> Iterator[TableFault]:
    """Yield the policy's faults.

    A fault is an unknown figure, breakdown or code, an amount of a single person, a figure that is shown twice, or one
    in a table that is not for its kind, such as a duration among numbers of persons.
    """
    public = policy.public
    yield from _faults_of_council(policy)
    yield from _faults_of_committee(policy)
    yield from _faults_of_exact(public)
    yield from _faults_of_totals(public)
    for place, table in enumerate(public.tables):
        path = ("public", "tables", place)
        yield from _wrong(path, table.figure, (table.by,))
        if table.figure in FIGURES and not _adds(FIGURES[table.figure]):
            yield TableFault(path, f"{table.figure} is no number of persons or things within a period")
        yield from _unknown_codes(path, table)
    for place, durations in enumerate(public.durations):
        for number in durations.figures:
            yield from _wrong(("public", "durations", place), number)
            if number in FIGURES and FIGURES[number].reader is not Reader.QUANTILE:
                yield TableFault(("public", "durations", place), f"{number} is no duration")
    for number in chain.from_iterable(public.equal):
        yield from _wrong(("public", "equal"), number)
    for place, received in enumerate(public.received):
        yield from _wrong(("public", "received", place), received.things)
        yield from _wrong(("public", "received", place), received.persons)


def _unknown_codes(path: tuple[str | int, ...], table: ProtectedTable) -> Iterator[TableFault]:
    known = CODES_OF_ROWS.get(table.by)
    if known is None:
        yield TableFault(
            (*path, "by"), f"no code list of {table.by} is known: a table is by {', '.join(CODES_OF_ROWS)}"
        )
        return
    for row in table.rows:
        if row not in known:
            yield TableFault((*path, "rows"), f"the code list of {table.by} has no code {row}")


def _faults_of_council(policy: DisclosurePolicy) -> Iterator[TableFault]:
    """Yield a fault for each dimension of `without` that no figure has. A misspelt one would leave records shown."""
    known = {name for figure in FIGURES.values() for breakdown in figure.breakdowns for name in breakdown}
    for name in policy.council.without:
        if name not in known:
            yield TableFault(("council", "without"), f"no figure has the dimension {name}")


def _faults_of_committee(policy: DisclosurePolicy) -> Iterator[TableFault]:
    victims = {*policy.public.totals, *(table.figure for table in policy.public.tables)}
    for number in policy.committee.exact:
        path = ("committee", "exact")
        yield from _wrong(path, number)
        if number in FIGURES and FIGURES[number].reader in _SINGLE:
            yield TableFault(path, f"{number} may be the amount of a single person")
        of_persons = number in FIGURES and FIGURES[number].entity in {Kind.PERSON, Kind.CASE}
        if of_persons or number in victims:
            yield TableFault(path, f"{number} counts records of persons or cases: somebody at risk may be in it")


def _faults_of_exact(public: PublicPolicy) -> Iterator[TableFault]:
    protected = {(table.figure, table.by) for table in public.tables}
    for place, exact in enumerate(public.exact):
        path = ("public", "exact", place)
        for number in exact.figures:
            yield from _wrong(path, number, exact.by)
            if number in FIGURES and FIGURES[number].reader in _SINGLE:
                yield TableFault(path, f"{number} may be the amount of a single person")
            if len(exact.by) > 1 or protected & {(number, by) for by in exact.by}:
                yield TableFault(path, f"{number} is told by one dimension, and not by one that is protected")


def _faults_of_totals(public: PublicPolicy) -> Iterator[TableFault]:
    exactly = {number for group in public.exact for number in group.figures}
    for place, number in enumerate(public.totals):
        path = ("public", "totals", place)
        yield from _wrong(path, number)
        if number in FIGURES and FIGURES[number].reader in _SINGLE:
            yield TableFault(path, f"{number} may be the amount of a single person")
        if number in exactly:
            yield TableFault(path, f"{number} is told exactly already")
    for place, number in enumerate(public.revised):
        if number not in public.totals:
            yield TableFault(("public", "revised", place), f"{number} is none of the totals")


def _wrong(path: tuple[str | int, ...], number: str, by: tuple[str, ...] = ()) -> Iterator[TableFault]:
    if number not in FIGURES:
        yield TableFault(path, f"there is no figure {number}")
    elif by and by not in FIGURES[number].breakdowns:
        yield TableFault(path, f"{number} is not kept by {by[0]}")


def _adds(figure: Figure) -> bool:  # type: ignore[type-arg]
    return figure.nature is Nature.FLOW and figure.reader in {Reader.SUM, Reader.COHORT}
