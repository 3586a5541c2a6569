"""State of a person as a suspect: arrests, charges, trials, verdicts, sentences, and the days charges are at courts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from schemas.codebook.courts import SentenceKind
from schemas.codebook.justice import DECIDED_BY_COURT, ChargeOutcome
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    at_some_time,
    certain_days,
    day_after,
    day_before,
    first_of,
    possible_days,
    values,
)
from services.reporting.domain.declaration.figure import ALWAYS, NEVER, Days
from services.reporting.domain.declaration.values_over_time import turns, with_first
from services.reporting.domain.facts.charges_filed_again import EndedCharges
from services.reporting.domain.facts.fact_owner import WitnessedFact
from services.reporting.domain.facts.verdicts_of_owner import ToldVerdicts


class SuspectProfile(Struct, frozen=True):
    """A suspect's profile, as last published. A field is None, or empty, if the author did not state it."""

    sex: str | None = None
    citizenship: tuple[str, ...] = ()
    district: str | None = None
    age_group: str | None = None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the profile as dimensions."""
        return {
            "sex": values(self.sex),
            "citizenship": self.citizenship,
            "district": values(self.district),
            "age_group": values(self.age_group),
        }


class SuspectedAs(Struct, frozen=True):
    """Details stated when the suspect was identified: roles in the trafficking, kind of suspect, and public office.

    `suspect_kind`: human being or legal person.
    """

    perpetrator_role: tuple[str, ...] = ()
    suspect_kind: str | None = None
    public_office: str | None = None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the fields as dimensions."""
        return {
            "perpetrator_role": self.perpetrator_role,
            "suspect_kind": values(self.suspect_kind),
            "public_office": values(self.public_office),
        }


class Arrest(Struct, frozen=True):
    """The last statement of an arrest."""

    made: Interval | None
    on_warrant: str | None
    in_operation: bool
    offence: str | None = None


class Charge(Struct, frozen=True):
    """A charge as last filed, with its later amendments. If the police published it, their event counts.

    `filed_offence`: empty if the filing is not known. `amended`: times of amendments and their offences, in order.
    """

    filed: Interval | None
    filed_offence: str
    by_witness: bool
    amended: tuple[tuple[Interval | None, str], ...] = ()

    @property
    def offence(self) -> str:
        """The offence as last filed or amended."""
        return self.amended[-1][1] if self.amended else self.filed_offence

    def offences(self) -> list[tuple[Days, str]]:
        """Return pairs of (days, offence that the charge names on these days). An undated amendment always held.

        Where the filing is not known, the first amendment says what the charge named before. A later one does not.
        """
        earliest = self.filed_offence or (self.amended[0][1] if self.amended else "")
        first = next((offence for when, offence in reversed(self.amended) if when is None), earliest)
        return turns(self.amended, before=(ALWAYS, first))

    def offence_at(self, when: Interval | None) -> str:
        """Return the offence that the charge names on the last possible day of `when`; the last one if it is None."""
        if when is None or not self.amended:
            return self.offence
        return next(offence for days, offence in self.offences() if days.first <= when.last_day <= days.last)


class ChargeVerdict(Struct, frozen=True):
    """The last verdict of one trial of a charge. Of verdicts on different counts, the conviction.

    `quashed`: an appeal quashed the conviction.
    """

    returned: Interval | None
    outcome: str
    counts_n: int | None
    exploitation: tuple[str, ...]
    offence: str | None = None
    quashed: bool = False

    @property
    def by_court(self) -> bool:
        """Whether a court decided on the charge."""
        return self.outcome in DECIDED_BY_COURT

    @property
    def weight(self) -> int:
        """How much the verdict says: 2 for guilty as charged, 1 for guilty of less, 0 for any other."""
        return 2 if self.convicted else int(self.outcome == ChargeOutcome.CONVICTED_OF_LESSER)

    @property
    def convicted(self) -> bool:
        """Whether this verdict is guilty as charged, also if it was quashed later."""
        return self.outcome == ChargeOutcome.CONVICTED


