"""Suspects: arrests, charges and their trials, court decisions, sentences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias, TypeVar

from tests.support.oracle.counting import dated, may_follow
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, once
from tests.support.oracle.units_of_agencies import of_one

K = TypeVar("K")
Trial: TypeAlias = tuple[str, int]
"""A charge, and how many retrials of it were ordered before."""

_GRAVITY = defaultdict(int, {"convicted": 2, "convicted_of_lesser": 1})
BY_COURT = frozenset({"convicted", "convicted_of_lesser", "acquitted", "dismissed", "no_case"})
GUILTY = frozenset({"convicted", "convicted_of_lesser"})
_FOR_GOOD = frozenset({"without_charge", "mistaken_identity"})
NO_END = frozenset({"convicted", "convicted_of_lesser", "acquitted", "abated_by_death"})
"""Verdicts after which nobody is charged with the same again."""
OTHER = frozenset({"other"})
"""Offences that the Council does not count as trafficking; what nobody named counts."""
LABOUR = frozenset({"forced_labour", "child_labour", "servitude", "domestic_servitude"})


@dataclass(slots=True)
class Suspect:
    """The last statement about each thing, by its own id; `charges` are None where only an amendment is known."""

    identified: list[Fact] = field(default_factory=list)
    arrests: dict[str, Fact] = field(default_factory=dict)
    releases: dict[str, Fact] = field(default_factory=dict)
    charges: dict[str, Fact | None] = field(default_factory=dict)
    offences: dict[str, list[tuple[date | None, str]]] = field(default_factory=dict)
    """By charge: what it said since when; since for ever (None) what it was filed with, or amended to undated."""
    withdrawn: dict[str, Fact] = field(default_factory=dict)
    indicted: dict[str, Fact] = field(default_factory=dict)
    tried_above: dict[str, Fact] = field(default_factory=dict)
    """First trials that began before the High Court, by charge."""
    tried_below: set[str] = field(default_factory=set)
    """Charges whose first trial was at the Magistrates' Court."""
    committed: dict[str, Fact] = field(default_factory=dict)
    trials: dict[Trial, Fact] = field(default_factory=dict)
    verdicts: dict[Trial, Fact] = field(default_factory=dict)
    """The verdicts that count: prosecution's, or the police's while prosecution has none."""
    told: dict[Trial, dict[bool, Fact]] = field(default_factory=dict)
    """Verdicts of each trial by whether the police say so."""
    quashed: set[Trial] = field(default_factory=set)
    counted: dict[str, int] = field(default_factory=dict)
    """By charge: how many counts it was last said to have."""
    over: dict[str, Fact] = field(default_factory=dict)
    """By charge: what ended it so that it may be filed again, which then is another charge."""
    retrials: dict[str, dict[str, Fact]] = field(default_factory=dict)
    """By charge and appeal."""
    sentences: dict[str, Fact] = field(default_factory=dict)
    died: Fact | None = None

    def trial(self, charge: str) -> Trial:
        """The last trial of a charge that is known so far."""
        return charge, len(self.retrials.get(charge, ()))

    def hear(self, each: Fact) -> None:
        """Take one more statement in, which comes after all before it."""
        match each.name:
            case "suspect.identified":
                self.identified.append(each)
            case "arrest.made":
                self.arrests[each.said["arrest"]] = each
            case "arrest.released":
                self.releases[each.said["arrest"]] = each
            case "charge.filed":
                charge = each.said["charge"]
                if surely_after(each, self.over.get(charge)):
                    self._lay_aside(charge)
                self._counts(each)
                self.charges[charge] = _owned(self.charges.get(charge), each, "bpd")
                if self.charges[charge] is each:
                    self.offences[charge] = [(None, each.said["offence"])]
            case "charge.amended":
                self.charges.setdefault(each.said["charge"], None)
                self._counts(each)
                said = self.offences.setdefault(each.said["charge"], [(None, each.said["offence"])])
                said.append((each.last, each.said["offence"]))
            case "charge.withdrawn":
                self.withdrawn[each.said["charge"]] = self.over[each.said["charge"]] = each
            case "person.deceased_recorded":
                self.died = _dated(self.died, each)
            case _:
                self._in_court(each)

    def _counts(self, each: Fact) -> None:
        if "counts_n" in each.said:
            self.counted[each.said["charge"]] = each.said["counts_n"]

    def _are_of_other_counts(self, heavier: Fact, other: Fact) -> bool:
        """Whether a conviction stands beside a lighter verdict of the same trial, on other counts of the charge."""
        charge = other.said["charge"]
        if charge not in self.charges or _GRAVITY[heavier.said["outcome"]] <= _GRAVITY[other.said["outcome"]]:
            return False
        counts = [int(told.said["counts_n"]) for told in (heavier, other) if "counts_n" in told.said]
        return len(counts) == 2 and sum(counts) <= self.counted.get(charge, 1)

    def _lay_aside(self, charge: str) -> None:
        """Give a charge that ended another name, so that the one that is filed now has none of its past."""
        del self.over[charge]
        name = f"{charge} before {len(self.charges) + len(self.withdrawn) + len(self.verdicts)}"
        by_charge: Sequence[dict[str, Any]] = (
            self.charges, self.offences, self.withdrawn, self.indicted, self.tried_above, self.committed, self.retrials,
            self.counted,
        )  # fmt: skip
        for told in by_charge:
            if charge in told:
                told[name] = told.pop(charge)
        by_trial: Sequence[dict[Trial, Any]] = self.trials, self.verdicts, self.told
        for tried in by_trial:
            for trial in [trial for trial in tried if trial[0] == charge]:
                tried[name, trial[1]] = tried.pop(trial)
        self.quashed = {(name if of == charge else of, number) for of, number in self.quashed}
        self.tried_below = {name if each == charge else each for each in self.tried_below}

    def _in_court(self, each: Fact) -> None:
        said = each.said
        match each.name:
            case "court.committed":
                for charge in said.get("charges", ()):
                    self.committed[charge] = _owned(self.committed.get(charge), each, "odpp")
            case "indictment.filed":
                _begin(self.indicted, said.get("charges", ()), each)
            case "trial.started":
                _begin(self.trials, [self.trial(charge) for charge in said.get("charges", ())], each)
                first = [charge for charge in said.get("charges", ()) if self.trial(charge) == (charge, 0)]
                if said["court"] == "magistrates":
                    self.tried_below.update(first)
                else:
                    _begin(self.tried_above, first, each)
            case "verdict.returned":
                if said.get("court") == "magistrates" and self.trial(said["charge"]) == (said["charge"], 0):
                    self.tried_below.add(said["charge"])
                self._decide(each)
            case "sentence.imposed":
                self.sentences[said["sentence"]] = each
            case _:
                self._appealed(each)

    def _decide(self, each: Fact) -> None:
        charge, by_witness = each.said["charge"], by_police(each)
        trial = self.trial(charge)
        told = self.told.setdefault(trial, {})
        witnessed_only = False not in told
        if by_witness not in told or not self._are_of_other_counts(told[by_witness], each):
            told[by_witness] = each
        own, other = (told.get(police) for police in (False, True))
        if own is None or (other is not None and self._are_of_other_counts(other, own)):
            own = other
        if own is not None:
            self.verdicts[trial] = own
        if own is each:
            self.quashed.discard(trial)
        if not by_witness or witnessed_only:
            self.over.pop(charge, None)
            if each.said["outcome"] not in NO_END:
                self.over[charge] = each

    def _appealed(self, each: Fact) -> None:
        for charge in each.said.get("charges", ()):
            if each.said["outcome"] == "retrial_ordered":
                ordered = self.retrials.setdefault(charge, {})
                if (
                    not ordered
                    or each.said["appeal"] in ordered
                    or self.trial(charge) in {**self.trials, **self.verdicts}
                ):
                    ordered[each.said["appeal"]] = each
            elif each.said["outcome"] == "conviction_quashed" and self.trial(charge) in self.verdicts:
                self.quashed.add(self.trial(charge))

    def went_up(self, charge: str) -> list[Fact]:
        """Return how a charge rose to the High Court: committal, indictment, or the start of its first trial there."""
        return [told[charge] for told in (self.committed, self.indicted, self.tried_above) if charge in told]

    def above(self) -> set[str]:
        """The charges that are known to have come before the High Court."""
        again = {charge for charge in self.retrials if not self.stays_below(charge)}
        return {*self.committed, *self.indicted, *self.tried_above, *again}

    def stays_below(self, charge: str) -> bool:
        """Whether a retrial of a charge is where it was first tried: nobody had sent it up."""
        return charge in self.tried_below and charge in self.charges and not self.went_up(charge)

    def offence(self, charge: str, day: date | None) -> str | None:
        """Return the offence of a charge on a day: the last one stated by then; one without a day comes first."""
        told = self.offences.get(charge, [])
        if day is None:
            return told[-1][1] if told else None
        undated = [said for since, said in told if since is None]
        by_then = [said for since, said in told if since is not None and since <= day]
        return next(reversed([*undated, *by_then]), None)

    def counts(self, charge: str, day: date | None) -> bool:
        """Whether a charge is of what the Council counted as trafficking on a day."""
        return self.offence(charge, day) not in OTHER

    def ends(self, trial: Trial) -> list[Fact]:
        """Return possible ends of a charge in one trial: its verdict, a later trial's, its withdrawal, a death."""
        charge, number = trial
        decided = [each for (of, later), each in self.verdicts.items() if of == charge and later >= number]
        return [*decided, *(each for each in (self.withdrawn.get(charge), self.died) if each is not None)]

    def stands(self, charge: str) -> bool:
        """Whether a conviction as charged holds: of the last trial, and not quashed."""
        trial = self.trial(charge)
        verdict = self.verdicts.get(trial)
        return verdict is not None and verdict.said["outcome"] == "convicted" and trial not in self.quashed

    @property
    def prison(self) -> Iterator[Fact]:
        """The sentences for which somebody goes to prison."""
        return (each for each in self.sentences.values() if "imprisonment" in each.said.get("kinds", ()))

    @property
    def filed(self) -> list[Fact]:
        """When charges were filed."""
        return [each for each in self.charges.values() if each is not None]


