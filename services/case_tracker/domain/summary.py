"""Summary of a case, made from its spine: parties with roles and dates, charges, hearings, bail, services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from schemas.codebook.justice import LAWS, Law, Offence
from schemas.times import Interval
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.danger import hearing_missed

_STAGES: Final = (
    *("charge.filed", "charge.amended", "court.committed", "indictment.filed", "trial.started", "charge.withdrawn"),
    *("verdict.returned", "sentence.imposed", "appeal.filed", "appeal.decided"),
)


@dataclass(frozen=True, slots=True)
class Party:
    """A person in one role in the case: when the role began and, if it is `over`, when it ended."""

    person: str
    role: str
    since: Interval | None
    until: Interval | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class CaseCharge:
    """Present state of a charge. `stage`: name of its last event. `at`: time of that event."""

    charge: str
    person: str
    offence: Offence | None
    law: Law | None
    counts_n: int | None
    stage: str
    at: Interval | None
    outcomes: tuple[str, ...]
    custodial_months: int | None
    fine_cents: int | None


@dataclass(frozen=True, slots=True)
class CaseHearing:
    """A hearing by its last event (`what`: that event's name). `missed`: its day passed without an event about it."""

    hearing: str
    person: str
    court: str
    what: str
    at: Interval | None
    next_on: str | None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class KeptFact:
    """Bail, a placement or restitution (`kind`): its person, the name of its last event, and that event's time."""

    id: str
    person: str
    kind: str
    last: str
    at: Interval | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Summary of a case, which a reader sees first."""

    parties: tuple[Party, ...]
    ties: tuple[tuple[str, str], ...]
    """Pairs (victim, suspect) that are tied, sorted."""
    charges: tuple[CaseCharge, ...]
    hearings: tuple[CaseHearing, ...]
    kept: tuple[KeptFact, ...]
    services: tuple[tuple[str, str], ...]
    """Pairs (person, type of service), one for each service."""


def summary(spine: Spine, now: datetime) -> Summary:
    """Return the summary of a case. `now` decides which hearings are missed."""
    return Summary(
        parties=tuple(_parties(spine)),
        ties=tuple(sorted(spine.ties)),
        charges=tuple(_charge(spine, each) for each in _ids(spine, "charge.filed", "charge")),
        hearings=tuple(_hearings(spine, now)),
        kept=tuple(_kept(spine)),
        services=tuple(
            (_data(facts[0]).person, str(_data(facts[0]).service_type))
            for each in _ids(spine, "service.provided", "service")
            if (facts := spine.of(each, "service.provided"))
        ),
    )


def _parties(spine: Spine) -> Iterator[Party]:
    found: dict[tuple[str, str], Party] = {}
    for fact in spine.facts:
        data = _data(fact)
        match fact.name:
            case "victim.identified" | "suspect.identified":
                role = fact.name.partition(".")[0]
                found.setdefault((data.person, role), Party(data.person, role, fact.at))
            case "case.party_added":
                found[data.person, str(data.role)] = Party(data.person, str(data.role), fact.at)
            case "case.party_removed":
                for (person, role), party in list(found.items()):
                    if person == data.person and str(data.role or role) == role:
                        found[person, role] = Party(person, role, party.since, fact.at, over=True)
            case _:
                pass
    yield from found.values()


def _charge(spine: Spine, charge: str) -> CaseCharge:
    facts = spine.of(charge, *_STAGES)
    named = [fact for fact in facts if getattr(fact.content.data, "offence", None) is not None]
    offence = _data(named[-1]).offence if named else None
    counts = [_data(fact).counts_n for fact in facts if getattr(fact.content.data, "counts_n", None) is not None]
    sentences = [_data(fact) for fact in facts if fact.name == "sentence.imposed"]
    return CaseCharge(
        charge,
        _data(facts[0]).person,
        offence,
        None if offence is None else LAWS[offence],
        counts[-1] if counts else None,
        facts[-1].name,
        facts[-1].at,
        tuple(str(_data(fact).outcome) for fact in facts if fact.name == "verdict.returned"),
        sentences[-1].custodial_months if sentences else None,
        sentences[-1].fine_cents if sentences else None,
    )


def _hearings(spine: Spine, now: datetime) -> Iterator[CaseHearing]:
    missed = {each.facts[0].ref for each in hearing_missed(spine) if each.due is not None and each.due <= now}
    for hearing in dict.fromkeys(
        _data(each).hearing for each in spine.named("court.hearing_scheduled", "court.hearing_held", "court.adjourned")
    ):
        last = spine.about[hearing][-1]
        data = _data(last)
        next_on = None if data.next_on is None else data.next_on.isoformat()
        yield CaseHearing(hearing, data.person, str(data.court), last.name, last.at, next_on, last.ref in missed)


def _kept(spine: Spine) -> Iterator[KeptFact]:
    for kind, name in (
        ("bail", "bail.granted"),
        ("placement", "shelter.placement_started"),
        ("restitution", "restitution.ordered"),
    ):
        for each in _ids(spine, name, kind):
            last = spine.about[each][-1]
            yield KeptFact(each, _data(last).person, kind, last.name, last.at)


def _ids(spine: Spine, name: str, field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(getattr(each.content.data, field)) for each in spine.named(name)))


def _data(fact: Fact) -> Any:  # noqa: ANN401 - the fields of the type that the name says
    return fact.content.data
