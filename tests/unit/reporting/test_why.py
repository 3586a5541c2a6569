"""`why` and `diff` on a real ledger: they agree with the figures, and name who moved what."""

import asyncio
import json
from collections import Counter
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import Dims
from services.reporting.domain.declaration.batch_and_item_totals import sum_without_overlaps
from services.reporting.domain.declaration.figure import Nature, Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.evidence import Question
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.read import figure_changes_between_event_numbers as module
from services.reporting.read import queries
from services.reporting.read.figure_changes_between_event_numbers import (
    DifferenceQuestion,
    FigureDifference,
    differences,
)
from services.reporting.read.queries import Edition, NoEdition
from services.reporting.read.why import why
from services.reporting.read.why_answer import WhyAnswer
from services.runtime.postgres import borrow_connection
from tests.unit.reporting.amended_histories import amended_histories, corrected, merged, retracted, ruled
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, YEAR, RoutedLog, Worker
from tests.unit.reporting.samples import RECORDED, an_id, at, event_id, person, raw
from tests.unit.reporting.test_as_of_editions import counted, silent
from tests.unit.reporting.test_changes import an_arrest, arrested
from tests.unit.reporting.test_handlers import an_inspection

FAST: Final = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def explained(
    worker: Worker, number: str, by: tuple[str, ...] = (), known_at: int | None = None, period: Period = YEAR
) -> WhyAnswer:
    async with borrow_connection(worker.pool) as connection:
        return await why(connection, DEPLOYMENT, Question(FIGURES[number], period, by), known_at, silent)


async def moved(worker: Worker, before: int, after: int, asked: DifferenceQuestion) -> list[FigureDifference]:
    for n in (before, after):
        await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n)], silent)
    async with borrow_connection(worker.pool) as connection:
        return await differences(connection, DEPLOYMENT, (Edition("v1", before), Edition("v1", after)), asked, silent)


def told(found: list[FigureDifference]) -> dict[str, tuple[int, int, list[int]]]:
    return {
        each.after.number: (each.before.amount, each.after.amount, [event.told.n for event in each.events])
        for each in found
    }


def brought(answer: WhyAnswer) -> Counter[Dims]:
    """The amounts of all events together, by what they are of."""
    sums: Counter[Dims] = Counter()
    for each in answer.events:
        sums.update(each.evidence.amounts)
    return +sums


def together(answer: WhyAnswer) -> int:
    """Return the amount that the events behind a figure make, by how the figure is read."""
    figure, sums = answer.question.figure, brought(answer)
    over = {dict(dims).get(figure.over or "", ""): amount for dims, amount in sums.items()}
    match figure.reader:
        case Reader.NONZERO:
            return len(over)
        case Reader.COHORT:  # a person of two cases is behind the figure twice, and counts once
            return len(over)
        case Reader.LARGEST:  # those who stand highest alone are behind it
            (largest,) = set(over.values()) or {0}
            return largest
        case Reader.MAXIMUM:
            return max(map(int, over), default=0)
        case Reader.TOTALS:  # of a batch and what lies within it the larger number
            return sum_without_overlaps(over)
        case _:
            return sum(sums.values())


async def test_a_victim_of_two_cases_is_behind_the_figure_with_both_and_counts_once(database: Database) -> None:
    history: list[bytes] = []
    for number in (1, 2):
        of = {"case": an_id(Kind.CASE, number)}
        history += [
            raw("investigation.opened", 2 * number, of),
            raw("victim.identified", 2 * number + 1, of | {"person": person(0), "status": "suspected"}),
        ]
    answer = await explained(await counted(database, history), "O3")
    assert answer.readings[0].amount == together(answer) == 1
    assert sum(sum(each.evidence.amounts.values()) for each in answer.events) == 2


