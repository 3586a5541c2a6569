"""Arrests, charges, trials and sentences, counted over everything that was said."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias

from tests.support.oracle.counting import (
    FOR_EVER,
    Count,
    Item,
    Items,
    Stay,
    Wait,
    at,
    at_first,
    different,
    different_at_end,
    different_that_met,
    lengths,
    median,
    since,
    summed,
    tally,
    under_way,
    until,
)
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, once, within
from tests.support.oracle.suspects import (
    BY_COURT,
    GUILTY,
    LABOUR,
    OTHER,
    Suspect,
    appeared,
    nothing_at_an_end,
    still_undecided,
    sure_of_trials,
    suspects,
    tried,
    waits_above,
)

_DAY: Final = timedelta(days=1)


def _for_trafficking(each: Fact) -> bool:
    return each.said.get("suspected_offence") not in OTHER


def _arrests(chosen: Callable[[Fact], bool] = _for_trafficking) -> Items:
    def items(known: Known) -> Iterator[Item]:
        for person, suspect in suspects(known).items():
            for each in suspect.arrests.values():
                if chosen(each):
                    yield from at(person, each)

    return items


def by_sex(known: Known, first: date, last: date) -> dict[str, int]:
    """The persons arrested by their sex, as it was last recorded of them as suspects."""
    profiles = [each for each in known.of("person.profile_recorded") if each.said["role"] == "suspect"]
    sex = {person: str(each.said.get("sex", "absent")) for (person,), each in last_of(profiles, "person").items()}
    arrested = {item.who for item in _arrests()(known) if first <= item.first and item.last <= last}
    return dict(Counter(sex.get(person, "absent") for person in arrested))


def _operations(known: Known) -> Iterator[Item]:
    for each in last_of(known.of("operation.conducted"), "operation").values():
        yield from at(None, each)


def _and_then(later: Callable[[Suspect], list[Fact]]) -> Items:
    """Arrested, and then something else that surely did not come before, both in one period."""

    def items(known: Known) -> Iterator[Item]:
        for person, suspect in suspects(known).items():
            for arrest in filter(_for_trafficking, suspect.arrests.values()):
                for then in later(suspect):
                    if arrest.first and arrest.last and then.last and then.last >= arrest.first:
                        yield Item(person, arrest.first, max(arrest.last, then.last))

    return items


Law: TypeAlias = Callable[[Suspect, str, Fact], bool]
"""Whether a verdict on a charge of a suspect is of what is asked for."""


def _whatever(_: Suspect, __: str, ___: Fact) -> bool:
    return True


def of_trafficking(suspect: Suspect, charge: str, verdict: Fact) -> bool:
    """By the offence that the court named, else by that of the charge on the day."""
    return verdict.said.get("offence", suspect.offence(charge, verdict.last)) not in OTHER


def _other(suspect: Suspect, charge: str, verdict: Fact) -> bool:
    return not of_trafficking(suspect, charge, verdict)


def _charged_or_decided(suspect: Suspect, charge: str, verdict: Fact) -> bool:
    """Charged with it, or found guilty of it."""
    return suspect.counts(charge, verdict.last) or of_trafficking(suspect, charge, verdict)


def _verdicts(chosen: Callable[[Fact], bool], law: Law = _whatever) -> Items:
    """One of each trial of each charge, with its counts."""

    def items(known: Known) -> Iterator[Item]:
        for person, suspect in suspects(known).items():
            for (charge, _), each in suspect.verdicts.items():
                if chosen(each) and law(suspect, charge, each):
                    yield from at(person, each, each.said.get("counts_n", 0))

    return items


def _charges(decided: Callable[[Fact], bool], law: Law, chosen: Callable[[Fact], bool], of: Law) -> Count:
    """Charges, or their counts, each by the last verdict of its trials by the period's end, if that is of the period.

    `decided` and `law` say which verdicts are asked for, `chosen` and `of` which of the last ones count.
    """

    def count(known: Known, first: date, last: date) -> int:
        told = last_verdicts(known, first, last, decided, law)
        return sum(1 for suspect, charge, each in told if chosen(each) and of(suspect, charge, each))

    return count


def last_verdicts(
    known: Known, first: date, last: date, decided: Callable[[Fact], bool], law: Law
) -> Iterator[tuple[Suspect, str, Fact]]:
    """Yield the last verdict of each charge by the end of a period, if it is of the period."""
    for suspect in suspects(known).values():
        for charge in {of for of, _ in suspect.verdicts}:
            trials = sorted(trial for trial in suspect.verdicts if trial[0] == charge)
            told = [suspect.verdicts[trial] for trial in trials]
            come = [each for each in told if by(each, last) and decided(each) and law(suspect, charge, each)]
            yield from ((suspect, charge, each) for each in come[-1:] if within(each, first, last))


def _counts(decided: Callable[[Fact], bool], law: Law) -> Count:
    """The counts of charges by their last verdict."""
    return lambda known, first, last: sum(
        each.said.get("counts_n", 0) for _, __, each in last_verdicts(known, first, last, decided, law)
    )


def is_conviction(each: Fact) -> bool:
    return bool(each.said["outcome"] == "convicted")


def _of_labour(suspect: Suspect, charge: str, verdict: Fact) -> bool:
    """By the purposes that the court stated; where it stated none, by the offence."""
    stated = set(verdict.said.get("exploitation", ())) - {"unknown", "not_asked"}
    if stated:
        return of_trafficking(suspect, charge, verdict) and not LABOUR.isdisjoint(stated)
    return bool(verdict.said.get("offence", suspect.offence(charge, verdict.last)) == "tip_labour")


def _by_court(each: Fact) -> bool:
    return each.said["outcome"] in BY_COURT


def _below(*, counting: bool, arrested: bool = False) -> Callable[[Known], Iterator[tuple[str, Item]]]:
    """Charges until they go up or end; of those `arrested`, from when an arrest is surely known as well."""

    def items(known: Known) -> Iterator[tuple[str, Item]]:
        for person, suspect in suspects(known).items():
            arrests = [each.last for each in suspect.arrests.values() if each.last is not None]
            for charge in suspect.charges:
                for begun, over in _days_below(suspect, charge):
                    if arrested and not arrests:
                        continue
                    for days in _days_that_count(suspect, charge, begun, over, counting=counting):
                        yield charge, Item(person, max(days[0], min(arrests)) if arrested else days[0], days[1])

    return items


def _days_that_count(
    suspect: Suspect, charge: str, begun: date, over: date, *, counting: bool
) -> Iterator[tuple[date, date]]:
    """The days between the changes of what a charge says, where it counts as trafficking, or where it does not."""
    told = suspect.offences.get(charge, [])
    changed = sorted({since for since, _ in told if since is not None and begun < since <= over})
    for first, following in zip([begun, *changed], [*changed, None], strict=True):
        if suspect.counts(charge, first) is counting:
            yield first, over if following is None else following - _DAY


def _days_below(suspect: Suspect, charge: str) -> Iterator[tuple[date, date]]:
    """From when it was filed, and from each retrial of what was tried there, to its end or until it goes up."""
    up, retrials = suspect.went_up(charge), list(suspect.retrials.get(charge, {}).values())
    if not up and any(each.first is None for each in retrials):
        return  # which trial its verdict answers, nobody can say
    came = [(suspect.charges[charge], [*suspect.ends((charge, 0)), *up])]
    if suspect.stays_below(charge):
        came += [(each, suspect.ends((charge, number))) for number, each in enumerate(retrials, start=1)]
    yield from (days for begun, ends in came if (days := until(begun, ends)) is not None)


def _before_magistrates(*, counting: bool, arrested: bool = False) -> Items:
    below = _below(counting=counting, arrested=arrested)
    return lambda known: (item for _, item in below(known))


waiting_below: Final = _below(counting=True)
"""Charges of what counts as trafficking before the Magistrates' Court, each with its person and days."""


