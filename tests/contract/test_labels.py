"""Labels of codes as they were first published: a code is added to the record, and none is edited or taken away."""

import json
from datetime import date
from typing import Final

from schemas.agencies import AGENCIES, agency_on
from schemas.codebook import LISTS
from tests.contract.record import FOLDER

RECORD: Final = FOLDER / "labels.json"

Labels = dict[str, dict[str, list[str]]]


def labels() -> Labels:
    """Give each code of each list, and each body, with its first label in English and in Spanish."""
    bodies = {code: agency_on(code, date.min) or row for code, row in AGENCIES.items()}
    found = {name: {code.value: [code.en, code.es] for code in codes} for name, codes in LISTS.items()}
    found["agency"] = {code: [row.name_en, row.name_es] for code, row in bodies.items()}
    return dict(sorted(found.items()))


def added(recorded: Labels, now: Labels) -> Labels:
    """Add the lists and codes that a record lacks. What it has stays as it is."""
    names = sorted(recorded.keys() | now.keys())
    return {name: now.get(name, {}) | recorded.get(name, {}) for name in names}


def written(record: Labels) -> str:
    """Write a record with one line for each list."""
    lines = (f"{json.dumps(name)}: {json.dumps(codes, ensure_ascii=False)}" for name, codes in record.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def test_the_labels_golden_file_is_every_label_as_it_was_first_published(updates_golden: bool) -> None:
    """A label that changes is a row of `RELABELLED` with its first day; a body's former name is a row of `FORMER`."""
    if updates_golden:
        RECORD.write_text(written(added(json.loads(RECORD.read_bytes()), labels())), encoding="utf-8")
    assert json.loads(RECORD.read_bytes()) == labels(), "a new code: pytest tests/contract --update-golden"


def test_a_record_is_added_to_and_never_edited() -> None:
    recorded: Labels = {"sex": {"male": ["Male", "Masculino"], "gone": ["Gone", "Ido"]}}
    now: Labels = {
        "age": {"old": ["Old", "Mayor"]},
        "sex": {"female": ["Female", "Femenino"], "male": ["Man", "Hombre"]},
    }
    assert added(recorded, now) == {
        "age": {"old": ["Old", "Mayor"]},
        "sex": {"female": ["Female", "Femenino"], "male": ["Male", "Masculino"], "gone": ["Gone", "Ido"]},
    }
