"""Dry run without a server: intake's own judgement, run here. Events that intake accepted before are not known."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import assert_never

from services.intake.domain.acceptance_line import (
    AcceptedEvent,
    LineEnd,
    LineOutcome,
    NumberedRefusal,
    Repeat,
    number_batch,
)
from services.intake.domain.judge import judge
from services.intake.domain.receipt import refused_places
from services.intake.domain.submission import STRUCTURED, Inbound, InboundPlace, Judged
from services.intake.domain.systems import MAIN, SYSTEMS, Systems
from services.sheet.json_lines import FileLine
from services.sheet.verdict import FurtherMistake, Verdict, VerdictStatus


def rehearse(agency: str, lines: Sequence[FileLine], now: datetime, systems: Systems = SYSTEMS) -> Iterator[Verdict]:
    """Yield a verdict for each line, in their order, as an intake without earlier events would judge it.

    `systems`: the table of systems that may publish, as intake has it.
    """
    judged = tuple(_judged(agency, each, now, systems) for each in lines)
    outcomes = number_batch(judged, {}, LineEnd(), now).outcomes
    for each, ruled, outcome in zip(lines, judged, outcomes, strict=True):
        yield _verdict(each, ruled, outcome)


def _judged(agency: str, each: FileLine, now: datetime, systems: Systems) -> Judged:
    place = InboundPlace("", 0, each.number, 0)
    return judge(Inbound(agency, place, each.key, each.value, (("content-type", STRUCTURED),), MAIN), now, systems)


def _verdict(each: FileLine, ruled: Judged, outcome: LineOutcome) -> Verdict:
    event_id = ruled.key[1] if ruled.key is not None else None
    match outcome:
        case AcceptedEvent():
            return Verdict(each.number, VerdictStatus.ACCEPTED, event_id)
        case Repeat():
            return Verdict(each.number, VerdictStatus.DUPLICATE, event_id)
        case NumberedRefusal(refused=refused):
            first, *more = refused_places(refused.inbound.agency, refused.type, refused.mistakes)
            return Verdict(
                each.number,
                VerdictStatus.REFUSED,
                event_id,
                reason=str(refused.reason),
                pointer=refused.pointer or None,
                permitted=first.permitted or (),
                more=tuple(FurtherMistake(each.rule, each.pointer or None, each.permitted or ()) for each in more),
            )
        case _:
            assert_never(outcome)
