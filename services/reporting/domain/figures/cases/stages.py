"""Part of a case: the steps that it reached. Of the cases opened in a period, figures count those at each step (R23).

A case reaches a step as soon as any person in it does, at any time. An event that does not name the case does not
count.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.courts import AppealOutcome, SentenceKind
from schemas.codebook.justice import DECIDED_BY_COURT, ChargeOutcome
from schemas.ids import Kind
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, VerdictReturnedV1
from schemas.justice.hearings_and_trials import CourtCommittedV1, TrialStartedV1
from schemas.justice.police import ArrestMadeV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, SentenceImposedV1
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import Fold, Part, first_of, with_entry
from services.reporting.domain.declaration.figure import FIRST_REPORT, VERSION_2_FROM, Area, Counted, Figure, Unit
from services.reporting.domain.facts.verdicts_of_owner import ToldVerdicts, verdict_by_witness
from services.reporting.domain.figures.cases.investigation import folds
from services.reporting.domain.figures.cases.investigation.state import ChargeOfPerson, Investigation

ARRESTED: Final = "arrested"
CHARGED: Final = "charged"
COMMITTED: Final = "committed"
TRIED: Final = "tried"

_OVERTURNED: Final = frozenset({AppealOutcome.CONVICTION_QUASHED, AppealOutcome.RETRIAL_ORDERED})


class VerdictInCase(Struct, frozen=True):
    """A verdict on a charge: whether it is a conviction in force, and on how many counts it is."""

    convicted: bool
    counts_n: int | None

    @property
    def weight(self) -> int:
        """How much the verdict says: 1 for guilty as charged, 0 for any other."""
        return int(self.convicted)


class StepsOfCase(Struct, frozen=True):
    """The steps that any person in the case reached.

    `told`: verdicts of the last trial of each charge, by who tells them. `guilty`: charges with a conviction in force.
    `prison`: charges for which somebody was sentenced to imprisonment. `counts`: number of counts last stated of each
    charge, or 1.
    """

    investigation: Investigation = field(default_factory=Investigation)
    reached: frozenset[str] = frozenset()
    told: Mapping[ChargeOfPerson, ToldVerdicts[VerdictInCase]] = field(default_factory=dict)
    guilty: frozenset[ChargeOfPerson] = frozenset()
    prison: frozenset[ChargeOfPerson] = frozenset()
    counts: Mapping[ChargeOfPerson, int] = field(default_factory=dict)

    def with_step(self, step: str) -> "StepsOfCase":
        """Return the steps with one more, or the same object if the case has reached that step already."""
        return self if step in self.reached else replace(self, reached=self.reached | {step})


def _arrest_made(case: str, course: StepsOfCase, event: ArrestMadeV1) -> StepsOfCase:
    return course.with_step(ARRESTED) if event.data.case == case else course


def _charge_filed(case: str, course: StepsOfCase, event: ChargeFiledV1) -> StepsOfCase:
    return _counted(course.with_step(CHARGED), event) if event.data.case == case else course


def _charge_amended(case: str, course: StepsOfCase, event: ChargeAmendedV1) -> StepsOfCase:
    return _counted(course, event) if event.data.case == case else course


def _counted(course: StepsOfCase, event: ChargeFiledV1 | ChargeAmendedV1) -> StepsOfCase:
    charge = event.data.person, event.data.charge
    known = course.counts.get(charge, 1)
    stated = known if event.data.counts_n is None else event.data.counts_n
    return replace(course, counts=with_entry(course.counts, charge, stated))


def _committed(case: str, course: StepsOfCase, event: CourtCommittedV1) -> StepsOfCase:
    return course.with_step(COMMITTED) if event.data.case == case else course


def _trial_started(case: str, course: StepsOfCase, event: TrialStartedV1) -> StepsOfCase:
    return course.with_step(TRIED) if event.data.case == case else course


def _verdict_returned(case: str, course: StepsOfCase, event: VerdictReturnedV1) -> StepsOfCase:
    """Add a verdict. The last verdict of a charge holds, but a verdict on other counts leaves a conviction as it is.

    The prosecution's verdict holds before that of the police. A court's decision implies a trial, even if none is
    known.
    """
    data = event.data
    if data.case != case:
        return course
    charge = data.person, data.charge
    verdict = VerdictInCase(data.outcome is ChargeOutcome.CONVICTED, data.counts_n)
    told = course.told.get(charge, ToldVerdicts[VerdictInCase]())
    told = told.with_verdict(verdict, course.counts.get(charge), by_witness=verdict_by_witness(event))
    counted = told.counted(course.counts.get(charge))
    guilty = course.guilty | {charge} if counted is not None and counted.convicted else course.guilty - {charge}
    course = replace(course, told=with_entry(course.told, charge, told), guilty=guilty)
    return course.with_step(TRIED) if data.outcome in DECIDED_BY_COURT else course


def _appeal_decided(case: str, course: StepsOfCase, event: AppealDecidedV1) -> StepsOfCase:
    """End convictions by an appeal. After an order of a retrial, verdicts are of another trial."""
    data = event.data
    if data.case != case or data.outcome not in _OVERTURNED:
        return course
    charges = {(data.person, charge) for charge in data.charges}
    told = {each: verdicts for each, verdicts in course.told.items() if each not in charges}
    if data.outcome is AppealOutcome.CONVICTION_QUASHED:
        told |= {each: _quashed(verdicts) for each, verdicts in course.told.items() if each in charges}
    return replace(course, told=told, guilty=course.guilty - charges)


def _quashed(told: ToldVerdicts[VerdictInCase]) -> ToldVerdicts[VerdictInCase]:
    owner, witness = (None if each is None else replace(each, convicted=False) for each in (told.owner, told.witness))
    return ToldVerdicts(owner, witness)


def _sentence_imposed(case: str, course: StepsOfCase, event: SentenceImposedV1) -> StepsOfCase:
    data = event.data
    if data.case != case or SentenceKind.IMPRISONMENT not in data.kinds:
        return course
    return replace(course, prison=course.prison | {(data.person, charge) for charge in data.charges})


_OWN: Final[Mapping[str, Fold[StepsOfCase]]] = {
    "bz.atips.arrest.made.v1": _arrest_made,
    "bz.atips.charge.filed.v1": _charge_filed,
    "bz.atips.charge.amended.v1": _charge_amended,
    "bz.atips.court.committed.v1": _committed,
    "bz.atips.trial.started.v1": _trial_started,
    "bz.atips.verdict.returned.v1": _verdict_returned,
    "bz.atips.appeal.decided.v1": _appeal_decided,
    "bz.atips.sentence.imposed.v1": _sentence_imposed,
}


def _of(said: Fold[Investigation] | None, own: Fold[StepsOfCase] | None) -> Fold[StepsOfCase]:
    """Return a fold that applies an event to the investigation (`said`) and to the steps reached (`own`)."""

    def fold(case: str, course: StepsOfCase, event: object) -> StepsOfCase:
        after = course.investigation if said is None else said(case, course.investigation, event)
        changed = course if after is course.investigation else replace(course, investigation=after)
        return changed if own is None else own(case, changed, event)

    return fold


def active(course: StepsOfCase) -> bool:
    """Whether the case is active by its last step: neither the police nor the end of all charges has ended it."""
    said = [step for step in course.investigation.steps if step.opening or step.active is not None]
    return not said or said[-1].opening or bool(said[-1].active)


class CohortCase(Struct, frozen=True):
    """A case of the cohort, and the item that each figure counts whose step the case has reached."""

    course: StepsOfCase
    counted: Counted


def _opened(course: StepsOfCase) -> tuple[CohortCase, ...]:
    openings = course.investigation.openings
    if not openings:
        return ()
    return (CohortCase(course, Counted(first_of(each.opened for each in openings), dims=openings[0].dims())),)


_VERSION_2: Final = frozenset("fgh")
"""Letters of the steps that go by the end of charges and by the verdicts that count."""


def _step(letter: str, name: str, en: str, es: str, reached: Callable[[StepsOfCase], bool]) -> Figure[StepsOfCase]:
    def counted(member: CohortCase) -> Iterator[Counted]:
        if reached(member.course):
            yield member.counted

    return Figure(
        number=f"R23{letter}",
        name=f"opened_cohort_{name}",
        en=f"Of the cases into which a first investigation was opened in the period, {en}",
        es=f"De los casos en los que se abrió una primera investigación en el período, {es}",
        entity=Kind.CASE,
        unit=Unit.CASES,
        counted=EachCounted(_opened, counted),
        area=Area.PROSECUTION,
        breakdowns=((), ("suspected_offence",)),
        distinct=True,
        part_of=None if letter == "a" else "R23a",
        version=2 if letter in _VERSION_2 else 1,
        valid_from=VERSION_2_FROM if letter in _VERSION_2 else FIRST_REPORT,
    )


FIGURES: Final[tuple[Figure[StepsOfCase], ...]] = (
    _step("a", "all", "all: the cohort of the steps below.", "todos: la cohorte de los pasos siguientes.",
          lambda _: True),
    _step("b", "arrested", "those in which somebody was arrested so far.",
          "aquellos en los que hasta ahora hubo una detención.", lambda each: ARRESTED in each.reached),
    _step("c", "charged", "those in which somebody was charged so far.",
          "aquellos en los que hasta ahora se acusó a alguien.", lambda each: CHARGED in each.reached),
    _step("d", "committed", "those of which a charge was committed to the High Court so far.",
          "aquellos de los que hasta ahora un cargo pasó al Tribunal Superior.",
          lambda each: COMMITTED in each.reached),
    _step("e", "tried", "those in which a trial has begun.", "aquellos en los que ha comenzado un juicio.",
          lambda each: TRIED in each.reached),
    _step("f", "convicted", "those in which a conviction as charged stands.",
          "aquellos en los que sigue en pie una condena según lo imputado.", lambda each: bool(each.guilty)),
    _step("g", "imprisoned", "those in which such a conviction led to imprisonment.",
          "aquellos en los que una condena así llevó a prisión.",
          lambda each: not each.prison.isdisjoint(each.guilty)),
    _step("h", "open", "those still under investigation or before a court.",
          "los que siguen en investigación o ante un tribunal.", active),
)  # fmt: skip

PART: Final = Part(
    name="stages",
    kind=Kind.CASE,
    empty=StepsOfCase(),
    folds={name: _of(folds.FOLDS.get(name), _OWN.get(name)) for name in {**folds.FOLDS, **_OWN}},
    figures=FIGURES,
)