def _above(*, counting: bool) -> Callable[[Known], Iterator[tuple[str, Item]]]:
    """Each charge while it waits before the High Court, with its person and days."""

    def items(known: Known) -> Iterator[tuple[str, Item]]:
        for person, suspect in suspects(known).items():
            for charge in suspect.above():
                for came, number in waits_above(suspect, charge) if sure_of_trials(suspect, charge) else ():
                    begins = min(each.last for each in came if each.last is not None)
                    ends = suspect.ends((charge, number))
                    if any(end.first is None for end in ends):
                        continue
                    over = min((end.first - _DAY for end in ends if end.first is not None), default=FOR_EVER)
                    if begins <= over:
                        for days in _days_that_count(suspect, charge, begins, over, counting=counting):
                            yield charge, Item(person, *days)

    return items


waiting_above: Final = _above(counting=True)
"""Charges of what counts as trafficking before the High Court, each with its person and days."""


def _before_the_high_court(*, counting: bool) -> Items:
    above = _above(counting=counting)
    return lambda known: (item for _, item in above(known))


def ever_before_the_high_court(known: Known) -> Iterator[Stay]:
    """To the day before it ends, so that what came there and ended on one day never waited.

    Only the days between the changes of what a charge says are of it on which it counts as trafficking.
    """
    for person, suspect in suspects(known).items():
        for charge in suspect.above():
            for came, number in waits_above(suspect, charge) if sure_of_trials(suspect, charge) else ():
                days = [(each.first, each.last) for each in suspect.ends((charge, number))]
                begins = [(each.first, each.last) for each in came if each.first is not None and each.last is not None]
                if all(first and last for first, last in days):
                    first = min((first - _DAY for first, _ in days if first), default=FOR_EVER)
                    last = min((last - _DAY for _, last in days if last), default=FOR_EVER)
                    came_on = min(begin for begin, _ in begins), min(begun for _, begun in begins)
                    for since, until_then in _days_that_count(suspect, charge, date.min, FOR_EVER, counting=True):
                        yield Stay(
                            person,
                            (max(came_on[0], since), max(came_on[1], since)),
                            (min(first, until_then), min(last, until_then)),
                        )


