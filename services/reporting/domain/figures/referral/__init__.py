"""Part of a person: referrals, needs, services and consent, and the steps from identification to service."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures.referral import (
    cohort,
    consent_withdrawals,
    durations,
    late,
    moves_in_period,
    needs,
    victim_path,
)
from services.reporting.domain.figures.referral.folds import FOLDS, ONCE
from services.reporting.domain.figures.referral.state import ReferralRecord

PART: Final = Part(
    name="referral",
    kind=Kind.PERSON,
    empty=ReferralRecord(),
    folds=FOLDS,
    figures=(
        *victim_path.FIGURES,
        *moves_in_period.FIGURES,
        *cohort.FIGURES,
        *needs.FIGURES,
        *consent_withdrawals.FIGURES,
        *late.FIGURES,
        *durations.FIGURES,
    ),
    once=ONCE,
)
