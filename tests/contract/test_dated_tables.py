"""Edits of tables whose rows have days: none may change what held on a past day."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from schemas.agencies import AGENCIES, PARTNERSHIPS, SEATS, AgencyKind, Term
from schemas.codebook.dated_groups_and_labels import LABOUR, Grouping, Relabelled
from schemas.codebook.identification import Exploitation
from schemas.codebook.justice import LAWS, Offence
from schemas.times import BELIZE
from services.reporting.council_input_tables import expectations
from services.reporting.domain.figures.committees_partners_and_population import CENSUSES, Census
from services.reporting.domain.read.expected_reports import Rhythm
from services.reporting.domain.read.strategy_plan import parse_strategy_plan
from tests.contract import dated_tables
from tests.contract.dated_tables import Row, Table, Tables, changed_past, tables
from tests.contract.record import FOLDER

RECORD: Final = FOLDER / "dated_tables.json"

TODAY: Final = date(2026, 12, 3)
DAY: Final = timedelta(days=1)


def recorded() -> Tables:
    """Read the record."""
    found: dict[str, dict[str, list[list[str]]]] = json.loads(RECORD.read_bytes())
    return {name: {key: [_row(*row) for row in rows] for key, rows in table.items()} for name, table in found.items()}


def _row(first: str, last: str, text: str) -> Row:
    return first, last, text


def written(record: Tables) -> str:
    """Write a record with one line for each row."""
    blocks = []
    for name, table in sorted(record.items()):
        lines = [f"  {json.dumps(key)}: {json.dumps(rows, ensure_ascii=False)}" for key, rows in sorted(table.items())]
        blocks.append(f" {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def test_the_dated_tables_golden_file_is_every_row_and_no_edit_changes_a_past_day(updates_golden: bool) -> None:
    """To change a row, give it today or a later day as its last one, and add another. Past figures stay as they are."""
    assert changed_past(recorded(), tables(), datetime.now(BELIZE).date()) == []
    if updates_golden:
        RECORD.write_text(written(tables()), encoding="utf-8")
    assert recorded() == tables(), "a row that begins or ends: pytest tests/contract --update-golden"


INDICATOR: Final = '  - {id: "2.1.1", objective: "2.1", unit: persons, en: Served, es: Atendidas'


def _plan(objective: str = "", indicator: str = "", added: str = "") -> Tables:
    """Give the tables of an invented plan. Arguments: the last day of the row of each, and another indicator."""
    table = f"""
objectives:
  - {{id: "2.1", area: protection, en: Care, es: Cuidado, valid_from: 2024-01-01{objective}}}
