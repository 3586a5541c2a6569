"""A statement on charges names at least one, and each step is before a court that may hear it."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from schemas.codebook.courts import COURTS_OF, Court, CourtStage, TrialMode
from schemas.ids import Kind
from tests.unit.schemas.payloads import Adjust
from tests.unit.schemas.strategies_from_models import Document, entity_ids


def _on_charges(draw: st.DrawFn, said: Document) -> Document:
    if said.get("charges"):
        return said
    return said | {"charges": draw(st.lists(entity_ids(Kind.CHARGE), unique=True, min_size=1, max_size=3))}


def _before(stage: CourtStage) -> Adjust:
    def adjust(draw: st.DrawFn, said: Document) -> Document:
        return _on_charges(draw, said) | {"court": draw(st.sampled_from(sorted(COURTS_OF[stage])))}

    return adjust


def _heard(draw: st.DrawFn, said: Document) -> Document:
    stage = said.get("stage")
    return said if stage is None else said | {"court": draw(st.sampled_from(sorted(COURTS_OF[CourtStage(stage)])))}


def _tried(draw: st.DrawFn, said: Document) -> Document:
    court = draw(st.sampled_from([Court.MAGISTRATES, Court.HIGH_COURT]))
    mode = TrialMode.MAGISTRATE if court is Court.MAGISTRATES else TrialMode.JUDGE_ONLY
    return _on_charges(draw, said) | {"court": court.value, "mode": draw(st.sampled_from([None, mode.value]))}


def _offence_dated(_: st.DrawFn, said: Document) -> Document:
    """Put the dates of an offence into their order; an end without a beginning is left out."""
    first, last = said.get("offence_from"), said.get("offence_to")
    if first is None:
        return said | {"offence_to": None}
    return said if last is None else said | {"offence_from": min(first, last), "offence_to": max(first, last)}


ADJUST: Final[Mapping[str, Adjust]] = {
    "bz.atips.charge.filed.v1": _offence_dated,
    "bz.atips.investigation.opened.v1": _offence_dated,
    "bz.atips.court.hearing_scheduled.v1": _heard,
    "bz.atips.court.hearing_held.v1": _heard,
    "bz.atips.court.adjourned.v1": _heard,
    "bz.atips.court.committed.v1": _before(CourtStage.COMMITTED),
    "bz.atips.indictment.filed.v1": _before(CourtStage.INDICTMENT_FILED),
    "bz.atips.trial.started.v1": _tried,
    "bz.atips.sentence.imposed.v1": _on_charges,
    "bz.atips.appeal.filed.v1": _before(CourtStage.APPEAL_FILED),
    "bz.atips.appeal.decided.v1": _before(CourtStage.APPEAL_DECIDED),
}
