"""The tables whose rows have days, and the comparison of two states of them on past days.

A row that ends today or later, or that begins then, changes no past day. Every other edit changes what held on one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise
from typing import Final

from schemas.agencies import AGENCIES, FORMER, PARTNERSHIPS, SEATS, Agency, Term
from schemas.codebook import dated_groups_and_labels
from schemas.codebook.code import Code
from schemas.codebook.courts import TRIAL_RULES
from schemas.codebook.dated_groups_and_labels import RELABELLED, Grouping, Relabelled
from schemas.codebook.justice import CHANGED_LAWS, LAWS, Law, Offence
from services.reporting import council_input_tables
from services.reporting.domain.figures.committees_partners_and_population import CENSUSES, Census
from services.reporting.domain.read.expected_reports import ExpectationRow
from services.reporting.domain.read.strategy_plan import PlanRow

Row = tuple[str, str, str]
"""First and last day, both included, and what holds on these days."""

Table = dict[str, list[Row]]
"""Rows by what they are about: a body, a seat, an offence."""

Tables = dict[str, Table]

MAY_BEGIN_AT_ANY_TIME: Final = frozenset({"bodies", "groups", "laws"})
"""Tables where a new key changes no past day: no earlier fact names a new code, and no figure reads a new group."""

EMPTY_UNTIL_FILLED: Final = frozenset({"indicators", "objectives"})
"""Tables that are empty until the Council fills them. Their first rows may begin on any day."""


def tables() -> Tables:
    """Give each table as the code and the shipped files have it now."""
    plan = council_input_tables.plan()
    return {
        "bodies": bodies(AGENCIES.values(), FORMER),
        "censuses": censuses(CENSUSES),
        "expected reports": expected_reports(council_input_tables.expectations()),
        "groups": {name: group(each) for name, each in vars(dated_groups_and_labels).items() if _is_group(each)},
        "indicators": plan_rows(plan.indicators),
        "labels": labels(RELABELLED),
        "laws": laws(LAWS.items(), CHANGED_LAWS),
        "objectives": plan_rows(plan.objectives),
        "partners": terms(PARTNERSHIPS),
        "seats": {f"{name} {key}": rows for name, seats in SEATS.items() for key, rows in terms(seats).items()},
        "trial rules": {"high_court": _in_turn([(rule.valid_from, f"{_codes(rule.modes)}") for rule in TRIAL_RULES])},
    }


def terms(rows: Iterable[Term]) -> Table:
    """Give partners or seats, by the body's code. A body may have several rows."""
    return _by_key((each.code, _row(each.valid_from, each.valid_to, each.code)) for each in rows)


def bodies(rows: Iterable[Agency], former: Sequence[Agency]) -> Table:
    """Give the kind of each body by the days of its rows, and its names by the row that a page shows on a day."""
    current = list(rows)
    kinds = ((row.code, _row(row.valid_from, row.valid_to, f"kind {row.kind}")) for row in (*former, *current))
    names = ((row.code, each) for row in current for each in _in_turn(list(_names(row, former))))
    return _by_key([*kinds, *names])


def censuses(rows: Sequence[Census]) -> Table:
    """Give each census, from its first day until the next."""
    return {"population": _in_turn([(each.first_day, f"{each.day} {each.population}") for each in rows])}


def laws(first: Iterable[tuple[Offence, Law]], changed: Sequence[tuple[Offence, Law]]) -> Table:
    """Give the law behind each offence. The first one holds for every earlier day too."""
    return {
        offence.value: _in_turn(
            [(date.min, _law(law)), *((each.valid_from, _law(each)) for of, each in changed if of is offence)]
        )
        for offence, law in first
    }


def group(grouping: Grouping) -> list[Row]:
    """Give the codes that a figure counts together."""
    return _in_turn([(date.min, _codes(grouping.first)), *((day, _codes(codes)) for day, codes in grouping.changes)])


