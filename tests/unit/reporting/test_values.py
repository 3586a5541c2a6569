"""Values that reporting keeps: each equals the figure that a command gives, and `me_read` sees none that is small."""

import asyncio
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any, Final

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings

from services.presentation.period_parsing import period as typed
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.disclosure.policy import DisclosurePolicy, parse_disclosure_policy
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES, Variant, rate
from services.reporting.read import queries
from services.reporting.release.artefact import Artefact, ReleaseEdition, ReleaseHead, ReleaseRow, ShownForm
from services.reporting.values import value_renewal
from services.reporting.values.stored_figures_and_rules import UNCOUNTED, rules_of
from services.reporting.values.value_renewal import renew
from services.web.cached_figures import Figures
from tests.unit.reporting.amended_histories import amended_histories
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.samples import person, raw
from tests.unit.reporting.test_as_of_editions import HISTORY, counted
from tests.unit.reporting.test_changes import an_arrest

TODAY: Final = date(2025, 3, 1)
POLICY: Final = disclosure_policy()
OURS: Final = files("services.reporting") / "disclosure.yaml"
ARRESTS: Final = [an_arrest(number, number) for number in range(7)]
WHOLE: Final = "figure = 'O9' AND period = '2024' AND dims = '{}'"
OF_SEVERAL: Final = {
    *Variant,
    *UNCOUNTED,
    *(number for number, each in FIGURES.items() if each.reader in {Reader.QUANTILE, Reader.MAXIMUM, Reader.LARGEST}),
}
"""Rates, and figures whose value does not say of how many it is."""


async def kept(database: Database, history: list[bytes]) -> None:
    worker = await counted(database, history)
    assert await renew(worker.pool, TODAY, POLICY)
    assert not await renew(worker.pool, TODAY, POLICY)


async def told(connection: Any, row: Any) -> float | None:  # noqa: ANN401
    """Give what the commands say of a stored value."""
    span = typed(row["period"])
    if row["figure"] in set(Variant):
        declared = RATES[Variant(row["figure"])]
        numbers = [declared.part, declared.whole, *([declared.remainder] if declared.remainder else [])]
        report = await queries.figures(connection, span, (), numbers)
        found = {each.number: each for each in report.figures}
        share = rate(Variant(row["figure"]), *(found[number] for number in numbers)).value
        return None if share is None else float(share * (declared.per or 1))
    by = (row["dimension"],) if row["dimension"] else ()
    report = await queries.figures(connection, span, by, [row["figure"]])
    figures = [each for each in report.figures if each.number == row["figure"]]  # O23 asks for O23b too
    values = [each.value for each in figures if list(each.dimensions.values()) == [row["code"]] * len(by)]
    assert len(values) == 1
    return values[0]


async def check_values(server: Server, history: list[bytes]) -> None:
    async with a_database(server) as database:
        await kept(database, history)
        look, reader = await database.connect(), await database.connect("me_read")
        exact = {
            (row["figure"], row["period"], row["dimension"], row["code"]): row
            for row in await look.fetch("SELECT * FROM exact_value")
        }
        # Of what is nowhere to be seen a part is enough: to ask for each value anew takes a statement.
        asked = [row for row in exact.values() if row["value"]] + list(exact.values())[::97]
        for row in asked:
            assert row["value"] == await told(look, row), dict(row)
        for row in await reader.fetch("SELECT * FROM figure_value"):
            value = exact[row["figure"], row["period"], row["dimension"], row["code"]]["value"]
            assert row["value"] in {None, value}
            assert (row["value"] is None) == bool({"[c]", "[x]"} & set(row["marks"].split()))
            if "[x]" in row["marks"]:
                assert value is None
            elif value is None:  # a rate or a median of nobody looks like one of few
                assert row["figure"] in OF_SEVERAL


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amended_histories(most=6))
def test_each_value_is_the_one_that_the_commands_give(server: Server, history: list[bytes]) -> None:
    asyncio.run(check_values(server, history))


async def test_a_reader_sees_a_number_from_five_on_and_a_band_below(database: Database) -> None:
    await kept(database, ARRESTS)
    reader = await database.connect("me_read")
    rows = await reader.fetch(f"SELECT value, shown, status, marks_en, title_es FROM figure_value WHERE {WHOLE}")
    assert [tuple(row) for row in rows] == [(7.0, "7", "shown", "", "Personas detenidas")]