indicators:
{INDICATOR}, target: 20, valid_from: 2024-01-01{indicator or objective}}}
{added}
"""
    plan = parse_strategy_plan(table)
    return {
        "objectives": dated_tables.plan_rows(plan.objectives),
        "indicators": dated_tables.plan_rows(plan.indicators),
    }


def _partner_ends(day: date) -> Table:
    return dated_tables.terms((replace(PARTNERSHIPS[0], valid_to=day - DAY), *PARTNERSHIPS[1:]))


def _partner_begins(day: date) -> Table:
    return dated_tables.terms((*PARTNERSHIPS, Term("oas", day)))


def _seat_is_anothers(day: date) -> Table:
    first, *others = SEATS["iec"]
    return dated_tables.terms((replace(first, valid_to=day - DAY), Term("sib", day), *others))


def _census_counts(day: date) -> Table:
    return dated_tables.censuses((*CENSUSES, Census(date(2024, 5, 12), 1, valid_from=day)))


def _law_changes(day: date) -> Table:
    changed = replace(LAWS[Offence.OTHER], counts_as_tip=True, valid_from=day)
    return dated_tables.laws(LAWS.items(), [(Offence.OTHER, changed)])


def _section_changes(day: date) -> Table:
    changed = replace(LAWS[Offence.TIP_SEX], section="3", valid_from=day)
    return dated_tables.laws(LAWS.items(), [(Offence.TIP_SEX, changed)])


def _kind_changes(day: date) -> Table:
    former = replace(AGENCIES["iom"], valid_to=day - DAY)
    return dated_tables.bodies([replace(AGENCIES["iom"], kind=AgencyKind.NGO, valid_from=day)], [former])


def _name_changes(day: date) -> Table:
    former = replace(AGENCIES["iom"], valid_to=day - DAY)
    return dated_tables.bodies([replace(AGENCIES["iom"], name_es="Otro nombre", valid_from=day)], [former])


def _group_grows(day: date) -> Table:
    codes = frozenset((*LABOUR.first, Exploitation.FORCED_BEGGING))
    return {"LABOUR": dated_tables.group(Grouping(LABOUR.first, ((day, codes),)))}


def _label_changes(day: date) -> Table:
    return dated_tables.labels([Relabelled(Exploitation.SERVITUDE, day, "Another label", "Otra etiqueta")])


def _objective_ends(day: date) -> Table:
    return _plan(f", valid_to: {day - DAY}")["objectives"]


def _indicator_ends(day: date) -> Table:
    return _plan("", f", valid_to: {day - DAY}")["indicators"]


def _target_changes(day: date) -> Table:
    return _plan("", f", valid_to: {day - DAY}", f"{INDICATOR}, target: 30, valid_from: {day}}}")["indicators"]


def _report_ends(day: date) -> Table:
    changed = expectations()[0].model_copy(update={"valid_from": day, "every": Rhythm.NEVER})
    return dated_tables.expected_reports([*expectations(), changed])


EDITS: Final[tuple[tuple[str, Callable[[date], Table]], ...]] = (
    ("partners", _partner_ends),
    ("partners", _partner_begins),
    ("seats", _seat_is_anothers),
    ("censuses", _census_counts),
    ("laws", _law_changes),
    ("laws", _section_changes),
    ("bodies", _kind_changes),
    ("bodies", _name_changes),
    ("groups", _group_grows),
    ("labels", _label_changes),
    ("objectives", _objective_ends),
    ("indicators", _indicator_ends),
    ("indicators", _target_changes),
    ("expected reports", _report_ends),
)
"""Edits of each table, by the first day on which something else holds."""


def _before(name: str, after: Table) -> Table:
    """Give the rows before an edit of the keys that it touches."""
    known = {**tables(), **_plan()}[name]
    known |= {key.removeprefix("iec "): rows for key, rows in known.items() if key.startswith("iec ")}
    return {key: known[key] for key in after if key in known}


@pytest.mark.parametrize(("name", "edit"), EDITS)
def test_an_edit_of_a_past_day_is_found_and_one_from_today_on_is_none(name: str, edit: Callable[[date], Table]) -> None:
    for past in (TODAY - DAY, date(2024, 7, 1)):
        after = edit(past)
        (found,) = changed_past({name: _before(name, after)}, {name: after}, TODAY)[:1]
        assert found.startswith(f"{name}: ")
        assert found.endswith(f" on {past}")
    for day in (TODAY, TODAY + DAY, date(2027, 1, 1)):
        after = edit(day)
        assert changed_past({name: _before(name, after)}, {name: after}, TODAY) == []


@pytest.mark.parametrize("name", sorted({name for name, _ in EDITS} - {"labels"}))
def test_a_row_that_is_taken_away_or_edited_is_found(name: str) -> None:
    table = {**tables(), **_plan()}[name]
    key, rows = next(iter(table.items()))
    first, last, text = rows[0]
    others = {each: held for each, held in table.items() if each != key}
    assert changed_past({name: table}, {name: others}, TODAY)
    assert changed_past({name: table}, {name: {**others, key: [(first, last, f"{text}2"), *rows[1:]]}}, TODAY)
    later = (date.fromisoformat(first) + DAY).isoformat()
    assert changed_past({name: table}, {name: {**others, key: [(later, last, text), *rows[1:]]}}, TODAY)


def test_a_row_that_ended_is_not_made_longer_afterwards() -> None:
    ended, longer = _partner_ends(TODAY - DAY), _partner_ends(TODAY)
    assert changed_past({"partners": ended}, {"partners": longer}, TODAY) == [f"partners: iom on {TODAY - DAY}"]
    assert changed_past({"partners": ended}, {"partners": longer}, TODAY - DAY) == []


def test_a_new_code_changes_no_past_day_and_a_new_partner_does() -> None:
    row = (date.min.isoformat(), date.max.isoformat(), "x")
    for name in tables():
        found = changed_past({name: {"old": [row]}}, {name: {"old": [row], "new": [row]}}, TODAY)
        assert bool(found) is (name not in dated_tables.MAY_BEGIN_AT_ANY_TIME), name


def test_a_plan_that_was_empty_is_filled_with_rows_of_any_day() -> None:
    empty: Tables = {name: {} for name in tables()}
    row = (date.min.isoformat(), date.max.isoformat(), "x")
    for name in tables():
        found = changed_past(empty, {name: {"new": [row]}}, TODAY)
        may = dated_tables.MAY_BEGIN_AT_ANY_TIME | dated_tables.EMPTY_UNTIL_FILLED
        assert bool(found) is (name not in may), name
