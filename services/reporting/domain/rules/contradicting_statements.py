"""Rules about statements that contradict each other: claims, contradictions within a record, control totals."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain, groupby
from typing import Final

from schemas.agencies import agency_of
from schemas.codebook.governance import FindingCode, FindingSeverity
from services.reporting.domain.declaration.contradiction_figures import EACH as EACH_CONTRADICTION
from services.reporting.domain.declaration.contradiction_figures import records_of
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.records.period_closing import EACH as EACH_TOTAL
from services.reporting.domain.read.claims_beside_figures import ClaimBeside, ClaimStanding
from services.reporting.domain.rules.agency_and_type_names import agency_name, type_name
from services.reporting.domain.rules.finding_rule import (
    CLAIMS,
    PLACE,
    ContradictionRule,
    FigureContradiction,
    FigureRead,
    Readings,
    claims,
    place,
)

TOTALS: Final = FigureRead("G3", EACH_TOTAL)
FACTS: Final = tuple(FigureRead(number, ("agency", "type")) for number in ("G2a", "G2b", "G2c"))
"""Figures of published facts. They are read also for the period of each closing (`closed_periods`)."""

_OF_PERSONS: Final = FigureRead("G4a", EACH_CONTRADICTION)
_OF_ACTIVITIES: Final = FigureRead("G4b", EACH_CONTRADICTION)


def claims_differ(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction for each figure, period and dimensions about which claims differ or were contested.

    It is marked `settled` if a resolution was published and no other amount was claimed since.
    """
    for _, group in groupby(claims(readings), key=lambda claim: (claim.number, claim.period, claim.of)):
        stated = list(group)
        if stated[0].standing is not ClaimStanding.ALONE:
            said = {
                PLACE: place(stated[0].number, stated[0].of),
                "en_claims": ", ".join(
                    f"{agency_name(each.agency, each.period).en} {_amount(each)}" for each in stated
                ),
                "es_claims": ", ".join(
                    f"{agency_name(each.agency, each.period).es} {_amount(each)}" for each in stated
                ),
            }
            yield FigureContradiction(
                tuple(each.record for each in stated),
                said,
                stated[0].standing is ClaimStanding.SETTLED,
                (place(stated[0].number, stated[0].of),),
                stated[0].period,
            )


def _amount(claim: ClaimBeside) -> str:
    return "…" if claim.amount is None else f"{claim.amount:,}"


def within_a_record(ask: FigureRead, code: FindingCode) -> Callable[[Readings], Iterator[FigureContradiction]]:
    """Return the `judge` of a rule: it yields the contradictions of the figure `ask` that have the code `code`."""

    def judge(readings: Readings) -> Iterator[FigureContradiction]:
        for each in readings[ask]:
            if each.amount and each.dimensions["code"] == code:
                yield FigureContradiction(records_of(each.dimensions["records"]))

    return judge


def control_total_differs(readings: Readings) -> Iterator[FigureContradiction]:
    """Yield a contradiction for each control total that differs from the number of facts in the ledger.

    The number is that of the facts of the total's agency, type and period. Facts of an agency's units count for the
    agency.
    """
    facts: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for each in chain.from_iterable(readings[ask] for ask in FACTS):
        facts[str(each.period), each.dimensions["type"]].append((each.dimensions["agency"], each.amount))
    for total in readings[TOTALS]:
        said = total.dimensions
        if not total.amount or said["type"] == ABSENT:
            continue
        held = sum(
            amount
            for agency, amount in facts[said["closes"], said["type"]]
            if said["agency"] in {agency, agency_of(agency)}
        )
        if held != int(said["stated"]):
            agency, kind = agency_name(said["agency"], said["closes"]), type_name(said["type"])
            told = {
                "en_agency": agency.en,
                "es_agency": agency.es,
                "en_type": kind.en,
                "es_type": kind.es,
                "closes": said["closes"],
                "stated": said["stated"],
                "held": held,
            }
            yield FigureContradiction((said["record"],), told)


RULES: Final = (
    ContradictionRule(
        FindingCode.CLAIMS_DIFFER,
        FindingSeverity.WARNING,
        "Of {figure} there are several statements: {en_claims}.",
        "De {figure} hay varias declaraciones: {es_claims}.",
        (CLAIMS,),
        claims_differ,
    ),
    ContradictionRule(
        FindingCode.CHARGED_WITHOUT_ARREST,
        FindingSeverity.NOTICE,
        "Somebody was charged of whose arrest nothing is known.",
        "Se presentó un cargo contra una persona de cuya detención nada se sabe.",
        (_OF_PERSONS,),
        within_a_record(_OF_PERSONS, FindingCode.CHARGED_WITHOUT_ARREST),
    ),
    ContradictionRule(
        FindingCode.STATUS_DISPUTED,
        FindingSeverity.WARNING,
        "For one agency somebody is a victim, for another not, and the later word does not outweigh the earlier.",
        "Para una institución una persona es víctima y para otra no, y lo dicho después no prevalece sobre lo "
        "anterior.",
        (_OF_PERSONS,),
        within_a_record(_OF_PERSONS, FindingCode.STATUS_DISPUTED),
    ),
    ContradictionRule(
        FindingCode.SPLIT_EXCEEDS_TOTAL,
        FindingSeverity.WARNING,
        "A session had more women and men than participants.",
        "Una sesión tuvo más mujeres y hombres que participantes.",
        (_OF_ACTIVITIES,),
        within_a_record(_OF_ACTIVITIES, FindingCode.SPLIT_EXCEEDS_TOTAL),
    ),
    ContradictionRule(
        FindingCode.CONTROL_TOTAL_DIFFERS,
        FindingSeverity.WARNING,
        "{en_agency} says {stated} of “{en_type}” for {closes}; recorded: {held}.",
        "{es_agency} dice {stated} de «{es_type}» para {closes}; registrados: {held}.",
        (TOTALS, *FACTS),
        control_total_differs,
    ),
)
