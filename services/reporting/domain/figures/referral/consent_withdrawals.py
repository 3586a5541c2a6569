"""Figures of withdrawals of consent, and of agencies with the person's data that have not acknowledged them."""

from collections.abc import Iterator
from typing import Final

from schemas.agencies import agency_of
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.durations import after, earliest
from services.reporting.domain.declaration.entity_state_part import certain_days, possible_days
from services.reporting.domain.declaration.figure import (
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.figures.referral.attempt import ReferralAttempt
from services.reporting.domain.figures.referral.shared_declarations import flow
from services.reporting.domain.figures.referral.state import ReferralRecord, ReportedWithdrawal


def _taken_back(referred: ReferralRecord) -> tuple[ReferralRecord, ...]:
    """Return a tuple of the person's record, or an empty tuple if no withdrawal of consent is known."""
    return (referred,) if referred.withdrawals else ()


def consent_taken_back(referred: ReferralRecord) -> Iterator[Counted]:
    """Yield one item for each withdrawal of consent, on its day."""
    for withdrawal in referred.withdrawals:
        yield Counted(possible_days(withdrawal.when), dims={"agency": (withdrawal.agency,)})


def acknowledgements_outstanding(referred: ReferralRecord) -> Iterator[Counted]:
    """Yield the days on which an agency that received the person's data has certainly not acknowledged a withdrawal."""
    for withdrawal in referred.withdrawals:
        for agency in sorted(_told(referred, withdrawal)):
            dims = {"agency": (agency,)}
            found = [
                each.when
                for each in referred.acknowledged
                if each.what == withdrawal.ref and agency_of(each.agency) == agency
            ]
            done = after(withdrawal.when, found)
            until = earliest(done)
            if withdrawal.when is None or (done and until is None):
                yield Counted(None, dims=dims)
                continue
            days = certain_days(withdrawal.when.last_day, NEVER if until is None else until.first_day)
            if days is not None:
                yield Counted(days, dims=dims)


def _told(referred: ReferralRecord, withdrawal: ReportedWithdrawal) -> frozenset[str]:
    """Return the agencies from which consent is withdrawn: those named, else the recipients of the consent named.

    If the withdrawal names neither, or nobody knows that consent, they are all that got the person's data until then.
    The publisher of the withdrawal is left out. A unit counts as its agency.
    """
    told = (
        withdrawal.recipients
        or _recipients_of_consent(referred, withdrawal.consent)
        or [
            agency
            for attempt in referred.attempts.values()
            for agency in _knowing(attempt, referred.kept(), withdrawal.when)
        ]
    )
    return frozenset(map(agency_of, told)) - {withdrawal.publisher}


def _recipients_of_consent(referred: ReferralRecord, consent: str | None) -> tuple[str, ...]:
    return () if consent is None else referred.consents.get(consent, ())


def _until(sent: Interval | None, withdrawn: Interval | None) -> bool:
    return sent is None or withdrawn is None or sent.start <= withdrawn.end


def _knowing(attempt: ReferralAttempt, kept: frozenset[str], withdrawn: Interval | None) -> frozenset[str]:
    """Return the agencies that know of the person by one attempt: receivers until `withdrawn`, and who accepted.

    Receivers of sendings that were corrected later count too.
    """
    told = frozenset(sent.receiver for sent in attempt.gone() if _until(sent.when, withdrawn))
    accepted = attempt.accepted(kept) if told else None
    return told if accepted is None else told | {accepted.agency}


FIGURES: Final[tuple[Figure[ReferralRecord], ...]] = (
    flow(
        number="R27a",
        name="consent_taken_back",
        en="How often persons took consent back in the period, by the agency that recorded it.",
        es="Cuántas veces las personas retiraron su consentimiento en el período, según la entidad que lo registró.",
        counted=EachCounted(_taken_back, consent_taken_back),
        unit=Unit.WITHDRAWALS,
        breakdowns=((), ("agency",)),
    ),
    Figure(
        number="R27b",
        name="acknowledgements_outstanding",
        en="Agencies that must acknowledge that consent was taken back and have not by the end of the period, one for "
        "each person and withdrawal: those from whom it was taken back by name, else those whom the one consent that "
        "was taken back names, else all to whom the person had been referred until then, by mistake too, and whoever "
        "accepted.",
        es="Entidades que deben acusar recibo del retiro de un consentimiento y no lo han hecho al final del período, "
        "una por persona y retiro: las nombradas en él; si no nombra a ninguna, las nombradas en el consentimiento "
        "que se retiró; si tampoco, todas a las que la persona había sido remitida hasta entonces, también por error, "
        "y quien haya aceptado.",
        version=2,
        valid_from=VERSION_2_FROM,
        entity=Kind.PERSON,
        unit=Unit.ACKNOWLEDGEMENTS,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=EachCounted(_taken_back, acknowledgements_outstanding),
        area=Area.PROTECTION,
        breakdowns=((), ("agency",)),
    ),
)
