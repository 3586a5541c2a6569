"""Folds of the events about a suspect into `Suspect`."""

from collections.abc import Mapping
from typing import Final, TypeVar

from msgspec.structs import replace

from schemas.codebook.courts import AppealOutcome, Court
from schemas.codebook.identification import PersonRole
from schemas.envelope import Event
from schemas.identification import PersonDeceasedRecordedV1, PersonProfileRecordedV1, SuspectIdentifiedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.hearings_and_trials import CourtCommittedV1, IndictmentFiledV1, TrialStartedV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from schemas.justice.sentences_and_appeals import AppealDecidedV1, SentenceImposedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    Fold,
    code,
    codes,
    codes_of_both,
    is_statement_of,
    later_answer,
    owners_statement,
    values,
    with_entry,
)
from services.reporting.domain.facts.charges_filed_again import is_filed_again, with_end
from services.reporting.domain.facts.fact_owner import WitnessedFact, charge_by_witness
from services.reporting.domain.facts.verdicts_of_owner import ToldVerdicts, verdict_by_witness
from services.reporting.domain.figures.justice.suspect.former_charges import set_aside
from services.reporting.domain.figures.justice.suspect.state import (
    Arrest,
    Charge,
    ChargeSentence,
    ChargeVerdict,
    Suspect,
    SuspectedAs,
    SuspectProfile,
    Trial,
)

K = TypeVar("K")

_OWNS_COMMITTALS: Final = "odpp"
_OWNS_DEATHS: Final = "mohw"


def _profile_recorded(person: str, suspect: Suspect, event: PersonProfileRecordedV1) -> Suspect:
    data = event.data
    if data.person != person or data.role is not PersonRole.SUSPECT:
        return suspect
    profile = SuspectProfile(code(data.sex), tuple(data.citizenship), code(data.district), code(data.age_group))
    ages = (*suspect.ages, (event.occurred, values(profile.age_group)))
    return replace(suspect, profile=profile, ages=ages)


def _identified(person: str, suspect: Suspect, event: SuspectIdentifiedV1) -> Suspect:
    if event.data.person != person:
        return suspect
    said, before = event.data, suspect.suspected_as
    suspected_as = SuspectedAs(
        perpetrator_role=codes_of_both(before.perpetrator_role, codes(said.perpetrator_roles)),
        suspect_kind=later_answer(before.suspect_kind, code(said.suspect_kind)),
        public_office=later_answer(before.public_office, code(said.public_office)),
    )
    return replace(suspect, identified=(*suspect.identified, event.occurred), suspected_as=suspected_as)


def _deceased(person: str, suspect: Suspect, event: PersonDeceasedRecordedV1) -> Suspect:
    if event.data.person != person:
        return suspect
    before, said = suspect.death, _told(event, _OWNS_DEATHS)
    if before is None or before.happened is None:
        return replace(suspect, death=said)
    # That one agency does not know the day takes it from nobody.
    return suspect if said.happened is None else replace(suspect, death=owners_statement(before, said))


