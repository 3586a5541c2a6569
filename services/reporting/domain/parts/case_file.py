"""A case as a file: where word of it came from, and who reviewed it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from schemas.case import CaseOpenedV1, CaseReviewProvidedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.figure import (
    FIRST_REPORT,
    JUSTICE,
    Area,
    Counted,
    DateRole,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, code, speaker, touched, values


@dataclass(frozen=True, slots=True)
class Opening:
    """One agency's opening of its file."""

    opened: Interval | None
    referral_source: str | None
    district: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """One review of the file."""

    provided: Interval | None
    reviewer: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Openings and reviews, each in the order in which they happened."""

    openings: tuple[Opening, ...] = ()
    reviews: tuple[Review, ...] = ()


def _case_opened(case: str, file: CaseFile, event: CaseOpenedV1) -> CaseFile:
    data = event.data
    if data.case != case:
        return file
    opening = Opening(event.occurred, code(data.referral_source), code(data.district))
    return replace(file, openings=(*file.openings, opening))


def _review_provided(case: str, file: CaseFile, event: CaseReviewProvidedV1) -> CaseFile:
    if event.data.case != case:
        return file
    review = Review(event.occurred, event.data.reviewer or speaker(event))
    return replace(file, reviews=(*file.reviews, review))


def first(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The openings from the first on that has a date; one without may have been at any time."""
    return tuple(sorted(openings, key=lambda each: each.opened is None))


def sources(file: CaseFile) -> Iterator[Counted]:
    """The case once, when its file was first opened, by the first source that anybody named."""
    openings = first(file.openings)
    if openings:
        source = next((each.referral_source for each in openings if each.referral_source is not None), None)
        district = next((each.district for each in openings if each.district is not None), None)
        dims = {"referral_source": values(source), "district": values(district)}
        yield Counted(touched(openings[0].opened), dims=dims)


def reviews(file: CaseFile) -> Iterator[Counted]:
    """One for each review."""
    for review in file.reviews:
        yield Counted(touched(review.provided), dims={"reviewer": (review.reviewer,)})


FIGURES: Final[tuple[Figure[CaseFile], ...]] = (
    Figure(
        number="O18",
        name="cases_reviewed",
        en="Cases whose file was reviewed in the period, with advice on what to do; whenever they were opened. "
        "A case reviewed twice counts once.",
        es="Casos cuyo expediente fue revisado en el período, con recomendaciones, sin importar cuándo se abrieron. "
        "Un caso revisado dos veces cuenta una vez.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=reviews,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("reviewer",)),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
    Figure(
        number="O26",
        name="cases_by_source",
        en="Cases whose file was first opened in the period, by the first source through which they came in.",
        es="Casos cuyo expediente se abrió por primera vez en el período, según la primera vía por la que llegaron.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.FLOW,
        date_role=DateRole.OCCURRED,
        reader=Reader.SUM,
        counted=sources,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        breakdowns=((), ("referral_source",), ("district",), ("district", "referral_source")),
        distinct=True,
        valid_from=FIRST_REPORT,
    ),
)

PART: Final = Part(
    name="case_file",
    kind=Kind.CASE,
    empty=CaseFile(),
    folds={"bz.atips.case.opened.v1": _case_opened, "bz.atips.case.review_provided.v1": _review_provided},
    figures=FIGURES,
)