class ChargeSentence(Struct, frozen=True):
    """The last statement of a sentence: charges by their ids, kinds, months in prison, and amounts in Belize cents."""

    imposed: Interval | None
    charges: tuple[str, ...]
    kinds: tuple[str, ...]
    custodial_months: int | None
    fine_cents: int | None
    confiscated_cents: int | None = None


def custodial(sentence: ChargeSentence) -> bool:
    """Whether the sentence is imprisonment. A suspended term is not."""
    return SentenceKind.IMPRISONMENT in sentence.kinds


Trial: TypeAlias = tuple[str, int]
"""A trial: (id of the charge, number of retrials ordered before it). The first trial has the number 0."""


class Suspect(Struct, frozen=True):
    """The records of a suspect, by the ids of arrests, charges, sentences. A repeated event replaces the earlier one.

    `ages`: age groups of all profiles, with the times of recording. `releases`: reason of the release, by arrest.
    `committals`, `indictments` and `high_court` (start of a first trial at the High Court) are by charge; `retrials` by
    (charge, appeal). `magistrates`: ids of the charges whose first trial was at the Magistrates’ Court. `counts`:
    counts last stated of a charge. `told`: verdicts by who tells them; `verdicts` are those that count. `ended`:
    charges that may be filed again. `death`: None if no death is known.
    """

    profile: SuspectProfile = SuspectProfile()
    ages: tuple[tuple[Interval | None, tuple[str, ...]], ...] = ()
    identified: tuple[Interval | None, ...] = ()
    suspected_as: SuspectedAs = SuspectedAs()
    arrests: Mapping[str, Arrest] = field(default_factory=dict)
    releases: Mapping[str, str | None] = field(default_factory=dict)
    charges: Mapping[str, Charge] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    ended: EndedCharges = field(default_factory=dict)
    withdrawals: Mapping[str, Interval | None] = field(default_factory=dict)
    committals: Mapping[str, WitnessedFact] = field(default_factory=dict)
    indictments: Mapping[str, Interval | None] = field(default_factory=dict)
    high_court: Mapping[str, Interval | None] = field(default_factory=dict)
    magistrates: frozenset[str] = frozenset()
    trials: Mapping[Trial, Interval | None] = field(default_factory=dict)
    told: Mapping[Trial, ToldVerdicts[ChargeVerdict]] = field(default_factory=dict)
    verdicts: Mapping[Trial, ChargeVerdict] = field(default_factory=dict)
    retrials: Mapping[tuple[str, str], Interval | None] = field(default_factory=dict)
    sentences: Mapping[str, ChargeSentence] = field(default_factory=dict)
    death: WitnessedFact | None = None

    def dims_by_age(self) -> list[tuple[Days | None, dict[str, tuple[str, ...]]]]:
        """Return the profile as dimensions, with the days at whose end it counts: the age group changes over time.

        The first recorded age group counts until another is recorded. The days are None if it never changed.
        """
        dims = self.profile.dims()
        ages = with_first(self.ages, dims["age_group"])
        return [(None if len(ages) == 1 else days, {**dims, "age_group": age}) for days, age in ages]

    def trial_of(self, charge: str) -> Trial:
        """Return the key of the charge's present or last trial."""
        return charge, sum(of == charge for of, _ in self.retrials)

    def last_verdict(self, charge: str) -> ChargeVerdict | None:
        """Return the verdict of a charge's last trial. None while that trial is undecided."""
        return self.verdicts.get(self.trial_of(charge))

    def awaits_retrial(self, charge: str) -> bool:
        """Whether a retrial of a charge was ordered that neither began nor ended so far."""
        trial = self.trial_of(charge)
        return trial[1] > 0 and trial not in self.trials and trial not in self.verdicts

    def counts_of(self, charge: str) -> int | None:
        """Return how many counts a charge has. None if nobody told of the charge."""
        return self.counts.get(charge, 1) if charge in self.charges else None

    def convictions(self) -> Iterator[ChargeVerdict]:
        """Yield every verdict of guilty as charged, of any trial of any charge."""
        return (verdict for verdict in self.verdicts.values() if verdict.convicted)

    def guilty_of(self, charge: str) -> bool:
        """Whether the last trial of a charge ended in a conviction as charged that was not quashed."""
        verdict = self.last_verdict(charge)
        return verdict is not None and verdict.convicted and not verdict.quashed


