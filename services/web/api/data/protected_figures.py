"""Protected values of figures, for a token without the right to exact amounts: those of the database role `me_read`."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from schemas.times import Period
from services.presentation.figure_titles import TITLES
from services.presentation.labels import label_in
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.web.api.data.answer import Table, json_response, page_of_rows, tagged_csv
from services.web.api.dependencies import NotExact, language, parts
from services.web.api.page import value_label
from services.web.cached_figures import ProtectedValue, ProtectedValues
from services.web.domain.page_texts import Language

_BESIDE: Mapping[str, None] = dict.fromkeys(("undated", "cut", "unknown", "twice"))
"""Facts beside an amount, all None: they are small numbers too, so a token without the right does not get them."""


async def protected_json_response(
    request: Request,
    chosen: Sequence[Figure[Any]],
    period: Period,
    by: Sequence[str],
    place: tuple[int | None, str | None],
) -> Response:
    """Return the JSON response with protected values. Raises `NotExact` if this period or breakdown has none.

    `place`: (limit, cursor) of the page of the list.
    """
    found = await _read(request, chosen, period, by)
    every = [_plain(period, by, each) for each in found.values]
    rows, more = page_of_rows(request, every, *place, state=f"{found.known_at}-{found.made_at}")
    withheld = parts(request).figures.freshness.withheld
    told = {"figures": rows, "next": more, "complete_to": found.known_at, "withheld": withheld, "protected": True}
    return json_response(request, told)


async def protected_csv(
    request: Request, chosen: Sequence[Figure[Any]], period: Period, by: Sequence[str], header: Sequence[str]
) -> Response:
    """Return the CSV response with protected values. Raises `NotExact` if this period or breakdown has none."""
    found, lang = await _read(request, chosen, period, by), language(request)
    return tagged_csv(request, Table({}, header, [_row(lang, period, by, each) for each in found.values]))


async def _read(request: Request, chosen: Sequence[Figure[Any]], period: Period, by: Sequence[str]) -> ProtectedValues:
    if len(by) > 1:
        raise NotExact
    found = await parts(request).figures.protected(period, "".join(by), [each.number for each in chosen])
    if found is None:
        raise NotExact
    return found


def _plain(period: Period, by: Sequence[str], each: ProtectedValue) -> dict[str, Any]:
    figure, dimensions = FIGURES[each.figure], dict.fromkeys(by, each.code)
    return {
        "number": figure.number,
        "name": figure.name,
        "title": TITLES[figure.number]._asdict(),
        "unit": figure.unit.value,
        "period": str(period),
        "dimensions": dimensions,
        "labels": {name: label_in(period, figure.number, name, code)._asdict() for name, code in dimensions.items()},
        "amount": each.amount,
        "shown": each.shown,
        "marks": each.marks,
        **_BESIDE,
    }


def _row(lang: Language, period: Period, by: Sequence[str], each: ProtectedValue) -> list[object]:
    figure = FIGURES[each.figure]
    codes = [each.code for _ in by]
    labels = [value_label(lang, figure.number, name, each.code, period) for name in by]
    said = [each.shown] if each.amount is None else []
    said += [each.marks_es if lang is Language.ES else each.marks_en]
    title = getattr(TITLES[figure.number], lang.value)
    amount = "" if each.amount is None else each.amount
    notes = "; ".join(filter(None, said))
    return [figure.number, title, figure.unit.value, period, *codes, *labels, amount, notes]