def _cohort(began: Callable[[Suspect], Sequence[Fact]], reached: Callable[[Suspect], object]) -> Count:
    """Persons by the days on which the first of what they began with may lie."""

    def items(known: Known) -> Iterator[Item]:
        for person, suspect in suspects(known).items():
            if reached(suspect):
                yield from at_first(person, began(suspect))

    return different(items)


def _suspected(reached: Callable[[Suspect], object]) -> Count:
    return _cohort(appeared, reached)


def first_suspected(known: Known, first: date, last: date) -> set[str]:
    """Return the persons who first came under suspicion in the period."""
    return {
        item.who
        for person, suspect in suspects(known).items()
        for item in at_first(person, appeared(suspect))
        if first <= item.first and item.last <= last
    }


def _charged(reached: Callable[[Suspect], object]) -> Count:
    return _cohort(lambda suspect: suspect.filed, reached)


def _found_guilty(suspect: Suspect) -> bool:
    return any(suspect.stands(charge) for charge, _ in suspect.verdicts)


def _imprisoned(suspect: Suspect) -> bool:
    return any(suspect.stands(charge) for each in suspect.prison for charge in each.said.get("charges", ()))


def _sentences(known: Known) -> Iterator[Item]:
    for person, suspect in suspects(known).items():
        for each in suspect.sentences.values():
            yield from at(person, each)


def _prison(known: Known) -> Iterator[Item]:
    for person, suspect in suspects(known).items():
        for each in suspect.prison:
            yield from at(person, each, each.said.get("custodial_months", 0))


def _terms(known: Known) -> Iterator[Item]:
    return (item for item in _prison(known) if item.many)


def _fines_only(known: Known) -> Iterator[Item]:
    for person, suspect in suspects(known).items():
        for each in suspect.sentences.values():
            same = [one for one in suspect.sentences.values() if one is each or _may_be_of_one_day(one, each)]
            if all(set(one.said.get("kinds", ())) == {"fine"} for one in same):
                yield from at(person, each)


def _may_be_of_one_day(one: Fact, other: Fact) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def _filed(reached: Callable[[Suspect, str], object]) -> Count:
    """Charges by when they were filed, of which something is true by now."""

    def items(known: Known) -> Iterator[Item]:
        for suspect in suspects(known).values():
            for charge, filed in suspect.charges.items():
                if reached(suspect, charge):
                    yield from at(None, filed)

    return summed(items)


def _charge_decided(suspect: Suspect, charge: str) -> bool:
    return any(of == charge and _by_court(each) for (of, _), each in suspect.verdicts.items())


def _charge_tried(suspect: Suspect, charge: str) -> bool:
    return any(of == charge for of, _ in suspect.trials) or _charge_decided(suspect, charge)


def _charge_to_prison(suspect: Suspect, charge: str) -> bool:
    return suspect.stands(charge) and any(charge in each.said.get("charges", ()) for each in suspect.prison)


def _charge_open(suspect: Suspect, charge: str) -> bool:
    decided = suspect.trial(charge) in suspect.verdicts or charge in suspect.withdrawn
    return suspect.died is None and not decided


def _fines(known: Known) -> Iterator[Item]:
    for person, suspect in suspects(known).items():
        for each in suspect.sentences.values():
            yield from at(person, each, each.said.get("fine_cents", 0))


def _confiscated(known: Known) -> Iterator[Item]:
    for person, suspect in suspects(known).items():
        for each in suspect.sentences.values():
            yield from at(person, each, each.said.get("confiscated_cents", 0))


@once
def _to_committal(known: Known) -> list[Wait]:
    return [
        Wait(filed, [suspect.committed[charge]] if charge in suspect.committed else [], suspect.ends((charge, 0)))
        for suspect in suspects(known).values()
        for charge, filed in suspect.charges.items()
    ]


@once
def _to_trial(known: Known) -> list[Wait]:
    return [
        Wait(up, [suspect.trials[charge, 0]] if (charge, 0) in suspect.trials else [], suspect.ends((charge, 0)))
        for suspect in suspects(known).values()
        for charge, up in suspect.committed.items()
    ]