def in_turn(verdicts: Mapping[Trial, ChargeVerdict]) -> dict[Trial, tuple[Days | None, ...]]:
    """Return for each of some verdicts the days at whose end it is the last one of its charge.

    So a charge counts once in a period, by its last verdict. `(None,)`: on all days, or without a date. Empty: never.
    """
    found: dict[Trial, tuple[Days | None, ...]] = {}
    for charge in dict.fromkeys(of for of, _ in verdicts):
        trials = sorted(trial for trial in verdicts if trial[0] == charge)
        held = {trial: days for days, trial in turns((verdicts[trial].returned, trial) for trial in trials)}
        for trial in trials:
            alone = len(trials) == 1 or verdicts[trial].returned is None
            found[trial] = (None,) if alone else (held[trial],) if trial in held else ()
    return found


def arrested(suspect: Suspect) -> tuple[Suspect, ...]:
    """Return a tuple of the suspect, or an empty tuple without an arrest. Figures of arrests share it."""
    return (suspect,) if suspect.arrests else ()


def charged(suspect: Suspect) -> tuple[Suspect, ...]:
    """Return a tuple of the suspect, or an empty tuple without a charge. Figures of charges before courts share it."""
    return (suspect,) if suspect.charges else ()


def gone_up(suspect: Suspect) -> tuple[Suspect, ...]:
    """Return a tuple of the suspect, or an empty tuple if no charge is known to have come before the High Court."""
    return (suspect,) if suspect.committals or suspect.indictments or suspect.high_court or suspect.retrials else ()


class ChargeSpell(Struct, frozen=True):
    """The days on which a charge certainly waits at one court. `days` is None if the first or last day is unknown.

    `offence`: the one that the charge names on these days, or its last one if they are unknown. None if no filing and
    no amendment of the charge is known.
    """

    charge: str
    days: Days | None
    offence: str | None


WaitingDays: TypeAlias = Callable[[Days, Days], Days | None]
"""Function of (days on which a charge may have come to a court, days on which it may have left) that returns the days
on which it waits there, or None."""


def waiting_days_for_running_sum(came: Days, left: Days) -> Days | None:
    """Return the days, for the reader RUNNING_SUM, at whose end the charge certainly waits, or None."""
    return certain_days(came.last, left.first)


def waiting_days_for_active(came: Days, left: Days) -> Days | None:
    """Return the span, for the reader ACTIVE, in which the charge certainly waits at some day's end, or None."""
    return at_some_time(came, Days(day_before(left.first), day_before(left.last)))


def at_magistrates_court(suspect: Suspect) -> Iterator[ChargeSpell]:
    """Yield each span in which a charge is at the Magistrates’ Court: from its filing until it goes up or ends.

    For a charge that was tried there and never went up, each order of a retrial begins another span.
    """
    for charge, filed in suspect.charges.items():
        up = went_up(suspect, charge)
        ordered = [possible_days(when) for (of, _), when in suspect.retrials.items() if of == charge]
        if None in ordered and not up:
            # An undated retrial leaves open to which trial a verdict belongs.
            yield _of_unknown_days(suspect, charge)
            continue
        yield from _waits(
            suspect,
            charge,
            possible_days(filed.filed),
            [*ends(suspect, (charge, 0)), *up],
            waiting_days_for_running_sum,
        )
        for number, came in enumerate(ordered if stays_below(suspect, charge) else (), start=1):
            yield from _waits(suspect, charge, came, ends(suspect, (charge, number)), waiting_days_for_running_sum)


