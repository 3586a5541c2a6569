"""Part of a case: the agencies' case files: when each is open, the source of the report, and the reviews."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.agencies import agency_of
from schemas.case_events import CaseClosedV1, CaseOpenedV1, CaseReopenedV1, CaseReviewProvidedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.durations import duration, duration_items
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    first_answer,
    first_of,
    possible_days,
    speaker,
    values,
)
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Nature, Reader, Unit

_HUMAN_SERVICES: Final = "dhs"


class FileOpening(Struct, frozen=True):
    """The opening of a case file by one agency."""

    opened: Interval | None
    referral_source: str | None
    district: str | None


class Review(Struct, frozen=True):
    """A review of a case file."""

    provided: Interval | None
    reviewer: str


class FileTurn(Struct, frozen=True):
    """One step of an agency's case file, by the agency or a unit of it: opened or reopened (`opens`), else closed."""

    agency: str
    since: Interval | None
    opens: bool

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the code of the agency or unit as a dimension."""
        return {"agency": (self.agency,)}


class CaseFile(Struct, frozen=True):
    """All agencies' files of one case: openings, reviews and turns, each in the order in which they happened.

    A turn is one opening, closing or reopening of an agency's file.
    """

    openings: tuple[FileOpening, ...] = ()
    reviews: tuple[Review, ...] = ()
    turns: tuple[FileTurn, ...] = ()

    def files(self) -> dict[str, list[FileTurn]]:
        """Return the turns of each agency's file, by the agency's code. Turns of a unit are those of its agency."""
        found: dict[str, list[FileTurn]] = {}
        for turn in self.turns:
            found.setdefault(agency_of(turn.agency), []).append(turn)
        return found


def _case_opened(case: str, file: CaseFile, event: CaseOpenedV1) -> CaseFile:
    data = event.data
    if data.case != case:
        return file
    opening = FileOpening(event.occurred, code(data.referral_source), code(data.district))
    return _turned(replace(file, openings=(*file.openings, opening)), event, opens=True)


def _case_closed(case: str, file: CaseFile, event: CaseClosedV1) -> CaseFile:
    return _turned(file, event, opens=False) if event.data.case == case else file


def _case_reopened(case: str, file: CaseFile, event: CaseReopenedV1) -> CaseFile:
    return _turned(file, event, opens=True) if event.data.case == case else file


def _turned(file: CaseFile, event: CaseOpenedV1 | CaseClosedV1 | CaseReopenedV1, *, opens: bool) -> CaseFile:
    return replace(file, turns=(*file.turns, FileTurn(speaker(event), event.occurred, opens)))


def _review_provided(case: str, file: CaseFile, event: CaseReviewProvidedV1) -> CaseFile:
    if event.data.case != case:
        return file
    review = Review(event.occurred, event.data.reviewer or speaker(event))
    return replace(file, reviews=(*file.reviews, review))


def first(openings: tuple[FileOpening, ...]) -> tuple[FileOpening, ...]:
    """Return the openings with a date in their order, then those without a date."""
    return tuple(sorted(openings, key=lambda each: each.opened is None))


def sources(file: CaseFile) -> Iterator[Counted]:
    """Yield the case once, at its first opening, by the first source and the first district that an opening states."""
    openings = first(file.openings)
    if openings:
        source = first_answer(each.referral_source for each in openings)
        district = first_answer(each.district for each in openings)
        dims = {"referral_source": values(source), "district": values(district)}
        yield Counted(first_of(each.opened for each in openings), dims=dims)


def reviews(file: CaseFile) -> Iterator[Counted]:
    """Yield one item for each review."""
    for review in file.reviews:
        yield Counted(possible_days(review.provided), dims={"reviewer": (review.reviewer,)})


def open_to_close(file: CaseFile) -> Iterator[Counted]:
    """Yield for each agency's file the time from its opening, or reopening, until that agency closes it."""
    for turns in file.files().values():
        yield from _of_one(turns)


def open_with_agencies(file: CaseFile) -> Iterator[Counted]:
    """Yield each span of days on which the file of any agency is certainly open."""
    for turns in file.files().values():
        yield from _open(turns)


