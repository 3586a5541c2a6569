"""Field types that event classes share: what each refuses, and its form in the published schema."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic import StringConstraints as Text
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from schemas.agencies import AGENCIES, SERVICES
from schemas.codebook.countries import CITIZENSHIPS, COUNTRIES
from schemas.codebook.shared import CountBasis
from schemas.errors import BadMessage, Reason
from schemas.times import Period

MAX_ENTITIES: Final = 128
"""The most entities of one event, as each gets a copy of it; the largest screening of 2024 had 102."""

MAX_RELATED: Final = MAX_ENTITIES - 8
"""The most items of one list of ids: with the single ids beside it an event stays below `MAX_ENTITIES`."""

MAX_CODES: Final = 64
MAX_COUNT: Final = 1_000_000_000

AGENCY_LIST: Final = re.compile(r"[a-z_0-9]+(?:,[a-z_0-9]+)*")
SOURCE: Final = re.compile(r"([a-z_]+)/[a-z0-9][a-z0-9-]{0,39}")
REGISTER_NUMBER: Final = re.compile(r"(?:[A-Za-z]+[./-])*[A-Za-z]*[0-9][A-Za-z0-9]*(?:[./-][A-Za-z0-9]+)*")


class Wire(BaseModel):
    """Base of all models of events and requests: frozen, strict, without unknown fields. Errors hide the input."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        defer_build=True,  # parts of events are never read alone, so only validators of whole events are built
    )


def refusal(reason: Reason, pointer: str = "") -> PydanticCustomError:
    """Return the error that a validator raises. `pointer` is relative to the validator's model."""
    return PydanticCustomError(reason.value, "refused", {"pointer": pointer})


def refusals(found: BadMessage, below: str) -> PydanticCustomError:
    """Return the error that a validator raises for all mistakes found below the place `below` of its model."""
    more = [(each.reason.value, f"{below}{each.pointer}") for each in found.mistakes[1:]]
    return PydanticCustomError(found.reason.value, "refused", {"pointer": f"{below}{found.pointer}", "more": more})


def _settled(values: tuple[Hashable, ...] | None) -> tuple[Hashable, ...]:
    if not values:
        return ()
    if len(values) > 1:
        if len(set(values)) != len(values):
            raise refusal(Reason.REPEATED_ITEM)
        if "unknown" in values or "not_asked" in values:
            raise refusal(Reason.CONTRADICTORY_CODES)
    return values


def _settled_or_none(values: tuple[Hashable, ...] | None) -> tuple[Hashable, ...] | None:
    return None if values is None else _settled(values)


@dataclass(frozen=True, slots=True)
class Listing:
    """Mark of a tuple field that is a set: no item twice, and a code for "no answer" is the only item.

    Null and absent are read as the empty tuple, unless the empty list has a meaning of its own (`empty_speaks`).
    """

    most: int
    empty_speaks: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the core schema of a tuple of at most `most` items, or null; its check ends at a wrong item."""
        items: Any = handler(source)
        if items["type"] == "nullable":
            items = items["schema"]
        bounded: Any = {**items, "max_length": self.most, "fail_fast": True}
        check: Callable[..., Any] = _settled_or_none if self.empty_speaks else _settled
        return core_schema.no_info_after_validator_function(check, core_schema.nullable_schema(bounded))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON Schema of an array of unique items, or null."""
        written = handler(schema)
        for choice in written["anyOf"]:
            if choice.get("type") == "array":
                choice["uniqueItems"] = True
        return written


@dataclass(frozen=True, slots=True)
class NullIs:
    """Mark of an optional field whose absence has a value of its own: null is read as that value."""

    value: Any

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the core schema of the field, or null."""
        return core_schema.no_info_after_validator_function(self._read, core_schema.nullable_schema(handler(source)))

    def _read(self, value: object) -> object:
        return self.value if value is None else value


IDS: Final = Listing(MAX_RELATED)
CODES: Final = Listing(MAX_CODES)


def _one_of(allowed: frozenset[str], reason: Reason) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in allowed:
            raise refusal(reason)
        return value

    return check


_AGENCY_CODES: Final = frozenset(AGENCIES)

AgencyCode = Annotated[
    str,
    AfterValidator(_one_of(_AGENCY_CODES, Reason.UNKNOWN_AGENCY)),
    WithJsonSchema({"type": "string", "enum": sorted(_AGENCY_CODES)}),
]
Country = Annotated[
    str,
    AfterValidator(_one_of(COUNTRIES, Reason.UNKNOWN_CODE)),
    WithJsonSchema({"type": "string", "enum": sorted(COUNTRIES)}),
]
Citizenship = Annotated[
    str,
    AfterValidator(_one_of(CITIZENSHIPS, Reason.UNKNOWN_CODE)),
    WithJsonSchema({"type": "string", "enum": sorted(CITIZENSHIPS)}),
]


@lru_cache(maxsize=1024)
def _known_source(value: str) -> str:
    match = SOURCE.fullmatch(value)
    if match is None:
        raise refusal(Reason.WRONG_FORM)
    if match[1] not in AGENCIES and match[1] not in SERVICES:
        raise refusal(Reason.UNKNOWN_AGENCY)
    return value


def _agency_list(value: str) -> str:
    codes = value.split(",")
    if AGENCY_LIST.fullmatch(value) is None or len(set(codes)) != len(codes):
        raise refusal(Reason.WRONG_FORM)
    if not _AGENCY_CODES.issuperset(codes):
        raise refusal(Reason.UNKNOWN_AGENCY)
    return value


def _register_number(value: str) -> str:
    if len(value) > 40 or REGISTER_NUMBER.fullmatch(value) is None:  # noqa: PLR2004 - as the published schema says
        raise refusal(Reason.WRONG_FORM)
    return value


Source = Annotated[
    str,
    AfterValidator(_known_source),
    WithJsonSchema({"type": "string", "pattern": f"^{SOURCE.pattern}$"}),
]
"""Source of an event: `<agency>/<system>`, or a service of ours in the agency's place."""

