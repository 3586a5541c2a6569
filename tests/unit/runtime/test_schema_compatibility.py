"""Tables and code of different versions: which work together, and who refuses."""

import re

import pytest

from services.runtime import schema_compatibility
from services.runtime.migrate import SERVICES, oldest_compatible_steps, revision_chain
from services.runtime.schema_compatibility import SchemaDiffers, check_schema_compatibility

ITSELF = {"0017": "0017", "0018": "0018"}


@pytest.mark.parametrize("service", SERVICES)
def test_the_newest_file_is_the_newest_step(service: str) -> None:
    assert schema_compatibility.newest_known_step(service) == revision_chain(service).get_current_head()


def test_code_works_with_its_own_tables_and_with_steps_that_say_so() -> None:
    check_schema_compatibility("reporting", "0018", ITSELF)
    check_schema_compatibility("reporting", "0018", ITSELF | {"0019": "0018", "0020": "0018"})
    check_schema_compatibility("reporting", "0019", ITSELF | {"0019": "0018", "0020": "0019"})


def test_code_is_refused_by_tables_that_need_a_newer_one() -> None:
    told = r"at step 0019, with which only code of step 0019 .* Start the newer version, or restore .* docs/upgrade\.md"
    with pytest.raises(SchemaDiffers, match=told):
        check_schema_compatibility("reporting", "0018", ITSELF | {"0019": "0019"})
    with pytest.raises(SchemaDiffers, match="only code of step 0019"):
        check_schema_compatibility("reporting", "0018", ITSELF | {"0019": "0018", "0020": "0019"})


def test_code_is_refused_by_tables_of_before() -> None:
    with pytest.raises(SchemaDiffers, match="are at step 0018, and this version needs step 0019: run the migrations"):
        check_schema_compatibility("reporting", "0019", ITSELF)
    with pytest.raises(SchemaDiffers, match="are at step none"):
        check_schema_compatibility("reporting", "0019", {})


_CLOSED = re.compile(r"REVOKE ALL ON FUNCTION [^;]*? FROM PUBLIC")
_LENT = re.compile(r"GRANT (CREATE ON SCHEMA \w+) TO (\w+)(.*)REVOKE \1 FROM \2")
_TAKES_AWAY = ("DROP COLUMN", "DROP TABLE", "RENAME", "SET NOT NULL", "ALTER COLUMN", "REVOKE")


@pytest.mark.parametrize("service", SERVICES)
def test_a_step_with_which_older_code_works_takes_nothing_away(service: str) -> None:
    adding = [step for step, oldest in oldest_compatible_steps(service).items() if oldest < step]
    for each in revision_chain(service).walk_revisions():
        if each.revision in adding:
            # A function is everybody's until it is closed: the step that makes one takes that from nobody.
            # Nor does it take a right away that it has given for its own statements alone.
            said = _CLOSED.sub("", _LENT.sub(r"\3", " ".join(" ".join(each.module.STATEMENTS).upper().split())))
            assert not [words for words in _TAKES_AWAY if words in said], f"{service} {each.revision}"
