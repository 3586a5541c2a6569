"""State of a case's investigation: its openings, the steps since, verdicts, and charges."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.case import InvestigationOutcome
from schemas.times import Interval, surely_before
from services.reporting.domain.declaration.entity_state_part import is_known_answer, values
from services.reporting.domain.declaration.figure import ALWAYS, Days
from services.reporting.domain.declaration.values_over_time import turns, values_during
from services.reporting.domain.facts.charges_filed_again import EndedCharges

OPEN: Final = str(InvestigationOutcome.OPEN)

CLOSING: Final = frozenset(
    {
        InvestigationOutcome.CLOSED_UNFOUNDED,
        InvestigationOutcome.CLOSED_INSUFFICIENT_EVIDENCE,
        InvestigationOutcome.CLOSED_OTHER_OFFENCE,
        InvestigationOutcome.TRANSFERRED,
        InvestigationOutcome.VICTIM_DECLINED,
    }
)
"""Outcomes that end a case. After others, such as a charge or a referral, the case goes on."""


class InvestigationOpening(Struct, frozen=True):
    """The opening of an investigation into a case. `offence`: when the offence was over, None if not stated."""

    opened: Interval | None
    suspected_offence: str | None
    exploitation: tuple[str, ...]
    district: str | None
    offence: Interval | None = None

    def stated(self) -> Iterator[tuple[str, str | tuple[str, ...]]]:
        """Yield (name, value) of each field that the opening states. Its dates are left out."""
        every: tuple[tuple[str, str | tuple[str, ...] | None], ...] = (
            ("suspected_offence", self.suspected_offence),
            ("exploitation", self.exploitation),
            ("district", self.district),
        )
        return ((name, said) for name, said in every if said)

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the opening's dimensions: district, suspected offence and forms of exploitation."""
        return {
            "district": values(self.district),
            "suspected_offence": values(self.suspected_offence),
            "exploitation": self.exploitation,
        }


_NOT_KNOWN: Final = InvestigationOpening(opened=None, suspected_offence=None, exploitation=(), district=None)
"""The opening of a case of which nobody told."""


class CaseStep(Struct, frozen=True):
    """A change of a case by the police or (`by_court`) by its charges.

    `outcome`: the published outcome. `investigated`, `active`: whether the case is under investigation, or active,
    from now on. A field is None if the event does not change it. `by_court`: the last open charge ended, or a charge
    was opened. `opening`: a further opening of the investigation; `Investigation.openings` has it too.
    """

    since: Interval | None
    outcome: str | None = None
    investigated: bool | None = None
    active: bool | None = None
    by_court: bool = False
    opening: bool = False


ChargeOfPerson: TypeAlias = tuple[str, str]
"""A charge as the pair of the accused person's id and the charge's id."""


class ChargeChange(Struct, frozen=True):
    """An event after which charges wait for their end or, if not `waits`, have ended.

    `if_new`: charges that are known already do not change. `verdict`: whether it is a verdict, and `by_court`, whether
    that is a court's decision. `by_witness`: whether the police told the verdict, which the prosecution owns.
    `police_steps`: number of steps of the police before it.
    """

    since: Interval | None
    charges: tuple[ChargeOfPerson, ...]
    waits: bool
    if_new: bool = False
    verdict: bool = False
    by_court: bool = False
    by_witness: bool = False
    police_steps: int = 0


class Investigation(Struct, frozen=True):
    """The investigation of a case: openings, steps, and changes of charges, each in the order in which they happened.

    `charges`: whether each charge still waits for its end. `ended`: by accused person, charges that may be filed again.
    """

    openings: tuple[InvestigationOpening, ...] = ()
    steps: tuple[CaseStep, ...] = ()
    changes: tuple[ChargeChange, ...] = ()
    charges: Mapping[ChargeOfPerson, bool] = field(default_factory=dict)
    ended: Mapping[str, EndedCharges] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[Interval | None]:
        """The times of verdicts by which a court decided a charge."""
        return [change.since for change in self.changes if change.by_court]

    def outcomes(self) -> list[tuple[Days, str | None]]:
        """Return the days of each outcome, in order: OPEN until another one is published.

        None: the police closed the case without an outcome. If an outcome was published before, it stays in force. A
        case that is reopened is OPEN again.
        """
        said = turns(
            ((step.since, step.outcome) for step in self.steps if step.outcome is not None), before=(ALWAYS, OPEN)
        )
        police = (step for step in self.steps if not step.by_court)
        over = turns(((step.since, step.outcome is None) for step in police), before=(ALWAYS, False))
        return [
            (days, None if ended and outcome == OPEN else outcome)
            for held, outcome in said
            for days, ended in (values_during(held, over) if outcome == OPEN else ((held, False),))
        ]

    def described(self) -> InvestigationOpening:
        """Return the first opening with its earliest date and the last answers on district, offence and exploitation.

        So a case has one description, however many openings it has, and the rows of a stock add up to its cases. An
        opening without answers is returned if none is known.
        """
        if not self.openings:
            return _NOT_KNOWN
        last: dict[str, str | tuple[str, ...]] = {}
        for name, said in (pair for each in self.openings for pair in each.stated()):
            if name not in last or is_known_answer(said):
                last[name] = said
        dated = [each.opened for each in self.openings if each.opened is not None]
        return replace(self.openings[0], opened=min(dated, key=lambda each: each.start, default=None), **last)

    def spells(self, going: Callable[[CaseStep], bool | None]) -> Iterator["CaseSpell"]:
        """Yield each span from an opening, or from a step that reopens the case, to the next step that ends it.

        `going` returns True for a step that starts a span, False for one that ends it, None for others. If no opening
        is known, spans begin with steps alone, such as a charge.
        """
        ended = [step.since for step in self.steps if going(step) is False]
        for opening in self.openings:
            if opening.opened is None or None in ended:
                yield CaseSpell(opening, None)
            else:
                yield CaseSpell(opening, opening.opened, _next(ended, opening.opened))
        for position, step in enumerate(self.steps):
            if going(step) and step.since is not None:
                later = [each.since for each in self.steps[position:] if going(each) is False]
                yield CaseSpell(self._before(step.since), step.since, _next(later, step.since))
            elif going(step) and not self.openings:
                yield CaseSpell(_NOT_KNOWN, None)

    def _before(self, since: Interval) -> InvestigationOpening:
        """Return the last opening that may have begun by a time, or the last of all if none may have."""
        before = [each for each in self.openings if each.opened is None or each.opened.start <= since.start]
        return (before or self.openings or [_NOT_KNOWN])[-1]


class CaseSpell(Struct, frozen=True):
    """A span in which a case is active or under investigation. `begins` None: at an unknown time; `ends` None: open."""

    opening: InvestigationOpening
    begins: Interval | None
    ends: Interval | None = None


def _next(ends: Sequence[Interval | None], since: Interval) -> Interval | None:
    """Return the earliest of the ends that are not surely before `since`, or None."""
    after = (each for each in ends if each is not None and not surely_before(each, since))
    return min(after, key=lambda each: each.last_day, default=None)