def _arrest_made(person: str, suspect: Suspect, event: ArrestMadeV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    arrest = Arrest(event.occurred, code(data.on_warrant), data.operation is not None, code(data.suspected_offence))
    return replace(suspect, arrests=with_entry(suspect.arrests, data.arrest, arrest))


def _arrest_released(person: str, suspect: Suspect, event: ArrestReleasedV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    return replace(suspect, releases=with_entry(suspect.releases, data.arrest, code(data.reason)))


def _charge_filed(person: str, suspect: Suspect, event: ChargeFiledV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    if is_filed_again(suspect.ended, event):
        suspect = set_aside(suspect, data.charge)
    said = Charge(event.occurred, str(data.offence), charge_by_witness(event))
    return replace(
        suspect,
        charges=with_entry(suspect.charges, data.charge, owners_statement(suspect.charges.get(data.charge), said)),
        counts=_counted(suspect.counts, data.charge, data.counts_n),
    )


def _charge_amended(person: str, suspect: Suspect, event: ChargeAmendedV1) -> Suspect:
    """Add an amendment of the offence to a charge. A charge whose filing is not known is added without a date."""
    data = event.data
    if data.person != person:
        return suspect
    filed = suspect.charges.get(data.charge) or Charge(None, "", by_witness=True)
    amended = (*filed.amended, (event.occurred, str(data.offence)))
    return replace(
        suspect,
        charges=with_entry(suspect.charges, data.charge, replace(filed, amended=amended)),
        counts=_counted(suspect.counts, data.charge, data.counts_n),
    )


def _counted(counts: Mapping[str, int], charge: str, stated: int | None) -> Mapping[str, int]:
    return counts if stated is None else with_entry(counts, charge, stated)


def _charge_withdrawn(person: str, suspect: Suspect, event: ChargeWithdrawnV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    withdrawals = with_entry(suspect.withdrawals, data.charge, event.occurred)
    return replace(suspect, withdrawals=withdrawals, ended=with_end(suspect.ended, event))


def _committed(person: str, suspect: Suspect, event: CourtCommittedV1) -> Suspect:
    if event.data.person != person:
        return suspect
    committals = suspect.committals
    for charge in event.data.charges:
        committals = with_entry(
            committals, charge, owners_statement(committals.get(charge), _told(event, _OWNS_COMMITTALS))
        )
    return replace(suspect, committals=committals)


def _trial_started(person: str, suspect: Suspect, event: TrialStartedV1) -> Suspect:
    if event.data.person != person:
        return suspect
    started = {suspect.trial_of(charge): event.occurred for charge in event.data.charges}
    after = replace(suspect, trials=_first_of_each(suspect.trials, started))
    first = {charge: when for (charge, number), when in started.items() if number == 0}
    if event.data.court is Court.MAGISTRATES:
        return replace(after, magistrates=after.magistrates.union(first))
    return replace(after, high_court=_first_of_each(suspect.high_court, first))


def _indicted(person: str, suspect: Suspect, event: IndictmentFiledV1) -> Suspect:
    if event.data.person != person:
        return suspect
    filed = dict.fromkeys(event.data.charges, event.occurred)
    return replace(suspect, indictments=_first_of_each(suspect.indictments, filed))


def _first_of_each(
    known: Mapping[K, Interval | None], told: Mapping[K, Interval | None]
) -> Mapping[K, Interval | None]:
    """Return both. A charge goes up, and a trial begins, once: only a closer date replaces a known one."""
    return {**known, **{key: when for key, when in told.items() if _is_first(known.get(key), when)}}


def _is_first(known: Interval | None, when: Interval | None) -> bool:
    return known is None or (when is not None and when.last_day <= known.last_day)


def _verdict_returned(person: str, suspect: Suspect, event: VerdictReturnedV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    verdict = ChargeVerdict(
        event.occurred, str(data.outcome), data.counts_n, codes(data.exploitation), code(data.offence)
    )
    trial = suspect.trial_of(data.charge)
    first = {data.charge} if data.court is Court.MAGISTRATES and trial == (data.charge, 0) else frozenset[str]()
    by_witness, counts = verdict_by_witness(event), suspect.counts_of(data.charge)
    before = suspect.told.get(trial, ToldVerdicts[ChargeVerdict]())
    suspect = _counting(suspect, trial, before.with_verdict(verdict, counts, by_witness=by_witness))
    # What a witness says of a charge does not end it otherwise than the owner told.
    ended = suspect.ended if by_witness and before.owner is not None else with_end(suspect.ended, event)
    return replace(suspect, magistrates=suspect.magistrates.union(first), ended=ended)


def _counting(suspect: Suspect, trial: Trial, told: ToldVerdicts[ChargeVerdict]) -> Suspect:
    """Return the suspect with the verdicts told of a trial, and the one of them that counts."""
    counted = told.counted(suspect.counts_of(trial[0]))
    verdicts = suspect.verdicts if counted is None else with_entry(suspect.verdicts, trial, counted)
    return replace(suspect, told=with_entry(suspect.told, trial, told), verdicts=verdicts)


def _sentence_imposed(person: str, suspect: Suspect, event: SentenceImposedV1) -> Suspect:
    data = event.data
    if data.person != person:
        return suspect
    sentence = ChargeSentence(
        event.occurred,
        data.charges,
        codes(data.kinds),
        data.custodial_months,
        data.fine_cents,
        data.confiscated_cents,
    )
    return replace(suspect, sentences=with_entry(suspect.sentences, data.sentence, sentence))


def _appeal_decided(person: str, suspect: Suspect, event: AppealDecidedV1) -> Suspect:
    """Add an order of a retrial, or mark convictions as quashed. Other decisions on appeals change nothing.

    A second appeal that orders a retrial which already awaits its beginning orders the same one.
    """
    data = event.data
    if data.person != person:
        return suspect
    if data.outcome is AppealOutcome.RETRIAL_ORDERED:
        ordered = {
            (charge, data.appeal): event.occurred
            for charge in data.charges
            if (charge, data.appeal) in suspect.retrials or not suspect.awaits_retrial(charge)
        }
        return replace(suspect, retrials={**suspect.retrials, **ordered}) if ordered else suspect
    if data.outcome is not AppealOutcome.CONVICTION_QUASHED:
        return suspect
    for trial in {suspect.trial_of(charge) for charge in data.charges} & suspect.told.keys():
        suspect = _counting(suspect, trial, _quashed(suspect.told[trial]))
    return suspect


def _quashed(told: ToldVerdicts[ChargeVerdict]) -> ToldVerdicts[ChargeVerdict]:
    owner, witness = (None if each is None else replace(each, quashed=True) for each in (told.owner, told.witness))
    return ToldVerdicts(owner, witness)


def _told(event: Event, owner: str) -> WitnessedFact:
    return WitnessedFact(event.occurred, not is_statement_of(event, owner))


FOLDS: Final[Mapping[str, Fold[Suspect]]] = {
    "bz.atips.person.profile_recorded.v1": _profile_recorded,
    "bz.atips.suspect.identified.v1": _identified,
    "bz.atips.person.deceased_recorded.v1": _deceased,
    "bz.atips.arrest.made.v1": _arrest_made,
    "bz.atips.arrest.released.v1": _arrest_released,
    "bz.atips.charge.filed.v1": _charge_filed,
    "bz.atips.charge.amended.v1": _charge_amended,
    "bz.atips.charge.withdrawn.v1": _charge_withdrawn,
    "bz.atips.court.committed.v1": _committed,
    "bz.atips.indictment.filed.v1": _indicted,
    "bz.atips.trial.started.v1": _trial_started,
    "bz.atips.verdict.returned.v1": _verdict_returned,
    "bz.atips.sentence.imposed.v1": _sentence_imposed,
    "bz.atips.appeal.decided.v1": _appeal_decided,
}
