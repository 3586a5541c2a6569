"""Audit of the values that `me_read` sees together with public releases: one figure at a time, by linear programming.

A release shows sums over several years, and `me_read` single years. A reader who subtracts must not find a small
number: each could be 0, and could be the upper end of its band. If not, or if the solver has no answer, the figure's
years are hidden. Rows of these tables are never shown for single years (`DisplayRules.pooled`).
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.reporting.domain.disclosure.constraint_system import LinearSystem, Solver, Terms
from services.reporting.domain.disclosure.policy import OTHERS, DisclosurePolicy
from services.reporting.domain.disclosure.release_cells import ReleaseCell, ReleaseStatements, ToldAmount
from services.reporting.values.stored_value import ValueKey
from services.reporting.values.value_display_rules import DisplayRules, ExactValues, ValueDisplay, ValueDisplays

_ELSE: Final = "(else)"
"""Stands for all codes that have no value yet: a reader cannot know that their amount is 0."""


class _Rows(NamedTuple):
    """A breakdown that public releases show: its dimension, and the codes with their own row."""

    dimension: str
    codes: tuple[str, ...]


class JointAudit:
    """Hides values of the figures that public releases show over several years.

    `told`: the amounts that these releases show.
    """

    def __init__(
        self, policy: DisclosurePolicy, rules: DisplayRules, told: Sequence[ReleaseStatements], solver: Solver
    ) -> None:
        self._rules = rules
        self._told = told
        self._solver = solver
        self._tables: dict[str, list[_Rows]] = {}
        for table in policy.public.tables:
            self._tables.setdefault(table.figure, []).append(_Rows(table.by, table.rows))
        for figure in {cell.figure for one in told for cell in one if not cell.single}:
            self._tables.setdefault(figure, [])  # an earlier policy had a table of it

    def __call__(self, values: ExactValues, found: ValueDisplays) -> None:
        """Change `found` so that no small value can be computed from the shown values and the releases."""
        for figure, tables in self._tables.items():
            told = [(cell, each) for one in self._told for cell, each in one.items() if cell.figure == figure]
            if not told:
                continue
            years = sorted(
                key for key in values if key.figure == figure and not key.dimension and "-" not in key.period
            )
            every = {key for key in values if key.figure == figure and self._may_be_hidden(key)}
            for hidden in (set(), every):
                found |= {key: ValueDisplay.OMITTED if key.dimension else ValueDisplay.HIDDEN for key in hidden}
                if _FigureWorld(values, found, self._rules, (years, tables)).safe(told, self._solver):
                    break

    def _may_be_hidden(self, key: ValueKey) -> bool:
        """Whether the value may be hidden: the policy does not show it exactly for the year."""
        return (key.figure, key.dimension) not in self._rules.yearly or "-" in key.period


class _FigureWorld:
    """A figure's years and rows as one linear system of all that a reader knows about them from the shown values."""

    def __init__(
        self,
        values: ExactValues,
        found: ValueDisplays,
        rules: DisplayRules,
        of: tuple[Sequence[ValueKey], Sequence[_Rows]],
    ) -> None:
        self._values, self._found, self._rules = values, found, rules
        self._years, self._tables = of
        self._system = LinearSystem()
        self._places: dict[ValueKey, int] = {}
        for year in self._years:
            self._add(year)
            for each in self._tables:
                self._add_rows(year, each)

    def safe(self, told: Sequence[tuple[ReleaseCell, ToldAmount]], solver: Solver) -> bool:
        """Whether each small value that is not shown could be 0, and could be the upper end of its band.

        `told`: amounts of this figure in public releases, each a constraint. Several releases may show one cell.
        """
        for cell, amount in told:
            self._tell(cell, amount)
        worlds: list[Sequence[int]] = []
        for key, reach in self._targets():
            place = self._places[key]
            for terms, most in (({place: 1}, 0), ({place: -1}, -reach)):
                if not any(_amount(terms, world) <= most for world in worlds):
                    world = self._least(solver, terms)
                    if world is None or _amount(terms, world) > most:
                        return False
                    worlds.append(world)
        return True

    def _least(self, solver: Solver, terms: Terms) -> Sequence[int] | None:
        for whole in (False, True):
            world = solver.smallest(self._system, terms, whole=whole)
            if world is not None and self._system.kept_by(world):
                return world
        return None

    def _targets(self) -> Iterator[tuple[ValueKey, int]]:
        for key in self._places:
            whole = key._replace(dimension="", code="")
            reach = self._rules.smallest - 1
            if key.dimension and (key.figure, "") in self._rules.yearly:
                reach = min(reach, self._amount(whole))
            shown = self._found.get(key, ValueDisplay.OMITTED) is ValueDisplay.SHOWN
            if not shown and reach > 0 and self._amount(key) < self._rules.smallest:
                yield key, reach

    def _amount(self, key: ValueKey) -> int:
        """Return the amount of a value; of a row at most that of its whole, which may stand at an earlier amount."""
        each = self._values.get(key)
        amount = 0 if each is None or each.value is None else int(each.value)
        return min(amount, self._amount(key._replace(dimension="", code=""))) if key.dimension else amount

    def _add(self, key: ValueKey) -> int:
        place = self._places[key] = self._system.variable()
        match self._found.get(key, ValueDisplay.OMITTED):
            case ValueDisplay.SHOWN:
                self._system.add({place: 1}, self._amount(key), self._amount(key))
            case ValueDisplay.BAND:
                self._system.add({place: 1}, 0, self._rules.smallest - 1)
            case ValueDisplay.HIDDEN:
                self._system.add({place: 1}, min(self._rules.smallest, self._amount(key)), None)
            case _:
                pass
        return place

    def _add_rows(self, year: ValueKey, rows: _Rows) -> None:
        keys = [key for key in self._values if key[:3] == (year.figure, year.period, rows.dimension)]
        known = {key.code for key in keys}
        more = [code for code in (*rows.codes, _ELSE) if code not in known]
        keys += [ValueKey(year.figure, year.period, rows.dimension, code) for code in more]
        places = [self._add(key) for key in keys]
        whole, total = self._places[year], sum(map(self._amount, keys))
        lacking = self._amount(year) - total
        self._system.add({**dict.fromkeys(places, 1), whole: -1}, -max(lacking, 0), 0 if lacking >= 0 else None)
        for place in places:
            self._system.add({whole: 1, place: -1}, 0, None)

    def _tell(self, cell: ReleaseCell, told: ToldAmount) -> None:
        """Add a release's amount of a cell as a constraint, widened to the values' own amount if it differs."""
        keys = [key for key in self._places if self._within(key, cell)]
        terms, amount = dict.fromkeys((self._places[key] for key in keys), 1), sum(map(self._amount, keys))
        if terms:
            self._system.add(terms, min(told.low, amount), None if told.high is None else max(told.high, amount))

    def _within(self, key: ValueKey, cell: ReleaseCell) -> bool:
        if not cell.first <= int(key.period) <= cell.last:
            return False
        if not cell.row:
            return not key.dimension
        ((dimension, code),) = cell.row
        own = next((each.codes for each in self._tables if each.dimension == dimension), ())
        return key.dimension == dimension and (key.code == code or (code == OTHERS and key.code not in own))


def _amount(terms: Terms, world: Sequence[int]) -> int:
    return sum(factor * world[place] for place, factor in terms.items())