async def test_a_computation_that_is_stopped_stores_nothing(database: Database) -> None:
    worker, look, stop = await counted(database, ARRESTS), await database.connect(), asyncio.Event()
    stop.set()
    assert await renew(worker.pool, TODAY, POLICY, stop) is False
    assert not await look.fetchval("SELECT count(*) FROM exact_value")
    assert await renew(worker.pool, TODAY, POLICY) is True


async def test_the_events_have_grown_since_the_values_were_stored(database: Database) -> None:
    worker = await counted(database, ARRESTS)
    assert not await value_renewal._have_grown(worker.pool)  # none are stored yet
    assert await renew(worker.pool, TODAY, POLICY)
    assert not await value_renewal._have_grown(worker.pool)
    await worker.pool.execute("UPDATE values_made SET known_at = known_at / 2")
    assert await value_renewal._have_grown(worker.pool)


async def test_values_of_a_log_that_is_being_caught_up_with_are_not_hurried(database: Database) -> None:
    worker = await counted(database, ARRESTS)
    assert await renew(worker.pool, TODAY, POLICY)
    await worker.pool.execute("UPDATE values_made SET known_at = known_at / 2")
    uncounted = {(0, 0): 1_000_000}
    await worker.store.store_progress({len(ARRESTS) + 1: uncounted})
    assert not await value_renewal._have_grown(worker.pool)
    await worker.store.store_progress({10 * len(ARRESTS): uncounted})
    assert not await value_renewal._have_grown(worker.pool)


async def test_a_quarterly_policy_shows_what_came_late_in_the_next_quarter(database: Database) -> None:
    """Somebody who reads every day learns of no single arrest when it came, and of a release at once."""
    quarterly = parse_disclosure_policy(OURS.read_text(encoding="utf-8").replace("renewed: live", "renewed: quarterly"))
    worker = await counted(database, ARRESTS[:6])
    reader = await database.connect("me_read")
    shown = f"SELECT value, known_at FROM figure_value WHERE {WHOLE}"
    assert await renew(worker.pool, TODAY, quarterly)
    before = await reader.fetchrow(shown)
    await counted(database, ARRESTS)
    for day in (TODAY, date(2025, 3, 31)):
        assert not await renew(worker.pool, day, quarterly)
        assert await reader.fetchrow(shown) == before
    assert await renew(worker.pool, date(2025, 4, 1), quarterly)
    after = await reader.fetchrow(shown)
    assert (tuple(before or ()), tuple(after or ())) == ((6.0, 6), (7.0, 7))
    assert not await renew(worker.pool, date(2025, 6, 30), quarterly)


def a_victim(number: int, district: str, exploitation: str) -> list[bytes]:
    """Give what two agencies say of a person who was identified in 2024. Every second one is a woman."""
    found = {"person": person(number), "status": "suspected", "exploitation": [exploitation]}
    sex = ("female", "male")[number % 2]
    profile = {"person": person(number), "role": "victim", "district": district, "citizenship": ["BZ"], "sex": sex}
    return [
        raw("victim.identified", 2 * number, found, "2024-05-20", agency="dhs"),
        raw("person.profile_recorded", 2 * number + 1, profile, "2024-05-22", agency="bpd"),
    ]


