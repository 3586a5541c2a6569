"""The events that tests are made of: of every type, derived from its model, and let in by the door."""

from datetime import date
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from pydantic import Field

from schemas.agencies import AGENCIES
from schemas.catalogue import CATALOGUE
from schemas.codebook.identification import Means
from schemas.codebook.shared import YesNo
from schemas.codec import decode_strict
from schemas.fields import CODES, AgencyCode, Count, EventRef, PeriodText, Wire
from schemas.ids import ArrestId, EntityId, Kind, PersonId, is_id
from schemas.times import Timestamp
from tests.unit.schemas.event_strategies import documents
from tests.unit.schemas.samples import written
from tests.unit.schemas.strategies_from_models import payloads_of, values_of

SOME = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("type_string", CATALOGUE)
@SOME
@given(st.data())
def test_events_of_every_type_are_let_in(type_string: str, data: st.DataObject) -> None:
    document = data.draw(documents(type_string))
    assert decode_strict(written(document)).event.type == type_string


class Inner(Wire):
    day: date
    times: Annotated[tuple[Timestamp, ...], CODES] = ()


class Sample(Wire):
    """A field of every sort, some of which no type has yet."""

    person: PersonId
    part: ArrestId | None = None
    any_entity: EntityId | None = None
    answer: YesNo | None = None
    means: Annotated[tuple[Means, ...], CODES, Field(min_length=1)]
    few: Annotated[int, Field(ge=3, le=4)]
    count: Count | None = None
    flag: bool | None = None
    agency: AgencyCode
    ref: EventRef | None = None
    period: PeriodText
    month: Annotated[str, Field(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]
    inner: Inner
    inners: Annotated[tuple[Inner, ...], CODES] = ()
    named: dict[PeriodText, Count] | None = None


class Question(Wire):
    answer: YesNo | None = None


@SOME
@given(payloads_of(Sample))
def test_a_field_of_any_sort_gets_what_fits(said: dict[str, Any]) -> None:
    read = Sample.model_validate_json(written(said))
    assert is_id(read.person, Kind.PERSON)
    assert read.means
    assert read.few in {3, 4}
    assert read.agency in AGENCIES


@pytest.mark.parametrize("values", [{...}, {None}, {"yes", "no"}], ids=["absent", "null", "given"])
def test_an_optional_field_is_absent_null_or_given(values: set[Any]) -> None:
    assert find(payloads_of(Question), lambda said: said.get("answer", ...) in values) is not None


@pytest.mark.parametrize("hint", [str, bytes, float, Annotated[str, "a note"], tuple[float, ...], object], ids=str)
def test_what_is_not_understood_is_no_silent_gap(hint: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match="no strategy"):
        values_of(hint)


def test_a_gap_is_named_by_its_field() -> None:
    class Gap(Wire):
        title: str

    with pytest.raises(TypeError, match=r"Gap\.title: no strategy"):
        payloads_of(Gap)
