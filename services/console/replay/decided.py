"""What services decided, made again from the log by their pure domains, and held against what they published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from confluent_kafka import KafkaException
from rich.console import Console
from rich.table import Table

from schemas.deciding import Entered, Judged
from schemas.ids import Kind
from services.case_tracker.domain import again as case_tracker
from services.case_tracker.domain.outbound import SOURCE as CASE_TRACKER
from services.referral.domain import again as referral
from services.referral.domain.outbound import SOURCE as REFERRAL
from services.referral.settings import policy_of
from services.reporting.settings import Settings
from services.runtime import derivation
from services.runtime.derivation import Derive
from services.runtime.errors import Retryable

SHOWN: Final = 20
_PATIENCE_SECONDS: Final = 10.0


def decided(settings: Settings, policy_file: str | None, now: datetime) -> Mapping[str, Judged]:
    """Judge each deciding service, by its name; as reporting, which may read the whole log."""
    policy = policy_of(Path(policy_file) if policy_file else None)

    def of_person(person: str, log: Sequence[Entered], now: datetime) -> Judged:
        return referral.judged(person, log, policy, now)

    def of_case(case: str, log: Sequence[Entered], _: datetime) -> Judged:
        return case_tracker.judged(case, log)

    return {
        "referral": _judged(settings, Kind.PERSON, REFERRAL, of_person, now),
        "case_tracker": _judged(settings, Kind.CASE, CASE_TRACKER, of_case, now),
    }


def _judged(settings: Settings, kind: Kind, source: str, derive: Derive, now: datetime) -> Judged:
    deployment = settings.deployment()
    places = [(deployment.log(kind), part) for part in range(deployment.partitions)]
    try:
        return derivation.judged(
            settings.kafka(), deployment.group("reporting"), places, source, derive, now, _PATIENCE_SECONDS
        )
    except KafkaException as error:
        raise Retryable(error.args[0].name()) from None


def well(found: Mapping[str, Judged]) -> bool:
    """Whether every decision that was judged is what the log gives."""
    return not any(each.differing for each in found.values())


def plain(found: Mapping[str, Judged]) -> dict[str, Any]:
    """Give it as programs read it."""
    return {
        service: {
            "judged": each.decisions,
            "by_another_policy": each.by_another_policy,
            "different": [
                {"entity": one.entity, "type": one.type, "event": one.event, "wrong": one.wrong.value}
                for one in each.differing
            ],
        }
        for service, each in found.items()
    }


def show(console: Console, found: Mapping[str, Judged]) -> None:
    """Print each difference, and how many decisions there were."""
    for service, each in found.items():
        if each.differing:
            title = f"decisions of {service} against the log: {len(each.differing)}"
            table = Table("what", "type", "event", "about", title=title, title_justify="left")
            for one in each.differing[:SHOWN]:
                table.add_row(one.wrong.value, one.type, one.event, one.entity)
            console.print(table)
        more = f", {each.by_another_policy} by another policy not judged" if each.by_another_policy else ""
        verdict, style = ("different", "red") if each.differing else ("equal", "green")
        told = f"{service}: {each.decisions} decisions made again from the log{more}: {verdict}"
        console.print(told, style=style, markup=False)