async def test_a_batch_and_what_lies_within_it_are_both_behind_the_figure(database: Database) -> None:
    one: dict[str, Any] = {"inspection": an_id(Kind.ACTIVITY, 1)}
    batch: dict[str, Any] = {"inspection": an_id(Kind.ACTIVITY, 2), "count": 3, "count_basis": "inspections"}
    history = [raw("labour.inspection_completed", n, each, agency="labour") for n, each in enumerate((one, batch))]
    answer = await explained(await counted(database, history), "O27a")
    assert answer.readings[0].amount == together(answer) == 3
    assert sum(sum(each.evidence.amounts.values()) for each in answer.events) == 4


@FAST
@given(amended_histories(most=7))
def test_why_gives_every_figure_and_amounts_that_make_it(server: Server, history: list[bytes]) -> None:
    async def law() -> None:
        async with a_database(server) as database:
            worker, reader = await counted(database, history), await database.connect("officer")
            report = await queries.figures(reader, YEAR)
            for reading in report.figures:
                answer = await explained(worker, reading.number)
                assert answer.readings == [reading]
                if reading.figure.nature is Nature.REGISTRY:
                    assert not answer.events
                    assert not answer.beside
                    continue
                assert together(answer) == (
                    reading.ended if reading.figure.reader is Reader.QUANTILE else reading.amount
                )
                assert bool(reading.amount) <= bool(answer.events)
            half = len(history) // 2
            await ensure(worker.pool, DEPLOYMENT, [Edition("v1", half)], silent)
            past = await queries.figures(reader, YEAR, numbers=["O9"], edition=Edition("v1", half))
            assert tuple((await explained(worker, "O9", known_at=half)).readings) == past.figures

    asyncio.run(law())


async def check_differences(server: Server, history: list[bytes], by: tuple[str, ...]) -> None:
    async with a_database(server) as database:
        worker, reader = await counted(database, history), await database.connect("officer")
        half, whole = len(history) // 2, len(history)
        found = await moved(worker, half, whole, DifferenceQuestion(YEAR, by))
        sides = [await queries.figures(reader, YEAR, by, edition=Edition("v1", n)) for n in (half, whole)]
        amounts = [
            {(each.number, str(each.dimensions)): each.amount for each in side.figures if each.amount} for side in sides
        ]
        keys = {key for key in {**amounts[0], **amounts[1]} if amounts[0].get(key) != amounts[1].get(key)}
        changed = {(each.after.number, str(each.after.dimensions)): each for each in found}
        assert {key for key, each in changed.items() if each.before.amount != each.after.amount} == keys
        for key, each in changed.items():
            assert (each.before.amount, each.after.amount) == (amounts[0].get(key, 0), amounts[1].get(key, 0))
            assert each.events
            assert all(half < event.told.n <= whole and event.entities for event in each.events)


@FAST
@given(amended_histories(most=8))
def test_diff_gives_every_difference_with_events_in_between(server: Server, history: list[bytes]) -> None:
    for by in ((), ("sex",)):
        asyncio.run(check_differences(server, history, by))


async def test_the_law_catches_a_diff_that_names_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    history = [an_arrest(0, 0), an_arrest(1, 1)]
    await check_differences(server, history, ())
    monkeypatch.setattr(module, "_moved", lambda *_: iter(()))
    with pytest.raises(AssertionError):
        await check_differences(server, history, ())


async def test_why_tells_of_the_register_and_of_the_corrections(database: Database) -> None:
    history = [
        an_arrest(0, 0, "2023-05-10"),
        numbered(corrected(1, 0, "arrest.made", arrested(0, 0), "2024-05-10"), "2024/9"),
        an_arrest(2, 1, "2023-01-01"),
    ]
    answer = await explained(await counted(database, history), "O9")
    (found,) = [each.plain() for each in answer.events]
    assert (found["n"], found["entity"], found["type"]) == (1, person(0), "bz.atips.arrest.made.v1")
    assert (found["happened"][:10], found["precision"]) == ("2024-05-10", "day")
    assert found["register_number"] == "2024/9", "which only the correction says"
    assert found["amounts"] == [{"dimensions": {}, "amount": 1}]
    (correction,) = found["corrections"]
    assert (correction["n"], correction["reason"], correction["type"][-12:]) == (2, "entry_error", "corrected.v1")
    assert (correction["states"], correction["ruling"]) == (found["type"], None)
    first = found["first_told"]
    assert (first["happened"][:10], first["type"]) == ("2023-05-10", found["type"])


