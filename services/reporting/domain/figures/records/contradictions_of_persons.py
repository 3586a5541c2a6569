"""Part of a person: contradictions (a charge without arrest, a disputed victim status, a service published twice)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.governance import FindingCode
from schemas.codebook.identification import VictimStatus
from schemas.identification import VictimIdentifiedV1, VictimStatusChangedV1
from schemas.ids import Kind
from schemas.justice.charges import ChargeFiledV1
from schemas.justice.police import ArrestMadeV1
from schemas.protection.services import ServiceProvidedV1
from schemas.times import Interval
from services.reporting.domain.declaration.contradiction_figures import contradiction, figure_of
from services.reporting.domain.declaration.entity_state_part import Part, owners_statement, with_entry
from services.reporting.domain.declaration.figure import Counted
from services.reporting.domain.facts.fact_owner import service_by_witness
from services.reporting.domain.facts.victim_status_decisions import speaker_weight, speaking_agency

_A_VICTIM: Final = frozenset({VictimStatus.SUSPECTED, VictimStatus.POTENTIAL, VictimStatus.CONFIRMED})
_NEAR: Final = timedelta(days=14)
"""Largest difference between the dates that two offices give for one service."""


class FiledCharge(NamedTuple):
    """The last statement of a charge: when it was filed, and the event's reference."""

    filed: Interval | None
    record: str


class StatusStatement(NamedTuple):
    """An agency's last statement on whether the person is a victim, in `case` or (None) in no case in particular.

    `turn` rises from one statement to the next. `rank`: see `victim_statuses.speaker_weight`. An agency's publication
    of a court's decision has another rank than the agency's own statement, and both are kept.
    """

    turn: int
    said: Interval | None
    victim: bool
    rank: int
    record: str
    case: str | None = None


class Provision(Struct, frozen=True):
    """The last statement of a service: the provider's or, while there is none, a witness's."""

    service_type: str
    provider: str
    given: Interval | None
    by_witness: bool
    record: str


class KnownRecords(Struct, frozen=True):
    """Records of one person: charges and services by their ids, and status statements (`words`).

    Keys of `words`: (agency, rank of the statement, case).
    """

    arrested: bool = False
    charges: Mapping[str, FiledCharge] = field(default_factory=dict)
    words: Mapping[tuple[str, int, str | None], StatusStatement] = field(default_factory=dict)
    services: Mapping[str, Provision] = field(default_factory=dict)


def _arrest_made(person: str, known: KnownRecords, event: ArrestMadeV1) -> KnownRecords:
    return known if event.data.person != person or known.arrested else replace(known, arrested=True)


def _charge_filed(person: str, known: KnownRecords, event: ChargeFiledV1) -> KnownRecords:
    data = event.data
    if data.person != person:
        return known
    return replace(known, charges=with_entry(known.charges, data.charge, FiledCharge(event.occurred, event.ref)))


def _status(person: str, known: KnownRecords, event: VictimIdentifiedV1 | VictimStatusChangedV1) -> KnownRecords:
    data = event.data
    if data.person != person or data.status is VictimStatus.UNDETERMINED:
        return known
    speaker, rank = speaking_agency(event), speaker_weight(event)
    turn = 1 + max((word.turn for word in known.words.values()), default=0)
    word = StatusStatement(turn, event.occurred, data.status in _A_VICTIM, rank, event.ref, data.case)
    # A statement that names no case replaces all statements of the agency.
    kept = {whose: each for whose, each in known.words.items() if data.case is not None or whose[:2] != (speaker, rank)}
    return replace(known, words=with_entry(kept, (speaker, rank, data.case), word))


def _service_provided(person: str, known: KnownRecords, event: ServiceProvidedV1) -> KnownRecords:
    data = event.data
    if data.person != person:
        return known
    said = Provision(str(data.service_type), data.provider, event.occurred, service_by_witness(event), event.ref)
    kept = owners_statement(known.services.get(data.service), said)
    return known if kept is not said else replace(known, services=with_entry(known.services, data.service, kept))


def charged_without_arrest(known: KnownRecords) -> Iterator[Counted]:
    """Yield one item for each charge if no arrest of the person is known."""
    if not known.arrested:
        for charge in known.charges.values():
            yield contradiction(FindingCode.CHARGED_WITHOUT_ARREST, charge.filed, charge.record)


def status_disputed(known: KnownRecords) -> Iterator[Counted]:
    """Yield one item for each pair of statements on the victim status that differ about one case.

    Pairs of which the later statement has the higher rank are left out.
    """
    heard: dict[str | None, list[StatusStatement]] = {}
    for later in sorted(known.words.values(), key=attrgetter("turn")):
        asked = heard if later.case is None else (None, later.case)
        for earlier in chain.from_iterable(heard.get(case, ()) for case in asked):
            if earlier.victim is not later.victim and later.rank <= earlier.rank:
                yield contradiction(FindingCode.STATUS_DISPUTED, later.said, earlier.record, later.record)
        heard.setdefault(later.case, []).append(later)


def same_service_suspected(known: KnownRecords) -> Iterator[Counted]:
    """Yield one item for each service that a witness published and its provider did not.

    The item names the provider's own records that may be about the same service. There may be none.
    """
    for said in known.services.values():
        if said.by_witness:
            others = (each for each in known.services.values() if not each.by_witness and _may_be(each, said))
            records = sorted(each.record for each in others)
            yield contradiction(FindingCode.SAME_FACT_SUSPECTED, said.given, said.record, *records)


def _may_be(own: Provision, told: Provision) -> bool:
    if (own.service_type, own.provider) != (told.service_type, told.provider):
        return False
    if own.given is None or told.given is None:
        return True
    return own.given.start - told.given.end <= _NEAR and told.given.start - own.given.end <= _NEAR


def contradictions(known: KnownRecords) -> Iterator[Counted]:
    """Yield all contradictions in one person's records."""
    yield from charged_without_arrest(known)
    yield from status_disputed(known)
    yield from same_service_suspected(known)


PART: Final[Part[KnownRecords]] = Part(
    name="contradictions_of_persons",
    kind=Kind.PERSON,
    empty=KnownRecords(),
    folds={
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.charge.filed.v1": _charge_filed,
        "bz.atips.service.provided.v1": _service_provided,
        "bz.atips.victim.identified.v1": _status,
        "bz.atips.victim.status_changed.v1": _status,
    },
    figures=(
        figure_of(
            "a",
            Kind.PERSON,
            contradictions,
            en="Contradictions between records of one person that came about in the period: "
            "a charge without an arrest known, a victim’s status that two agencies dispute, a service that may be told "
            "twice.",
            es="Contradicciones entre registros de una misma persona surgidas en el período: un cargo sin detención "
            "conocida, la condición de víctima que dos instituciones disputan, un servicio quizá informado dos veces.",
        ),
    ),
)
