"""Rules about figures, and items and totals of documents, whose amounts contradict each other."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.declaration.figure import Figure, Reader, Unit
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.figures.records.figure_claims_in_documents import WHOLE
from services.reporting.domain.read.claims_beside_figures import ClaimBeside
from services.reporting.domain.rules.finding_rule import (
    CLAIMS,
    ContradictionRule,
    FigureContradiction,
    FigureRead,
    Readings,
    amount,
    are_claims_settled,
    claims,
    place,
)

_SERVED: Final[Mapping[str, str]] = {"O19a": "O20", "O19b": "O21a"}
"""Number of a figure of persons who got at least one service, and of the figure of the services that they got."""

_SEVERAL: Final = frozenset({"activity", "created_by", "exploitation", "facilitator", "funder", "nationality"})
"""Dimensions of which one fact may have several values. Their rows may add up to more than the whole."""


def _adds_up(figure: Figure[Any], dimension: str) -> bool:
    """Whether a fact of the figure has one value of a dimension. A referral or need may ask for several services."""
    of_services = dimension != "service_type" or figure.unit is Unit.SERVICES
    return of_services and dimension not in _SEVERAL


_ADDING: Final[Mapping[str, tuple[str, ...]]] = {
    number: tuple(name for (name, *others) in filter(None, figure.breakdowns) if not others and _adds_up(figure, name))
    for number, figure in FIGURES.items()
    if figure.reader is Reader.SUM and not figure.distinct
}
"""Numbers of figures, each with the dimensions by which its rows add up to the whole."""

_PARTS: Final = {number: figure.part_of for number, figure in FIGURES.items() if figure.part_of is not None}


def _trained_twice(readings: Readings, audience: str, programme: str) -> Iterator[FigureContradiction]:
    of = f"audience={audience}"
    plan, hti = amount(readings, "M1", audience=audience), amount(readings, programme)
    if plan and hti and plan != hti:
        both = (place("M1", of), programme)
        yield FigureContradiction(both, {"plan": plan, "hti": hti}, are_claims_settled(readings, "M1", of), both)


def police_training(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction if the Council's plan and HTI's programme count different numbers of police officers."""
    return _trained_twice(readings, "police", "M3")


