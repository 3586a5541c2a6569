"""The dry run: intake's own judgement, made here; nothing is sent, so nothing is known of what was accepted before."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import assert_never

from services.intake.domain.judge import judge
from services.intake.domain.line import Entry, Outcome, Refusal, Repeat, Tip, line
from services.intake.domain.receipt import permitted_by
from services.intake.domain.submission import STRUCTURED, Inbound, Judged, Place
from services.intake.domain.systems import MAIN, SYSTEMS, Systems
from services.sheet.lines import Line
from services.sheet.verdict import Status, Verdict


def rehearse(agency: str, lines: Sequence[Line], now: datetime, systems: Systems = SYSTEMS) -> Iterator[Verdict]:
    """Judge every line as intake would if the file were all that it had ever seen.

    `systems`: those that are enrolled, as intake knows them.
    """
    judged = tuple(_judged(agency, each, now, systems) for each in lines)
    outcomes = line(judged, {}, Tip(), now).outcomes
    for each, ruled, outcome in zip(lines, judged, outcomes, strict=True):
        yield _verdict(each, ruled, outcome)


def _judged(agency: str, each: Line, now: datetime, systems: Systems) -> Judged:
    place = Place("", 0, each.number, 0)
    return judge(Inbound(agency, place, each.key, each.value, (("content-type", STRUCTURED),), MAIN), now, systems)


def _verdict(each: Line, ruled: Judged, outcome: Outcome) -> Verdict:
    event_id = ruled.key[1] if ruled.key is not None else None
    match outcome:
        case Entry():
            return Verdict(each.number, Status.ACCEPTED, event_id)
        case Repeat():
            return Verdict(each.number, Status.DUPLICATE, event_id)
        case Refusal(refused=refused):
            permitted = permitted_by(refused.inbound.agency, refused.type, refused.reason, refused.pointer)
            return Verdict(
                each.number,
                Status.REFUSED,
                event_id,
                reason=str(refused.reason),
                pointer=refused.pointer or None,
                permitted=permitted or (),
            )
        case _:
            assert_never(outcome)