def open_with_human_services(file: CaseFile) -> Iterator[Counted]:
    """Yield each span of days on which the file of Human Services is certainly open."""
    return _open(file.files().get(_HUMAN_SERVICES, ()))


def _open(turns: Sequence[FileTurn]) -> Iterator[Counted]:
    """Yield each span of days on which one agency's file is certainly open."""
    for each in _of_one(turns):
        if each.under_way:
            yield Counted(each.when, dims=dict(each.said))


def _of_one(turns: Sequence[FileTurn]) -> Iterator[Counted]:
    """Yield the durations of one agency's file. To open an open file, or to close a closed file, changes nothing."""
    undated = [turn for turn in turns if turn.since is None]
    opened: FileTurn | None = None
    known = False
    for turn in turns:
        if turn.since is None or turn.opens is (opened is not None):
            continue
        if opened is not None:
            yield from duration_items(opened.since, [turn.since], Unit.DAYS, opened.dims())
        opened, known = (turn, True) if turn.opens else (None, known)
    if opened is not None:
        ends = [turn.since for turn in undated if not turn.opens]
        yield from duration_items(opened.since, ends, Unit.DAYS, opened.dims())
    elif not known:
        for first_word in [turn for turn in undated if turn.opens][:1]:
            ends = [turn.since for turn in turns if not turn.opens]
            yield from duration_items(None, ends, Unit.DAYS, first_word.dims())


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
        counted=reviews,
        area=Area.PROSECUTION,
        breakdowns=((), ("reviewer",)),
        distinct=True,
    ),
    Figure(
        number="O26",
        name="cases_by_source",
        en="Cases whose file was first opened in the period, by the first source through which they came in.",
        es="Casos cuyo expediente se abrió por primera vez en el período, según la primera vía por la que llegaron.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        counted=sources,
        area=Area.PROSECUTION,
        breakdowns=((), ("referral_source",), ("district",), ("district", "referral_source")),
        distinct=True,
    ),
    Figure(
        number="R6a",
        name="cases_with_an_open_file",
        en="Cases of which an agency has a file open at the end of the period; by agency, a case is with each that has "
        "one.",
        es="Casos de los que alguna institución tiene un expediente abierto al final del período; por institución, un "
        "caso está con cada una que lo tiene.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=open_with_agencies,
        area=Area.PROTECTION,
        breakdowns=((), ("agency",)),
        distinct=True,
    ),
    Figure(
        number="R6b",
        name="cases_open_with_human_services",
        en="Of the cases with an open file at the end of the period, those of the Department of Human Services.",
        es="De los casos con expediente abierto al final del período, los del Departamento de Servicios Humanos.",
        entity=Kind.CASE,
        unit=Unit.CASES,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=open_with_human_services,
        area=Area.PROTECTION,
        distinct=True,
        part_of="R6a",
    ),
    duration(
        number="T17",
        name="file_open_to_close",
        en="Days from when an agency opens its file on a case, or takes it up again, to when it closes it, by the day "
        "of the closing: the median; files still open are beside it. A case has a file with each agency that opened "
        "one.",
        es="Días desde que una institución abre su expediente de un caso, o lo retoma, hasta que lo cierra, según el "
        "día del cierre: la mediana; los expedientes aún abiertos figuran aparte. Un caso tiene un expediente en cada "
        "institución que abrió uno.",
        entity=Kind.CASE,
        unit=Unit.DAYS,
        counted=open_to_close,
        area=Area.PROTECTION,
        breakdowns=((), ("agency",)),
    ),
)

PART: Final = Part(
    name="agency_case_files",
    kind=Kind.CASE,
    empty=CaseFile(),
    folds={
        "bz.atips.case.opened.v1": _case_opened,
        "bz.atips.case.closed.v1": _case_closed,
        "bz.atips.case.reopened.v1": _case_reopened,
        "bz.atips.case.review_provided.v1": _review_provided,
    },
    figures=FIGURES,
)
