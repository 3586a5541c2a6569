"""Rules about two figures that do not go together."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.claims import Claimed
from services.reporting.domain.figures import FIGURES
from services.reporting.domain.rules.rule import CLAIMS, Ask, Found, Readings, Rule, amount, claims, place, settled

_PARTS: Final = {number: figure.part_of for number, figure in FIGURES.items() if figure.part_of is not None}


def _trained_twice(readings: Readings, audience: str, programme: str) -> Iterator[Found]:
    of = f"audience={audience}"
    plan, hti = amount(readings, "M1", audience=audience), amount(readings, programme)
    if plan and hti and plan != hti:
        yield Found((place("M1", of), programme), {"plan": plan, "hti": hti}, settled(readings, "M1", of))


def police_training(readings: Readings) -> Iterator[Found]:
    """The police officers of the Council's plan against those of HTI's programme."""
    return _trained_twice(readings, "police", "M3")


def liquor_board_training(readings: Readings) -> Iterator[Found]:
    """The liquor board members of the Council's plan against those of HTI's programme."""
    return _trained_twice(readings, "liquor_boards_regulators", "M4")


def more_at_court(readings: Readings) -> Iterator[Found]:
    """Those before the Magistrates' Court against those arrested who have neither gone up nor died."""
    arrested, committed, died, at_court = (amount(readings, number) for number in ("O9", "O10", "O11", "O16"))
    if at_court > arrested - committed - died:
        said = {"arrested": arrested, "committed": committed, "died": died, "at_court": at_court}
        yield Found(("O9", "O10", "O11", "O16"), said)


def part_exceeds_whole(readings: Readings) -> Iterator[Found]:
    """Every figure that is a part of another, as computed and as one document states both."""
    for part, whole in _PARTS.items():
        if amount(readings, part) > amount(readings, whole):
            yield Found((part, whole), _both(part, amount(readings, part), whole, amount(readings, whole)))
    for _, stated in groupby(sorted(claims(readings), key=_document), key=_document):
        yield from _stated_in_one_document({each.number: each for each in stated})


def _document(claim: Claimed) -> tuple[str, str, str, str]:
    return claim.agency, claim.document, claim.period, claim.of


def _stated_in_one_document(stated: dict[str, Claimed]) -> Iterator[Found]:
    for part, whole in _PARTS.items():
        if part in stated and whole in stated:
            less, more = stated[part], stated[whole]
            if less.amount is not None and more.amount is not None and less.amount > more.amount:
                yield Found((less.record, more.record), _both(part, less.amount, whole, more.amount))


def _both(part: str, part_n: int, whole: str, whole_n: int) -> dict[str, object]:
    return {"part": part, "part_n": part_n, "whole": whole, "whole_n": whole_n}


RULES: Final = (
    Rule(
        FindingCode.POLICE_TRAINING_DIFFERS,
        FindingSeverity.NOTICE,
        "The Council’s plan counts {plan} participations of police officers, HTI’s programme {hti}.",
        "El plan del Consejo cuenta {plan} participaciones de policías; el programa de HTI, {hti}.",
        (Ask("M1", ("audience",)), Ask("M3"), CLAIMS),
        police_training,
    ),
    Rule(
        FindingCode.LIQUOR_BOARD_TRAINING_DIFFERS,
        FindingSeverity.NOTICE,
        "The Council’s plan counts {plan} participations of liquor board members, HTI’s programme {hti}.",
        "El plan del Consejo cuenta {plan} participaciones de miembros de juntas de licores; el programa de HTI, "
        "{hti}.",
        (Ask("M1", ("audience",)), Ask("M4"), CLAIMS),
        liquor_board_training,
    ),
    Rule(
        FindingCode.MORE_AT_COURT_THAN_ARRESTED,
        FindingSeverity.WARNING,
        "{at_court} persons stand before the Magistrates’ Court, but of {arrested} arrested {committed} went up to the "
        "High Court and {died} died.",
        "{at_court} personas están ante el Tribunal de Magistrados, pero de {arrested} detenidas {committed} pasaron "
        "al Tribunal Superior y {died} fallecieron.",
        (Ask("O9"), Ask("O10"), Ask("O11"), Ask("O16")),
        more_at_court,
    ),
    Rule(
        FindingCode.PART_EXCEEDS_WHOLE,
        FindingSeverity.WARNING,
        "{part} counts {part_n}, and {whole}, of which it is a part, {whole_n}.",
        "{part} cuenta {part_n}, y {whole}, de la que forma parte, {whole_n}.",
        (*(Ask(number) for pair in _PARTS.items() for number in pair), CLAIMS),
        part_exceeds_whole,
    ),
)