LABOUR: Final = "forced_labour"
WAYS: Final = (LABOUR, "servitude", LABOUR)
VICTIMS: Final = [
    payload
    for number in range(22)
    for payload in a_victim(number, ("belize", "cayo", "toledo")[number % 3], WAYS[number // 8])
]
LATE: Final = [a_victim(number, "cayo", LABOUR) for number in range(22, 29)]
LIVE: Final = parse_disclosure_policy(
    OURS.read_text(encoding="utf-8").replace("late_facts: gathered", "late_facts: live")
)
NUMBER, OF_CAYO, OF_LABOUR = (
    ("O32a", "2024", *row) for row in (("", ""), ("district", "cayo"), ("trafficking_type", LABOUR))
)
Seen = Mapping[tuple[Any, ...], tuple[Any, ...]]


async def look_at(reader: asyncpg.Connection) -> Seen:
    """Read all that `me_read` sees, without the number of events."""
    rows = await reader.fetch("SELECT figure, period, dimension, code, value, shown, status, marks FROM figure_value")
    return {tuple(row)[:4]: tuple(row)[4:] for row in rows}


async def come_late(database: Database, policy: DisclosurePolicy, *, invented: bool = False) -> tuple[Seen, Seen]:
    """Give what a reader sees before and after one more person in Cayo is known late."""
    reader, worker = await database.connect("me_read"), await counted(database, VICTIMS)
    assert await renew(worker.pool, TODAY, policy, invented=invented)
    before = await look_at(reader)
    await counted(database, [*VICTIMS, *LATE[0]])
    assert await renew(worker.pool, TODAY, policy, invented=invented)
    return before, await look_at(reader)


@pytest.mark.parametrize(("policy", "invented"), [(LIVE, False), (POLICY, True)], ids=["live", "invented"])
async def test_two_looks_at_live_values_tell_of_one_victim_who_came_late(
    database: Database, policy: DisclosurePolicy, *, invented: bool
) -> None:
    """The attack: each row moves by one, and together they are that person."""
    before, after = await come_late(database, policy, invented=invented)
    moved = {key: (each[0], after[key][0]) for key, each in before.items() if each != after[key]}
    told = {NUMBER: (22, 23), OF_CAYO: (7, 8), OF_LABOUR: (14, 15)}
    assert {key: moved[key] for key in told} == told


async def test_one_victim_who_comes_late_moves_nothing_that_me_read_sees(database: Database) -> None:
    """Until five have come; and whatever moved on the day of a revision."""
    before, after = await come_late(database, POLICY)
    assert before == after
    assert before[NUMBER][0] == 22
    rows = {dimension for figure, _, dimension, _ in before if figure == "O32a"}
    assert {"district", "trafficking_type"} <= rows
    assert "exploitation" not in rows  # beside `trafficking_type` it would tell who was exploited in two ways
    assert rows.isdisjoint({"sex", "citizenship", "minor_at_exploitation"})  # releases tell them of five years
    reader, look = await database.connect("me_read"), await database.connect()
    exact = "SELECT value FROM exact_value WHERE figure = 'O32a' AND period = '2024' AND code = ''"
    assert await look.fetchval(exact) == 23
    known_at = "SELECT DISTINCT known_at FROM figure_value WHERE figure = ANY ($1) AND period = '2024'"
    assert [row[0] for row in await reader.fetch(known_at, ["O32a"])] == [44]
    assert [row[0] for row in await reader.fetch(known_at, ["O9", "M1"])] == [46]

    worker = await counted(database, [*VICTIMS, *(payload for each in LATE[:5] for payload in each)])
    assert await renew(worker.pool, TODAY, POLICY)
    five = await look_at(reader)
    assert [five[key][0] for key in (NUMBER, OF_CAYO, OF_LABOUR)] == [27, 12, 19]
    assert await reader.fetchval(f"{known_at} AND dimension = ''", ["O32a"]) == 54


async def test_a_number_is_compared_with_what_a_release_told(database: Database) -> None:
    """The committee saw 22, and the release says 24. Beside it 27 would tell that three came since."""
    reader, worker = await database.connect("me_read"), await counted(database, VICTIMS)
    assert await renew(worker.pool, TODAY, POLICY)
    await insert_release(database, "O32a", 24, known_at=48)
    await database.alter(
        "INSERT INTO release_step (release, step, account, at, event) VALUES (1, 'sent', 'a', now(), '{}')"
    )
    for late, told in ((5, 22), (7, 29)):
        await counted(database, [*VICTIMS, *(payload for each in LATE[:late] for payload in each)])
        assert await renew(worker.pool, TODAY, POLICY)
        assert (await look_at(reader))[NUMBER][0] == told


async def test_a_revision_of_the_policy_tells_everything_anew_once(database: Database) -> None:
    before, _ = await come_late(database, POLICY)
    revision = parse_disclosure_policy(OURS.read_text(encoding="utf-8").replace("revision: 1", "revision: 2"))
    worker, reader = await counted(database, []), await database.connect("me_read")
    assert await renew(worker.pool, TODAY, revision)
    told = await look_at(reader)
    assert (before[NUMBER][0], told[NUMBER][0], told[OF_CAYO][0]) == (22, 23, 8)
    await counted(database, [*VICTIMS, *LATE[0], *LATE[1]])
    assert await renew(worker.pool, TODAY, revision)
    assert await look_at(reader) == told


async def test_late_facts_that_are_live_again_are_gathered_from_then_on(database: Database) -> None:
    await come_late(database, POLICY)
    worker, look = await counted(database, []), await database.connect()
    assert await look.fetchval("SELECT count(*) FROM told_value")
    assert await renew(worker.pool, TODAY, LIVE)
    assert not await look.fetchval("SELECT count(*) FROM told_value")
    assert await renew(worker.pool, TODAY, POLICY)
    reader = await database.connect("me_read")
    assert (await look_at(reader))[NUMBER][0] == 23
    assert await look.fetchval("SELECT max(known_at) FROM told_value") == 46


async def test_what_was_told_by_another_definition_is_compared_with_nothing(database: Database) -> None:
    worker = await counted(database, VICTIMS)
    assert await renew(worker.pool, TODAY, POLICY)
    await database.alter("UPDATE told_value SET definition = definition - 1 WHERE figure = 'O32a'")
    await counted(database, [*VICTIMS, *LATE[0]])
    assert await renew(worker.pool, TODAY, POLICY)
    reader = await database.connect("me_read")
    assert (await look_at(reader))[NUMBER][0] == 23


async def test_few_are_a_band_with_the_mark_in_words(database: Database) -> None:
    """Two were arrested; of a year that is told exactly, as the public is told it, and of a quarter it is not."""
    await kept(database, HISTORY)
    reader = await database.connect("me_read")
    columns = "value, shown, status, marks, marks_en, marks_es"
    row = await reader.fetchrow(f"SELECT {columns} FROM figure_value WHERE {WHOLE.replace('O9', 'R10a')}")
    assert tuple(row or ()) == (None, "0-4", "confidential", "[c]", "confidential", "confidencial")
    quarters = await reader.fetch(f"SELECT shown FROM figure_value WHERE {WHOLE.replace('2024', '2024-Q1')}")
    assert [each["shown"] for each in quarters] == ["[c]"]


async def test_a_nought_looks_like_a_few(database: Database) -> None:
    await kept(database, HISTORY)
    reader = await database.connect("me_read")
    rows = await reader.fetch("SELECT shown FROM figure_value WHERE figure = 'O32a' AND period IN ('2023', '2024')")
    assert {each["shown"] for each in rows} == {"0-4"}
    noughts = await reader.fetch("SELECT figure, dimension, period FROM figure_value WHERE value = 0")
    rules = rules_of(POLICY)
    protected = [row for row in noughts if row["figure"] not in rules.open]
    assert protected
    assert {(row["figure"], row["dimension"]) for row in protected} <= rules.yearly
    assert not [row for row in protected if "-" in row["period"]]


async def insert_release(database: Database, figure: str, value: int, known_at: int) -> None:
    """Store a public release of 2024, without a step, that tells one number of persons."""
    head = ReleaseHead(release=1, edition=ReleaseEdition.PUBLIC, period="2024", known_at=known_at, code="v", policy="p")
    row = ReleaseRow(
        figure=figure,
        period="2024",
        dimensions={},
        unit="persons",
        version=2,
        known_at=known_at,
        form=ShownForm.EXACT,
        value=value,
    )
    document = Artefact(head=head, rows=(row,)).document().hex()
    await database.alter(
        f"INSERT INTO release SELECT 1, 'public', '2024', {known_at}, d, sha256(d), '{{}}'"
        f" FROM decode('{document}', 'hex') AS d"
    )


async def test_a_value_that_moved_since_it_was_released_is_marked_as_revised(database: Database) -> None:
    """A withdrawn release binds nobody."""
    worker = await counted(database, ARRESTS)
    await insert_release(database, "O9", 6, known_at=5)
    reader = await database.connect("me_read")
    for step, more, marks in (("published", "NULL, 9", "[r]"), ("withdrawn", "'replaced', NULL", "")):
        reason, n = more.split(", ")
        await database.alter(
            "INSERT INTO release_step (release, step, account, at, reason, n) "
            f"VALUES (1, '{step}', 'a', now(), {reason}, {n})"
        )
        assert await renew(worker.pool, TODAY, POLICY)
        assert await reader.fetchval(f"SELECT marks FROM figure_value WHERE {WHOLE}") == marks
        assert await reader.fetchval(f"SELECT marks FROM figure_value WHERE {WHOLE.replace('O9', 'O1a')}") != "[r]"


async def test_no_period_is_shorter_than_a_quarter_or_goes_on(database: Database) -> None:
    await kept(database, ARRESTS)
    reader = await database.connect("me_read")
    rows = await reader.fetch("SELECT DISTINCT first_day, last_day FROM figure_value")
    assert rows
    assert min((row["last_day"] - row["first_day"]).days for row in rows) >= 89
    assert max(row["last_day"] for row in rows) < TODAY


async def test_the_plan_of_a_question_tells_no_more_than_its_answer(database: Database) -> None:
    """Rows that are left out would be counted in a plan: what the reader asks holds none."""
    await kept(database, HISTORY)
    reader = await database.connect("me_read")
    plan = await reader.fetch("EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM figure_value WHERE figure = 'O9'")
    text = "\n".join(row[0] for row in plan)
    assert "protected_value" in text
    assert not {name for name in ("cell", "exact_value", "ledger") if name in text}


async def an_officer(database: Database) -> asyncpg.Connection:
    """Log in as a named officer: a role of the test's own database server, made once."""
    admin = await asyncpg.connect(database.server.of_admin(database.name))
    await admin.execute(
        "DO $$ BEGIN CREATE ROLE me_officer_ana LOGIN PASSWORD 'invented' IN ROLE me_officer;"
        " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    await admin.execute(f"GRANT CONNECT ON DATABASE {database.name} TO me_officer")
    await admin.close()
    host = database.server.admin.rpartition("@")[2].partition("/")[0]
    connection = await asyncpg.connect(
        f"postgresql://me_officer_ana:invented@{host}/{database.name}", server_settings={"search_path": "reporting"}
    )
    database.stack.push_async_callback(connection.close)
    return connection


async def test_an_officer_sees_exact_figures_of_a_question_that_stays_on_record(database: Database) -> None:
    await kept(database, HISTORY)
    officer, auditor = await an_officer(database), await database.connect("auditor")
    exact = f"SELECT value FROM figure_exact WHERE {WHOLE}"
    assert await officer.fetch(exact) == []
    taken_back = officer.transaction()
    await taken_back.start()
    await officer.execute("SELECT ask_exact('O9', 'a look that leaves no trace')")
    assert await officer.fetch(exact) == []
    await taken_back.rollback()
    await officer.execute("SELECT ask_exact('O9, O13', 'table for the Institute')")
    assert [row["value"] for row in await officer.fetch(exact)] == [2.0]
    assert {row["figure"] for row in await officer.fetch("SELECT figure FROM figure_exact")} == {"O9", "O13a", "O13b"}
    months = await officer.fetch(
        "SELECT sum(value) FROM figure_exact WHERE figure = 'O9' AND dims = '{}' AND period ~ '^2024-[0-9]{2}$'"
    )
    assert months[0][0] == 2.0
    [noted] = await auditor.fetch("SELECT login, figures, reason FROM exact_question")
    assert tuple(noted) == ("me_officer_ana", ["O9", "O13"], "table for the Institute")
    await database.alter("UPDATE exact_question SET at = at - interval '16 minutes'")
    assert await officer.fetch(exact) == []
    for statement in ("DELETE FROM exact_question", "SELECT * FROM exact_value", "SELECT * FROM figure_cell"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await officer.execute(statement)


async def test_an_auditor_sees_the_ledger_s_columns_without_what_events_say(database: Database) -> None:
    await kept(database, HISTORY)
    auditor, look = await database.connect("auditor"), await database.connect()
    rows = await auditor.fetch("SELECT * FROM ledger_entry ORDER BY n, kind, entity")
    assert len(rows) == await look.fetchval("SELECT count(*) FROM ledger")
    assert not {key for key in dict(rows[0]) if "payload" in key}
    assert {row["sha256"] for row in rows} == {
        row["digest"] for row in await look.fetch("SELECT encode(sha256(payload), 'hex') AS digest FROM ledger")
    }
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await auditor.fetch("SELECT payload FROM ledger")


async def test_the_pages_read_for_a_program_what_me_read_sees(database: Database) -> None:
    await kept(database, ARRESTS)
    nobody: Any = None
    figures = Figures(await database.pool("web"), nobody, "v1")
    reader = await database.connect("me_read")
    for period, dimension in (("2024", ""), ("2024", "sex"), ("2024-Q1", "")):
        found = await figures.protected(typed(period), dimension, list(FIGURES))
        rows = await reader.fetch(
            "SELECT figure, code, value, shown, marks, marks_en, marks_es, known_at FROM figure_value"
            " WHERE period = $1 AND dimension = $2 AND NOT figure = ANY ($3)",
            *(period, dimension, [each.value for each in Variant]),
        )
        assert found is not None
        assert {(found.known_at, *each) for each in found.values} == {(row[-1], *row[:-1]) for row in map(tuple, rows)}
        assert found.values or dimension  # each row of the breakdown is small
    for period in ("2024-03", "2024-01..2024-06", "2025", "FY2024"):  # months, parts, and what has not ended
        assert await figures.protected(typed(period), "", ["O9"]) is None
