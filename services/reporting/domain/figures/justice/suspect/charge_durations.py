"""Durations in days of charges: from charge to committal, to trial, to verdict, and to sentence.

Without the next step, a duration is under way until the charge ends.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from schemas.codebook.justice import ChargeOutcome
from schemas.ids import Kind
from services.reporting.domain.declaration.durations import after, duration, duration_items
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, DateRole, Figure, Unit
from services.reporting.domain.figures.justice.suspect.state import Suspect, by_committal, by_death, ends

_GUILTY: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})


def charge_to_committal(suspect: Suspect) -> Iterator[Counted]:
    """Yield for each charge the time until its committal. A verdict, withdrawal or death ends a time under way."""
    for charge, filed in suspect.charges.items():
        up = by_committal(suspect, charge)
        yield from duration_items(filed.filed, up, Unit.DAYS, _dims(suspect, charge), unless=ends(suspect, (charge, 0)))


def committal_to_trial(suspect: Suspect) -> Iterator[Counted]:
    """Yield for each committed charge the time until its first trial. A verdict, withdrawal or death ends a wait."""
    for charge, committed in suspect.committals.items():
        trial = (charge, 0)
        begun = [suspect.trials[trial]] if trial in suspect.trials else []
        yield from duration_items(
            committed.happened, begun, Unit.DAYS, _dims(suspect, charge), unless=ends(suspect, trial)
        )


def trial_to_verdict(suspect: Suspect) -> Iterator[Counted]:
    """Yield for each trial the time until the court's verdict. A trial that ends without one has no duration."""
    for trial, begun in suspect.trials.items():
        verdict = suspect.verdicts.get(trial)
        decided = [verdict.returned] if verdict is not None and verdict.by_court else []
        yield from duration_items(begun, decided, Unit.DAYS, _dims(suspect, trial[0]), unless=ends(suspect, trial))


def verdict_to_sentence(suspect: Suspect) -> Iterator[Counted]:
    """Yield for each verdict of guilty, also of a lesser offence, the time until its first sentence.

    A retrial or a death ends a time under way.
    """
    for (charge, number), verdict in suspect.verdicts.items():
        following = suspect.verdicts.get((charge, number + 1))
        until = None if following is None else following.returned
        imposed = (each.imposed for each in suspect.sentences.values() if charge in each.charges)
        sentenced = after(verdict.returned, imposed, until)
        if verdict.outcome in _GUILTY and (sentenced or not verdict.quashed):
            ordered = (when for (of, _), when in suspect.retrials.items() if of == charge)
            others = [*after(verdict.returned, ordered), *by_death(suspect)]
            yield from duration_items(verdict.returned, sentenced, Unit.DAYS, _dims(suspect, charge), unless=others)


def _dims(suspect: Suspect, charge: str) -> dict[str, tuple[str, ...]]:
    return {"offence": (suspect.charges[charge].offence,) if charge in suspect.charges else ()}


def _figure(
    number: str, name: str, en: str, es: str, counted: Callable[[Suspect], Iterable[Counted]]
) -> Figure[Suspect]:
    return duration(
        number=number,
        name=name,
        en=en,
        es=es,
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=counted,
        area=Area.PROSECUTION,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("offence",)),
        version=2,
        valid_from=VERSION_2_FROM,
    )


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    _figure(
        "T12",
        "charge_to_committal",
        "Days from the filing of a charge to its committal to the High Court, by the day of the committal: the "
        "median; charges that still wait before the Magistrates’ Court are beside it.",
        "Días desde la presentación de un cargo hasta su remisión al Tribunal Superior, según el día de la remisión: "
        "la mediana; los cargos que aún esperan ante el Tribunal de Magistrados figuran aparte.",
        charge_to_committal,
    ),
    _figure(
        "T13",
        "committal_to_trial",
        "Days from a charge’s committal to the start of its first trial, by the day of that start: the median; "
        "charges still without a trial are beside it.",
        "Días desde la remisión de un cargo hasta el inicio de su primer juicio, según el día de ese inicio: "
        "la mediana; los cargos aún sin juicio figuran aparte.",
        committal_to_trial,
    ),
    _figure(
        "T14",
        "trial_to_verdict",
        "Days from the start of a trial to the court’s verdict on a charge, by the day of the verdict: the median; "
        "charges still on trial are beside it. A retrial is another trial.",
        "Días desde el inicio de un juicio hasta el veredicto del tribunal sobre un cargo, según el día del veredicto: "
        "la mediana; los cargos aún en juicio figuran aparte. Un nuevo juicio es otro juicio.",
        trial_to_verdict,
    ),
    _figure(
        "T15",
        "verdict_to_sentence",
        "Days from a verdict of guilty, as charged or of less, to the first sentence for it, by the day of the "
        "sentence: the median; verdicts still without a sentence are beside it.",
        "Días desde un veredicto de condena, según lo imputado o por un delito menor, hasta la primera pena impuesta "
        "por él, según el día en que se impuso: la mediana; los veredictos aún sin pena figuran aparte.",
        verdict_to_sentence,
    ),
)
