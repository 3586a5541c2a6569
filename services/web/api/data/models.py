"""Pydantic models of the responses, for the OpenAPI description only. Routes build the same shapes as plain dicts."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

Amount = Annotated[int | None, Field(description="Null where nobody counted it, or nothing ended yet. Null is not 0.")]


class BilingualText(BaseModel):
    """A text in both languages."""

    en: str
    es: str


class Answer(BaseModel):
    """Every answer says how far it is complete."""

    complete_to: Annotated[int, Field(description="Every event up to this number is counted.")]
    withheld: Annotated[int, Field(description="Persons or cases left out because something could not be read.")]


class Listed(Answer):
    """A list that may have more pages."""

    next: Annotated[
        str | None, Field(description="Cursor of the next page: send it as `cursor`. Null at the end of the list.")
    ]


class FigureAmount(BaseModel):
    """An amount of a figure in a period, with what stands beside it and is not in it."""

    number: str
    name: str
    title: BilingualText
    unit: str
    period: str
    dimensions: Annotated[dict[str, str], Field(description="Codes by dimension; empty for the whole.")]
    labels: Annotated[dict[str, BilingualText], Field(description="What each code means.")]
    amount: Amount
    shown: Annotated[
        str | None, Field(description="To a token without exact amounts: the amount as text, such as 7, 0-4 or [c].")
    ] = None
    marks: Annotated[
        str | None, Field(description="To the same: [c] confidential, [x] not available, [b] break, [r] revised.")
    ] = None
    not_yet: Annotated[bool, Field(description="The period has not begun: the amount is null, not 0.")] = False
    at: Annotated[str | None, Field(description="Of a stock: the day at whose end it stands.")] = None
    undated: Annotated[int | None, Field(description="Facts of which nobody knows the day.")]
    cut: Annotated[int | None, Field(description="Facts that may lie within the period or not.")]
    unknown: Annotated[int | None, Field(description="Facts of the period whose amount nobody counted.")]
    twice: Annotated[int | None, Field(description="How much of the amount may be in it twice.")]
    ended: Annotated[int | None, Field(description="Of durations: how many ended.")] = None
    under_way: Annotated[int | None, Field(description="Of durations: how many had not ended.")] = None
    oldest_since: Annotated[str | None, Field(description="Of durations: since when the oldest is under way.")] = None
    ninth_decile: Annotated[int | None, Field(description="Of many durations: nine of ten are no longer.")] = None
    each: Annotated[list[int] | None, Field(description="Of few durations: every one, the shortest first.")] = None


class FigureAmounts(Listed):
    """Amounts of figures."""

    figures: list[FigureAmount]
    protected: Annotated[
        bool,
        Field(description="True to a token without exact amounts: small numbers and small rows are not told."),
    ]


class FigureDefinition(BaseModel):
    """A figure's definition: the sentence that says what it counts, and how it may be broken down."""

    number: str
    name: str
    title: BilingualText
    counts: BilingualText
    unit: str
    breakdowns: Annotated[list[list[str]], Field(description="Dimensions that may be asked for together.")]
    version: int
    valid_from: Annotated[str, Field(description="First day of this version of the definition.")]


class FigureDefinitions(BaseModel):
    """Definitions of all figures that the account may see."""

    definitions: list[FigureDefinition]
    next: Annotated[str | None, Field(description="Cursor of the next page. Null at the end of the list.")]


class RateValue(BaseModel):
    """A declared rate over one cohort, never without the two amounts that it divides."""

    rate: str
    name: BilingualText
    counts: BilingualText
    part: Annotated[str, Field(description="Number of the figure that is divided.")]
    whole: Annotated[str, Field(description="Number of the figure that it is divided by.")]
    cohort: Annotated[str, Field(description="The period.")]
    value: Annotated[float | None, Field(description="Null for an empty cohort and for what nobody counted.")]
    per: Annotated[int | None, Field(description="The rate is told for so many of the whole; null: it is a share.")]
    open: Annotated[float | None, Field(description="Share of the whole that is still undecided.")]
    part_amount: int
    whole_amount: int
    uncounted: Annotated[int, Field(description="Facts in either amount that nobody counted.")]
    taken_in: Annotated[int | None, Field(description="Year in which a fixed whole was taken, as of a census.")]


class RateValues(Answer):
    """Every declared rate whose figures the account may see."""

    rates: list[RateValue]


class GridReport(BaseModel):
    """A report that was expected."""

    type: str
    span: str
    due: str


class GridMonth(BaseModel):
    """An agency's month."""

    month: str
    state: Annotated[str, Field(description="events, zero, reported, missing, not_due or not_expected.")]
    events: Annotated[int | None, Field(description="null: a protected grid.")]
    missing: list[GridReport]
    zero: list[GridReport]
    not_due: list[GridReport]


class GridRow(BaseModel):
    """An agency's months."""

    agency: str
    events: int | None
    months: list[GridMonth]


class GridLag(BaseModel):
    """Days from what happened to its record by the agency."""

    agency: str
    facts: int
    unknown: int
    median_days: int | None
    ninth_decile_days: int | None
    each: list[int] | None


class Grid(Answer):
    """The grid of agencies and months: what each published, and what is missing."""

    period: str
    judged_on: str
    grid: list[GridRow]
    lag: list[GridLag]
    protected: Annotated[bool, Field(description="Without amounts: expected reports are in or missing.")]


class Status(BaseModel):
    """How far the figures are complete."""

    version: Annotated[str | None, Field(description="Hash of the code that counted.")]
    complete_to: int
    accepted_to: Annotated[int, Field(description="Number of the last event that was accepted.")]
    accepted_at: Annotated[str | None, Field(description="When the last counted event was accepted.")]
    waiting: Annotated[int, Field(description="Events that are accepted and not counted yet.")]
    refused: Annotated[int, Field(description="Open entries of the quarantine.")]
    withheld: int


class Problem(BaseModel):
    """A refusal as RFC 9457 has it, in the language of `Accept-Language`."""

    type: str
    title: str
    status: int
    detail: str | None = None
    parameter: Annotated[str | None, Field(description="The parameter that cannot be answered.")] = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": said, "content": {"application/problem+json": {}}}
    for status, said in {
        400: "A parameter cannot be answered.",
        401: "There is no session and no valid token.",
        403: "The role of the account may not have this.",
        404: "There is no such figure.",
        409: "The figures changed since the cursor was given, or are not worked out yet.",
        503: "The figures cannot be read now.",
    }.items()
}
"""Error responses that every data route may give, for the OpenAPI description."""