def stays_below(suspect: Suspect, charge: str) -> bool:
    """Whether a known charge was first tried at the Magistrates’ Court and is not known to have gone up."""
    return charge in suspect.magistrates and charge in suspect.charges and not went_up(suspect, charge)


def at_high_court(suspect: Suspect, waits: WaitingDays = waiting_days_for_running_sum) -> Iterator[ChargeSpell]:
    """Yield each span in which a charge is at the High Court.

    A span begins with the committal or with an order of a retrial, and ends with the charge. A charge without a known
    committal was tried once before its first retrial.
    """
    up = {*suspect.committals, *suspect.indictments, *suspect.high_court}
    if not up and not suspect.retrials:
        return
    opened: dict[str, dict[int, Days | None]] = {
        charge: {0: first_of(went_up(suspect, charge))} for charge in sorted(up)
    }
    ordered = Counter[str]()
    for (charge, _), when in suspect.retrials.items():
        if stays_below(suspect, charge):
            continue
        ordered[charge] += 1
        opened.setdefault(charge, {})[ordered[charge]] = possible_days(when)
    for charge, spells in opened.items():
        if None in spells.values():
            # An undated retrial leaves open to which trial a verdict belongs.
            yield _of_unknown_days(suspect, charge)
            continue
        for number, came in spells.items():
            yield from _waits(suspect, charge, came, ends(suspect, (charge, number)), waits)


def ends(suspect: Suspect, trial: Trial) -> list[Interval | None]:
    """Return the times of what may end a trial: a verdict, the charge's withdrawal and the person's death.

    A verdict of a later trial ends an earlier one whose own verdict is not known.
    """
    charge, number = trial
    decided = [each.returned for (of, later), each in suspect.verdicts.items() if of == charge and later >= number]
    return [*decided, *by_withdrawal(suspect, charge), *by_death(suspect)]


def went_up(suspect: Suspect, charge: str) -> list[Interval | None]:
    """Return the times at which a charge came before the High Court: committal, indictment, start of first trial."""
    others = [by[charge] for by in (suspect.indictments, suspect.high_court) if charge in by]
    return [*by_committal(suspect, charge), *others]


def by_committal(suspect: Suspect, charge: str) -> list[Interval | None]:
    """Return the time of the charge's committal to the High Court as a list, empty if there was none."""
    return [suspect.committals[charge].happened] if charge in suspect.committals else []


def by_withdrawal(suspect: Suspect, charge: str) -> list[Interval | None]:
    """Return the time at which a charge was withdrawn as a list, empty if it was not."""
    return [suspect.withdrawals[charge]] if charge in suspect.withdrawals else []


def by_death(suspect: Suspect) -> list[Interval | None]:
    """Return the time of the person's death as a list, empty if there is none. A death ends every charge."""
    return [] if suspect.death is None else [suspect.death.happened]


def _of_unknown_days(suspect: Suspect, charge: str) -> ChargeSpell:
    filed = suspect.charges.get(charge)
    return ChargeSpell(charge, None, None if filed is None else filed.offence)


def _waits(
    suspect: Suspect, charge: str, came: Days | None, ends: list[Interval | None], waits: WaitingDays
) -> Iterator[ChargeSpell]:
    """Yield the spell in which a charge waits, divided where an amendment changed its offence."""
    if came is None or None in ends:
        yield _of_unknown_days(suspect, charge)
        return
    left, filed = first_of(ends) or Days(NEVER, NEVER), suspect.charges.get(charge)
    for held, offence in [(Days(ALWAYS, NEVER), None)] if filed is None else filed.offences():
        since, until = (max(day, held.first) for day in came), (min(day, day_after(held.last)) for day in left)
        days = waits(Days(*since), Days(*until))
        if days is not None:
            yield ChargeSpell(charge, days, offence)
