"""Part of a person: indictments before the High Court, and appeals filed and decided."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.hearings_and_trials import IndictmentFiledV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, AppealFiledV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, code, possible_days, values, with_entry
from services.reporting.domain.declaration.figure import Area, Counted, DateRole, Figure, Unit
from services.reporting.domain.declaration.values_over_time import turns


class ChargeAppeal(Struct, frozen=True):
    """The last statement that an appeal was filed or decided. `of`: the side that filed it, or the outcome."""

    when: Interval | None
    against: str | None
    of: str | None


class HighCourtRecord(Struct, frozen=True):
    """Times of indictments by charge, in order, and appeals by their ids. The last statement of an appeal counts."""

    indicted: Mapping[str, tuple[Interval | None, ...]] = field(default_factory=dict)
    filed: Mapping[str, ChargeAppeal] = field(default_factory=dict)
    decided: Mapping[str, ChargeAppeal] = field(default_factory=dict)


def _indicted(person: str, above: HighCourtRecord, event: IndictmentFiledV1) -> HighCourtRecord:
    if event.data.person != person:
        return above
    filed = {charge: (*above.indicted.get(charge, ()), event.occurred) for charge in event.data.charges}
    return replace(above, indicted={**above.indicted, **filed})


def _filed(person: str, above: HighCourtRecord, event: AppealFiledV1) -> HighCourtRecord:
    data = event.data
    if data.person != person:
        return above
    appeal = ChargeAppeal(event.occurred, code(data.against), code(data.appellant))
    return replace(above, filed=with_entry(above.filed, data.appeal, appeal))


def _decided(person: str, above: HighCourtRecord, event: AppealDecidedV1) -> HighCourtRecord:
    data = event.data
    if data.person != person:
        return above
    appeal = ChargeAppeal(event.occurred, code(data.against), str(data.outcome))
    return replace(above, decided=with_entry(above.decided, data.appeal, appeal))


def persons_indicted(above: HighCourtRecord) -> Iterator[Counted]:
    """Yield one item for each charge and indictment before the High Court."""
    for filed in above.indicted.values():
        yield from (Counted(possible_days(when)) for when in filed)


def charges_indicted(above: HighCourtRecord) -> Iterator[Counted]:
    """Yield each charge once for periods by whose end it was not indicted anew, so that no earlier period changes."""
    for filed in above.indicted.values():
        dated = turns((when, when) for when in filed)
        yield from (Counted(possible_days(when), asof=days) for days, when in dated)
        if not dated:
            yield Counted(None)


def appeals_filed(above: HighCourtRecord) -> Iterator[Counted]:
    """Yield one item for each appeal that was filed."""
    for appeal in above.filed.values():
        yield Counted(
            possible_days(appeal.when), dims={"against": values(appeal.against), "appellant": values(appeal.of)}
        )


def appeals_decided(above: HighCourtRecord) -> Iterator[Counted]:
    """Yield one item for each appeal that was decided."""
    for appeal in above.decided.values():
        yield Counted(
            possible_days(appeal.when), dims={"against": values(appeal.against), "outcome": values(appeal.of)}
        )


FIGURES: Final[tuple[Figure[HighCourtRecord], ...]] = (
    Figure(
        number="R20a",
        name="persons_indicted",
        en="Persons against whom an indictment was filed at the High Court in the period, each once however many "
        "charges it holds.",
        es="Personas contra las que se presentó acusación formal ante el Tribunal Superior en el período; cada una "
        "cuenta una vez, sin importar cuántos cargos contenga.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=persons_indicted,
        area=Area.PROSECUTION,
        distinct=True,
    ),
    Figure(
        number="R20b",
        name="charges_indicted",
        en="Charges in the indictments that were filed at the High Court in the period.",
        es="Cargos contenidos en las acusaciones formales presentadas ante el Tribunal Superior en el período.",
        entity=Kind.PERSON,
        unit=Unit.CHARGES,
        counted=charges_indicted,
        area=Area.PROSECUTION,
    ),
    Figure(
        number="R21a",
        name="appeals_filed",
        en="Appeals that defence or prosecution filed in the period; two accused who appeal are two appeals.",
        es="Apelaciones presentadas por la defensa o la fiscalía en el período; si apelan dos acusados, son dos.",
        entity=Kind.PERSON,
        unit=Unit.APPEALS,
        counted=appeals_filed,
        area=Area.PROSECUTION,
        breakdowns=((), ("against",), ("appellant",)),
    ),
    Figure(
        number="R21b",
        name="appeals_decided",
        en="Appeals that were decided or withdrawn in the period, whenever they were filed.",
        es="Apelaciones resueltas o desistidas en el período, sin importar cuándo se presentaron.",
        entity=Kind.PERSON,
        unit=Unit.APPEALS,
        date_role=DateRole.DECIDED,
        counted=appeals_decided,
        area=Area.PROSECUTION,
        breakdowns=((), ("against",), ("outcome",)),
    ),
)

PART: Final = Part(
    name="indictment_and_appeal",
    kind=Kind.PERSON,
    empty=HighCourtRecord(),
    folds={
        "bz.atips.indictment.filed.v1": _indicted,
        "bz.atips.appeal.filed.v1": _filed,
        "bz.atips.appeal.decided.v1": _decided,
    },
    figures=FIGURES,
)
