"""Figures of prosecutions against counts over the events themselves, in histories where everything meets everything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import order_key
from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import Interval, Period
from services.reporting.domain.declaration.figure import NEVER
from services.reporting.domain.declaration.part import surely, touched
from services.reporting.domain.figures.justice import victim_ties
from services.reporting.domain.figures.justice.suspect import arrests, attrition, courts, folds, record, times
from services.reporting.domain.figures.table import FIGURES
from services.reporting.domain.read.readers import read
from tests.support import oracle
from tests.unit.reporting.oracle_times import Wait, lengths, since, under_way
from tests.unit.reporting.samples import an_id, case, one_of, periods, person, raw, whens
from tests.unit.reporting.test_fold import SEARCH, all_cells, states

DAY = timedelta(days=1)
FOR_GOOD = {"without_charge", "mistaken_identity"}
# Mostly one suspect with one charge, so that things meet.
PERSONS = st.sampled_from([0, 0, 0, 1]).map(person)


def ids(kind: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from([0, 0, 1]).map(lambda number: an_id(kind, number))


ONE_CHARGE = {"person": PERSONS, "charge": ids(Kind.CHARGE)}
CHARGES = {"person": PERSONS, "charges": st.lists(ids(Kind.CHARGE), unique=True, min_size=1)}
TIE = {"case": st.just(case(0)), "victim": st.integers(1, 2).map(person), "suspect": PERSONS}

SAID: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "suspect.identified": {"person": PERSONS},
    "arrest.made": {
        "person": PERSONS,
        "arrest": ids(Kind.ARREST),
        "linked_victims": st.lists(st.integers(1, 2).map(person), unique=True),
    },
    "arrest.released": {
        "person": PERSONS,
        "arrest": ids(Kind.ARREST),
        "reason": st.sampled_from(["without_charge", "police_bail"]),
    },
    "charge.filed": {**ONE_CHARGE, "offence": st.just("tip_sex")},
    "charge.amended": {**ONE_CHARGE, "offence": st.just("tip_labour")},
    "charge.withdrawn": ONE_CHARGE,
    "court.committed": {**CHARGES, "court": st.just("magistrates")},
    "trial.started": {**CHARGES, "court": st.just("high_court")},
    "verdict.returned": {
        **ONE_CHARGE,
        "outcome": st.sampled_from(["convicted", "convicted", "acquitted", "discontinued"]),
    },
    "appeal.decided": {
        **CHARGES,
        "appeal": ids(Kind.APPEAL),
        "court": st.just("court_of_appeal"),
        "outcome": st.sampled_from(["retrial_ordered", "conviction_quashed", "dismissed"]),
    },
    "sentence.imposed": {**CHARGES, "sentence": ids(Kind.SENTENCE)},
    "person.deceased_recorded": {"person": PERSONS},
    "victim_suspect.linked": TIE,
    "victim_suspect.unlinked": TIE,
}


@cache
def said_by(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(SAID[name]))


@st.composite
def prosecutions(draw: st.DrawFn, names: Sequence[str] = tuple(SAID)) -> list[Event]:
    """A few events of one or two suspects, by whoever may tell of them."""
    drawn = []
    for number in range(draw(st.integers(1, 9))):
        name = draw(one_of(*names))
        agency = draw(one_of("bpd", "odpp", "mohw"))
        drawn.append(decode(raw(name, number, draw(said_by(name)), draw(whens()), agency=agency)))
    return drawn


class Told:
    """What the events of one suspect say, looked up and not folded."""

    def __init__(self, events: Sequence[Event], who: str) -> None:
        self.events: list[Any] = [each for each in sorted(events, key=order_key) if each.concerns()[0] == who]

    def of(self, name: str) -> list[Any]:
        return [each for each in self.events if each.type == f"bz.atips.{name}.v1"]

    def last(self, name: str, key: str) -> list[Any]:
        return list({getattr(each.data, key): each for each in self.of(name)}.values())

    def on(self, name: str, charge: str) -> list[Any]:
        found = self.of(name)
        return [each for each in found if charge in (getattr(each.data, "charges", None) or (each.data.charge,))]

    def charges(self) -> set[str]:
        return {each.data.charge for name in ("charge.filed", "charge.amended") for each in self.of(name)}

    def filed(self, charge: str) -> Interval | None:
        found = self.owners(self.on("charge.filed", charge), "bpd")
        return found[0].occurred if found else None

    def retrials(self, charge: str) -> dict[str, Any]:
        ordered = (each for each in self.on("appeal.decided", charge) if each.data.outcome == "retrial_ordered")
        return {each.data.appeal: each for each in ordered}

    def first_retrials(self, charge: str) -> list[Any]:
        """Each retrial where it was first told: what counts the trials."""
        firsts: dict[str, Any] = {}
        for each in self.on("appeal.decided", charge):
            if each.data.outcome == "retrial_ordered":
                firsts.setdefault(each.data.appeal, each)
        return list(firsts.values())

    def trial_of(self, charge: str, event: Event) -> int:
        return sum(order_key(each) < order_key(event) for each in self.first_retrials(charge))

    def verdict(self, charge: str, trial: int) -> Any:  # noqa: ANN401 - an event or None
        found = [each for each in self.on("verdict.returned", charge) if self.trial_of(charge, each) == trial]
        return found[-1] if found else None

    def standing(self, charge: str) -> Any:  # noqa: ANN401 - an event or None
        """The verdict of the last trial."""
        return self.verdict(charge, len(self.first_retrials(charge)))

    def verdicts(self) -> Iterator[tuple[str, Any]]:
        for charge in {each.data.charge for each in self.of("verdict.returned")}:
            for trial in range(len(self.first_retrials(charge)) + 1):
                if (verdict := self.verdict(charge, trial)) is not None:
                    yield charge, verdict

    def owners(self, found: Sequence[Any], owner: str) -> list[Any]:
        """The owner's last statement, or else anybody's."""
        return ([each for each in found if each.agency == owner] or list(found))[-1:]

    def death(self) -> list[Any]:
        return self.owners(self.of("person.deceased_recorded"), "mohw")

    def committal(self, charge: str) -> list[Any]:
        return self.owners(self.on("court.committed", charge), "odpp")

    def committed(self) -> set[str]:
        return {charge for each in self.of("court.committed") for charge in each.data.charges}

    def ends(self, charge: str, trial: int) -> list[Interval | None]:
        verdict = self.verdict(charge, trial)
        found = [verdict] if verdict is not None else []
        return [each.occurred for each in (*found, *self.on("charge.withdrawn", charge)[-1:], *self.death())]

    def below(self, charge: str, day: date) -> bool:
        ends = [*self.ends(charge, 0), *(each.occurred for each in self.committal(charge))]
        return waits(self.filed(charge), ends, day)

    def went_up(self, charge: str) -> dict[int, Interval | None]:
        """When it came before the High Court by the trial that it waited for; nothing where one of them has no date."""
        retrials = self.retrials(charge)
        opened = dict(enumerate(each.occurred for each in self.committal(charge)))
        ordered = (retrials[each.data.appeal].occurred for each in self.first_retrials(charge))
        opened |= dict(enumerate(ordered, start=1))  # also where nobody told of the committal
        return {} if None in opened.values() else opened

    def above(self, charge: str, day: date) -> bool:
        return any(waits(when, self.ends(charge, number), day) for number, when in self.went_up(charge).items())

    def guilty(self, charge: str) -> bool:
        verdict = self.standing(charge)
        if verdict is None or verdict.data.outcome != "convicted":
            return False
        return not self.quashed(charge, len(self.first_retrials(charge)))

    def quashed(self, charge: str, trial: int) -> bool:
        """Whether a conviction was quashed after its verdict, and before another trial was ordered."""
        verdict = self.verdict(charge, trial)
        quashed = [each for each in self.on("appeal.decided", charge) if each.data.outcome == "conviction_quashed"]
        return any(order_key(each) > order_key(verdict) and self.trial_of(charge, each) == trial for each in quashed)

    def trial(self, charge: str, number: int) -> list[Any]:
        """The last statement of when a trial began, if there is one."""
        found = [each for each in self.on("trial.started", charge) if self.trial_of(charge, each) == number]
        return found[-1:]

    def undecided(self) -> bool:
        left = {each for each in self.charges() if not self.on("charge.withdrawn", each)}
        return not self.death() and any(self.standing(each) is None for each in left)

    def open(self) -> bool:
        if self.death() or self.undecided():
            return not self.death()
        over = [each.occurred for _, each in self.verdicts()]
        over += [each.occurred for each in self.last("charge.withdrawn", "charge")]
        free = [each.data.arrest for each in self.last("arrest.released", "arrest") if each.data.reason in FOR_GOOD]
        arrested = self.last("arrest.made", "arrest")
        held = [each.occurred for each in arrested if each.data.arrest not in free]
        return any(later(each, over) for each in held) or not (arrested or free or over)


def later(made: Interval | None, over: Sequence[Interval | None]) -> bool:
    """Whether it surely came after all of them."""
    return not over or (
        made is not None
        and all(each is not None and each.start < made.start and each.end <= made.start for each in over)
    )


def waits(opened: Interval | None, ends: Sequence[Interval | None], day: date) -> bool:
    return (
        opened is not None
        and opened.last_day <= day
        and all(each is not None and day < each.first_day for each in ends)
    )


def within(each: Interval | None, period: Period) -> bool:
    return each is not None and period.first <= each.first_day and each.last_day <= period.last


def persons(counts: Callable[[Told, Period], bool]) -> Callable[[Sequence[Event], Period], int]:
    return lambda events, period: sum(counts(Told(events, person(number)), period) for number in range(2))


def by_the_oracle(number: str) -> Callable[[Sequence[Event], Period], int]:
    """What the oracle of everything that was accepted counts."""

    def count(events: Sequence[Event], period: Period) -> int:
        payloads = (each.model_dump_json(exclude_none=True).encode() for each in events)
        return oracle.COUNTS[number](oracle.known(map(oracle.hear, payloads)), period.first, period.last)

    return count


def cohort(reached: Callable[[Told], bool], *, charged: bool = False) -> Callable[[Sequence[Event], Period], int]:
    def counts(told: Told, period: Period) -> bool:
        times = [told.filed(each) for each in told.charges()]
        if not charged:
            times += [each.occurred for each in (*told.of("suspect.identified"), *told.last("arrest.made", "arrest"))]
        dated = [each for each in times if each is not None]
        if not dated or not reached(told):
            return False
        first, last = min(each.first_day for each in dated), min(each.last_day for each in dated)
        return period.first <= first and last <= period.last

    return persons(counts)


def convicted(told: Told) -> bool:
    return any(told.guilty(charge) for charge, _ in told.verdicts())


def by_court(verdict: Any) -> bool:  # noqa: ANN401 - an event
    return str(verdict.data.outcome) != "discontinued"


def verdicts(counted: Callable[[Any], bool]) -> Callable[[Sequence[Event], Period], int]:
    def total(events: Sequence[Event], period: Period) -> int:
        found = (each for number in range(2) for _, each in Told(events, person(number)).verdicts())
        return sum(counted(each) and within(each.occurred, period) for each in found)

    return total


COUNTS: Mapping[str, Callable[[Sequence[Event], Period], int]] = {
    **{number: by_the_oracle(number) for number in ("O10", "O11", "O12", "O13a", "O15a", "O15b", "O16", "R12")},
    "R10a": cohort(lambda _: True),
    "R10b": cohort(lambda told: bool(told.of("arrest.made"))),
    "R10c": cohort(lambda told: bool(told.charges())),
    "R10d": cohort(lambda told: bool(told.committed())),
    "R10e": cohort(lambda told: bool(told.of("trial.started")) or any(by_court(each) for _, each in told.verdicts())),
    "R10f": cohort(convicted),
    "R10h": cohort(lambda told: told.open()),
    "R11a": cohort(lambda _: True, charged=True),
    "R11b": cohort(convicted, charged=True),
    "R11c": cohort(lambda told: told.undecided(), charged=True),
    "R13a": verdicts(by_court),
    "R13b": verdicts(lambda each: each.data.outcome == "convicted"),
}  # fmt: skip


def t12(told: Told) -> Iterator[Wait]:
    for charge in told.charges():
        yield Wait(told.filed(charge), [each.occurred for each in told.committal(charge)], told.ends(charge, 0))


def t13(told: Told) -> Iterator[Wait]:
    for charge in told.committed():
        begun = [each.occurred for each in told.trial(charge, 0)]
        yield Wait(told.committal(charge)[0].occurred, begun, told.ends(charge, 0))


def t14(told: Told) -> Iterator[Wait]:
    for charge in {each for one in told.of("trial.started") for each in one.data.charges}:
        for number in range(len(told.first_retrials(charge)) + 1):
            for begun in told.trial(charge, number):
                verdict = told.verdict(charge, number)
                decided = [verdict.occurred] if verdict is not None and by_court(verdict) else []
                yield Wait(begun.occurred, decided, told.ends(charge, number))


def t15(told: Told) -> Iterator[Wait]:
    """Guilty as charged: nobody is convicted of less here."""
    for charge in {each.data.charge for each in told.of("verdict.returned")}:
        for number in range(len(told.first_retrials(charge)) + 1):
            verdict, following = told.verdict(charge, number), told.verdict(charge, number + 1)
            if verdict is None or verdict.data.outcome != "convicted":
                continue
            imposed = [
                each.occurred for each in told.last("sentence.imposed", "sentence") if charge in each.data.charges
            ]
            if following is not None and following.occurred is not None:
                imposed = [each for each in imposed if each is None or each.start < following.occurred.start]
            sentenced = since(verdict.occurred, imposed)
            if sentenced or not told.quashed(charge, number):
                retrials = [each.occurred for each in told.retrials(charge).values()]
                others = [*since(verdict.occurred, retrials), *(each.occurred for each in told.death())]
                yield Wait(verdict.occurred, sentenced, others)


WAITS: Mapping[str, Callable[[Told], Iterator[Wait]]] = {"T12": t12, "T13": t13, "T14": t14, "T15": t15}


def check(events: list[Event], period: Period) -> None:
    kept = all_cells(events)
    for number, waits in WAITS.items():
        every = [each for who in range(2) for each in waits(Told(events, person(who)))]
        (found,) = read(FIGURES[number], kept, period)
        assert (number, found.durations, found.under_way) == (number, lengths(every, period), under_way(every, period))
    for number, count in COUNTS.items():
        (reading,) = read(FIGURES[number], kept, period)
        assert reading.amount == count(events, period), number


@settings(max_examples=150)
@given(prosecutions(), periods())
def test_cells_sum_to_a_count_over_the_events(events: list[Event], period: Period) -> None:
    check(events, period)


@pytest.mark.parametrize(
    ("rule", "without", "names"),
    [
        ((record, "by_committal"), lambda *_: [], ("charge.filed", "court.committed")),
        ((record, "by_withdrawal"), lambda *_: [], ("charge.filed", "charge.withdrawn")),
        ((record, "by_death"), lambda *_: [], ("charge.filed", "person.deceased_recorded")),
        ((record.Suspect, "trial_of"), lambda _, charge: (charge, 0), ("verdict.returned", "appeal.decided")),
        ((record.Suspect, "guilty_of"), lambda *_: True, ("charge.filed", "verdict.returned")),
        ((folds, "owned"), lambda _, said: said, ("charge.filed", "court.committed")),
        ((arrests, "may_follow"), lambda *_: True, ("arrest.made", "court.committed")),
        ((attrition, "first_of"), lambda times: touched([*times][-1]), ("arrest.made", "charge.filed")),
        ((attrition, "surely_before"), lambda *_: False, ("arrest.made", "charge.filed", "charge.withdrawn")),
        ((courts, "at_any_time"), record.at_the_end, ("court.committed", "verdict.returned")),
        ((times, "by_death"), lambda *_: [], ("verdict.returned", "person.deceased_recorded")),
        ((times, "ends"), lambda *_: [], ("court.committed", "verdict.returned")),
        ((times, "after"), lambda *_: [], ("verdict.returned", "sentence.imposed")),
        (
            (victim_ties, "holding"),
            lambda since, _: surely(since.last_day, NEVER),
            ("arrest.made", "victim_suspect.linked", "victim_suspect.unlinked"),
        ),
    ],
)
def test_the_law_catches_the_loss_of_any_rule(
    monkeypatch: pytest.MonkeyPatch, rule: tuple[object, str], without: Callable[..., Any], names: Sequence[str]
) -> None:
    monkeypatch.setattr(*rule, without)

    @SEARCH
    @given(prosecutions(names), periods())
    def law(events: list[Event], period: Period) -> None:
        check(events, period)

    with pytest.raises(AssertionError):
        law()


@given(prosecutions(), st.data())
def test_any_order_and_any_repetition_give_the_same_states(events: list[Event], data: st.DataObject) -> None:
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    assert states(events) == states(again)
    assert all_cells(events) == all_cells(again)
