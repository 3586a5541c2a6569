"""An outsider's knowledge about the exact amounts behind the releases, as one system of linear constraints.

Each release has its own variables, because late facts and corrections change amounts between releases. An outsider
assumes as little change as possible: the sum of all changes is the least one that fits all releases.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.policy import DisclosurePolicy, PublicPolicy
from services.reporting.domain.disclosure.relations import cells_with_someone, relations, tables_in, wholes_of
from services.reporting.domain.disclosure.release_cells import HeldRelease, ReleaseCell, cells_of, span_of

MOST: Final = 1_000_000
"""Upper bound of each variable. Outsiders know it, because the country has fewer people."""

Terms: TypeAlias = Mapping[int, int]
"""A sum of variables with integer factors: factor by the variable's place."""


class Constraint(NamedTuple):
    """A constraint: low <= sum of the terms <= high. None: no bound on that side."""

    terms: Terms
    low: int | None
    high: int | None


@dataclass(slots=True)
class LinearSystem:
    """Integer variables from 0 to `MOST`, inclusive, and constraints between them. `size`: number of variables."""

    size: int = 0
    constraints: list[Constraint] = field(default_factory=list)

    def variable(self) -> int:
        """Add a variable and return its index. The first variable has the index 0."""
        self.size += 1
        return self.size - 1

    def add(self, terms: Terms, low: int | None, high: int | None) -> None:
        """Add the constraint low <= sum of the terms <= high. None: no bound on that side."""
        self.constraints.append(Constraint(terms, low, high))

    def kept_by(self, values: Sequence[int]) -> bool:
        """Whether integer values, by place, satisfy every constraint. The check is exact: no solver must be trusted."""
        if len(values) != self.size or any(not 0 <= value <= MOST for value in values):
            return False
        for terms, low, high in self.constraints:
            found = sum_in_world(terms, values)
            if (low is not None and found < low) or (high is not None and found > high):
                return False
        return True


class Solver(Protocol):
    """Port to a solver that minimises a sum of variables over a system."""

    def smallest(self, system: LinearSystem, objective: Terms, *, whole: bool) -> list[int] | None:
        """Return integer values that minimise `objective`, by place; None if there is no answer.

        `whole`: solve over integers; otherwise solve over real numbers. The caller must check the values.
        """


class Unsolved(ValueError):
    """Raised if protection is not proved: the solver gave no or a wrong answer, or releases cannot be compared."""


@dataclass(frozen=True, slots=True)
class OutsideView:
    """A linear system, with the place of each cell's variable: one mapping for each release, in their order."""

    system: LinearSystem
    places: tuple[Mapping[ReleaseCell, int], ...]

    def terms(self, release: int, cells: Mapping[ReleaseCell, int]) -> dict[int, int]:
        """Convert a sum of a release's cells (factor by cell) to terms (factor by place)."""
        return {self.places[release][cell]: factor for cell, factor in cells.items()}

    def world(self, release: int, values: Sequence[int]) -> Mapping[ReleaseCell, int]:
        """Convert values by place to the amounts of a release's cells."""
        return {cell: values[place] for cell, place in self.places[release].items()}


def build_outside_view(
    policy: DisclosurePolicy, figures: Mapping[str, Figure[Any]], held: Sequence[HeldRelease], solver: Solver
) -> OutsideView:
    """Build the knowledge of an outsider who holds all these releases, which are in order of publication.

    Raises `Unsolved` if the releases contradict each other, if one table has different rows in two of them, or if the
    solver gives no answer.
    """
    _check_rows(held)
    system = LinearSystem()
    universe = needed_cells(policy.public, figures, held)
    places: list[dict[ReleaseCell, int]] = []
    for release in held:
        place = {cell: system.variable() for cell in universe if cell.last <= release.year}
        places.append(place)
        for cell, told in release.told.items():
            if cell in place:
                system.add({place[cell]: 1}, told.low, told.high)
        for _, cell in cells_with_someone(policy.public, figures, release.told):
            if cell in place:
                system.add({place[cell]: 1}, 1, None)
        for relation in relations(policy.public, figures, place, release.truth):
            terms = {place[cell]: factor for cell, factor in relation.terms.items()}
            system.add(terms, relation.low, relation.high)
    assume_fewest_changes(system, _pairs(universe, places), solver)
    return OutsideView(system, tuple(places))