@once
def _to_verdict(known: Known) -> list[Wait]:
    """Return the waits for a verdict. A trial that ends undecided has no length."""
    found = []
    for suspect in suspects(known).values():
        for trial, begun in suspect.trials.items():
            verdict = suspect.verdicts.get(trial)
            found.append(Wait(begun, [verdict] if verdict and _by_court(verdict) else [], suspect.ends(trial)))
    return found


@once
def _to_sentence(known: Known) -> list[Wait]:
    """A sentence is for the verdict before it, whichever trial that was of; a quashed one waits for none."""
    found = []
    for suspect in suspects(known).values():
        for (charge, number), verdict in suspect.verdicts.items():
            following = suspect.verdicts.get((charge, number + 1))
            naming = [each for each in suspect.sentences.values() if charge in each.said.get("charges", ())]
            sentences = since(verdict, naming, following)
            if verdict.said["outcome"] in GUILTY and (sentences or (charge, number) not in suspect.quashed):
                ordered = since(verdict, suspect.retrials.get(charge, {}).values())
                found.append(Wait(verdict, sentences, [*ordered, *([suspect.died] if suspect.died else [])]))
    return found


_UP, _TRIED, _DECIDED, _SENTENCED = map(lengths, (_to_committal, _to_trial, _to_verdict, _to_sentence))

arrested_and_committed: Final = _and_then(
    lambda suspect: [each for charge, each in suspect.committed.items() if suspect.counts(charge, each.last)]
)
arrested_and_died: Final = _and_then(lambda suspect: [suspect.died] if suspect.died else [])
labour: Final = _verdicts(is_conviction, _of_labour)


def _counts_of_labour(known: Known, first: date, last: date) -> int:
    told = last_verdicts(known, first, last, is_conviction, of_trafficking)
    return sum(each.said.get("counts_n", 0) for suspect, charge, each in told if _of_labour(suspect, charge, each))


COUNTS: Final[Mapping[str, Count]] = {
    "O9": different(_arrests()),
    "O10": different(arrested_and_committed),
    "O11": different(arrested_and_died),
    "O13a": different(_verdicts(is_conviction, of_trafficking)),
    "O13b": _counts(is_conviction, of_trafficking),
    "O14a": different(labour),
    "O14b": _counts_of_labour,
    "R28a": different(_arrests(lambda each: not _for_trafficking(each))),
    "R28b": different(_verdicts(is_conviction, _other)),
    "R28c": _counts(is_conviction, _other),
    "R28d": different_at_end(_before_magistrates(counting=False)),
    "R29": different_at_end(_before_magistrates(counting=True, arrested=True)),
    "R28e": different_at_end(_before_the_high_court(counting=False)),
    "O15a": different_at_end(_before_the_high_court(counting=True)),
    "O15b": different_that_met(ever_before_the_high_court),
    "O16": different_at_end(_before_magistrates(counting=True)),
    "O25a": summed(_operations),
    "O25b": different(_arrests(lambda each: "operation" in each.said and _for_trafficking(each))),
    "R10a": _suspected(bool),
    "R10b": _suspected(lambda suspect: suspect.arrests),
    "R10c": _suspected(lambda suspect: suspect.charges),
    "R10d": _suspected(lambda suspect: suspect.committed),
    "R10e": _suspected(tried),
    "R10f": _suspected(_found_guilty),
    "R10g": _suspected(_imprisoned),
    "R10h": _suspected(nothing_at_an_end),
    "R11a": _charged(bool),
    "R11b": _charged(_found_guilty),
    "R11c": _charged(still_undecided),
    "R12": different(_verdicts(_by_court, _charged_or_decided)),
    "R13a": _charges(_by_court, _charged_or_decided, _by_court, _whatever),
    "R13b": _charges(_by_court, _charged_or_decided, is_conviction, of_trafficking),
    "R14a": different(_sentences),
    "R14b": different(_prison),
    "R14c": different(_fines_only),
    "R15a": summed(_prison),
    "R15b": median(_terms),
    "R16": summed(_fines),
    "R30": summed(_confiscated),
    "R22a": _filed(lambda _, __: True),
    "R22b": _filed(lambda suspect, charge: charge in suspect.committed),
    "R22c": _filed(_charge_tried),
    "R22d": _filed(_charge_decided),
    "R22e": _filed(Suspect.stands),
    "R22f": _filed(_charge_to_prison),
    "R22g": _filed(_charge_open),
    "T12": median(_UP),
    "T13": median(_TRIED),
    "T14": median(_DECIDED),
    "T15": median(_SENTENCED),
}
LENGTHS: Final = {
    "R15b": tally(_terms), "T12": tally(_UP), "T13": tally(_TRIED), "T14": tally(_DECIDED), "T15": tally(_SENTENCED),
}  # fmt: skip
UNDER_WAY: Final = {
    "T12": under_way(_to_committal),
    "T13": under_way(_to_trial),
    "T14": under_way(_to_verdict),
    "T15": under_way(_to_sentence),
}