def surely_after(each: Fact, before: Fact | None) -> bool:
    """Whether something surely happened after something else, of both of which the time is known."""
    return before is not None and each.first is not None and before.first is not None and not may_follow(before, each)


def _dated(before: Fact | None, each: Fact) -> Fact:
    """A death: the health ministry's word, but no word without a day against one with a day."""
    if before is None or before.first is None:
        return each
    return before if each.first is None else _owned(before, each, "mohw")


def _begin(known: dict[K, Fact], what: Iterable[K], each: Fact) -> None:
    """Add a beginning. It happens once; only a closer date of the same time counts."""
    for key in what:
        before = known.get(key)
        if before is None or before.last is None or (each.last is not None and each.last <= before.last):
            known[key] = each


def by_police(each: Fact) -> bool:
    """Whether it is the word of whoever files charges."""
    return of_one(each.speaker, ["bpd"])


def _owned(before: Fact | None, said: Fact, owner: str) -> Fact:
    own, other = (each is not None and of_one(each.speaker, [owner]) for each in (before, said))
    return before if before is not None and own and not other else said


@once
def suspects(known: Known) -> Mapping[str, Suspect]:
    """By the person."""
    names = (
        "suspect.identified", "arrest.made", "arrest.released", "charge.filed", "charge.amended", "charge.withdrawn",
        "court.committed", "indictment.filed", "trial.started", "verdict.returned", "sentence.imposed",
        "person.deceased_recorded",
        "appeal.decided",
    )  # fmt: skip
    found: dict[str, Suspect] = {}
    for each in known.of(*names):
        found.setdefault(each.said["person"], Suspect()).hear(each)
    return found


