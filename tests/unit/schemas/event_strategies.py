"""Hypothesis strategies for acceptable events of every type, as parsed JSON, and for the bytes that senders make.

What an event says follows from its model; `field_dependencies` holds, per area, what validators ask of fields together.
"""

import json
from datetime import date, datetime
from uuid import UUID

from hypothesis import strategies as st

from schemas.agencies import AGENCIES, PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.shared import Classification
from schemas.envelope import Event, dataschema_of
from schemas.fields import AgencyCode
from schemas.ids import ENTITY_KINDS
from schemas.pydantic_errors import data_class_of
from schemas.times import BELIZE, Precision
from tests.unit.schemas.payloads import payloads
from tests.unit.schemas.strategies_from_models import Document, days, entity_ids, instants, values_of

__all__ = ["Document", "days", "documents", "event_ids", "first_of", "occurrences", "submissions"]

AGENCY = values_of(AgencyCode)


def event_ids() -> st.SearchStrategy[str]:
    def version_7(number: int) -> str:
        number &= ~(0xF << 76) & ~(0x3 << 62)
        return str(UUID(int=number | (0x7 << 76) | (0x2 << 62)))

    return st.integers(0, 2**128 - 1).map(version_7)


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


def refs() -> st.SearchStrategy[str]:
    return event_ids().map(lambda each: f"dhs/famcare/{each}")


def primary_of(model: type[Event], type_string: str, said: Document) -> str:
    """The first of the entities that the event says it concerns."""
    stated: Document = {"type": type_string, "data": data_class_of(model).model_validate_json(json.dumps(said))}
    return model.model_construct(None, **stated).concerns()[0]


def publisher_of(said: Document) -> str | None:
    """The agency that the data, or the replacement in them, name as the one that speaks, or whose unit they name."""
    stated = {**(said.get("data") or {}), **said}
    unit = AGENCIES.get(stated.get("unit") or "")
    named = unit.parent if unit is not None else stated.get("agency") or stated.get("from_agency")
    return named if named in PUBLISHING else None


@st.composite
def documents(draw: st.DrawFn, type_string: str | None = None) -> Document:
    """An acceptable event as parsed JSON; its members in any order, some of them null."""
    chosen = type_string or draw(st.sampled_from(sorted(CATALOGUE)))
    model = CATALOGUE[chosen].model
    said = draw(payloads(chosen))
    agency = publisher_of(said) or draw(st.sampled_from(PUBLISHING))
    document: Document = {
        "specversion": "1.0",
        "id": draw(event_ids()),
        "source": f"{agency}/{draw(st.sampled_from(['register', 'case-book-2', '7']))}",
        "type": chosen,
        "recordedtime": draw(instants()).isoformat(),
        "data": said,
    } | draw(occurrences())
    optional = st.fixed_dictionaries(
        {},
        optional={
            "datacontenttype": st.sampled_from(["application/json", "application/json; charset=utf-8"]),
            "dataschema": st.just(dataschema_of(chosen)),
            "sourcerecord": st.sampled_from(["2024/113", "TIP-2024.7", "b17", None]),
            "onbehalfof": AGENCY,
            "copublishers": st.lists(AGENCY, unique=True, min_size=1, max_size=3).map(",".join),
            "classification": st.one_of(st.none(), values_of(Classification)),
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
    if model.corrects:
        document |= {"subject": draw(entity_ids(*ENTITY_KINDS)), "supersedes": draw(refs())}
    elif model.model_fields["subject"].is_required() or draw(st.booleans()):
        document["subject"] = primary_of(model, chosen, said)
    return {key: document[key] for key in draw(st.permutations(sorted(document)))}


@st.composite
def submissions(draw: st.DrawFn, type_string: str | None = None) -> bytes:
    """An acceptable event as some sender's JSON writer puts it: spaced or compact, escaped or not."""
    document = draw(documents(type_string))
    raw = json.dumps(document, separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")])))
    return (raw.replace("/", "\\/") if draw(st.booleans()) else raw).encode()
