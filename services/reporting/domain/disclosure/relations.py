"""Linear relations between cells that follow from the public definitions: totals, parts, sums of years.

The exact amounts may break a relation, for instance if a person counts in two years or has two citizenships. Then
`relations` returns a weaker form that the amounts keep, or none: a proof must not rest on a false relation.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any, NamedTuple, TypeAlias

from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.disclosure.policy import OTHERS, PublicPolicy
from services.reporting.domain.disclosure.release_cells import ReleaseCell, ReleaseStatements, Truth


class Relation(NamedTuple):
    """A relation between cells: low <= sum of (factor x cell) <= high. None: no bound on that side."""

    terms: Mapping[ReleaseCell, int]
    low: int | None
    high: int | None

    def kept_by(self, amounts: Mapping[ReleaseCell, int]) -> bool:
        """Whether these amounts satisfy the relation. They must have each of its cells."""
        found = sum(factor * amounts[cell] for cell, factor in self.terms.items())
        return (self.low is None or found >= self.low) and (self.high is None or found <= self.high)


def relations(
    policy: PublicPolicy, figures: Mapping[str, Figure[Any]], cells: Iterable[ReleaseCell], truth: Truth
) -> list[Relation]:
    """Return the relations between cells of one release, each in the strongest form that the exact amounts keep.

    A relation of a cell that is not in `truth` cannot be tested and is given in its strongest form.
    """
    known = set(cells)
    found: list[Relation] = []
    forms = (*_totals(policy, known), *_pools(known), *_equals(policy, known), *_parts(figures, known))
    for form in (*forms, *_received(policy, known)):
        kept = next(
            (each for each in form if all(one.kept_by(truth) for one in each if one.terms.keys() <= truth.keys())), ()
        )
        found += kept
    return found


_Forms: TypeAlias = tuple[tuple[Relation, ...], ...]
"""Forms of one relation, the strongest first."""


def _totals(policy: PublicPolicy, known: set[ReleaseCell]) -> Iterator[_Forms]:
    """Yield the relations that a table's rows add up to their whole."""
    spans = sorted({(cell.figure, cell.first, cell.last) for cell in known})
    for protected, by in sorted(tables_in(known, policy)):
        for figure, first, last in spans:
            rows = [cell for cell in known if cell[:3] == (figure, first, last) and _by(cell) == by]
            whole = ReleaseCell(figure, first, last)
            if figure == protected and rows and whole in known:
                yield ((Relation(dict.fromkeys(rows, 1) | {whole: -1}, 0, 0),),)


def tables_in(cells: Iterable[ReleaseCell], policy: PublicPolicy | None = None) -> set[tuple[str, str]]:
    """Return (figure, dimension) of each protected table: those of the policy, and those found in the cells.

    Only a protected table has the row `OTHERS`. A cell of that row shows that a table existed in an earlier policy.
    """
    own = () if policy is None else policy.tables
    found = {(cell.figure, name) for cell in cells for name, value in cell.row if value == OTHERS}
    return found | {(table.figure, table.by) for table in own}


def _by(cell: ReleaseCell) -> str | None:
    return cell.row[0][0] if len(cell.row) == 1 else None


def _pools(known: set[ReleaseCell]) -> Iterator[_Forms]:
    """Yield the relations between a cell of several years and its single years.

    Strongest form: the years add up to it. Weaker form, because a person may count in several years: it is at most
    their sum, and at least each of them.
    """
    for pool in sorted(known):
        years = pool.years()
        if not pool.single and known.issuperset(years):
            summed = dict.fromkeys(years, 1) | {pool: -1}
            weaker = (Relation(summed, 0, None), *(Relation({pool: 1, year: -1}, 0, None) for year in years))
            yield ((Relation(summed, 0, 0),), weaker)


def _equals(policy: PublicPolicy, known: set[ReleaseCell]) -> Iterator[_Forms]:
    """Yield the relations that figures of a group of `policy.equal` have equal amounts."""
    for group in policy.equal:
        for one, other in pairwise(group):
            for cell in sorted(known):
                twin = cell._replace(figure=other)
                if cell.figure == one and twin in known:
                    yield ((Relation({cell: 1, twin: -1}, 0, 0),),)


def _received(policy: PublicPolicy, known: set[ReleaseCell]) -> Iterator[_Forms]:
    """Yield the relations that there are never more persons than things which they received."""
    for pair in policy.received:
        for things in sorted(cell for cell in known if cell.figure == pair.things and not cell.row):
            persons = things._replace(figure=pair.persons)
            if persons in known:
                yield ((Relation({things: 1, persons: -1}, 0, None),),)


def cells_with_someone(
    policy: PublicPolicy, figures: Mapping[str, Figure[Any]], told: ReleaseStatements
) -> Iterator[tuple[ReleaseCell, ReleaseCell]]:
    """Yield (told cell, cell of persons): because of the things that are told there is at least one such person."""
    for cell, amount in told.items():
        for pair in policy.received:
            if amount.low > 0 and not cell.row and pair.things in {cell.figure, *wholes_of(figures, cell.figure)}:
                yield cell, cell._replace(figure=pair.persons)


def _parts(figures: Mapping[str, Figure[Any]], known: set[ReleaseCell]) -> Iterator[_Forms]:
    """Yield the relations that a part is at most its whole: part figures, and rows with further dimensions."""
    for cell in sorted(known):
        larger = {cell._replace(figure=above) for above in wholes_of(figures, cell.figure)}
        for length in range(len(cell.row)):
            larger |= {cell._replace(row=tuple(row)) for row in combinations(cell.row, length)}
        for each in sorted(larger & known):
            yield ((Relation({each: 1, cell: -1}, 0, None),),)


def wholes_of(figures: Mapping[str, Figure[Any]], number: str) -> Iterator[str]:
    """Yield the figures that a figure is part of, the nearest first: O19a is part of O19c, which is part of O19b."""
    above = figures[number].part_of
    while above is not None:
        yield above
        above = figures[above].part_of


def adds_up(cells: Iterable[ReleaseCell], truth: Truth) -> bool:
    """Whether the exact amounts of a table's rows add up to that of their whole."""
    rows = list(cells)
    return sum(truth[cell] for cell in rows) == truth[rows[0].whole]