AgencyList = Annotated[
    str,
    AfterValidator(_agency_list),
    WithJsonSchema({"type": "string", "pattern": f"^{AGENCY_LIST.pattern}$"}),
]
"""Agency codes joined by commas: CloudEvents attributes hold no arrays."""

RegisterNumber = Annotated[
    str,
    AfterValidator(_register_number),
    WithJsonSchema({"type": "string", "pattern": f"^{REGISTER_NUMBER.pattern}$", "maxLength": 40}),
]
"""The agency's own number: letters, digits and separators with at least one digit, so that no name passes for one."""

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_UUID7: Final = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

_TYPE: Final = r"^bz\.atips(\.[a-z]+(_[a-z]+)*){2}\.v[1-9][0-9]*$"

EventId = Annotated[str, Text(pattern=f"^{_UUID7}$")]
Correlation = Annotated[str, Text(pattern=f"^{_UUID}$")]
EVENT_REF: Final = f"^[a-z_]+/[a-z0-9][a-z0-9-]{{0,39}}/{_UUID7}$"
EventRef = Annotated[str, Text(pattern=EVENT_REF)]
"""Reference to another event: its source, a slash, its id."""

VersionHash = Annotated[str, Text(pattern="^[0-9a-f]{12,64}$")]
"""Hash of the version of the code, or of the policy, that made a decision."""

KeyId = Annotated[str, Text(pattern="^[0-9a-f]{16,64}$")]
Signature = Annotated[str, Text(pattern="^[A-Za-z0-9+/]{86}==$")]
TraceParent = Annotated[str, Text(pattern="^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]
ContentType = Annotated[str, Text(pattern="^application/json(; ?charset=(utf-8|UTF-8))?$")]
TypeString = Annotated[str, Text(pattern=_TYPE)]
FigureNumber = Annotated[str, Text(pattern="^[A-Z][1-9][0-9]?[a-m]?$")]
"""A figure's number in the Council's report: O9, O13a."""
PeriodText = Annotated[str, Text(pattern="^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?$")]

PARTIAL_DATE: Final = "^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


def _real_date(value: str) -> str:
    try:
        Period.parse(value)
    except ValueError:
        raise refusal(Reason.WRONG_FORM) from None
    return value


PartialDate = Annotated[str, Text(pattern=PARTIAL_DATE), AfterValidator(_real_date)]
"""A year, a month or a day: `2024`, `2024-03`, `2024-03-09`. The text shows how exactly the date is known."""

Count = Annotated[int, Field(ge=1, le=MAX_COUNT)]
"""A number of at least 1: zero is stated by `period.closed`, and silence is not zero."""

Amount = Annotated[int, Field(ge=0, le=MAX_COUNT)]

Cents = Annotated[int, Field(ge=1, le=MAX_COUNT)]
"""An amount of money in cents of the Belize dollar."""

TypeCounts = Annotated[
    dict[TypeString, Amount],
    Field(max_length=MAX_CODES),
    WithJsonSchema(
        {
            "type": "object",
            "patternProperties": {_TYPE: {"type": "integer", "minimum": 0, "maximum": MAX_COUNT}},
            "additionalProperties": False,
            "maxProperties": MAX_CODES,
        }
    ),
]
"""Numbers of events by type; a zero is stated here or in `zero_types`."""


def check_count(count: int | None, basis: CountBasis | None, *allowed: CountBasis) -> None:
    """Raise a `refusal` if only one of count and unit (`basis`) is present, or the unit is not in `allowed`."""
    if count is not None and basis is None:
        raise refusal(Reason.COUNT_WITHOUT_BASIS, "/count_basis")
    if count is None and basis is not None:
        raise refusal(Reason.MISSING_FIELD, "/count")
    if basis is not None and basis not in allowed:
        raise refusal(Reason.UNKNOWN_CODE, "/count_basis")


def check_number_or_word(number: int | None, word: str | None, pointer: str) -> None:
    """Raise a `refusal` if a thing has both a number and a word, such as thousands. `pointer`: of the word's field."""
    if number is not None and word is not None:
        raise refusal(Reason.CONTRADICTORY_CODES, pointer)


def check_dates(first: str | None, last: str | None, pointer: str) -> None:
    """Raise a `refusal` for a last date without a first date, or a last date that ends before the first date begins.

    `pointer`: of the field of the last date; its name ends with `_to`, and that of the first date with `_from`.
    """
    if last is None:
        return
    if first is None:
        raise refusal(Reason.MISSING_FIELD, pointer.replace("_to", "_from"))
    if Period.parse(last).last < Period.parse(first).first:
        raise refusal(Reason.TIME_SPAN_REVERSED, pointer)
