"""A register of invented persons, a small policy, and what releases made of them show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.reporting.domain.disclosure.policy import OTHERS, DisclosurePolicy, parse_disclosure_policy
from services.reporting.domain.disclosure.release_cells import (
    HeldRelease,
    ReleaseCell,
    ReleaseStatements,
    Truth,
    cells_of,
    span_of,
)

YAML = """
owner: council
review_by: 2027-11-30
smallest: 10
narrowest: 5
solver_seconds: 20
steps: {prepare: [m_and_e], approve: [m_and_e], publish: [m_and_e], withdraw: [m_and_e]}
council: {most_dimensions: 3, without: [record]}
public:
  exact: []
  totals: [O32a]
  revised: [O32a]
  tables:
    - {figure: O32a, by: sex, rows: [female, male], years: 3}
    - {figure: O32a, by: citizenship, rows: [BZ, GT, HN], years: 3}
"""
POLICY = parse_disclosure_policy(YAML)
VALUES = {"sex": ("female", "male", OTHERS), "citizenship": ("BZ", "GT", "HN", OTHERS)}


@dataclass(frozen=True, slots=True)
class Victim:
    """An invented person: identified in a year, known from a release on, and in no release from another one on."""

    year: int
    sex: str
    citizenship: str
    known_from: int = 0
    known_until: int = 9
    minor_at_exploitation: str = "no"


def truth_of(persons: Iterable[Victim], year: int, release: int = 0, policy: DisclosurePolicy = POLICY) -> Truth:
    """Give the amounts behind a release of a year."""
    known = [each for each in persons if each.known_from <= release < each.known_until]
    cells: set[ReleaseCell] = set()
    for table in policy.public.tables:
        own = cells_of(table, *span_of(table, year))
        cells |= {cell for row in (*own, own[0].whole) for cell in (row, *row.years())}
    rows = {table.by: table.rows for table in policy.public.tables}
    return {cell: sum(_in(each, cell, rows) for each in known) for cell in cells}


def _in(person: Victim, cell: ReleaseCell, rows: Mapping[str, Sequence[str]]) -> bool:
    if not cell.first <= person.year <= cell.last:
        return False
    return all(value == (own if (own := getattr(person, name)) in rows[name] else OTHERS) for name, value in cell.row)


def held(told: ReleaseStatements, year: int, truth: Truth) -> HeldRelease:
    return HeldRelease(year, told, truth)


def many(
    year: int, amount: int, sex: str = "female", citizenship: str = "BZ", *, known_from: int = 0, known_until: int = 9
) -> list[Victim]:
    return [Victim(year, sex, citizenship, known_from, known_until)] * amount
