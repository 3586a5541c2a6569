"""The only ways to divide one figure by another: by name, and over one cohort.

“The conviction rate” is three: of the persons decided, of a cohort of charged persons, of the charges decided. Nothing
else is divided; convictions of a year over arrests of that year would mix those who were arrested long before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from schemas.times import Period
from services.reporting.domain.reading import Reading


class Variant(StrEnum):
    """The declared rates, by name."""

    CHILD_LABOUR_SHARE_OF_INSPECTIONS = "child_labour_share_of_inspections"
    TEACHERS_SHARE_OF_PARTICIPATIONS = "teachers_share_of_participations"
    CONVICTION_OF_PERSONS_DECIDED = "conviction_of_persons_decided"
    CONVICTION_OF_PERSONS_CHARGED = "conviction_of_persons_charged"
    CONVICTION_OF_CHARGES_DECIDED = "conviction_of_charges_decided"
    CUSTODIAL_SHARE_OF_SENTENCED = "custodial_share_of_sentenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a rate divides, in figures' numbers. `remainder` counts those of the whole who are still open."""

    part: str
    whole: str
    remainder: str | None = None
    name_en: str
    name_es: str
    en: str
    es: str


RATES: Final[Mapping[Variant, Definition]] = MappingProxyType(
    {
        Variant.CHILD_LABOUR_SHARE_OF_INSPECTIONS: Definition(
            part="O27b",
            whole="O27a",
            name_en="Inspections on child labour, share",
            name_es="Inspecciones sobre trabajo infantil, proporción",
            en="Of the labour inspections of the period, those that looked at child labour.",
            es="De las inspecciones laborales del período, las que examinaron el trabajo infantil.",
        ),
        Variant.TEACHERS_SHARE_OF_PARTICIPATIONS: Definition(
            part="M2",
            whole="M1",
            name_en="Teachers among those trained, share",
            name_es="Docentes entre las personas capacitadas, proporción",
            en="Of the participations in the plan's training in the period, those of teachers.",
            es="De las participaciones en la capacitación del plan en el período, las de docentes.",
        ),
        Variant.CONVICTION_OF_PERSONS_DECIDED: Definition(
            part="O13a",
            whole="R12",
            name_en="Conviction rate of persons decided",
            name_es="Tasa de condena de las personas con veredicto",
            en="Of the persons on whom a court returned a verdict in the period, those convicted as charged.",
            es="De las personas sobre las que un tribunal emitió veredicto en el período, las condenadas según lo "
            "imputado.",
        ),
        Variant.CONVICTION_OF_PERSONS_CHARGED: Definition(
            part="R11b",
            whole="R11a",
            remainder="R11c",
            name_en="Conviction rate of a cohort of charged persons",
            name_es="Tasa de condena de una cohorte de personas acusadas",
            en="Of the persons first charged in the period, those convicted as charged so far; beside it the share of "
            "those whose charges are still undecided.",
            es="De las personas acusadas por primera vez en el período, las condenadas hasta ahora según lo imputado; "
            "al lado, la proporción de las que tienen cargos aún sin decidir.",
        ),
        Variant.CONVICTION_OF_CHARGES_DECIDED: Definition(
            part="R13b",
            whole="R13a",
            name_en="Conviction rate of charges decided",
            name_es="Tasa de condena de los cargos con veredicto",
            en="Of the charges on which a court returned a verdict in the period, those that ended in a conviction as "
            "charged.",
            es="De los cargos sobre los que un tribunal emitió veredicto en el período, los que terminaron en condena "
            "según lo imputado.",
        ),
        Variant.CUSTODIAL_SHARE_OF_SENTENCED: Definition(
            part="R14b",
            whole="R14a",
            name_en="Sentences to imprisonment, share",
            name_es="Penas de prisión, proporción",
            en="Of the persons sentenced in the period, those who go to prison for it.",
            es="De las personas con sentencia impuesta en el período, las que van a prisión por ella.",
        ),
    }
)

_WHY_NEVER: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("O13a", "O9"): "those convicted in a period were mostly arrested before it, and those arrested in it mostly "
        "wait for their verdict: two cohorts",
        ("O13b", "O9"): "counts are not persons, and those convicted in a period are not those arrested in it",
    }
)
"""Quotients that people ask for and that mean nothing, with the reason to give."""


class RateRefused(ValueError):
    """No declared rate divides these two, or not over these cohorts."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its name and its cohort; None where the cohort is empty. `open` is what can still change it."""

    variant: Variant
    cohort: Period
    value: Fraction | None
    open: Fraction | None = None


def rate(variant: Variant, part: Reading, whole: Reading, remainder: Reading | None = None) -> Rate:
    """Divide as the variant declares, over one cohort: the period and dimensions of all readings.

    Raises `RateRefused` for any other figures, and for a cohort without its remainder where the variant has one.
    """
    declared = RATES[variant]
    if (part.number, whole.number) != (declared.part, declared.whole):
        why = _WHY_NEVER.get((part.number, whole.number), "no such rate is declared")
        msg = f"{variant} is not {part.number} over {whole.number}: {why}"
        raise RateRefused(msg)
    if (None if remainder is None else remainder.number) != declared.remainder:
        msg = f"{variant} is told with {declared.remainder or 'nothing'} beside it"
        raise RateRefused(msg)
    for each in (part, *([] if remainder is None else [remainder])):
        if each.period != whole.period or each.dimensions != whole.dimensions:
            msg = f"{variant} needs all amounts over one cohort"
            raise RateRefused(msg)
    return Rate(variant, whole.period, _share(part, whole), None if remainder is None else _share(remainder, whole))


def _share(part: Reading, whole: Reading) -> Fraction | None:
    return Fraction(part.amount, whole.amount) if whole.amount else None