def assume_fewest_changes(system: LinearSystem, pairs: Iterable[tuple[int, int]], solver: Solver) -> None:
    """Add the constraint that two variables of a pair differ as little as possible, over all pairs together.

    Raises `Unsolved` if the constraints contradict each other, or if the solver gives no answer.
    """
    changes = [_change(system, one, other) for one, other in pairs]
    if changes:
        total = dict.fromkeys(changes, 1)
        fewest = solver.smallest(system, total, whole=True)
        if fewest is None or not system.kept_by(fewest):
            message = "what is told cannot be true together"
            raise Unsolved(message)
        system.add(total, None, sum(fewest[place] for place in changes))


def world_with_smallest(system: LinearSystem, objective: Terms, solver: Solver) -> Sequence[int]:
    """Return values by place that keep the system and minimise `objective`. Raises `Unsolved` without an answer.

    An answer that does not keep the system exactly is none.
    """
    for whole in (False, True):
        found = solver.smallest(system, objective, whole=whole)
        if found is not None and system.kept_by(found):
            return found
    message = "a question was not answered"
    raise Unsolved(message)


def sum_in_world(terms: Terms, world: Sequence[int]) -> int:
    """Return the sum of the terms for values by place."""
    return sum(factor * world[place] for place, factor in terms.items())


def _check_rows(held: Sequence[HeldRelease]) -> None:
    """Raise `Unsolved` if two releases show different rows of one table for a year: `OTHERS` would sum other rows."""
    rows: dict[tuple[str, str, int], set[str]] = {}
    for release in held:
        own: dict[tuple[str, str, int], set[str]] = {}
        for figure, by in tables_in(release.truth):
            for cell in release.truth:
                if cell.figure == figure and [name for name, _ in cell.row] == [by]:
                    for year in range(cell.first, cell.last + 1):
                        own.setdefault((figure, by, year), set()).add(cell.row[0][1])
        for (figure, by, year), values in own.items():
            if rows.setdefault((figure, by, year), values) != values:
                message = f"an earlier release has other rows of the table of {figure} by {by}, and years of this one"
                raise Unsolved(message)


def _change(system: LinearSystem, one: int, other: int) -> int:
    """Add a variable that is at least the absolute difference of two variables, and return its place."""
    change = system.variable()
    system.add({change: 1, one: -1, other: 1}, 0, None)
    system.add({change: 1, one: 1, other: -1}, 0, None)
    return change


def _pairs(universe: Iterable[ReleaseCell], places: Sequence[Mapping[ReleaseCell, int]]) -> Iterator[tuple[int, int]]:
    """Yield, for each cell, its places in a release and in the next release that has it."""
    for cell in universe:
        own = [place[cell] for place in places if cell in place]
        yield from itertools.pairwise(own)


def needed_cells(
    policy: PublicPolicy, figures: Mapping[str, Figure[Any]], held: Sequence[HeldRelease]
) -> list[ReleaseCell]:
    """Return the cells that the system needs, sorted: those of `audited_figures`."""
    audited = audited_figures(policy, figures, held)
    found = {cell for release in held for cell in (*release.told, *release.truth) if cell.figure in audited}
    for table in policy.tables:
        for first, last in {span_of(table, release.year) for release in held}:
            for cell in (ReleaseCell(table.figure, first, last), *cells_of(table, first, last)):
                found |= {cell, *cell.years()}
    return sorted(found)


def audited_figures(policy: PublicPolicy, figures: Mapping[str, Figure[Any]], held: Sequence[HeldRelease]) -> set[str]:
    """Return the figures that the system has: those of protected tables and totals, and related figures.

    A figure is related if the policy states that it is equal, or that it counts what these persons received. A part or
    a whole of such a figure is related too.
    """
    cells = [cell for release in held for cell in release.truth]
    own = {figure for figure, _ in tables_in(cells, policy)} | set(policy.totals)
    groups = (*policy.equal, *((pair.things, pair.persons) for pair in policy.received))
    tied = own | {number for group in groups if own & set(group) for number in group}
    above = {whole for number in tied for whole in wholes_of(figures, number)}
    below = {number for number, figure in figures.items() if figure.part_of in tied}
    return tied | above | below