def numbered(event: bytes, number: str) -> bytes:
    return json.dumps({**json.loads(event), "sourcerecord": number}).encode()


async def test_why_tells_between_which_days_and_when_it_was_recorded(database: Database) -> None:
    worker = await counted(database, [raw("arrest.made", 0, arrested(0, 0), at("2024-05-10", "2024-05-12"))])
    (found,) = [each.plain() for each in (await explained(worker, "O9")).events]
    assert (found["happened"][:10], found["happened_to"][:10]) == ("2024-05-10", "2024-05-12")
    assert found["recorded"] == RECORDED


async def test_why_keeps_the_first_register_number_and_names_the_ruling(database: Database) -> None:
    change = ruled(corrected(1, 0, "arrest.made", arrested(0, 1), "2024-05-11"))
    history = [numbered(an_arrest(0, 0), "2024/117"), numbered(change, "2025/R3"), an_arrest(2, 2)]
    worker = await counted(database, history)
    by_ruling, plain = sorted(
        (each.plain() for each in (await explained(worker, "O9")).events), key=lambda each: each["n"]
    )
    # Under the person whom the correction names only the correction stands; what was told first is found all the same.
    assert (by_ruling["n"], by_ruling["entity"], by_ruling["register_number"]) == (1, person(1), "2024/117")
    assert (by_ruling["happened"][:10], by_ruling["first_told"]["happened"][:10]) == ("2024-05-11", "2024-05-10")
    (correction,) = by_ruling["corrections"]
    assert (correction["agency"], correction["register_number"]) == ("council", "2025/R3")
    assert correction["ruling"].startswith("odpp/")
    assert plain["first_told"] is None


async def test_why_of_a_correction_of_what_has_not_come_and_then_comes(database: Database) -> None:
    change = corrected(1, 0, "arrest.made", arrested(0, 1), "2024-05-11")
    worker = await counted(database, [change, an_arrest(0, 0)])
    (found,) = [each.plain() for each in (await explained(worker, "O9", known_at=1)).events]
    assert (found["n"], found["first_told"], [each["n"] for each in found["corrections"]]) == (1, None, [1])
    assert (found["type"], found["corrections"][0]["states"]) == ("bz.atips.arrest.made.v1",) * 2
    (found,) = [each.plain() for each in (await explained(worker, "O9", known_at=2)).events]
    assert (found["n"], found["first_told"]["happened"][:10]) == (2, "2024-05-10")


def naming(number: int, who: int, victims: list[int], when: str = "2024-05-10") -> bytes:
    data: dict[str, Any] = {**arrested(number, who), "linked_victims": [person(each) for each in victims]}
    return raw("arrest.made", number, data, when)


async def test_why_of_a_maximum_tells_of_whoever_stands_highest(database: Database) -> None:
    history = [naming(0, 0, [6]), naming(1, 1, [5, 6]), naming(2, 2, [7])]
    worker = await counted(database, history)
    answer = await explained(worker, "R26")
    assert (answer.readings[0].amount, {each.entity for each in answer.events}) == (2, {person(1)})


async def test_why_of_the_largest_tells_of_all_who_are_tied_to_that_one(database: Database) -> None:
    history = [naming(0, 0, [6]), naming(1, 1, [5, 6]), naming(2, 2, [7])]
    answer = await explained(await counted(database, history), "O12")
    assert answer.readings[0].amount == 2
    assert {each.entity for each in answer.events} == {person(0), person(1)}
    assert list(brought(answer).values()) == [2], "of one and the same victim, without the other"


