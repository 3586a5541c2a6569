"""The published form of a register number: without a look-ahead, and equal to the sentence that describes it."""

import re
from time import perf_counter

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.fields import RegisterNumber

PUBLISHED: str = TypeAdapter(RegisterNumber).json_schema()["pattern"]
DESCRIBED = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9]+(?:[./-][A-Za-z0-9]+)*")
"""Groups of letters and digits with one separator between two of them, and a digit somewhere."""


@given(st.one_of(st.text("aZ09./-", max_size=12), st.from_regex(DESCRIBED, fullmatch=True), st.text(max_size=5)))
@example("a.b-c")
@example("a.b-7c/d")
@example("7.")
@example("a..7")
def test_the_published_form_takes_what_the_described_one_takes(value: str) -> None:
    taken = re.fullmatch(PUBLISHED.removeprefix("^").removesuffix("$"), value) is not None
    assert taken == (DESCRIBED.fullmatch(value) is not None)


def test_the_published_form_needs_no_look_ahead_and_is_quick_where_nothing_fits() -> None:
    assert "(?=" not in PUBLISHED
    began = perf_counter()
    for value in ("a" * 40_000, "a." * 20_000, "7." * 20_000 + "!", "a-" * 20_000 + "!"):
        assert re.search(PUBLISHED, value) is None
    assert perf_counter() - began < 5
