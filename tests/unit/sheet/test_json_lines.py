"""A line is sent as it is; only an entity's id may become its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import Kind, mint
from services.sheet.json_lines import FileLine, read

MARK = b"\xef\xbb\xbf"
PERSON = mint(Kind.PERSON, bytes(16))


def test_blank_lines_are_counted_but_not_sent() -> None:
    assert read(b'{"a": 1}\n\n  \r\nnot json\n') == (FileLine(1, b'{"a": 1}'), FileLine(4, b"not json"))
    assert read(b"") == ()


def test_one_object_over_many_lines_is_one_record() -> None:
    assert read(b'{\n "a": 1\n}\n') == (FileLine(1, b'{\n "a": 1\n}'),)
    assert read(b'{"a": 1}\n{"a": 2}\n') == (FileLine(1, b'{"a": 1}'), FileLine(2, b'{"a": 2}'))


@pytest.mark.parametrize("slip", [b'{\n "a": 1,\n}', b'{\n "a": {\n  "b": 1\n }\n', b"not json\nnor this"])
def test_nor_does_a_slip_make_many_of_it(slip: bytes) -> None:
    assert read(slip) == (FileLine(1, slip.strip()),)


def test_an_editor_s_mark_at_the_beginning_is_no_part_of_a_record() -> None:
    assert read(MARK + b'{\n "a": 1\n}\n') == (FileLine(1, b'{\n "a": 1\n}'),)
    assert read(MARK + b'{"a": 1}\n{"a": 2}\n') == (FileLine(1, b'{"a": 1}'), FileLine(2, b'{"a": 2}'))


@given(st.lists(st.binary().filter(lambda value: b"\n" not in value and value.strip())))
def test_no_byte_of_a_line_is_touched(values: list[bytes]) -> None:
    assert [line.value for line in read(b"\n".join([b"{}", *values]))] == [b"{}", *values]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (b'{"subject": "%s"}' % PERSON.encode(), PERSON.encode()),
        (b'{"subject": "%s"}' % mint(Kind.CHARGE, bytes(16)).encode(), None),
        (b'{"subject": "a name"}', None),
        (b'{"subject": ["%s"]}' % PERSON.encode(), None),
        (b'{"data": {}}', None),
        (b'["subject"]', None),
        (b"\xff\xfe", None),
        (b"", None),
    ],
)
def test_only_an_entity_s_id_becomes_a_key(value: bytes, key: bytes | None) -> None:
    assert FileLine(1, value).key == key


def test_a_line_does_not_show_itself() -> None:
    assert "a name" not in repr(FileLine(1, b'{"subject": "a name"}'))
