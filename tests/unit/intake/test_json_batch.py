"""A batch is taken apart at the very bytes of its elements, or not at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import BadMessage, Reason
from services.intake.domain.json_batch import elements

UNREADABLE = (Reason.NOT_JSON, Reason.NOT_UTF8, Reason.TOO_DEEP, Reason.BYTE_ORDER_MARK)

blank = st.text(" \t\r\n", max_size=3)
text = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.tuples(blank, values, blank, st.booleans()), max_size=6), blank, blank)
def test_each_element_comes_out_as_it_went_in(parts: list[tuple[str, Any, str, bool]], before: str, after: str) -> None:
    written = [json.dumps(value, ensure_ascii=escaped, indent=1 if escaped else None) for _, value, _, escaped in parts]
    spaced = [f"{left}{each}{right}" for (left, _, right, _), each in zip(parts, written, strict=True)]
    raw = f"{before}[{','.join(spaced)}]{after}".encode()
    assert [each.decode() for each in elements(raw)] == written


@given(st.binary(max_size=40) | st.text('[]{},":0 a\\u"', max_size=20).map(str.encode))
def test_whatever_is_no_array_has_no_elements(raw: bytes) -> None:
    try:
        found = len(elements(raw))
    except BadMessage as bad:
        found = -1
        shown = repr((bad.args, bad.__context__))
    else:
        shown = ""
    assert shown in {"", *(repr(((reason, ""), None)) for reason in UNREADABLE)}
    assert found == -1 or len(json.loads(raw)) == found


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xef\xbb\xbf[]", Reason.BYTE_ORDER_MARK),
        (b'["\xff"]', Reason.NOT_UTF8),
        (b"[" * 100_000, Reason.TOO_DEEP),
        *((raw, Reason.NOT_JSON) for raw in (b"", b"{}", b"[", b"[1", b"[1,]", b"[1 22]", b"(1]", b"[] []")),
    ],
)
def test_what_is_wrong_with_the_whole_is_named(raw: bytes, reason: Reason) -> None:
    with pytest.raises(BadMessage) as raised:
        elements(raw)
    assert (raised.value.reason, raised.value.pointer) == (reason, "")


def test_a_key_that_came_twice_and_a_long_number_are_left_for_the_judgement() -> None:
    odd = b'{"a":1,"a":%s}' % (b"9" * 5000)
    assert elements(b"[" + odd + b", NaN]") == (odd, b"NaN")
