"""The list of equivalent changes: each entry names a change that exists, and says why nobody can see it."""

from pathlib import Path

from tests.mutants.change import mutants
from tests.mutants.equivalent import equivalents


def test_each_equivalent_change_exists_and_has_a_reason() -> None:
    known = {path: mutants(Path(path)) for path in {each.path for each in equivalents()}}
    stale = [each for each in equivalents() if not any(each.is_of(mutant) for mutant in known[each.path])]
    assert stale == []
    assert [each for each in equivalents() if len(each.because.split()) < 4] == []
