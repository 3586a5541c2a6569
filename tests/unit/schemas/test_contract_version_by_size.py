"""The size of the contract, by which a copy knows that another may read more than it does."""

from dataclasses import replace
from unittest.mock import patch

from schemas import contract_version_by_size
from schemas.catalogue import CATALOGUE
from schemas.codebook import LISTS
from schemas.contract_version_by_size import size


def test_whatever_is_added_makes_the_contract_larger() -> None:
    """A code, an author, a field, or a type."""
    name, first = next(iter(CATALOGUE.items()))
    before = size()
    for changed, value in {
        "LISTS": {**LISTS, "more": [next(iter(next(iter(LISTS.values()))))]},
        "CATALOGUE": {**CATALOGUE, name: replace(first, authors=first.authors | {"another"})},
    }.items():
        with patch.object(contract_version_by_size, changed, value):
            assert size.__wrapped__() == before + 1
    with patch.object(
        contract_version_by_size, "CATALOGUE", {**CATALOGUE, "more": replace(first, authors=frozenset())}
    ):
        assert size.__wrapped__() == before + 1
    with patch.dict(first.model.model_fields, {"added": next(iter(first.model.model_fields.values()))}):
        assert size.__wrapped__() == before + 1
