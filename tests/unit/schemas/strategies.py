"""Hypothesis strategies for acceptable events of every type, as parsed JSON, and for the bytes that senders make."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from schemas import ids
from schemas.agencies import AGENCIES, PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook import (
    COUNTRIES,
    AgeGroup,
    Audience,
    ChargeOutcome,
    Classification,
    Code,
    CorrectionReason,
    District,
    Exploitation,
    IdentifiedBy,
    InspectionFocus,
    InspectionTrigger,
    Means,
    MergeReason,
    NewOrCarriedOver,
    Offence,
    PersonRole,
    Programme,
    RecruiterRelation,
    ReferralSource,
    RetractionReason,
    ScreeningOutcome,
    ScreeningTool,
    Sector,
    Sex,
    TrainingTopic,
    VictimStatus,
    Vulnerability,
    YesNo,
)
from schemas.envelope import dataschema_of
from schemas.facts import FACTS
from schemas.governance import closing_of
from schemas.ids import Kind
from schemas.times import BELIZE, Precision

Document = dict[str, Any]

NO_ANSWER = {"unknown", "not_asked"}


def entity_ids(kind: Kind) -> st.SearchStrategy[str]:
    return st.binary(min_size=16, max_size=16).map(lambda entropy: ids.mint(kind, entropy))


def event_ids() -> st.SearchStrategy[str]:
    def version_7(number: int) -> str:
        number &= ~(0xF << 76) & ~(0x3 << 62)
        return str(UUID(int=number | (0x7 << 76) | (0x2 << 62)))

    return st.integers(0, 2**128 - 1).map(version_7)


def instants() -> st.SearchStrategy[datetime]:
    offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
    moments = st.datetimes(datetime(1990, 1, 2), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    return st.builds(lambda moment, offset: moment.astimezone(_zone(offset)), moments, offsets)


def _zone(offset: timedelta) -> Any:  # noqa: ANN401
    return datetime.strptime(_offset(offset), "%z").tzinfo


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def days() -> st.SearchStrategy[date]:
    return st.dates(date(1990, 1, 1), date(2060, 12, 31))


def midnight(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=BELIZE).isoformat()


@st.composite
def occurrences(draw: st.DrawFn) -> Document:
    """The members `time`, `occurredprecision` and `occurredto` of one event, agreeing with each other."""
    precision = draw(st.sampled_from(Precision))
    if precision is Precision.UNKNOWN:
        return {"occurredprecision": precision.value}
    if precision is Precision.INSTANT:
        times = sorted(draw(st.lists(instants(), min_size=1, max_size=2)))
        written = [time.isoformat() for time in times]
    else:
        starts = sorted({first_of(day, precision) for day in draw(st.lists(days(), min_size=1, max_size=2))})
        written = [midnight(day) for day in starts]
    found: Document = {"time": written[0]}
    if precision is not Precision.INSTANT or draw(st.booleans()):
        found["occurredprecision"] = precision.value
    if len(written) > 1:
        found["occurredto"] = written[1]
    return found


def first_of(day: date, precision: Precision) -> date:
    if precision is Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision is Precision.MONTH else day


def codes(code: type[Code]) -> st.SearchStrategy[str]:
    return st.sampled_from([each.value for each in code])


def code_sets(code: type[Code]) -> st.SearchStrategy[list[str]]:
    answers = [each.value for each in code if each.value not in NO_ANSWER]
    several = st.lists(st.sampled_from(answers), unique=True, max_size=4)
    silent = [[each.value] for each in code if each.value in NO_ANSWER]
    return st.one_of(several, st.sampled_from(silent)) if silent else several


def countries() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(COUNTRIES)), unique=True, max_size=9)


def agencies() -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(AGENCIES))


def agency_sets() -> st.SearchStrategy[list[str]]:
    return st.lists(agencies(), unique=True, max_size=3)


def several(kind: Kind) -> st.SearchStrategy[list[str]]:
    return st.lists(entity_ids(kind), unique=True, max_size=3)


PERSON, CASE, ACTIVITY = entity_ids(Kind.PERSON), entity_ids(Kind.CASE), entity_ids(Kind.ACTIVITY)
COUNTS = st.integers(1, 2000)
AMOUNTS = st.integers(0, 2000)

_Fields = dict[str, st.SearchStrategy[Any]]

FIELDS: dict[str, tuple[_Fields, _Fields]] = {
    "victim.identified": (
        {"person": PERSON, "status": codes(VictimStatus)},
        {
            "case": CASE,
            "identified_by": codes(IdentifiedBy),
            "referral_source": codes(ReferralSource),
            "minor_at_exploitation": codes(YesNo),
            "exploitation": code_sets(Exploitation),
            "means": code_sets(Means),
            "recruiter_relation": codes(RecruiterRelation),
            "new_or_carried_over": codes(NewOrCarriedOver),
        },
    ),
    "suspect.identified": (
        {"person": PERSON},
        {"case": CASE, "exploitation": code_sets(Exploitation), "identified_by": codes(IdentifiedBy)},
    ),
    "person.profile_recorded": (
        {"person": PERSON, "role": codes(PersonRole)},
        {
            "case": CASE,
            "sex": codes(Sex),
            "age_group": codes(AgeGroup),
            "citizenship": countries(),
            "district": codes(District),
            "vulnerabilities": code_sets(Vulnerability),
        },
    ),
    "investigation.opened": (
        {"case": CASE},
        {
            "persons": several(Kind.PERSON),
            "suspected_offence": codes(Offence),
            "exploitation": code_sets(Exploitation),
            "district": codes(District),
        },
    ),
    "arrest.made": (
        {"person": PERSON, "arrest": entity_ids(Kind.ARREST)},
        {
            "case": CASE,
            "linked_victims": several(Kind.PERSON),
            "suspected_offence": codes(Offence),
            "on_warrant": codes(YesNo),
            "operation": ACTIVITY,
        },
    ),
    "charge.filed": (
        {"person": PERSON, "charge": entity_ids(Kind.CHARGE), "offence": codes(Offence)},
        {"case": CASE, "victims": several(Kind.PERSON), "counts_n": COUNTS},
    ),
    "verdict.returned": (
        {"person": PERSON, "charge": entity_ids(Kind.CHARGE), "outcome": codes(ChargeOutcome)},
        {
            "case": CASE,
            "victims": several(Kind.PERSON),
            "counts_n": COUNTS,
            "exploitation": code_sets(Exploitation),
        },
    ),
    "screening.completed": (
        {"screening": ACTIVITY},
        {
            "case": CASE,
            "requested_by": agencies(),
            "tool": codes(ScreeningTool),
            "outcome": codes(ScreeningOutcome),
            "nationalities": countries(),
        },
    ),
    "training.session_delivered": (
        {"session": ACTIVITY},
        {
            "district": codes(District),
            "topic": codes(TrainingTopic),
            "audience": codes(Audience),
            "participants_n": AMOUNTS,
            "female_n": AMOUNTS,
            "male_n": AMOUNTS,
            "organisers": agency_sets(),
            "funders": agency_sets(),
            "programmes": code_sets(Programme),
        },
    ),
    "labour.inspection_completed": (
        {"inspection": ACTIVITY},
        {
            "district": codes(District),
            "sector": codes(Sector),
            "trigger": codes(InspectionTrigger),
            "announced": codes(YesNo),
            "focus": code_sets(InspectionFocus),
            "violations_n": AMOUNTS,
            "tip_indicators": codes(YesNo),
        },
    ),
    "period.closed": (
        {"agency": st.sampled_from(PUBLISHING), "period": st.sampled_from(["2024", "2024-02", "2023-12"])},
        {},
    ),
    "person.merged": ({"reason": codes(MergeReason)}, {}),
    "case.merged": ({"reason": codes(MergeReason)}, {}),
    "activity.merged": ({"reason": codes(MergeReason)}, {}),
    "event.corrected": ({"reason": codes(CorrectionReason), "type": st.sampled_from(sorted(FACTS))}, {}),
    "event.retracted": ({"reason": codes(RetractionReason)}, {}),
}
"""Required and optional fields of every type's data, by the type's name."""

MERGED = {"person.merged": Kind.PERSON, "case.merged": Kind.CASE, "activity.merged": Kind.ACTIVITY}

PRIMARY = {"investigation.opened": "case", "screening.completed": "screening", "case.merged": "case"} | {
    "activity.merged": "activity",
    "training.session_delivered": "session",
    "labour.inspection_completed": "inspection",
}


def name_of(type_string: str) -> str:
    return type_string.removeprefix("bz.atips.").removesuffix(".v1")


@st.composite
def payloads(draw: st.DrawFn, name: str) -> Document:
    required, optional = FIELDS[name]
    said: Document = draw(st.fixed_dictionaries(required, optional=optional))
    if name == "screening.completed":
        said |= draw(
            st.one_of(
                st.fixed_dictionaries(
                    {"persons": st.lists(PERSON, unique=True, min_size=1, max_size=4)}, optional={"count": st.none()}
                ),
                st.fixed_dictionaries(
                    {"count": COUNTS, "count_basis": st.sampled_from(["persons", "participations", "estimate"])},
                    optional={"persons": st.none()},
                ),
            )
        )
    if name == "labour.inspection_completed" and draw(st.booleans()):
        said |= {"count": draw(COUNTS), "count_basis": draw(st.sampled_from(["inspections", "estimate"]))}
    if name == "period.closed":
        types = draw(st.lists(st.sampled_from(sorted(CATALOGUE)), unique=True, max_size=6))
        said |= {"counts": {each: draw(AMOUNTS) for each in types[::2]}, "zero_types": types[1::2]}
    if name in MERGED:
        ids_of_one = st.lists(entity_ids(MERGED[name]), min_size=2, max_size=2, unique=True)
        said |= dict(zip((PRIMARY.get(name, "person"), "same_as"), draw(ids_of_one), strict=True))
    if name == "event.corrected":
        said |= {"data": draw(payloads(name_of(said["type"])))}
    return said


def refs() -> st.SearchStrategy[str]:
    return event_ids().map(lambda each: f"dhs/famcare/{each}")


@st.composite
def documents(draw: st.DrawFn, type_string: str | None = None) -> Document:
    """An acceptable event as parsed JSON; its members in any order, some of them null."""
    chosen = type_string or draw(st.sampled_from(sorted(CATALOGUE)))
    name = name_of(chosen)
    said = draw(payloads(name))
    subject = said.get(PRIMARY.get(name, "person"))
    agency = draw(st.sampled_from(PUBLISHING))
    if name == "period.closed":
        agency, subject = said["agency"], closing_of(said["agency"], said["period"])
    if name == "event.corrected" and said["type"] == "bz.atips.period.closed.v1":
        agency = said["data"]["agency"]
    if name in {"event.corrected", "event.retracted"}:
        subject = draw(st.one_of(PERSON, CASE, ACTIVITY))
    document: Document = {
        "specversion": "1.0",
        "id": draw(event_ids()),
        "source": f"{agency}/{draw(st.sampled_from(['register', 'case-book-2', '7']))}",
        "type": chosen,
        "subject": subject,
        "recordedtime": draw(instants()).isoformat(),
        "data": said,
    } | draw(occurrences())
    optional = st.fixed_dictionaries(
        {},
        optional={
            "datacontenttype": st.sampled_from(["application/json", "application/json; charset=utf-8"]),
            "dataschema": st.just(dataschema_of(chosen)),
            "sourcerecord": st.sampled_from(["2024/113", "TIP-2024.7", "b17", None]),
            "onbehalfof": agencies(),
            "copublishers": agency_sets().filter(bool).map(",".join),
            "classification": st.one_of(st.none(), codes(Classification)),
            "codebook": st.just("1"),
            "correlationid": event_ids(),
            "causationid": refs(),
            "consentref": refs(),
            "seq": st.integers(0, 2**31 - 1),
            "keyid": st.just("0123456789abcdef"),
            "signature": st.just("A" * 86 + "=="),
            "traceparent": st.just("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        },
    )
    document |= draw(optional)
    if name in {"event.corrected", "event.retracted"}:
        document["supersedes"] = draw(refs())
    return {key: document[key] for key in draw(st.permutations(sorted(document)))}


@st.composite
def submissions(draw: st.DrawFn, type_string: str | None = None) -> bytes:
    """An acceptable event as some sender's JSON writer puts it: spaced or compact, escaped or not."""
    document = draw(documents(type_string))
    raw = json.dumps(document, separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")])))
    return (raw.replace("/", "\\/") if draw(st.booleans()) else raw).encode()