def appeared(suspect: Suspect) -> Sequence[Fact]:
    """How somebody came under suspicion: identified, arrested, or charged."""
    return [*suspect.identified, *suspect.arrests.values(), *suspect.filed]


def still_undecided(suspect: Suspect) -> bool:
    """Whether somebody lives who has a charge without a verdict that was not withdrawn."""
    charges = suspect.charges.keys() - suspect.withdrawn.keys()
    return suspect.died is None and any(suspect.trial(charge) not in suspect.verdicts for charge in charges)


def nothing_at_an_end(suspect: Suspect) -> bool:
    """Whether something may still come: each charge, each arrest, or the mere suspicion is a matter that may end."""
    if suspect.died is not None:
        return False
    if still_undecided(suspect):
        return True
    free = [arrest for arrest, each in suspect.releases.items() if each.said.get("reason") in _FOR_GOOD]
    over = [*suspect.verdicts.values(), *suspect.withdrawn.values()]
    for arrest, made in suspect.arrests.items():
        if arrest not in free and (not over or _after_all(made, over)):
            return True
    return not suspect.arrests and not free and not over


def _after_all(made: Fact, over: Sequence[Fact]) -> bool:
    """Whether somebody surely was arrested after everything was over."""
    return made.first is not None and all(each.first is not None and not may_follow(each, made) for each in over)


def tried(suspect: Suspect) -> bool:
    """Whether a trial began, or a court decided without our hearing of its beginning."""
    return bool(suspect.trials) or any(each.said["outcome"] in BY_COURT for each in suspect.verdicts.values())


def waits_above(suspect: Suspect, charge: str) -> Iterator[tuple[list[Fact], int]]:
    """Return each rise of a charge to the High Court, with the number of the trial that it then waited for."""
    if suspect.went_up(charge):
        yield suspect.went_up(charge), 0
    for number, ordered in enumerate(suspect.retrials.get(charge, {}).values(), start=1):
        yield [ordered], number


def sure_of_trials(suspect: Suspect, charge: str) -> bool:
    """Whether it is known when each of its trials was ordered: else nobody can say which one a verdict answers."""
    return all(dated(came) for came, _ in waits_above(suspect, charge))
