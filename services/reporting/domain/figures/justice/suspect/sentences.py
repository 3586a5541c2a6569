"""Figures of sentences, by the day on which they are imposed, which may be later than the verdict."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from schemas.codebook.courts import SentenceKind
from schemas.ids import Kind
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.durations import DURATION, duration
from services.reporting.domain.declaration.entity_state_part import possible_days
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, DateRole, Figure, Unit
from services.reporting.domain.figures.justice.suspect.shared_declarations import flow
from services.reporting.domain.figures.justice.suspect.state import ChargeSentence, Suspect, custodial


class Sentenced(Struct, frozen=True):
    """A sentence with the dimensions of the person on whom it was imposed.

    `fine_only`: this sentence, and any other of the person that may be of the same day, is a fine and nothing else.
    """

    sentence: ChargeSentence
    dims: Mapping[str, tuple[str, ...]]
    fine_only: bool


def _sentences(suspect: Suspect) -> list[Sentenced]:
    if not suspect.sentences:  # the usual case
        return []
    dims, every = suspect.profile.dims(), suspect.sentences.values()
    return [Sentenced(sentence, dims, _is_fine_only(sentence, every)) for sentence in every]


def _is_fine_only(sentence: ChargeSentence, every: Iterable[ChargeSentence]) -> bool:
    """Whether a sentence, and any other of the person that may be of the same day, is a fine and nothing else."""
    days = possible_days(sentence.imposed)
    others = ((each.kinds, possible_days(each.imposed)) for each in every)
    of_one_day = (kinds for kinds, on in others if days and on and on.first <= days.last and days.first <= on.last)
    return all(set(kinds) == {SentenceKind.FINE} for kinds in (sentence.kinds, *of_one_day))


def persons_sentenced(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield one item for a sentence, with the person's dimensions and the kinds of sentence."""
    sentence = sentenced.sentence
    yield Counted(possible_days(sentence.imposed), dims={**sentenced.dims, "kind": sentence.kinds})


def persons_imprisoned(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield one item for a sentence to imprisonment, with the person's dimensions."""
    if custodial(sentenced.sentence):
        yield Counted(possible_days(sentenced.sentence.imposed), dims=sentenced.dims)


def persons_fined_only(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield one item if the person's sentences of the day are only fines, with the person's dimensions."""
    if sentenced.fine_only:
        yield Counted(possible_days(sentenced.sentence.imposed), dims=sentenced.dims)


def months_imposed(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield the months of a sentence to imprisonment as the amount: None if the term was not stated."""
    if custodial(sentenced.sentence):
        yield Counted(possible_days(sentenced.sentence.imposed), sentenced.sentence.custodial_months)


def terms_imposed(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield the months of a sentence to imprisonment as a "duration", so that the reader QUANTILE gives the median."""
    if custodial(sentenced.sentence):
        when, months = possible_days(sentenced.sentence.imposed), sentenced.sentence.custodial_months
        yield Counted(when, None) if months is None else Counted(when, dims={DURATION: (str(months),)})


def fines_imposed(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield the amount of a fine in Belize cents: None if it was not stated."""
    sentence = sentenced.sentence
    if SentenceKind.FINE in sentence.kinds or sentence.fine_cents is not None:
        yield Counted(possible_days(sentence.imposed), sentence.fine_cents)


def assets_confiscated(sentenced: Sentenced) -> Iterator[Counted]:
    """Yield the value in Belize cents of what a sentence confiscates, if it states one."""
    cents = sentenced.sentence.confiscated_cents
    if cents is not None:
        yield Counted(possible_days(sentenced.sentence.imposed), cents)


FIGURES: Final[tuple[Figure[Suspect], ...]] = (
    flow(
        number="R14a",
        name="persons_sentenced",
        en="Persons sentenced in the period, whenever the verdict was.",
        es="Personas con sentencia impuesta en el período, sin importar cuándo fue el veredicto.",
        counted=EachCounted(_sentences, persons_sentenced),
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",), ("kind",)),
    ),
    flow(
        number="R14b",
        name="persons_sentenced_to_imprisonment",
        en="Of the persons sentenced in the period, those who go to prison for it.",
        es="De las personas con sentencia impuesta en el período, las que van a prisión por ella.",
        counted=EachCounted(_sentences, persons_imprisoned),
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",)),
        part_of="R14a",
    ),
    flow(
        number="R14c",
        name="persons_sentenced_to_a_fine_only",
        en="Of the persons sentenced in the period, those whose sentences of a day are a fine and nothing "
        "else; restitution is ordered beside a sentence, and is R17.",
        es="De las personas con sentencia impuesta en el período, aquellas cuyas penas de un día son una multa y nada "
        "más; la restitución se ordena además de la pena y está en R17.",
        counted=EachCounted(_sentences, persons_fined_only),
        date_role=DateRole.DECIDED,
        breakdowns=((), ("sex",), ("citizenship",)),
        part_of="R14a",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    flow(
        number="R15a",
        name="months_of_imprisonment",
        en="Months of imprisonment imposed in the period; terms that run together count once.",
        es="Meses de prisión impuestos en el período; las penas que se cumplen a la vez cuentan una vez.",
        counted=EachCounted(_sentences, months_imposed),
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
        counted=EachCounted(_sentences, terms_imposed),
        area=Area.PROSECUTION,
    ),
    flow(
        number="R16",
        name="fines_imposed",
        en="Fines imposed in the period.",
        es="Multas impuestas en el período.",
        counted=EachCounted(_sentences, fines_imposed),
        unit=Unit.MONEY,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
    ),
    flow(
        number="R30",
        name="assets_confiscated",
        en="Value of the assets that sentences of the period confiscated; of a sentence that names no value, nothing.",
        es="Valor de los bienes decomisados por las sentencias del período; de la que no indica valor, nada.",
        counted=EachCounted(_sentences, assets_confiscated),
        unit=Unit.MONEY,
        date_role=DateRole.DECIDED,
        breakdowns=((),),
    ),
)
