"""A period is closed by one that publishes; figures are of periods in their one form, and by codes that there are."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from schemas.times import Period
from tests.unit.schemas.payloads import Adjust
from tests.unit.schemas.strategies_from_models import Document


def _closing(draw: st.DrawFn, said: Document) -> Document:
    counts = said.get("counts") or {}
    zero = [each for each in said.get("zero_types") or () if not counts.get(each)]
    return said | {"agency": draw(st.sampled_from(PUBLISHING)), "zero_types": zero}


def _of_a_period(draw: st.DrawFn, said: Document) -> Document:
    begun = draw(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
    months = [f"{each:%Y-%m}" for each in (begun, begun + timedelta(days=draw(st.integers(0, 900))))]
    return said | {"period": str(Period.parse(draw(st.sampled_from([months[0], months[0][:4], "..".join(months)]))))}


def _of_a_figure(draw: st.DrawFn, said: Document) -> Document:
    values = st.sampled_from(["female", "teachers", "not_asked", "GT", "hti", "2021"])
    dimensions = st.dictionaries(st.sampled_from(["sex", "audience", "opened_year"]), values)
    return _of_a_period(draw, said) | {"dimensions": draw(st.none() | dimensions)}


def _resolved(draw: st.DrawFn, said: Document) -> Document:
    said = _of_a_figure(draw, said)
    claim = said.get("claim") or "hti/programmes/018fe18c-0100-783f-87ef-85cb0d5e50e4"
    return said | {"claim": claim if said["resolution"] == "claim_holds" else None}


ADJUST: Final[Mapping[str, Adjust]] = {
    "bz.atips.period.closed.v1": _closing,
    "bz.atips.figure.claimed.v1": _of_a_figure,
    "bz.atips.figure.contested.v1": _of_a_figure,
    "bz.atips.figure.resolved.v1": _resolved,
    "bz.atips.report.published.v1": _of_a_period,
}