def labels(rows: Iterable[Relabelled]) -> Table:
    """Give the changed labels of each code. `labels.json` has the first ones."""
    found: dict[str, list[tuple[date, str]]] = {}
    for row in rows:
        key = f"{type(row.code).__name__} {row.code.value}"
        found.setdefault(key, []).append((row.valid_from, f"{row.en} | {row.es} | in use: {row.in_use}"))
    return {key: _in_turn(each) for key, each in found.items()}


def plan_rows(rows: Iterable[PlanRow]) -> Table:
    """Give the objectives or the indicators of the strategy, by their number in the plan."""
    words = {"id", "valid_from", "valid_to"}
    return _by_key((row.id, _row(row.valid_from, row.valid_to, row.model_dump_json(exclude=words))) for row in rows)


def expected_reports(rows: Iterable[ExpectationRow]) -> Table:
    """Give how often an agency reports each event type, until a later row of both."""
    found: dict[str, list[tuple[date, str]]] = {}
    for row in sorted(rows, key=lambda each: each.valid_from):
        for name in row.types:
            found.setdefault(f"{row.agency} {name}", []).append((row.valid_from, f"{row.every} {row.due_days}"))
    return {key: _in_turn(each) for key, each in found.items()}


def changed_past(recorded: Tables, now: Tables, today: date) -> list[str]:
    """Name the rows of which something else held on a day before `today`, with the first such day."""
    found = (
        _changed(name, key, recorded.get(name, {}).get(key), now.get(name, {}).get(key, []), today)
        for name in sorted(recorded.keys() | now.keys())
        if recorded.get(name) or name not in EMPTY_UNTIL_FILLED
        for key in sorted(recorded.get(name, {}).keys() | now.get(name, {}).keys())
    )
    return list(chain.from_iterable(found))


def _changed(name: str, key: str, before: list[Row] | None, after: list[Row], today: date) -> Iterator[str]:
    """Yield the first past day on which other rows held, if there is one."""
    if before is None and name in MAY_BEGIN_AT_ANY_TIME:
        return
    days = sorted({day for row in (*(before or ()), *after) for day in _edges(row) if day < today.isoformat()})
    for day in days:
        if _held(before or [], day) != _held(after, day):
            yield f"{name}: {key} on {day}"
            return


def _edges(row: Row) -> Iterator[str]:
    """Yield the first day of a row, and the first day after it."""
    yield row[0]
    if row[1] != date.max.isoformat():
        yield (date.fromisoformat(row[1]) + timedelta(days=1)).isoformat()


def _held(rows: Iterable[Row], day: str) -> list[str]:
    return sorted(text for first, last, text in rows if first <= day <= last)


def _in_turn(rows: Sequence[tuple[date, str]]) -> list[Row]:
    """Give rows that each hold until the next. `rows`: first days, in order, and what holds from then on."""
    days = [day for day, _ in rows]
    assert days == sorted(set(days)), f"rows out of the order of their days: {rows}"
    ends = [following - timedelta(days=1) for _, following in pairwise(days)]
    return [_row(day, last, text) for (day, text), last in zip(rows, [*ends, date.max], strict=True)]


def _row(first: date, last: date, text: str) -> Row:
    return first.isoformat(), last.isoformat(), text


def _by_key(rows: Iterable[tuple[str, Row]]) -> Table:
    found: Table = {}
    for key, row in rows:
        found.setdefault(key, []).append(row)
    return found


def _names(row: Agency, former: Iterable[Agency]) -> Iterator[tuple[date, str]]:
    """Yield the names of a body and their first days: each former row names it until its last day (`agency_on`)."""
    first = date.min
    for each in (*sorted((each for each in former if each.code == row.code), key=lambda each: each.valid_to), row):
        yield first, f"{each.name_en} | {each.name_es}"
        first = each.valid_to + timedelta(days=1) if each is not row else first


def _law(law: Law) -> str:
    return f"{law.statute} | {law.section} | {law.iccs} | counts as trafficking: {law.counts_as_tip}"


def _codes(codes: Iterable[Code]) -> str:
    return " ".join(sorted(code.value for code in codes))


def _is_group(found: object) -> bool:
    return isinstance(found, Grouping)