async def test_why_and_diff_of_the_latest_tell_of_the_strategy_that_replaced_the_other(database: Database) -> None:
    strategies = [an_id(Kind.ACTIVITY, number) for number in (1, 2)]
    said = ((strategies[0], 2022, 4, "2022-03-01"), (strategies[1], 2024, 5, "2024-06-01"))
    history = [
        raw("strategy.adopted", n, {"strategy": each, "first_year": first, "last_year": 2028, "areas_n": areas}, when,
            agency="council")
        for n, (each, first, areas, when) in enumerate(said)
    ]  # fmt: skip
    worker = await counted(database, history)
    answer = await explained(worker, "P1a")
    assert (answer.readings[0].amount, together(answer)) == (5, 5)
    assert {each.entity for each in answer.events} == {strategies[1]}
    (found,) = await moved(worker, 1, 2, DifferenceQuestion(YEAR, numbers=("P1a",)))
    assert (found.before.amount, found.after.amount) == (4, 5)
    assert {name for event in found.events for name in event.entities} == {strategies[1]}


async def test_why_lists_further_events_that_say_the_same_and_hides_those_that_are_not_seen(database: Database) -> None:
    history = [an_arrest(number, 0, arrest=0) for number in range(4)]
    answer = await explained(await counted(database, history), "O9")
    assert [each.plain()["n"] for each in answer.events] == [1, 4]
    assert [(each.plain()["n"], each.plain()["amounts"]) for each in answer.further] == [(2, []), (3, [])]
    assert len(answer.refs) == len(answer.shown) == 4
    answer.keep(lambda ref, *_: not ref.endswith(event_id(1)))
    assert [each.plain()["n"] for each in answer.further] == [3]
    assert answer.hidden.plain() == {"events": 0, "beside": 1, "amounts": []}


async def test_why_of_the_largest_has_no_further_events_of_others(database: Database) -> None:
    history = [naming(0, 0, [6]), naming(1, 1, [5, 6]), naming(2, 2, [7]), naming(3, 2, [7]), naming(4, 2, [7])]
    answer = await explained(await counted(database, history), "O12")
    assert {each.entity for each in answer.further} <= {each.entity for each in answer.events}


async def test_why_lists_what_is_beside_the_amount(database: Database) -> None:
    history = [
        an_arrest(0, 0, "2024-05-10"),
        an_arrest(1, 0, ""),  # of somebody who counts on another day, and so is not listed
        an_arrest(2, 1, ""),
        an_arrest(3, 1, ""),
        an_arrest(4, 2, "2024"),
        an_arrest(5, 3, "2024"),
        retracted(6, 5, person(3)),
        corrected(7, 3, "arrest.made", arrested(3, 1), ""),
    ]
    period = Period.parse("2024-05")
    answer = await explained(await counted(database, history), "O9", period=period)
    (reading,) = answer.readings
    assert (reading.amount, reading.undated, reading.cut) == (1, 1, 1)
    beside = [(what, each.plain()["n"], len(each.ways)) for what, each in answer.beside]
    assert sorted(beside) == [("cut", 5, 0), ("undated", 3, 0), ("undated", 4, 1)]
    assert [each.plain()["n"] for each in answer.events] == [1]


async def test_why_of_what_is_beside_the_amount_tells_what_stood_under_somebody_else(database: Database) -> None:
    history = [an_arrest(0, 0), corrected(1, 0, "arrest.made", arrested(0, 1), "")]
    ((what, behind),) = (await explained(await counted(database, history), "O9")).beside
    found = behind.plain()
    assert (what, found["n"], found["entity"], found["happened"]) == ("undated", 1, person(1), None)
    assert found["first_told"]["happened"][:10] == "2024-05-10"


