"""Figures of courts: charges before courts, and convictions. They count persons, counts of charges, or charges."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.codebook.dated_groups_and_labels import LABOUR
from schemas.codebook.justice import LawGroup, Offence, law_on
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import is_known_answer, possible_days, values
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Counted, DateRole, Days, Figure, Reader, Unit
from services.reporting.domain.facts import offence_groups
from services.reporting.domain.figures.justice.suspect.shared_declarations import BY_PERSON, flow, stock, waiting
from services.reporting.domain.figures.justice.suspect.state import (
    ChargeSpell,
    ChargeVerdict,
    Suspect,
    Trial,
    WaitingDays,
    at_high_court,
    at_magistrates_court,
    charged,
    gone_up,
    in_turn,
    waiting_days_for_active,
    waiting_days_for_running_sum,
)


class Conviction(Struct, frozen=True):
    """A verdict of guilty as charged, with the suspect's dimensions and the days at whose end these count.

    `law`: group of the offence, `offence`: its code; both are None if no offence is known. `last_on`: days at whose
    end the charge's counts count by this conviction (`in_turn`).
    """

    trial: Trial
    verdict: ChargeVerdict
    dims: Sequence[tuple[Days | None, Mapping[str, tuple[str, ...]]]]
    law: str | None
    offence: str | None
    last_on: tuple[Days | None, ...] = (None,)


def _every(suspect: Suspect) -> list[Conviction]:
    if not suspect.verdicts:  # the usual case
        return []
    dims = suspect.dims_by_age()
    return [
        Conviction(trial, verdict, dims, offence_groups.group(offence, verdict.returned), offence)
        for trial, verdict in suspect.verdicts.items()
        if verdict.convicted
        for offence in (offence_of(suspect, trial[0], verdict),)
    ]


def offence_of(suspect: Suspect, charge: str, verdict: ChargeVerdict) -> str | None:
    """Return the offence of a verdict: the one that the court named, else that of the charge then, else None."""
    return verdict.offence or charged_with(suspect, charge, verdict)


def charged_with(suspect: Suspect, charge: str, verdict: ChargeVerdict) -> str | None:
    """Return the offence that the charge named when its verdict was returned. None if no filing is known."""
    return suspect.charges[charge].offence_at(verdict.returned) if charge in suspect.charges else None


def _convictions(suspect: Suspect) -> list[Conviction]:
    """Return convictions of offences that count as trafficking, or of unknown offences."""
    return _in_turn([each for each in _every(suspect) if each.law != LawGroup.OTHER])


def _other_convictions(suspect: Suspect) -> list[Conviction]:
    return _in_turn([each for each in _every(suspect) if each.law == LawGroup.OTHER])


def _in_turn(every: list[Conviction]) -> list[Conviction]:
    """Return the convictions with the days on which each is the last one of its charge."""
    last_on = in_turn({each.trial: each.verdict for each in every})
    return [replace(each, last_on=last_on[each.trial]) for each in every]


def _of_labour(suspect: Suspect) -> list[Conviction]:
    """Return convictions of trafficking for labour."""
    return [each for each in _convictions(suspect) if _is_of_labour(each)]


def _is_of_labour(conviction: Conviction) -> bool:
    """Whether the conviction is for labour: by the exploitation that the court stated, else by the offence."""
    stated = conviction.verdict.exploitation
    if not stated or not is_known_answer(stated):
        return conviction.offence == Offence.TIP_LABOUR
    return bool(LABOUR.at(conviction.verdict.returned) & set(stated))


def persons_convicted(conviction: Conviction) -> Iterator[Counted]:
    """Yield one item for a conviction and each age group of the person, which counts at the end of these days."""
    when = possible_days(conviction.verdict.returned)
    for days, dims in conviction.dims if when is not None else conviction.dims[-1:]:
        yield Counted(when, dims={**dims, **_of(conviction)}, asof=days)


def counts_convicted(conviction: Conviction) -> Iterator[Counted]:
    """Yield the number of counts of a conviction as the amount: None if it was not stated, not 0 or 1.

    A charge of which the person is convicted again, after a retrial, counts once in a period.
    """
    verdict = conviction.verdict
    for days in conviction.last_on:
        yield Counted(possible_days(verdict.returned), verdict.counts_n, _of(conviction), asof=days)


def _of(conviction: Conviction) -> dict[str, tuple[str, ...]]:
    return {"exploitation": conviction.verdict.exploitation, offence_groups.LAW: values(conviction.law)}


def at_magistrates(suspect: Suspect) -> Iterator[Counted]:
    """Yield the days on which each trafficking charge is certainly before the Magistrates' Court."""
    return _before_magistrates(suspect, lambda law: law != LawGroup.OTHER)


