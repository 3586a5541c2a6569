"""The year's figures by the pure path alone: what intake would accept, folded, counted and read, is what is printed."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest

from schemas.codebook.maps import HTI_SERVICES
from schemas.codec import decode
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from services.demo.invented_year import history
from services.demo.plan_indicators import INDICATORS
from services.demo.supported_persons import SUPPORTED
from services.presentation.report_2024_numbers import PRINTED
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger.facts_ever_in_force import amends
from tests.unit.demo.counted_year import accepted, counted, disagreeing


def test_every_printed_number_is_reached() -> None:
    lines = counted(accepted())
    assert [line for line in lines if line.agrees is False] == []
    assert sum(line.agrees is True for line in lines) == sum(printed.value is not None for printed in PRINTED)


def test_what_is_not_printed_is_computed_and_agrees_with_nothing() -> None:
    of = {line.printed.number: line for line in counted(accepted()) if line.printed.value is None}
    assert {"O1b", "O13b"} <= of.keys()
    assert (of["O1b"].computed or 0) > 18  # those of earlier years are still open
    assert (of["O13b"].computed, of["O13b"].unknown) == (2, 1)
    assert all(line.agrees is None for line in of.values())


def test_the_order_of_arrival_and_what_is_sent_twice_change_nothing() -> None:
    events = accepted()
    assert counted([*reversed(events), *events]) == counted(events)


def test_the_services_with_hti_are_those_that_its_five_words_name() -> None:
    meant = {each.value for several in HTI_SERVICES.values() for each in several}
    assert {kind for each in SUPPORTED for kind, _ in each.services} == meant
    assert sum(len(each.services) for each in SUPPORTED) == 42


WITHOUT: dict[str, tuple[set[str], ...]] = {
    "event.corrected": (
        {"O9", "O12"},  # the date of the year before
        {"M1"},  # the number, the second time; of the first, the second is a later statement
        set(),
        set(),  # in vain: it was taken back
    ),
    "event.retracted": ({"O27a", "O27b"}, {"O9"}, {"O9", "O12", "O16"}),
    "person.merged": ({"O9", "O12"}, set()),
    "activity.merged": ({"M1", "M2"}, {"M14"}),
    "case.merged": ({"O1a", "O7"},),
}


def test_without_any_one_of_the_changes_that_stand_a_figure_differs() -> None:
    events = accepted()
    found: dict[str, list[set[str]]] = defaultdict(list)
    for change in filter(amends, events):
        name = change.type.removeprefix("bz.atips.").removesuffix(".v1")
        found[name].append(disagreeing(counted(each for each in events if each is not change)))
    for name, moved in WITHOUT.items():
        assert sorted(map(sorted, found.pop(name))) == sorted(map(sorted, moved)), name
    assert not found


def test_one_change_comes_before_what_it_changes() -> None:
    sent = [entry.ref for entry in history() if entry.expected == "accepted"]
    early = [each for each in accepted() if each.supersedes in sent[sent.index(each.ref) :]]
    assert [each.type for each in early] == ["bz.atips.event.retracted.v1"]


def test_a_correction_states_the_fact_as_it_is_printed() -> None:
    """The guard of the corrections: had one of them the same words as its target, it would show nothing."""
    events = {each.ref: each for each in accepted()}
    for each in events.values():
        if isinstance(each, EventCorrectedV1):
            target = events[each.supersedes]
            said = target.replacement() if isinstance(target, EventCorrectedV1) else target
            assert (said.occurred, said.data) != (each.occurred, each.replacement().data)


def without(type_name: str) -> Callable[[Event], Event | None]:
    return lambda event: None if event.type == f"bz.atips.{type_name}.v1" else event


def data(type_name: str, **changes: object) -> Callable[[Event], Event]:
    def change(event: Event) -> Event:
        if event.type != f"bz.atips.{type_name}.v1":
            return event
        return event.model_copy(update={"data": event.data.model_copy(update=changes)})

    return change


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (without("investigation.opened"), {"O1a", "O7"}),
        (without("investigation.closed"), {"O7"}),
        (without("case.closed"), {"O7"}),
        (without("case.review_provided"), {"O18"}),
        (without("arrest.made"), {"O9", "O12"}),
        (without("charge.filed"), {"O16"}),
        (without("verdict.returned"), {"O13a", "O13b", "O16"}),
        (without("person.profile_recorded"), {"O11", "O13a", "O14a", "O16"}),
        (data("screening.completed", requested_by="bpd"), {"O6a", "O6b"}),
        (data("labour.inspection_completed", focus=()), {"O27a", "O27b"}),
        (data("training.session_delivered", programmes=("iec_plan",)), {"M1", "M3", "M4", "M5b"}),
    ],
)
def test_one_changed_event_makes_the_figures_of_its_type_disagree(
    change: Callable[[Event], Event | None], moved: set[str]
) -> None:
    """The guard itself: only the first event of 2024 that the change touches is changed, and it is seen."""
    events = accepted()
    seen: set[str] = set()
    for position, event in enumerate(events):
        changed = change(event)
        if changed is event:
            continue
        kept = [*events[:position], *([changed] if changed is not None else []), *events[position + 1 :]]
        seen |= disagreeing(counted(kept))
        if seen == moved:
            return
    assert seen == moved


def test_another_number_in_the_table_or_another_unit_disagrees() -> None:
    line = next(line for line in counted(accepted()) if line.printed.number == "O9")
    assert line.agrees is True
    assert replace(line, computed=8).agrees is False
    assert replace(line, unit="cases").agrees is False
    assert replace(line, unknown=1).agrees is False


def test_the_refused_ones_would_have_moved_a_figure() -> None:
    foreign = next(entry for entry in history() if entry.expected == "refused" and entry.agency == "immigration")
    assert disagreeing(counted([*accepted(), decode(foreign.value)])) == {"O6a"}


def test_the_table_of_printed_numbers_is_of_declared_figures_and_names_each_once() -> None:
    for printed in PRINTED:
        figure = FIGURES[printed.number]
        assert figure.unit.value == printed.unit
        assert any(set(breakdown) == printed.dimensions.keys() for breakdown in figure.breakdowns)
    places = [(printed.number, tuple(sorted(printed.dimensions.items()))) for printed in PRINTED]
    assert len(places) == len(set(places))
    # G counts the reporting itself, of which the report says nothing.
    assert {printed.number for printed in PRINTED} == {number for number in FIGURES if number[0] != "G"}


def test_parts_of_the_report_add_up() -> None:
    """The printed rows of one table make its total (domain.md, V1 and V2); teachers stand twice, as one number."""
    rows = {frozenset(row.dimensions.items()): row.value for row in PRINTED if row.number == "M1"}
    assert rows.pop(frozenset()) == sum(value or 0 for value in rows.values())
    value = {printed.number: printed.value for printed in PRINTED if not printed.dimensions}
    assert value["M2"] == rows[frozenset({("audience", "teachers")})]
    assert (value["O27b"] or 0) <= (value["O27a"] or 0)


def test_the_strategys_indicators_show_with_levels_that_the_report_prints_elsewhere() -> None:
    """Their levels are numbers of the year; what was overtaken, or is of 2025, is in none of them."""
    lines = {(each.printed.number, *each.printed.dimensions.values()): each.computed for each in counted(accepted())}
    assert (lines["P11a",], lines["P11a", "reached"], lines["P11a", "short"]) == (4, 2, 2)
    assert (lines["P11b",], lines["P11c",]) == (57_000_000, 55_345_000)
    levels = {each.area: each.level for each in INDICATORS}
    assert levels == {
        "prevention": lines["M1",],
        "protection": lines["O19a",],
        "prosecution": lines["O13a",],
        "partnership": lines["P3a",],
    }
    assert all(lines["M12a", kind] for kind in ("police_officer", "social_worker", "coordinator", "ngo", "igo"))
    assert (lines["O27c",], lines["O27d", "no"], lines["O27e", "no"]) == (33, 24, 1)