async def test_why_lists_what_nobody_counted(database: Database) -> None:
    batch = {"inspection": an_id(Kind.ACTIVITY, 1), "count": 7, "count_basis": "estimate"}
    history = [raw("labour.inspection_completed", 0, batch, agency="labour")]
    answer = await explained(await counted(database, history), "O27a")
    assert (answer.readings[0].unknown, answer.readings[0].amount, answer.events) == (1, 0, [])
    assert [what for what, _ in answer.beside] == ["unknown"]


async def test_why_tells_how_far_it_is_among_the_rows_of_its_kind(database: Database) -> None:
    worker, done = await counted(database, [an_arrest(0, 0), an_arrest(1, 1), an_inspection(2, 7)]), []
    async with borrow_connection(worker.pool) as connection:
        question = Question(FIGURES["O9"], YEAR)
        await why(connection, DEPLOYMENT, question, None, lambda *so_far: done.append(so_far))
    assert done == [(1, 2), (2, 2)]


async def test_why_counts_whom_it_withholds(database: Database) -> None:
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    log.write(an_arrest(0, 0))
    log.put(next(iter(DEPLOYMENT.logs)), person(0).encode(), an_arrest(7, 5), number=b"1")
    await worker.drain(log)
    answer = await explained(worker, "O9")
    assert (answer.withheld, answer.events) == (1, [])


async def test_diff_explains_a_late_a_corrected_a_retracted_and_a_merged_event(database: Database) -> None:
    history = [
        *(an_arrest(number, number) for number in range(4)),
        raw("investigation.opened", 4, {"case": an_id(Kind.CASE, 1)}),
    ]
    changes = [
        an_arrest(5, 4),
        corrected(6, 0, "arrest.made", arrested(0, 0), "2023-05-10"),
        retracted(7, 1, person(1)),
        merged(8, person(2), person(3)),
    ]
    later = an_arrest(9, 4)  # of one who moved before: no reason for what was known then
    worker = await counted(database, [*history, *changes, later])
    assert told(await moved(worker, 5, 6, DifferenceQuestion(YEAR)))["O9"] == (4, 5, [6])
    assert told(await moved(worker, 6, 7, DifferenceQuestion(YEAR)))["O9"] == (5, 4, [7])
    assert told(await moved(worker, 7, 8, DifferenceQuestion(YEAR)))["O9"] == (4, 3, [8])
    assert told(await moved(worker, 8, 9, DifferenceQuestion(YEAR)))["O9"] == (3, 2, [9])
    whole = await moved(worker, 5, 9, DifferenceQuestion(YEAR))
    assert told(whole)["O9"] == (4, 2, [6, 7, 8, 9])
    assert list(told(whole)) == [number for number in FIGURES if number in told(whole)] != sorted(told(whole))
    assert not await moved(worker, 5, 9, DifferenceQuestion(YEAR, numbers=("O1a",)))
    assert not await moved(worker, 9, 9, DifferenceQuestion(YEAR))
    assert whole[0].events[2].plain()["reason"] == "duplicate"
    (found,) = await moved(worker, 5, 10, DifferenceQuestion(YEAR, numbers=("O9",)))
    assert [(each.told.n, each.entities) for each in found.events if person(4) in each.entities] == [
        (n, (person(4),)) for n in (6, 10)
    ], "each once, however often somebody moved"