def at_magistrates_arrested(suspect: Suspect) -> Iterator[Counted]:
    """Yield the days of `at_magistrates` from the day by which the person had certainly been arrested.

    Items without days are left out, and all items if no arrest has a date.
    """
    made = [each.made.last_day for each in suspect.arrests.values() if each.made is not None]
    for counted in at_magistrates(suspect) if made else ():
        if counted.when is not None and min(made) <= counted.when.last:
            yield counted._replace(when=Days(max(counted.when.first, min(made)), counted.when.last))


def at_magistrates_for_other(suspect: Suspect) -> Iterator[Counted]:
    """Yield the days on which each charge of another offence is certainly before the Magistrates' Court."""
    return _before_magistrates(suspect, lambda law: law == LawGroup.OTHER)


def _before_magistrates(suspect: Suspect, chosen: Callable[[str | None], bool]) -> Iterator[Counted]:
    def iccs(spell: ChargeSpell) -> tuple[str, ...]:
        filed = suspect.charges[spell.charge].filed
        return values(law_on(Offence(str(spell.offence)), None if filed is None else filed.first_day).iccs)

    def group(spell: ChargeSpell) -> tuple[str, ...]:
        return values(_law_of(suspect, spell))

    spells = [spell for spell in at_magistrates_court(suspect) if chosen(_law_of(suspect, spell))]
    return waiting(suspect, spells, offence=_offence, iccs=iccs, offence_group=group)


def _offence(spell: ChargeSpell) -> tuple[str, ...]:
    return values(spell.offence)


def _law_of(suspect: Suspect, spell: ChargeSpell) -> str | None:
    filed = suspect.charges.get(spell.charge)
    return None if filed is None else offence_groups.group(spell.offence, filed.filed)


def awaiting_trial(suspect: Suspect) -> Iterator[Counted]:
    """Yield the days on which each trafficking charge is certainly before the High Court and undecided."""

    def group(spell: ChargeSpell) -> tuple[str, ...]:
        return values(_law_of(suspect, spell))

    spells = _at_high_court(suspect, waiting_days_for_running_sum, counting=True)
    return waiting(suspect, spells, offence=_offence, offence_group=group)


def awaiting_trial_at_any_time(suspect: Suspect) -> Iterator[Counted]:
    """Yield the span, for the reader ACTIVE, in which each trafficking charge certainly awaits its trial."""
    return waiting(suspect, _at_high_court(suspect, waiting_days_for_active, counting=True))


def awaiting_trial_for_other(suspect: Suspect) -> Iterator[Counted]:
    """Yield the days on which each charge of another offence is certainly before the High Court and undecided."""
    return waiting(suspect, _at_high_court(suspect, waiting_days_for_running_sum, counting=False))