def liquor_board_training(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction if the Council's plan and HTI's programme differ in numbers of liquor board members."""
    return _trained_twice(readings, "liquor_boards_regulators", "M4")


def more_at_court(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction if some of the persons before the Magistrates' Court (O16) have no known arrest (R29)."""
    at_court, arrested = amount(readings, "O16"), amount(readings, "R29")
    if at_court > arrested:
        both = ("O16", "R29")
        yield FigureContradiction(both, {"at_court": at_court, "arrested": arrested}, figures=both)


def part_exceeds_whole(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction for each figure that exceeds the figure that it is a part of.

    The amounts are the computed ones, or those that one document states.
    """
    for part, whole in _PARTS.items():
        if amount(readings, part) > amount(readings, whole):
            said = _both(part, amount(readings, part), whole, amount(readings, whole))
            yield FigureContradiction((part, whole), said, figures=(part, whole))
    for _, stated in groupby(sorted(claims(readings), key=_document), key=_document):
        yield from _stated_in_one_document({each.number: each for each in stated})


def _document(claim: ClaimBeside) -> tuple[str, str, str, str]:
    return claim.agency, claim.document, claim.period, claim.of


def _stated_in_one_document(stated: dict[str, ClaimBeside]) -> Iterator[FigureContradiction]:
    for part, whole in _PARTS.items():
        if part in stated and whole in stated:
            less, more = stated[part], stated[whole]
            if less.amount is not None and more.amount is not None and less.amount > more.amount:
                figures = place(part, less.of), place(whole, more.of)
                yield _of_claims((less, more), _both(part, less.amount, whole, more.amount), figures)


def services_below_persons(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction for each figure of services that is below the figure of the persons who got a service.

    The amounts are the computed ones, or those that one document states.
    """
    for persons, services in _SERVED.items():
        if amount(readings, services) < amount(readings, persons):
            found = _served(persons, amount(readings, persons), services, amount(readings, services))
            yield FigureContradiction((persons, services), found, figures=(persons, services))
    for _, stated in groupby(sorted(claims(readings), key=_document), key=_document):
        by_number = {each.number: each for each in stated}
        for persons, services in _SERVED.items():
            some, given = by_number.get(persons), by_number.get(services)
            if some is None or given is None or some.amount is None or given.amount is None:
                continue
            if given.amount < some.amount:
                found = _served(persons, some.amount, services, given.amount)
                yield _of_claims((some, given), found, (place(persons, some.of), place(services, given.of)))


def _served(persons: str, persons_n: int, services: str, services_n: int) -> dict[str, object]:
    return {"persons": persons, "persons_n": persons_n, "services": services, "services_n": services_n}


def items_exceed_total(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction for each document whose rows of a figure add up to more than the document's whole."""
    stated = [each for each in claims(readings) if each.number in _ADDING and each.amount is not None]
    for (_, _, number, _), group in groupby(sorted(stated, key=_of_figure), key=_of_figure):
        said = list(group)
        for whole in (each for each in said if each.of == WHOLE):
            for dimension in _ADDING[number]:
                items = [each for each in said if each.of.startswith(f"{dimension}=") and "," not in each.of]
                added = sum(each.amount or 0 for each in items)
                if added > (whole.amount or 0):
                    said_of = {"number": number, "items_n": added, "total": whole.amount}
                    yield _of_claims((whole, *items), said_of, (place(number, dimension),))


def _of_figure(claim: ClaimBeside) -> tuple[str, str, str, str]:
    return claim.agency, claim.document, claim.number, claim.period


def _of_claims(
    stated: Sequence[ClaimBeside], said: Mapping[str, object], figures: tuple[str, ...]
) -> FigureContradiction:
    """Return the contradiction of claims of one document, which are about one period."""
    return FigureContradiction(tuple(each.record for each in stated), said, figures=figures, period=stated[0].period)


def _both(part: str, part_n: int, whole: str, whole_n: int) -> dict[str, object]:
    return {"part": part, "part_n": part_n, "whole": whole, "whole_n": whole_n}


RULES: Final = (
    ContradictionRule(
        FindingCode.POLICE_TRAINING_DIFFERS,
        FindingSeverity.NOTICE,
        "The Council’s plan counts {plan} participations of police officers, HTI’s programme {hti}.",
        "El plan del Consejo cuenta {plan} participaciones de policías; el programa de HTI, {hti}.",
        (FigureRead("M1", ("audience",)), FigureRead("M3"), CLAIMS),
        police_training,
    ),
    ContradictionRule(
        FindingCode.LIQUOR_BOARD_TRAINING_DIFFERS,
        FindingSeverity.NOTICE,
        "The Council’s plan counts {plan} participations of liquor board members, HTI’s programme {hti}.",
        "El plan del Consejo cuenta {plan} participaciones de miembros de juntas de licores; el programa de HTI, "
        "{hti}.",
        (FigureRead("M1", ("audience",)), FigureRead("M4"), CLAIMS),
        liquor_board_training,
    ),
    ContradictionRule(
        FindingCode.MORE_AT_COURT_THAN_ARRESTED,
        FindingSeverity.WARNING,
        "{at_court} persons stand before the Magistrates’ Court at the end of the period; of {arrested} of them an "
        "arrest is known.",
        "{at_court} personas están ante el Tribunal de Magistrados al final del período; de {arrested} de ellas se "
        "conoce una detención.",
        (FigureRead("O16"), FigureRead("R29")),
        more_at_court,
    ),
    ContradictionRule(
        FindingCode.PART_EXCEEDS_WHOLE,
        FindingSeverity.WARNING,
        "{part} counts {part_n}, and {whole}, of which it is a part, {whole_n}.",
        "{part} cuenta {part_n}, y {whole}, de la que forma parte, {whole_n}.",
        (*(FigureRead(number) for pair in _PARTS.items() for number in pair), CLAIMS),
        part_exceeds_whole,
    ),
    ContradictionRule(
        FindingCode.SERVICES_BELOW_PERSONS,
        FindingSeverity.WARNING,
        "{services} counts {services_n} services, and {persons} {persons_n} persons who got at least one.",
        "{services} cuenta {services_n} servicios, y {persons}, {persons_n} personas que recibieron al menos uno.",
        (*(FigureRead(number) for pair in _SERVED.items() for number in pair), CLAIMS),
        services_below_persons,
    ),
    ContradictionRule(
        FindingCode.ITEMS_EXCEED_TOTAL,
        FindingSeverity.WARNING,
        "The items that one document states of {number} add up to {items_n}, its total is {total}.",
        "Los elementos que un documento declara de {number} suman {items_n}; su total es {total}.",
        (CLAIMS,),
        items_exceed_total,
    ),
)