async def test_diff_asks_all_who_moved_and_tells_in_the_reports_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    profile = raw("person.profile_recorded", 9, {"person": person(4), "role": "suspect", "sex": "male"})
    worker, so_far = await counted(database, [profile, *(an_arrest(number, number) for number in range(5))]), []
    sides = Edition("v1", 1), Edition("v1", 6)
    await ensure(worker.pool, DEPLOYMENT, sides, silent)
    async with borrow_connection(worker.pool) as connection:
        asked = DifferenceQuestion(YEAR, ("sex",))
        found = await differences(connection, DEPLOYMENT, sides, asked, lambda *step: so_far.append(step))
    assert so_far == [(2, 5), (4, 5), (5, 5)]
    keys = [(list(FIGURES).index(each.after.number), each.after.dimensions["sex"]) for each in found]
    assert keys == sorted(keys)
    arrested_of = {each.after.dimensions["sex"]: each for each in found if each.after.number == "O9"}
    assert [event.told.n for event in arrested_of["absent"].events] == [2, 3, 4, 5]
    assert [event.plain()["entities"] for event in arrested_of["male"].events] == [[person(4)]]


async def test_diff_tells_what_moved_beside_the_amount_alone(database: Database) -> None:
    worker = await counted(database, [an_arrest(0, 0), an_arrest(1, 1, "")])
    (found,) = await moved(worker, 1, 2, DifferenceQuestion(YEAR, numbers=("O9",)))
    assert (found.before.amount, found.after.amount) == (1, 1)
    assert (found.before.undated, found.after.undated) == (0, 1)
    assert [event.told.n for event in found.events] == [2]


async def test_diff_names_who_brings_as_many_as_before_but_others(database: Database) -> None:
    def screened(number: int, nationality: str) -> dict[str, Any]:
        return {
            "screening": an_id(Kind.ACTIVITY, number),
            "count": 1,
            "count_basis": "persons",
            "nationalities": [nationality],
        }

    history = [
        raw("screening.completed", 0, screened(0, "GT")),
        raw("screening.completed", 1, screened(1, "HN")),
        corrected(2, 0, "screening.completed", screened(0, "HN")),
    ]
    worker = await counted(database, history)
    assert told(await moved(worker, 2, 3, DifferenceQuestion(YEAR))) == {"O6b": (2, 1, [3])}


async def test_diff_tells_of_an_event_that_cannot_be_read(database: Database) -> None:
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    log.write(an_arrest(0, 0))
    log.n += 1
    log.put(next(iter(DEPLOYMENT.logs)), person(0).encode(), b"{}", number=b"2")
    await worker.drain(log)
    await worker.store.store_progress(log.progress())
    (found,) = await moved(worker, 1, 2, DifferenceQuestion(YEAR, numbers=("O9",)))
    assert (found.before.amount, found.after.amount) == (1, 0)
    assert [(event.told.n, event.plain()["type"]) for event in found.events] == [(2, None)]


async def test_diff_of_a_maximum_names_who_stood_or_stands_highest(database: Database) -> None:
    history = [naming(0, 0, [5, 6]), naming(1, 1, [5]), naming(2, 2, [6, 7]), naming(3, 3, [5]), naming(4, 4, [8], "")]
    worker = await counted(database, history)

    async def whom(before: int, after: int, number: str = "O12") -> dict[str, set[str]]:
        found = await moved(worker, before, after, DifferenceQuestion(YEAR, numbers=(number,)))
        return {
            f"{each.before.amount} {each.after.amount}": {name for event in each.events for name in event.entities}
            for each in found
        }

    assert await whom(0, 2, "R26") == {"0 2": {person(0)}}, "the other is tied to one alone"
    assert await whom(0, 2) == {"0 2": {person(0), person(1)}}, "both are tied to 5"
    assert await whom(0, 1) == {"0 1": {person(0)}}
    assert await whom(2, 4) == {"2 3": {person(3)}}, "6 comes to 2, which was the most before"
    assert await whom(4, 5) == {"3 3": {person(4)}}, "who stands beside the amount"


async def test_diff_needs_both_editions(database: Database) -> None:
    worker = await counted(database, [an_arrest(0, 0)])
    async with borrow_connection(worker.pool) as connection:
        with pytest.raises(NoEdition):
            await differences(
                connection, DEPLOYMENT, (Edition("v1", 0), Edition("v1", 1)), DifferenceQuestion(YEAR), silent
            )
