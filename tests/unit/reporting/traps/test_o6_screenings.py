"""O6: who asked did not screen, batches add up without persons, and nobody screened is a victim."""

from msgspec import structs

from schemas.codebook.identification import VictimStatus
from schemas.identification import ScreeningCompletedV1
from schemas.identification.victim import VictimIdentified, VictimIdentifiedV1
from services.reporting.domain.facts.fact_owner import CountedStatement
from services.reporting.domain.figures.protection import identified
from services.reporting.domain.figures.protection import screening as part
from services.reporting.domain.figures.protection.identified import state
from services.reporting.domain.ledger import entity_fold
from tests.unit.reporting.figures_of_events import Said, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity, on_behalf, person


def screening(number: int, when: str, agency: str = "bpd", **more: object) -> Said:
    data = {"screening": activity(number), "requested_by": "immigration", **more}
    return "screening.completed", data, when, agency


def batch(number: int, count: int, agency: str = "bpd", **more: object) -> Said:
    return screening(number, "2024-02-21", agency, count=count, count_basis="persons", **more)


def test_who_asked_tells_of_the_same_screening_and_the_number_is_of_who_performed_it() -> None:
    """V12: both publish, and 102 does not become 204."""

    def check() -> None:
        events = batch(1, 102), batch(1, 104, agency="immigration")
        assert reading("O6a", "2024", *events).amount == 102
        assert reading("O6a", "2024", *reversed(events)).amount == 102

    def both(statements: part.Screenings) -> CountedStatement[part.Screening]:
        last = statements.told[-1][1]
        added = sum(each.batch_n or 0 for _, each in statements.told)
        return CountedStatement(structs.replace(last, batch_n=added), by_witness=False)

    holds_only_by((part, "counted_screening"), both, check)


def test_told_by_who_asked_alone_it_counts_and_is_said_to_be_possibly_twice() -> None:
    found = reading("O6a", "2024", batch(1, 24, agency="immigration"), batch(2, 31))
    assert (found.amount, found.twice) == (55, 24)


def test_a_person_of_two_screenings_that_only_who_asked_told_may_be_there_twice_as_one() -> None:
    told = [screening(each, f"2024-02-2{each}", agency="immigration", persons=[person(1)]) for each in (1, 2)]
    found = reading("O6a", "2024", *told)
    assert (found.amount, found.twice) == (1, 1)


def test_a_unit_that_its_agency_asked_performed_the_screening() -> None:
    for_unit = "screening.completed", batch(1, 24, requested_by="bpd")[1], on_behalf("atips_pu", "2024-02-21"), "bpd"
    assert [reading("O6a", "2024", each).twice for each in (for_unit, batch(1, 24, requested_by="bpd"))] == [0, 24]


def test_batches_add_up_without_persons_and_nationalities_do_not() -> None:
    events = batch(1, 24, nationalities=["HN", "GT"]), batch(2, 31, nationalities=["GT", "NI"])
    assert reading("O6a", "2024", *events).amount == 55
    assert reading("O6b", "2024", *events).amount == 3


def test_of_a_batch_and_the_persons_screened_by_name_within_it_the_larger_number_counts() -> None:
    """The office counts a month's persons, and names those of whom it says more: nobody is counted twice."""
    month = {"time": "2024-02-01T00:00:00-06:00", "occurredprecision": "month"}
    told: Said = "screening.completed", batch(1, 3)[1], month, "bpd"
    named = screening(2, "2024-02-20", persons=[person(1), person(2)], outcome="indicators")
    assert reading("O6a", "2024", told, named).amount == 3
    more = screening(3, "2024-02-22", persons=[person(2), person(3), person(4)])
    assert reading("O6a", "2024", told, named, more).amount == 4
    for outside in (
        screening(4, "2024-03-01", persons=[person(5)]),
        screening(4, "2024-02-22", "labour", persons=[person(5)]),
        ("screening.completed", {"screening": activity(4), "persons": [person(5)]}, "2024-02-22", "bpd"),
    ):
        assert reading("O6a", "2024", told, named, outside).amount == 4
    again = screening(4, "2024-03-01", persons=[person(1)])
    assert reading("O6a", "2024", told, named, again).amount == 3


def test_a_person_screened_twice_is_one_person() -> None:
    events = (
        screening(1, "2024-02-01", persons=[person(1), person(2)]),
        screening(2, "2024-08-01", persons=[person(1)]),
    )
    assert reading("O6a", "2024", *events).amount == 2
    assert reading("O6a", "2024-08", *events).amount == 1


def test_persons_screened_are_no_victims_and_victims_found_so_are_another_number() -> None:
    """V8: with indicators or without."""
    events = (
        screening(1, "2024-02-01", persons=[person(1), person(2)], outcome="indicators"),
        ("victim.identified", {"person": person(1), "status": "potential"}, "2024-02-03"),
    )

    def check() -> None:
        assert reading("O6a", "2024", *events).amount == 2
        assert by(readings("O6a", "2024", *events, by=("outcome",))) == {("indicators",): 2}
        assert reading("O32a", "2024", *events).amount == 1

    def as_identified(who: str, held: state.Identified, event: ScreeningCompletedV1) -> state.Identified:
        said = VictimIdentified(person=who, status=VictimStatus.POTENTIAL)
        return state.victim_identified(who, held, VictimIdentifiedV1.model_construct(**{**dict(event), "data": said}))

    screened_are_victims = {("per", "bz.atips.screening.completed.v1"): ((identified.PART, as_identified),)}
    holds_only_by((entity_fold, "_STEPS"), vars(entity_fold)["_STEPS"] | screened_are_victims, check)


def test_an_estimate_is_no_number_of_persons() -> None:
    estimated = screening(1, "2024-02-01", count=60, count_basis="estimate")
    found = reading("O6a", "2024", estimated, batch(2, 5))
    assert (found.amount, found.unknown) == (5, 1)
