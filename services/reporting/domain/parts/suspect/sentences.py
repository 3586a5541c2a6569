"""Sentences, by the day on which they are imposed: it is not the verdict's."""

from collections.abc import Iterator
from typing import Final

from schemas.codebook.courts import SentenceKind
from schemas.ids import Kind
from services.reporting.domain.durations import DURATION, duration
from services.reporting.domain.figure import Area, Counted, DateRole, Figure, Unit
from services.reporting.domain.part import touched
from services.reporting.domain.parts.suspect.declared import flow
from services.reporting.domain.parts.suspect.record import Suspect, custodial


def persons_sentenced(suspect: Suspect) -> Iterator[Counted]:
    """One for each of the person's sentences."""
    dims = suspect.profile.dims()
    for sentence in suspect.sentences.values():
        yield Counted(touched(sentence.imposed), dims={**dims, "kind": sentence.kinds})


def persons_imprisoned(suspect: Suspect) -> Iterator[Counted]:
    """One for each of the person's sentences to imprisonment."""
    dims = suspect.profile.dims()
    for sentence in filter(custodial, suspect.sentences.values()):
        yield Counted(touched(sentence.imposed), dims=dims)


def persons_fined_only(suspect: Suspect) -> Iterator[Counted]:
    """One for each of the person's sentences that is a fine and nothing else."""
    dims = suspect.profile.dims()
    for sentence in suspect.sentences.values():
        if set(sentence.kinds) == {SentenceKind.FINE}:
            yield Counted(touched(sentence.imposed), dims=dims)


def months_imposed(suspect: Suspect) -> Iterator[Counted]:
    """The months of each sentence to imprisonment; a term that was not stated is unknown."""
    for sentence in filter(custodial, suspect.sentences.values()):
        yield Counted(touched(sentence.imposed), sentence.custodial_months)


def terms_imposed(suspect: Suspect) -> Iterator[Counted]:
    """The length of each sentence to imprisonment, as the readers of quantiles look at it."""
    for sentence in filter(custodial, suspect.sentences.values()):
        when, months = touched(sentence.imposed), sentence.custodial_months
        yield Counted(when, None) if months is None else Counted(when, dims={DURATION: (str(months),)})


def fines_imposed(suspect: Suspect) -> Iterator[Counted]:
    """The amount of each fine; one that was not stated is unknown."""
    for sentence in suspect.sentences.values():
        if SentenceKind.FINE in sentence.kinds or sentence.fine_cents is not None:
            yield Counted(touched(sentence.imposed), sentence.fine_cents)


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="R14a",
        name="persons_sentenced",
        en="Persons sentenced in the period, whenever the verdict was.",
        es="Personas con sentencia impuesta en el período, sin importar cuándo fue el veredicto.",
        counted=persons_sentenced,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",), ("kind",)),
    ),
    flow(
        number="R14b",
        name="persons_sentenced_to_imprisonment",
        en="Of the persons sentenced in the period, those who go to prison for it.",
        es="De las personas con sentencia impuesta en el período, las que van a prisión por ella.",
        counted=persons_imprisoned,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",)),
        part_of="R14a",
    ),
    flow(
        number="R14c",
        name="persons_sentenced_to_a_fine_only",
        en="Of the persons sentenced in the period, those whose sentence is a fine and nothing else; restitution is "
        "ordered beside a sentence, and is R17.",
        es="De las personas con sentencia impuesta en el período, aquellas cuya pena es una multa y nada más; la "
        "restitución se ordena además de la pena y está en R17.",
        counted=persons_fined_only,
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",)),
        part_of="R14a",
    ),
    flow(
        number="R15a",
        name="months_of_imprisonment",
        en="Months of imprisonment imposed in the period; terms that run together count once.",
        es="Meses de prisión impuestos en el período; las penas que se cumplen a la vez cuentan una vez.",
        counted=months_imposed,
        unit=Unit.MONTHS,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
    ),
    duration(
        number="R15b",
        name="median_months_of_imprisonment",
        en="The median of the terms of imprisonment imposed in the period, in months.",
        es="La mediana de las penas de prisión impuestas en el período, en meses.",
        entity=Kind.PERSON,
        unit=Unit.MONTHS,
        date_role=DateRole.DECIDED,
        counted=terms_imposed,
        area=Area.PROSECUTION,
    ),
    flow(
        number="R16",
        name="fines_imposed",
        en="Fines imposed in the period, in cents of the Belize dollar.",
        es="Multas impuestas en el período, en centavos de dólar beliceño.",
        counted=fines_imposed,
        unit=Unit.MONEY,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
    ),
)