def _at_high_court(suspect: Suspect, waits: WaitingDays, *, counting: bool) -> list[ChargeSpell]:
    """Return spells of charges that count as trafficking or, if not `counting`, of those that do not."""
    spells = at_high_court(suspect, waits)
    return [spell for spell in spells if (_law_of(suspect, spell) != LawGroup.OTHER) is counting]


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="O13a",
        name="persons_convicted",
        en="Persons convicted as charged, by a verdict returned in the period, on at least one charge of what the "
        "Council counts as trafficking. That is trafficking itself, commercial sexual exploitation of children, or an "
        "offence that nobody named. They count also if an appeal quashed the conviction later.",
        es="Personas condenadas según lo imputado, con veredicto emitido en el período, por al menos un cargo de lo "
        "que el Consejo cuenta como trata. Esto es la trata misma, la explotación sexual comercial de menores, o un "
        "delito que nadie indicó. Cuentan también si una apelación anuló después la condena.",
        counted=EachCounted(_convictions, persons_convicted),
        date_role=DateRole.DECIDED,
        breakdowns=(
            *((), ("exploitation",), ("sex",), ("age_group",), ("citizenship",)),
            ("exploitation", "sex", "citizenship"),
            *((offence_groups.LAW,), (offence_groups.LAW, "sex")),
        ),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="O13b",
        name="counts_convicted",
        en="Counts on which the persons of O13a were convicted as charged, by verdicts returned in the period; one "
        "charge may hold several counts. Of a charge on which somebody is convicted again after a retrial, the last "
        "conviction counts.",
        es="Imputaciones (counts) por las que las personas de O13a fueron condenadas según el cargo, con veredicto "
        "emitido en el período; un cargo puede contener varias. Si por un cargo hay otra condena tras un nuevo juicio, "
        "cuenta la última.",
        counted=EachCounted(_convictions, counts_convicted),
        unit=Unit.COUNTS,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("exploitation",), (offence_groups.LAW,)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="R28b",
        name="persons_convicted_of_other_offences",
        en="Persons convicted as charged, by a verdict returned in the period, of an offence that the Council does not "
        "count as trafficking.",
        es="Personas condenadas según lo imputado, con veredicto emitido en el período, por un delito que el Consejo "
        "no cuenta como trata.",
        counted=EachCounted(_other_convictions, persons_convicted),
        date_role=DateRole.DECIDED,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="R28c",
        name="counts_convicted_of_other_offences",
        en="Counts on which the persons of R28b were convicted.",
        es="Imputaciones por las que las personas de R28b fueron condenadas.",
        counted=EachCounted(_other_convictions, counts_convicted),
        unit=Unit.COUNTS,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="O14a",
        name="persons_convicted_of_labour_trafficking",
        en="Of the persons convicted, those whose conviction is of trafficking for labour or servitude.",
        es="De las personas condenadas, las que lo fueron por trata con fines laborales o de servidumbre.",
        counted=EachCounted(_of_labour, persons_convicted),
        date_role=DateRole.DECIDED,
        part_of="O13a",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="O14b",
        name="counts_convicted_of_labour_trafficking",
        en="Of the counts with a conviction, those of trafficking for labour or servitude.",
        es="De las imputaciones con condena, las de trata con fines laborales o de servidumbre.",
        counted=EachCounted(_of_labour, counts_convicted),
        unit=Unit.COUNTS,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
        part_of="O13b",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    stock(
        number="O15a",
        name="persons_awaiting_trial",
        en="Living persons with an undecided charge before the High Court at the period’s end, of what the Council "
        "counts as trafficking. A charge goes up there by committal, indictment or the start of a trial.",
        es="Personas vivas que al final del período tienen ante el Tribunal Superior un cargo sin decidir por lo que "
        "el Consejo cuenta como trata. Un cargo pasa a él por remisión, acusación formal o inicio de un juicio.",
        counted=EachCounted(gone_up, awaiting_trial),
        breakdowns=(*BY_PERSON, ("offence",), (offence_groups.LAW,)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    stock(
        number="O15b",
        name="persons_awaiting_trial_at_any_time",
        en="Persons whose charge of what the Council counts as trafficking was before the High Court and undecided at "
        "any time in the period.",
        es="Personas cuyo cargo de lo que el Consejo cuenta como trata estuvo ante el Tribunal Superior sin decidir en "
        "algún momento del período.",
        counted=EachCounted(gone_up, awaiting_trial_at_any_time),
        breakdowns=BY_PERSON,
        reader=Reader.ACTIVE,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    stock(
        number="O16",
        name="persons_charged",
        en="Living persons with a charge of what the Council counts as trafficking that is still before the "
        "Magistrates’ Court at the period’s end. It is undecided, and has not gone up to the High Court by committal, "
        "indictment or the start of a trial there.",
        es="Personas vivas con un cargo de lo que el Consejo cuenta como trata que al final del período sigue ante el "
        "Tribunal de Magistrados. No está decidido, ni pasó al Tribunal Superior por remisión, acusación formal o "
        "inicio de un juicio ante él.",
        counted=EachCounted(charged, at_magistrates),
        breakdowns=(
            *((), ("offence",), ("sex",), ("citizenship",), ("offence", "sex", "citizenship"), ("iccs",)),
            (offence_groups.LAW,),
        ),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    stock(
        number="R28d",
        name="persons_charged_with_other_offences",
        en="Living persons with a charge before the Magistrates’ Court at the period’s end, of an offence that the "
        "Council does not count as trafficking.",
        es="Personas vivas con un cargo ante el Tribunal de Magistrados al final del período por un delito que el "
        "Consejo no cuenta como trata.",
        counted=EachCounted(charged, at_magistrates_for_other),
        breakdowns=((), ("sex",)),
        valid_from=VERSION_2_FROM,
    ),
    stock(
        number="R28e",
        name="persons_awaiting_trial_for_other_offences",
        en="Living persons with an undecided charge before the High Court at the period’s end, of an offence that the "
        "Council does not count as trafficking.",
        es="Personas vivas que al final del período tienen ante el Tribunal Superior un cargo sin decidir por un "
        "delito que el Consejo no cuenta como trata.",
        counted=EachCounted(gone_up, awaiting_trial_for_other),
        breakdowns=((), ("sex",)),
        valid_from=VERSION_2_FROM,
    ),
    stock(
        number="R29",
        name="persons_charged_after_an_arrest",
        en="Of the persons of O16, before the Magistrates’ Court at the end of the period, those of whom an arrest by "
        "then is known.",
        es="De las personas de O16, ante el Tribunal de Magistrados al final del período, aquellas de las que se "
        "conoce una detención hasta entonces.",
        counted=EachCounted(charged, at_magistrates_arrested),
        breakdowns=((),),
        part_of="O16",
        valid_from=VERSION_2_FROM,
    ),
)
